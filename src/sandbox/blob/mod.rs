//! The blobs of a storage account: the audit log of vaults, as diagnostic settings put it there, and nothing else.

mod fault;
mod listing;
mod log;
#[cfg(test)]
mod tests;

use fault::Fault;
use regex_lite::Regex;

use crate::sandbox::Caller;
use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::Request;
use crate::sandbox::Tx;
use crate::sandbox::azure;
use crate::sandbox::entra::token;
use crate::sandbox::entra::token::BadToken;
use crate::sandbox::hosts;
use crate::sandbox::hosts::Azure;
use crate::sandbox::ids;
use crate::sandbox::world;

/// The container of the audit log.
const CONTAINER: &str = "insights-logs-auditevent";
const RESOURCE: &str = "https://storage.azure.com";
const READ_CONTAINERS: &str = "Microsoft.Storage/storageAccounts/blobServices/containers/read";
const READ_BLOBS: &str = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read";

const LIST_CONTAINERS: &str = "GET /?comp=list";
const LIST_BLOBS: &str = "GET /{container}?restype=container&comp=list";
const GET_BLOB: &str = "GET /{container}/{blob}";

/// All operations, as the documentation names them.
pub fn operations() -> impl Iterator<Item = &'static str> {
    [LIST_CONTAINERS, LIST_BLOBS, GET_BLOB].into_iter()
}

/// Answers a request to the blob host of a storage account.
pub fn handle(tx: &Tx<'_>, request: &Request) -> Reply {
    let there = hosts::account(&request.host).and_then(|(name, cloud)| Some((azure::account(tx, name)?, cloud)));
    let Some((account, cloud)) = there.filter(|(account, _)| azure::is_account_ready(tx, account)) else {
        return world::unknown_host(&request.host);
    };
    let reply = answer(tx, &account, cloud, request).unwrap_or_else(|fault| fault.reply(tx.now()));
    let version = request.header("x-ms-version").unwrap_or("2015-02-21").to_owned();
    reply
        .with_header("x-ms-version", version)
        .with_header("x-ms-request-id", uuid::Uuid::new_v4().to_string())
}

fn answer(tx: &Tx<'_>, account: &Object, cloud: &Azure, request: &Request) -> Result<Reply, Fault> {
    let caller = token::check(tx, request, &[RESOURCE, ids::STORAGE]).map_err(|bad| match bad {
        BadToken::Missing => Fault::unauthenticated(tx, account, cloud.login),
        _ => Fault::new(
            401,
            "InvalidAuthenticationInfo",
            "Server failed to authenticate the request. Please refer to the information in the www-authenticate header.",
        ),
    })?;
    if caller.tenant != account.tenant {
        return Err(Fault::new(
            401,
            "InvalidAuthenticationInfo",
            "Server failed to authenticate the request. Issuer did not match.",
        ));
    }
    check_version(request)?;
    if request.method != "GET" {
        return Err(Fault::new(
            405,
            "UnsupportedHttpVerb",
            "The resource doesn't support specified Http Verb.",
        ));
    }
    let (container, name) = parts(request);
    match operation(request)? {
        LIST_CONTAINERS => {
            permit(azure::may(
                tx,
                &account.tenant,
                &caller.object_id,
                READ_CONTAINERS,
                &azure::account_id(account),
            ))?;
            Ok(listing::containers(tx, account, request))
        }
        LIST_BLOBS => {
            permit(may_read(tx, account, &caller))?;
            listing::blobs(tx, account, request, container)
        }
        _ => {
            permit(may_read(tx, account, &caller))?;
            let blob = (container == CONTAINER).then(|| log::blob(tx, account, name)).flatten();
            let blob = blob.ok_or_else(|| Fault::new(404, "BlobNotFound", "The specified blob does not exist."))?;
            Ok(listing::content(&blob))
        }
    }
}

/// The container and the blob that the path names; either may be empty.
fn parts(request: &Request) -> (&str, &str) {
    let path = request.path.trim_start_matches('/');
    path.split_once('/').unwrap_or((path, ""))
}

fn operation(request: &Request) -> Result<&'static str, Fault> {
    let asked = (request.parameter("restype"), request.parameter("comp"));
    match (parts(request), asked) {
        (("", ""), (None, Some("list"))) => Ok(LIST_CONTAINERS),
        ((container, ""), (Some("container"), Some("list"))) if !container.is_empty() => Ok(LIST_BLOBS),
        ((container, name), (None, None)) if !container.is_empty() && !name.is_empty() => Ok(GET_BLOB),
        _ => Err(Fault::new(
            400,
            "InvalidUri",
            "The requested URI does not represent any resource on the server.",
        )),
    }
}

fn check_version(request: &Request) -> Result<(), Fault> {
    let date = Regex::new(r"^\d{4}-\d{2}-\d{2}$").expect("the pattern is a constant");
    // Tokens of Entra are taken since that version only.
    match request.header("x-ms-version") {
        Some(version) if date.is_match(version) && version >= "2017-11-09" => Ok(()),
        Some(_) => Err(Fault::new(
            400,
            "InvalidHeaderValue",
            "The value for one of the HTTP headers is not in the correct format. HeaderName: x-ms-version",
        )),
        None => Err(Fault::new(
            400,
            "MissingRequiredHeader",
            "An HTTP header that's mandatory for this request is not specified. HeaderName: x-ms-version",
        )),
    }
}

fn may_read(tx: &Tx<'_>, account: &Object, caller: &Caller) -> bool {
    azure::may_data(tx, &account.tenant, &caller.object_id, READ_BLOBS, &azure::account_id(account))
}

fn permit(may: bool) -> Result<(), Fault> {
    match may {
        true => Ok(()),
        false => Err(Fault::new(
            403,
            "AuthorizationPermissionMismatch",
            "This request is not authorized to perform this operation using this permission.",
        )),
    }
}

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
use crate::sandbox::world;

/// The container of the audit log.
const CONTAINER: &str = "insights-logs-auditevent";
const RESOURCE: &str = "https://storage.azure.com";
const READ_CONTAINERS: &str = "Microsoft.Storage/storageAccounts/blobServices/containers/read";
const READ_BLOBS: &str = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read";

/// What a caller can ask for, for the documentation: the method, and the path with its query.
pub const OPERATIONS: &[(&str, &str)] = &[
    ("GET", "/?comp=list"),
    ("GET", "/{container}?restype=container&comp=list"),
    ("GET", "/{container}/{blob}"),
];

/// Answers a request to the blob host of a storage account.
pub fn handle(tx: &Tx<'_>, request: &Request) -> Reply {
    let there = hosts::account(&request.host).and_then(|(name, _)| azure::account(tx, name));
    let Some(account) = there.filter(|account| azure::is_account_ready(tx, account)) else {
        return world::unknown_host(&request.host);
    };
    let reply = answer(tx, &account, request).unwrap_or_else(|fault| fault.reply(tx.now()));
    let version = request.header("x-ms-version").unwrap_or("2015-02-21").to_owned();
    reply
        .with_header("x-ms-version", version)
        .with_header("x-ms-request-id", uuid::Uuid::new_v4().to_string())
}

fn answer(tx: &Tx<'_>, account: &Object, request: &Request) -> Result<Reply, Fault> {
    let caller = token::check(tx, request, RESOURCE).map_err(|bad| match bad {
        BadToken::Missing => Fault::unauthenticated(tx, account),
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
        return Err(Fault::new(405, "UnsupportedHttpVerb", "The resource doesn't support specified Http Verb."));
    }
    let path = request.path.trim_start_matches('/');
    let is_listing = request.parameter("comp") == Some("list");
    match path.split_once('/') {
        None if path.is_empty() && is_listing => {
            permit(azure::may(tx, &account.tenant, &caller.object_id, READ_CONTAINERS, &azure::account_id(account)))?;
            Ok(listing::containers(tx, account, request))
        }
        None if is_listing && request.parameter("restype") == Some("container") => {
            permit(may_read(tx, account, &caller))?;
            listing::blobs(tx, account, request, path)
        }
        Some((container, name)) if request.parameter("comp").is_none() => {
            permit(may_read(tx, account, &caller))?;
            let blob = (container == CONTAINER).then(|| log::blob(tx, account, name)).flatten();
            let blob = blob.ok_or_else(|| Fault::new(404, "BlobNotFound", "The specified blob does not exist."))?;
            Ok(listing::content(&blob))
        }
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

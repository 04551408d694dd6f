//! The Entra face: metadata, signing keys, sign-in of applications and people, and the pages that people meet on the way.
//!
//! Tokens are real RS256 tokens whose life follows the sandbox's clock; the resource faces check them with `token::caller`.

mod answer;
mod assertion;
mod authority;
mod authorize;
mod call;
mod client;
mod code;
pub mod consent;
pub mod device;
mod device_grant;
mod first_party;
mod id_token;
mod instance;
pub mod keys;
mod metadata;
pub mod pages;
mod proof;
mod redirect;
mod refresh;
mod refusal;
mod resource;
mod respond;
mod scope;
pub mod session;
mod sign_in;
#[cfg(test)]
mod tests;
mod ticket;
pub mod token;

use uuid::Uuid;

use call::Call;
use call::Version;
use refusal::Refusal;

use crate::sandbox::Event;
use crate::sandbox::Reply;
use crate::sandbox::Request;
use crate::sandbox::Tx;

/// Answers a request to a login host.
pub fn handle(tx: &Tx<'_>, request: &Request) -> Reply {
    let path = request.path.trim_matches('/');
    let (tenant, rest) = path.split_once('/').unwrap_or((path, ""));
    let lower = rest.to_ascii_lowercase();
    let call = |version| Call::of(tx, request, tenant, version);
    let answer = match (request.method.as_str(), lower.as_str()) {
        ("GET", "v2.0/.well-known/openid-configuration") => metadata::configuration(tx, &request.host, tenant, Version::V2),
        ("GET", ".well-known/openid-configuration") => metadata::configuration(tx, &request.host, tenant, Version::V1),
        ("GET", "discovery/v2.0/keys") => metadata::keys(tx, &request.host, Version::V2),
        ("GET", "discovery/keys") => metadata::keys(tx, &request.host, Version::V1),
        ("GET", "discovery/instance") => instance::discovery(tx, request),
        ("GET", lower) if lower == "userrealm" || lower.starts_with("userrealm/") => {
            instance::realm(tx, request, rest["userrealm".len()..].trim_start_matches('/'))
        }
        ("POST", "oauth2/v2.0/devicecode") => device_grant::start(&call(Version::V2)),
        ("POST", "oauth2/devicecode") => device_grant::start(&call(Version::V1)),
        ("POST", "oauth2/v2.0/token") => sign_in::token(&call(Version::V2)),
        ("POST", "oauth2/token") => sign_in::token(&call(Version::V1)),
        (method, "oauth2/v2.0/token" | "oauth2/token" | "oauth2/v2.0/devicecode" | "oauth2/devicecode") => {
            let text = format!("The endpoint only accepts POST requests. Received a {method} request.");
            Err(Refusal::new(900561, "invalid_request", text))
        }
        ("GET" | "POST", "oauth2/v2.0/authorize") => Ok(authorize::handle(tx, request, tenant, Version::V2)),
        ("GET" | "POST", "oauth2/authorize") => Ok(authorize::handle(tx, request, tenant, Version::V1)),
        (_, rest) => Ok(pages::handle(tx, request, tenant, rest)),
    };
    dressed(answer.unwrap_or_else(|refusal: Refusal| refusal.reply(tx.now(), request)), request)
}

/// Does what became due.
pub fn run_event(tx: &Tx<'_>, event: &Event) -> rusqlite::Result<()> {
    ticket::forget(tx, event)
}

/// The reply with the headers that all replies have.
fn dressed(reply: Reply, request: &Request) -> Reply {
    let own = request.header("client-request-id").unwrap_or_default();
    let headers = [
        ("cache-control", "no-store, no-cache".to_owned()),
        ("x-ms-request-id", Uuid::new_v4().to_string()),
        ("x-ms-ests-server", "2.1.0 - sandbox".to_owned()),
        ("client-request-id", own.to_owned()),
    ];
    headers.into_iter().fold(reply, |reply, (name, value)| {
        let is_set = value.is_empty() || reply.headers.iter().any(|(known, _)| known == name);
        if is_set { reply } else { reply.with_header(name, value) }
    })
}

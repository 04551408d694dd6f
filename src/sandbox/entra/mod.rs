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
mod routes;
mod scope;
pub mod session;
mod sign_in;
#[cfg(test)]
mod tests;
mod ticket;
pub mod token;

pub use routes::operations;

use uuid::Uuid;

use crate::sandbox::Event;
use crate::sandbox::Reply;
use crate::sandbox::Request;
use crate::sandbox::Tx;

/// Answers a request to a login host.
pub fn handle(tx: &Tx<'_>, request: &Request) -> Reply {
    let path = request.path.trim_matches('/');
    let (tenant, rest) = path.split_once('/').unwrap_or((path, ""));
    let reply = match routes::answer(tx, request, tenant, rest) {
        Some(answer) => answer.unwrap_or_else(|refusal| refusal.reply(tx.now(), request)),
        None => pages::handle(tx, request, tenant, &rest.to_ascii_lowercase()),
    };
    dressed(reply, request)
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

//! The pages of the sign-in hosts.

pub mod login;
mod refused;

pub use refused::refused;

use crate::sandbox::Reply;
use crate::sandbox::Request;
use crate::sandbox::Tx;
use crate::sandbox::web::page;

/// Answers a request for a page: `tenant` is the first segment of the path, `rest` the others in lower case.
pub fn handle(tx: &Tx<'_>, request: &Request, tenant: &str, rest: &str) -> Reply {
    let shown = match (request.method.as_str(), rest) {
        ("GET", "login") => login::show(tx, request, tenant),
        ("POST", "login") => login::choose(tx, request, tenant),
        ("GET", "oauth2/v2.0/logout" | "oauth2/logout") => login::sign_out(tx, request),
        _ => Ok(page::not_found()),
    };
    // What could not be read or written is noted, and the transaction reports it.
    tx.sound(shown.map(Some)).unwrap_or_default()
}

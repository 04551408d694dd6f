//! The pages of the sign-in hosts.

mod admin_consent;
pub mod consent;
pub mod device;
pub mod login;
mod redeem;
mod refused;

pub use refused::refused;

use admin_consent::Version;

use crate::sandbox::Reply;
use crate::sandbox::Request;
use crate::sandbox::Tx;
use crate::sandbox::web::page;

/// Answers a request for a page: `tenant` is the first segment of the path, `rest` the others in lower case.
pub fn handle(tx: &Tx<'_>, request: &Request, tenant: &str, rest: &str) -> Reply {
    let method = request.method.as_str();
    if !["GET", "POST"].contains(&method) {
        return Reply::empty(405).with_header("allow", "GET, POST");
    }
    let shown = match (method, rest) {
        (_, "") if tenant.eq_ignore_ascii_case("redeem") => redeem::answer(tx, request),
        (_, "") if tenant.eq_ignore_ascii_case("device") => Ok(page::redirect(&format!("https://{}{}", request.host, device::PATH))),
        (_, "adminconsent") => admin_consent::answer(tx, request, tenant, Version::One),
        (_, "v2.0/adminconsent") => admin_consent::answer(tx, request, tenant, Version::Two),
        (_, "oauth2/deviceauth") => device::answer(tx, request),
        ("GET", "login") => login::show(tx, request, tenant),
        ("POST", "login") => login::choose(tx, request, tenant),
        ("POST", "consent") => consent::decide(tx, request, tenant),
        ("GET", "oauth2/v2.0/logout" | "oauth2/logout") => login::sign_out(tx, request),
        _ => Ok(page::not_found()),
    };
    // What could not be read or written is noted, and the transaction reports it.
    tx.sound(shown.map(Some)).unwrap_or_default()
}

#[cfg(test)]
mod tests;

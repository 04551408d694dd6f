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

/// One request for a page: what it came with, and the first segment of its path.
type Answer = fn(&Tx<'_>, &Request, &str) -> rusqlite::Result<Reply>;

/// Method, path and answer; a path that begins with `{tenant}/` is found below any name.
static ROUTES: &[(&str, &str, Answer)] = &[
    ("GET", "{tenant}/login", login::show),
    ("POST", "{tenant}/login", login::choose),
    ("GET", "{tenant}/oauth2/v2.0/logout", |tx, request, _| login::sign_out(tx, request)),
    ("GET", "{tenant}/oauth2/logout", |tx, request, _| login::sign_out(tx, request)),
    ("POST", "{tenant}/consent", consent::decide),
    ("GET", "{tenant}/adminconsent", |tx, request, tenant| {
        admin_consent::answer(tx, request, tenant, Version::One)
    }),
    ("POST", "{tenant}/adminconsent", |tx, request, tenant| {
        admin_consent::answer(tx, request, tenant, Version::One)
    }),
    ("GET", "{tenant}/v2.0/adminconsent", |tx, request, tenant| {
        admin_consent::answer(tx, request, tenant, Version::Two)
    }),
    ("POST", "{tenant}/v2.0/adminconsent", |tx, request, tenant| {
        admin_consent::answer(tx, request, tenant, Version::Two)
    }),
    ("GET", "{tenant}/oauth2/deviceauth", |tx, request, _| device::answer(tx, request)),
    ("POST", "{tenant}/oauth2/deviceauth", |tx, request, _| device::answer(tx, request)),
    ("GET", "device", |_, request, _| {
        Ok(page::redirect(&format!("https://{}{}", request.host, device::PATH)))
    }),
    ("GET", "redeem", |tx, request, _| redeem::answer(tx, request)),
    ("POST", "redeem", |tx, request, _| redeem::answer(tx, request)),
];

/// All pages, as the documentation names them.
pub fn operations() -> impl Iterator<Item = String> {
    ROUTES.iter().map(|(method, path, _)| format!("{method} login/{path}"))
}

/// Answers a request for a page: `tenant` is the first segment of the path, `rest` the others in lower case.
pub fn handle(tx: &Tx<'_>, request: &Request, tenant: &str, rest: &str) -> Reply {
    let is_at = |path: &str| match path.strip_prefix("{tenant}/") {
        Some(path) => path == rest,
        None => rest.is_empty() && path.eq_ignore_ascii_case(tenant),
    };
    let there: Vec<_> = ROUTES.iter().filter(|(_, path, _)| is_at(path)).collect();
    if there.is_empty() {
        return page::not_found();
    }
    let Some((_, _, answer)) = there.iter().find(|(method, _, _)| *method == request.method) else {
        let allowed: Vec<_> = there.iter().map(|(method, _, _)| *method).collect();
        return Reply::empty(405).with_header("allow", allowed.join(", "));
    };
    // What could not be read or written is noted, and the transaction reports it.
    tx.sound(answer(tx, request, tenant).map(Some)).unwrap_or_default()
}

#[cfg(test)]
mod tests;

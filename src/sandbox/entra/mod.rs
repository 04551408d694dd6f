//! The Entra face: OpenID metadata, signing keys, and tokens for applications.
//!
//! Tokens are real RS256 tokens whose life follows the sandbox's clock; the resource faces check them with `token::caller`.

mod assertion;
mod authority;
pub mod consent;
pub mod device;
mod first_party;
pub mod keys;
mod metadata;
pub mod pages;
mod redirect;
mod refusal;
mod resource;
mod scope;
pub mod session;
mod sign_in;
mod ticket;
pub mod token;

use refusal::Refusal;

use crate::sandbox::Reply;
use crate::sandbox::Request;
use crate::sandbox::Tx;

/// Answers a request to a login host.
pub fn handle(tx: &Tx<'_>, request: &Request) -> Reply {
    let path = request.path.trim_matches('/');
    let (tenant, rest) = path.split_once('/').unwrap_or((path, ""));
    let answer = match (request.method.as_str(), rest.to_ascii_lowercase().as_str()) {
        ("GET", "v2.0/.well-known/openid-configuration" | ".well-known/openid-configuration") => {
            metadata::configuration(tx, &request.host, tenant)
        }
        ("GET", "discovery/v2.0/keys" | "discovery/keys") => metadata::keys(tx),
        ("GET", "discovery/instance") => metadata::instance(tx, request),
        ("POST", "oauth2/v2.0/token") => sign_in::token(tx, request, tenant),
        (_, rest) => return pages::handle(tx, request, tenant, rest),
    };
    answer.unwrap_or_else(|refusal: Refusal| refusal.reply(tx.now(), request))
}

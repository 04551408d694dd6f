//! Pages for people that are no service of their own, and the kit that all pages of the sandbox are made with.

pub mod page;

use super::Reply;
use super::Request;
use super::Tx;

/// Answers a request to one of these hosts.
pub fn handle(_tx: &Tx<'_>, _request: &Request) -> Reply {
    page::not_found()
}

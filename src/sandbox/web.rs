//! Pages for people that are no service of their own.

use super::Reply;
use super::Request;
use super::Tx;

/// Answers a request to one of these hosts.
pub fn handle(_tx: &Tx<'_>, _request: &Request) -> Reply {
    Reply::empty(404)
}

//! The Microsoft Graph face.

use crate::sandbox::Reply;
use crate::sandbox::Request;
use crate::sandbox::Tx;

/// Answers a request to a Graph host.
pub fn handle(_tx: &Tx<'_>, _request: &Request) -> Reply {
    Reply::empty(501)
}

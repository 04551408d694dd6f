//! The Microsoft Graph face, v1.0: tenant, applications and their principals, users and licences, groups, invitations.
//!
//! It is strict: a path, a method, a query option or a property it does not know is refused as the service refuses it.

mod applications;
mod assignments;
mod batch;
mod call;
mod credentials;
mod fault;
mod filter;
mod grants;
mod groups;
mod invitations;
mod licences;
mod memberships;
mod needs;
#[cfg(test)]
mod people_tests;
mod principals;
mod properties;
mod query;
mod rights;
mod roles;
mod routes;
mod shape;
mod tenant;
#[cfg(test)]
mod tests;
mod users;

use call::Answer;
use call::Call;
use fault::Fault;
pub use routes::GraphOperation;
pub use routes::operations as graph_operations;
use serde_json::Map;
use serde_json::Value;

use crate::sandbox::Caller;
use crate::sandbox::Reply;
use crate::sandbox::Request;
use crate::sandbox::Tx;
use crate::sandbox::entra;
use crate::sandbox::ids;

/// Answers a request to a Graph host.
pub fn handle(tx: &Tx<'_>, request: &Request) -> Reply {
    let reply = match entra::token::caller(tx, request, ids::GRAPH) {
        Ok(caller) => answer(tx, &caller, request).unwrap_or_else(|fault| fault.reply(tx.now(), request)),
        Err(reply) => reply,
    };
    let echoed = request.header("client-request-id").map(str::to_owned);
    let reply = reply.with_header("request-id", uuid::Uuid::new_v4().to_string());
    match echoed {
        Some(id) => reply.with_header("client-request-id", id),
        None => reply,
    }
}

/// Answers one request of a caller whose token is good, alone or as part of a batch.
fn answer(tx: &Tx<'_>, caller: &Caller, request: &Request) -> Answer {
    let path = request.path.trim_matches('/');
    let (version, path) = path.split_once('/').unwrap_or((path, ""));
    if version != "v1.0" {
        return Err(Fault::bad_request(format!("Invalid version: {version}.")));
    }
    // Microsoft's own library for Python writes `/v1.0//users`, and the service does not mind.
    let path = path.trim_start_matches('/');
    if path.eq_ignore_ascii_case("$batch") && request.method == "POST" {
        return batch::answer_all(tx, caller, request);
    }
    let (route, captures) = routes::find(&request.method, path)?;
    route
        .rights
        .check(tx, caller, &request.method, captures.first().map(String::as_str))?;
    let call = Call {
        tx,
        caller,
        request,
        captures,
        body: body_of(request)?,
    };
    (route.run)(&call)
}

fn body_of(request: &Request) -> Result<Map<String, Value>, Fault> {
    if request.body.is_empty() || request.method == "GET" {
        return Ok(Map::new());
    }
    match request.json() {
        Some(Value::Object(body)) => Ok(body),
        _ => Err(Fault::bad_request(
            "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.",
        )),
    }
}

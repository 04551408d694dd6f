//! The controls of faults, for a second process that opened the same folder.

use serde_json::Value;
use serde_json::json;

use super::check::Unfit;
use super::ledger;
use super::spec::FaultSpec;
use crate::sandbox::Reply;
use crate::sandbox::Request;
use crate::sandbox::world::World;

/// Answers a request to `/faults` of the control host: `GET` lists, `POST` orders one, `DELETE` forgets those with the numbers in
/// the body, or all.
pub fn answer(world: &World, request: &Request) -> Reply {
    let answered = match request.method.as_str() {
        "GET" => world.store.transaction(|tx| Ok(json!(ledger::list(tx)?))),
        "POST" => match serde_json::from_slice::<FaultSpec>(&request.body) {
            Ok(spec) => world.store.transaction(|tx| Ok(json!(ledger::add(tx, spec)?))),
            Err(cause) => return refused(&cause),
        },
        "DELETE" => match serde_json::from_slice::<Vec<u64>>(&request.body) {
            Ok(ids) => world.store.transaction(|tx| Ok(json!(ledger::clear(tx, &ids)?))),
            Err(cause) => return refused(&cause),
        },
        _ => return Reply::empty(405),
    };
    match answered {
        Ok::<Value, Unfit>(body) => Reply::json(200, &body),
        Err(Unfit::State(cause)) => world.unusable(&cause),
        Err(unfit) => refused(&unfit),
    }
}

fn refused(why: &dyn std::fmt::Display) -> Reply {
    Reply::json(400, &json!({"error": why.to_string()}))
}

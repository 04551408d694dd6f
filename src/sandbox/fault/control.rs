//! The controls of faults, for a second process that opened the same folder.

use std::sync::atomic::Ordering;

use serde_json::Value;
use serde_json::json;

use super::check::Unfit;
use super::ledger;
use super::ledger::InjectedFault;
use super::spec::FaultSpec;
use crate::sandbox::Reply;
use crate::sandbox::Request;
use crate::sandbox::world::World;

impl World {
    /// Orders a fault.
    pub fn add_fault(&self, spec: FaultSpec) -> Result<InjectedFault, Unfit> {
        let added = self.store.transaction(|tx| ledger::add(tx, spec))?;
        self.has_faults.store(true, Ordering::Release);
        Ok(added)
    }

    /// The faults that were ordered.
    pub fn faults(&self) -> rusqlite::Result<Vec<InjectedFault>> {
        self.store.transaction(ledger::list)
    }

    /// Forgets the faults of these numbers, or all when there are none, and returns the numbers of those that are gone.
    pub fn clear_faults(&self, ids: &[u64]) -> Result<Vec<u64>, Unfit> {
        let (gone, left) = self
            .store
            .transaction(|tx| Ok::<_, Unfit>((ledger::clear(tx, ids)?, ledger::list(tx)?)))?;
        self.has_faults.store(!left.is_empty(), Ordering::Release);
        Ok(gone)
    }
}

/// Answers a request to `/faults` of the control host: `GET` lists, `POST` orders one, `DELETE` forgets those with the numbers in
/// the body, or all.
pub fn answer(world: &World, request: &Request) -> Reply {
    let answered: Result<Value, Unfit> = match request.method.as_str() {
        "GET" => world.faults().map(|faults| json!(faults)).map_err(Unfit::State),
        "POST" => match serde_json::from_slice::<FaultSpec>(&request.body) {
            Ok(spec) => world.add_fault(spec).map(|added| json!(added)),
            Err(cause) => return refused(&cause),
        },
        "DELETE" => match serde_json::from_slice::<Vec<u64>>(&request.body) {
            Ok(ids) => world.clear_faults(&ids).map(|gone| json!(gone)),
            Err(cause) => return refused(&cause),
        },
        _ => return Reply::empty(405),
    };
    match answered {
        Ok(body) => Reply::json(200, &body),
        Err(Unfit::State(cause)) => world.unusable(&cause),
        Err(unfit) => refused(&unfit),
    }
}

fn refused(why: &dyn std::fmt::Display) -> Reply {
    Reply::json(400, &json!({"error": why.to_string()}))
}

//! What is read: one function a question.

use std::collections::HashMap;

use rusqlite::Connection;
use rusqlite::Params;
use rusqlite::params;
use serde_json::Value;
use uuid::Uuid;

use crate::journal::ChangeId;
use crate::journal::ChangeRow;
use crate::journal::ChangeState;
use crate::journal::RunId;
use crate::journal::RunRow;
use crate::journal::lock::Locks;
use crate::journal::row;

/// How many runs are named when one is not found.
const NEWEST: i64 = 5;

/// All runs, newest first.
pub fn runs(connection: &Connection, locks: &Locks) -> rusqlite::Result<Vec<RunRow>> {
    some_runs(connection, locks, "order by id desc", [])
}

/// One run.
pub fn run(connection: &Connection, locks: &Locks, id: RunId) -> rusqlite::Result<Option<RunRow>> {
    Ok(some_runs(connection, locks, "where id = ?", [id])?.pop())
}

/// The newest run.
pub fn last_run(connection: &Connection, locks: &Locks) -> rusqlite::Result<Option<RunRow>> {
    Ok(some_runs(connection, locks, "order by id desc limit 1", [])?.pop())
}

/// The runs that have not ended.
pub fn open_runs(connection: &Connection, locks: &Locks) -> rusqlite::Result<Vec<RunRow>> {
    some_runs(connection, locks, "where ended is null order by id desc", [])
}

/// The numbers of the newest runs.
pub fn newest_runs(connection: &Connection) -> rusqlite::Result<Vec<RunId>> {
    let mut select = connection.prepare("select id from run order by id desc limit ?")?;
    select.query_map([NEWEST], |row| row.get(0))?.collect()
}

fn some_runs(connection: &Connection, locks: &Locks, which: &str, params: impl Params) -> rusqlite::Result<Vec<RunRow>> {
    let mut select = connection.prepare(&format!("select * from run join tally on tally.run = run.id {which}"))?;
    let mut runs: Vec<RunRow> = select.query_map(params, |row| row::run(row, locks))?.collect::<Result<_, _>>()?;
    let mut tenants = connection.prepare("select * from run_tenant where run = ? order by param")?;
    for run in &mut runs {
        run.run.tenants = tenants.query_map([run.id], row::tenant)?.collect::<Result<_, _>>()?;
    }
    Ok(runs)
}

/// The next changes of a run, in order; only those that stand where `state` says, when it says so.
pub fn changes(
    connection: &Connection,
    run: RunId,
    state: Option<ChangeState>,
    after: Option<ChangeId>,
    most: i64,
) -> rusqlite::Result<Vec<ChangeRow>> {
    let mut select =
        connection.prepare_cached("select * from change where run = ?1 and id > ?2 and (?3 is null or state = ?3) order by id limit ?4")?;
    let after = after.unwrap_or(ChangeId(0));
    let changes = select
        .query_map(params![run, after, state, most], row::change)?
        .collect::<Result<_, _>>()?;
    with_attempts(connection, changes)
}

/// The changes on these tenants that have no outcome that says what became of them.
pub fn unsettled(connection: &Connection, tenants: &[Uuid]) -> rusqlite::Result<Vec<ChangeRow>> {
    let mut select = connection.prepare("select * from change where tenant = ? and state in ('intended', 'to_check') order by id")?;
    let mut changes: Vec<ChangeRow> = Vec::new();
    for tenant in tenants {
        for change in select.query_map([tenant.to_string()], row::change)? {
            changes.push(change?);
        }
    }
    changes.sort_by_key(|change| change.id);
    changes.dedup_by_key(|change| change.id);
    with_attempts(connection, changes)
}

fn with_attempts(connection: &Connection, mut changes: Vec<ChangeRow>) -> rusqlite::Result<Vec<ChangeRow>> {
    let (Some(first), Some(last)) = (changes.first(), changes.last()) else {
        return Ok(changes);
    };
    let (first, last) = (first.id, last.id);
    let places: HashMap<ChangeId, usize> = changes.iter().enumerate().map(|(at, change)| (change.id, at)).collect();
    let mut select = connection.prepare_cached("select * from attempt where change between ? and ? order by change, number")?;
    for attempt in select.query_map([first, last], row::attempt)? {
        let (change, request_id, at) = attempt?;
        if let Some(place) = places.get(&change) {
            changes[*place].attempts.push((request_id, at));
        }
    }
    Ok(changes)
}

/// The finished items of a loop, of a run and of those that it resumes. What an undo undid is no part of it.
pub fn items(connection: &Connection, run: RunId, place: &str) -> rusqlite::Result<HashMap<String, Value>> {
    let mut select = connection.prepare(
        "with recursive resumed (id) as (
             select ?1
             union
             select run.parent from run join resumed on resumed.id = run.id where run.parent is not null and run.kind <> 'undo'
         )
         select key, result from item where run in (select id from resumed) and place = ?2 order by run",
    )?;
    let items = select.query_map(params![run, place], |row| Ok((row.get("key")?, row::json(row, "result")?)))?;
    items.collect()
}

//! What is written: one function a fact, each inside the transaction that it is given.

use jiff::Timestamp;
use rusqlite::Connection;
use rusqlite::named_params;
use rusqlite::params;
use uuid::Uuid;

use crate::journal::ChangeId;
use crate::journal::ChangeState;
use crate::journal::Ending;
use crate::journal::Intent;
use crate::journal::NewRun;
use crate::journal::Outcome;
use crate::journal::RunId;

/// An intent with its values as texts, so that the thread that writes need not make them.
pub struct Written {
    intent: Intent,
    arguments: String,
    touched: String,
}

impl From<Intent> for Written {
    fn from(intent: Intent) -> Self {
        Self {
            arguments: intent.arguments.to_string(),
            touched: serde_json::to_string(&intent.touched).expect("values of JSON can be written as JSON"),
            intent,
        }
    }
}

/// A run that begins.
pub fn run(connection: &Connection, run: &NewRun) -> rusqlite::Result<RunId> {
    connection.execute(
        "insert into run (kind, script, arguments, hashes, folder, flags, parent, version, started)
         values (:kind, :script, :arguments, :hashes, :folder, :flags, :parent, :version, :started)",
        named_params! {
            ":kind": run.kind,
            ":script": run.script,
            ":arguments": run.arguments.to_string(),
            ":hashes": run.hashes.to_string(),
            ":folder": run.folder,
            ":flags": run.flags.to_string(),
            ":parent": run.parent,
            ":version": env!("CARGO_PKG_VERSION"),
            ":started": run.started.as_microsecond(),
        },
    )?;
    let id = RunId(connection.last_insert_rowid());
    connection.execute("insert into tally (run) values (?)", [id])?;
    for tenant in &run.tenants {
        connection.execute(
            "insert into run_tenant (run, param, profile, tenant, domain, writes) values (?, ?, ?, ?, ?, ?)",
            params![
                id,
                tenant.param,
                tenant.profile,
                tenant.id.to_string(),
                tenant.domain,
                tenant.writes
            ],
        )?;
    }
    Ok(id)
}

/// Changes that are about to be sent; more than one share a request, and a number that says so.
pub fn intents(connection: &Connection, run: RunId, intents: &[Written]) -> rusqlite::Result<Vec<i64>> {
    let mut insert = connection.prepare_cached(
        "insert into change (run, tenant, tenant_name, service, operation, noun, object, label, arguments, touched, impact,
         request_id, at, batch, state) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'intended')",
    )?;
    let mut ids = Vec::with_capacity(intents.len());
    for Written {
        intent,
        arguments,
        touched,
    } in intents
    {
        let id = insert.insert(params![
            run,
            intent.tenant.to_string(),
            intent.tenant_name,
            intent.service,
            intent.operation,
            intent.noun,
            intent.object,
            intent.label,
            arguments,
            touched,
            intent.impact,
            intent.request_id.to_string(),
            intent.at.as_microsecond(),
            ids.first(),
        ])?;
        ids.push(id);
    }
    if let ([first, _, ..], Some(last)) = (ids.as_slice(), ids.last()) {
        let mut share = connection.prepare_cached("update change set batch = ?1 where id between ?1 and ?2")?;
        share.execute([first, last])?;
    }
    Ok(ids)
}

/// A further attempt of a change.
pub fn attempt(connection: &Connection, change: ChangeId, request_id: Uuid, at: Timestamp) -> rusqlite::Result<()> {
    let mut insert = connection.prepare_cached(
        "insert into attempt (change, number, request_id, at)
         values (?1, 2 + (select count(*) from attempt where change = ?1), ?2, ?3)",
    )?;
    insert.execute(params![change, request_id.to_string(), at.as_microsecond()])?;
    Ok(())
}

/// What came of a change.
pub fn outcome(connection: &Connection, change: ChangeId, outcome: &Outcome) -> rusqlite::Result<()> {
    let (state, at) = match outcome {
        Outcome::Done { at, .. } => (ChangeState::Done, at),
        Outcome::Refused { at, .. } => (ChangeState::Refused, at),
        Outcome::ToCheck { at, .. } => (ChangeState::ToCheck, at),
    };
    let (reply, warnings) = match outcome {
        Outcome::Done { reply, warnings, .. } => {
            let warnings = (!warnings.is_empty()).then(|| serde_json::to_string(warnings).expect("texts can be written as JSON"));
            (Some(reply.to_string()), warnings)
        }
        _ => (None, None),
    };
    let (code, message) = match outcome {
        Outcome::Refused { code, message, .. } | Outcome::ToCheck { code, message, .. } => (Some(code), Some(message)),
        Outcome::Done { .. } => (None, None),
    };
    let mut update = connection
        .prepare_cached("update change set state = ?2, ended = ?3, reply = ?4, warnings = ?5, code = ?6, message = ?7 where id = ?1")?;
    one(update.execute(params![change, state, at.as_microsecond(), reply, warnings, code, message])?)
}

/// What was found when a change was checked.
pub fn settled(connection: &Connection, change: ChangeId, state: ChangeState, note: &str, at: Timestamp) -> rusqlite::Result<()> {
    let mut update = connection.prepare_cached("update change set state = ?2, note = ?3, ended = ?4 where id = ?1")?;
    one(update.execute(params![change, state, note, at.as_microsecond()])?)
}

/// Which change took another back.
pub fn undone(connection: &Connection, change: ChangeId, by: ChangeId) -> rusqlite::Result<()> {
    one(connection.execute("update change set undone_by = ?2 where id = ?1", params![change, by])?)
}

/// A finished item of a loop with a key.
pub fn item(connection: &Connection, run: RunId, place: &str, key: &str, result: &str) -> rusqlite::Result<()> {
    let mut insert = connection.prepare_cached("insert or replace into item (run, place, key, result) values (?, ?, ?, ?)")?;
    insert.execute(params![run, place, key, result])?;
    Ok(())
}

/// How a run ended.
pub fn end(connection: &Connection, run: RunId, ending: Ending, exit: u8, at: Timestamp) -> rusqlite::Result<()> {
    one(connection.execute(
        "update run set ended = ?2, ending = ?3, exit = ?4 where id = ?1",
        params![run, at.as_microsecond(), ending, exit],
    )?)
}

/// A fact about something that is not there is a mistake of the caller, not something to pass over.
fn one(changed: usize) -> rusqlite::Result<()> {
    match changed {
        1 => Ok(()),
        _ => Err(rusqlite::Error::StatementChangedRows(changed)),
    }
}

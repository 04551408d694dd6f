//! Rows of the file as the types of the journal.

use jiff::Timestamp;
use rusqlite::Row;
use rusqlite::ToSql;
use rusqlite::types::FromSql;
use rusqlite::types::FromSqlError;
use rusqlite::types::FromSqlResult;
use rusqlite::types::ToSqlOutput;
use rusqlite::types::Type;
use rusqlite::types::ValueRef;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::journal::ChangeId;
use crate::journal::ChangeRow;
use crate::journal::Counts;
use crate::journal::Intent;
use crate::journal::NewRun;
use crate::journal::RunId;
use crate::journal::RunRow;
use crate::journal::RunState;
use crate::journal::RunTenant;
use crate::journal::lock::Locks;

/// A run without its tenants, which have a table of their own.
pub fn run(row: &Row<'_>, locks: &Locks) -> rusqlite::Result<RunRow> {
    let id = row.get("id")?;
    let ended = optional_time(row, "ended")?;
    let state = match row.get::<_, Option<_>>("ending")? {
        Some(ending) => RunState::Ended(ending),
        None if locks.is_held(id) => RunState::UnderWay,
        None => RunState::Crashed,
    };
    let count = |name| row.get::<_, i64>(name).map(|count| u64::try_from(count).unwrap_or_default());
    Ok(RunRow {
        id,
        run: NewRun {
            kind: row.get("kind")?,
            script: row.get("script")?,
            arguments: json(row, "arguments")?,
            tenants: Vec::new(),
            hashes: json(row, "hashes")?,
            folder: row.get("folder")?,
            flags: json(row, "flags")?,
            parent: row.get("parent")?,
            started: time(row, "started")?,
        },
        ended,
        state,
        exit: row.get("exit")?,
        counts: Counts {
            done: count("done")?,
            refused: count("refused")?,
            to_check: count("intended")? + count("to_check")? + count("differing")?,
            not_done: count("not_done")?,
            undone: count("undone")?,
        },
        version: row.get("version")?,
    })
}

/// A tenant of a run.
pub fn tenant(row: &Row<'_>) -> rusqlite::Result<RunTenant> {
    Ok(RunTenant {
        param: row.get("param")?,
        profile: row.get("profile")?,
        id: uuid(row, "tenant")?,
        domain: row.get("domain")?,
        writes: row.get("writes")?,
    })
}

/// A change without the attempts after its first, which have a table of their own.
pub fn change(row: &Row<'_>) -> rusqlite::Result<ChangeRow> {
    let (request_id, at) = (uuid(row, "request_id")?, time(row, "at")?);
    let code: Option<String> = row.get("code")?;
    let message: Option<String> = row.get("message")?;
    Ok(ChangeRow {
        id: row.get("id")?,
        run: row.get("run")?,
        intent: Intent {
            tenant: uuid(row, "tenant")?,
            tenant_name: row.get("tenant_name")?,
            service: row.get("service")?,
            operation: row.get("operation")?,
            noun: row.get("noun")?,
            object: row.get("object")?,
            label: row.get("label")?,
            arguments: json(row, "arguments")?,
            touched: json(row, "touched")?,
            impact: row.get("impact")?,
            request_id,
            at,
        },
        state: row.get("state")?,
        reply: optional_json(row, "reply")?.unwrap_or_default(),
        warnings: optional_json(row, "warnings")?.unwrap_or_default(),
        error: code.zip(message),
        note: row.get("note")?,
        batch: row.get("batch")?,
        attempts: vec![(request_id, at)],
        undone_by: row.get("undone_by")?,
        ended: optional_time(row, "ended")?,
    })
}

/// An attempt after the first.
pub fn attempt(row: &Row<'_>) -> rusqlite::Result<(ChangeId, Uuid, Timestamp)> {
    Ok((row.get("change")?, uuid(row, "request_id")?, time(row, "at")?))
}

/// A value that is kept as text.
pub fn json<T: DeserializeOwned>(row: &Row<'_>, name: &str) -> rusqlite::Result<T> {
    let text: String = row.get(name)?;
    serde_json::from_str(&text).map_err(|cause| unfit(Type::Text, cause))
}

fn optional_json<T: DeserializeOwned>(row: &Row<'_>, name: &str) -> rusqlite::Result<Option<T>> {
    let text: Option<String> = row.get(name)?;
    let value = text.map(|text| serde_json::from_str(&text)).transpose();
    value.map_err(|cause| unfit(Type::Text, cause))
}

fn uuid(row: &Row<'_>, name: &str) -> rusqlite::Result<Uuid> {
    let text: String = row.get(name)?;
    text.parse().map_err(|cause| unfit(Type::Text, cause))
}

fn time(row: &Row<'_>, name: &str) -> rusqlite::Result<Timestamp> {
    Timestamp::from_microsecond(row.get(name)?).map_err(|cause| unfit(Type::Integer, cause))
}

fn optional_time(row: &Row<'_>, name: &str) -> rusqlite::Result<Option<Timestamp>> {
    let time: Option<i64> = row.get(name)?;
    let time = time.map(Timestamp::from_microsecond).transpose();
    time.map_err(|cause| unfit(Type::Integer, cause))
}

fn unfit(kind: Type, cause: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, kind, Box::new(cause))
}

macro_rules! stored {
    ($name:ident) => {
        impl ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                self.0.to_sql()
            }
        }

        impl FromSql for $name {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                value.as_i64().map(Self).map_err(|_| FromSqlError::InvalidType)
            }
        }
    };
}

stored!(RunId);
stored!(ChangeId);

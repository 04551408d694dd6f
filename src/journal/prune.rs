//! Forgetting runs that nobody needs any more.

use jiff::Timestamp;
use rusqlite::Connection;

use crate::journal::Journal;
use crate::journal::RunId;
use crate::journal::RunKind;
use crate::journal::RunRow;
use crate::journal::RunState;
use crate::journal::fault;
use crate::journal::writer;
use crate::model::Trouble;

/// How many changes are forgotten in one transaction, so that a run under way never waits long.
const PAGE: i64 = 5_000;

/// Which runs are to be forgotten.
#[derive(Debug, Clone, Copy)]
pub struct Pruning {
    /// Those that ended, or died after they began, before this time.
    pub before: Timestamp,
    /// Also those that could still be resumed.
    pub with_resumable: bool,
    /// Only say which.
    pub only_shown: bool,
}

/// What was forgotten, and what was kept although it is old enough.
#[derive(Debug, Default, PartialEq)]
pub struct Pruned {
    /// The runs that are gone.
    pub runs: Vec<RunRow>,
    /// The runs that stayed, with the reason.
    pub kept: Vec<(RunId, &'static str)>,
}

impl Journal {
    /// Forgets old runs: never one that is under way or has changes of which nobody knows what became of them, and one that could
    /// be resumed only when that is asked for.
    pub fn prune(&self, pruning: Pruning) -> Result<Pruned, Trouble> {
        let runs = self.runs()?;
        let mut pruned = Pruned::default();
        for run in runs.iter().filter(|run| run.ended.unwrap_or(run.run.started) < pruning.before) {
            match reason_to_keep(run, &runs, pruning.with_resumable) {
                Some(reason) => pruned.kept.push((run.id, reason)),
                None => pruned.runs.push(run.clone()),
            }
        }
        if !pruning.only_shown {
            for run in &pruned.runs {
                self.with_connection(|connection| forget(connection, run.id))
                    .map_err(|cause| fault::unwritable(self.place(), &cause))?;
                self.locks().forget(run.id);
            }
            let freed = self.with_connection(|connection| connection.execute_batch("pragma incremental_vacuum"));
            freed.map_err(|cause| fault::unwritable(self.place(), &cause))?;
        }
        Ok(pruned)
    }
}

fn reason_to_keep(run: &RunRow, runs: &[RunRow], with_resumable: bool) -> Option<&'static str> {
    if run.state == RunState::UnderWay {
        return Some("is under way");
    }
    if run.counts.to_check > 0 {
        return Some("has changes that are still to be checked");
    }
    match resumable(run, runs) {
        reason @ Some(_) if !with_resumable => reason,
        _ => None,
    }
}

/// Why a run could still be resumed. What another run resumed is left to that one, which needs the finished items of both.
fn resumable(run: &RunRow, runs: &[RunRow]) -> Option<&'static str> {
    let successors = runs
        .iter()
        .filter(|other| other.run.parent == Some(run.id) && other.run.kind == run.run.kind && run.run.kind != RunKind::Undo);
    let mut successors = successors.peekable();
    match successors.peek() {
        None if run.is_unfinished() => Some("can be resumed"),
        None => None,
        Some(_) => successors
            .any(|other| other.state == RunState::UnderWay || resumable(other, runs).is_some())
            .then_some("is part of a run that can be resumed"),
    }
}

fn forget(connection: &mut Connection, run: RunId) -> rusqlite::Result<()> {
    loop {
        let last: Option<i64> = connection.query_row(
            "select max(id) from (select id from change where run = ? order by id limit ?)",
            (run, PAGE),
            |row| row.get(0),
        )?;
        let Some(last) = last else { break };
        writer::commit(connection, |transaction| {
            transaction.execute(
                "delete from attempt where change in (select id from change where run = ?1 and id <= ?2)",
                (run, last),
            )?;
            transaction.execute("delete from change where run = ?1 and id <= ?2", (run, last))
        })?;
    }
    writer::commit(connection, |transaction| {
        for table in ["item", "run_tenant", "tally"] {
            transaction.execute(&format!("delete from {table} where run = ?"), [run])?;
        }
        transaction.execute("delete from run where id = ?", [run])
    })?;
    Ok(())
}

//! The log of requests: what was asked and how it ended, never a query, a body, or a header but the id that the client gave.
//!
//! A request that writes puts its line into its own transaction. One that only reads has none: its line waits in memory until
//! somebody writes or looks at the log, so that reading costs no write. Whoever looks finds all lines, in the order the requests ended.

use std::sync::Mutex;

use jiff::Timestamp;
use rusqlite::CachedStatement;
use rusqlite::Connection;
use rusqlite::params;
use serde::Deserialize;
use serde::Serialize;
use uuid::Uuid;

use super::Tx;

/// How many lines may wait.
const MOST_WAITING: usize = 4096;

/// One answered request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoggedRequest {
    /// When, by the sandbox's clock.
    pub at: Timestamp,
    /// The short name of the tenant that it was for, as far as it said.
    pub tenant: String,
    /// Method and address, with the cmdlets.
    pub line: String,
    /// The status of the reply.
    pub status: u16,
    /// What is to be remarked of it, such as a client that came back too early; mostly empty.
    pub note: String,
    /// The `client-request-id` that it came with, and those of the items of a batch.
    #[serde(default)]
    pub client_ids: Vec<Uuid>,
}

/// The lines that are not in the state yet.
#[derive(Default)]
pub struct Unwritten(Mutex<Vec<LoggedRequest>>);

impl Unwritten {
    /// Adds a line, and says whether it is time to write them.
    pub fn push(&self, line: LoggedRequest) -> bool {
        let mut waiting = self.lines();
        waiting.push(line);
        waiting.len() >= MOST_WAITING
    }

    /// Takes back what a transaction took that was then rolled back.
    pub fn put_back(&self, mut lines: Vec<LoggedRequest>) {
        let mut waiting = self.lines();
        lines.append(&mut waiting);
        *waiting = lines;
    }

    /// Whether all is written.
    pub fn is_empty(&self) -> bool {
        self.lines().is_empty()
    }

    fn take(&self) -> Vec<LoggedRequest> {
        std::mem::take(&mut *self.lines())
    }

    fn lines(&self) -> std::sync::MutexGuard<'_, Vec<LoggedRequest>> {
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

impl Tx<'_> {
    /// Remarks something about the request under way, for its line in the log.
    pub fn remark(&self, note: &str) {
        let mut noted = self.note.borrow_mut();
        if !noted.is_empty() {
            noted.push_str("; ");
        }
        noted.push_str(note);
    }

    /// The request under way as the log has it, with what was remarked.
    pub fn logged(&self, tenant: String, line: String, status: u16, client_ids: Vec<Uuid>) -> LoggedRequest {
        LoggedRequest {
            at: self.now(),
            tenant,
            line,
            status,
            note: self.note.take(),
            client_ids,
        }
    }

    /// Writes a line to the log, behind those that waited.
    pub fn log_request(&self, line: &LoggedRequest) -> rusqlite::Result<()> {
        self.write_waiting()?;
        insert_line(&mut self.writing(INSERT)?, line)
    }

    /// Writes the lines that wait.
    pub fn write_waiting(&self) -> rusqlite::Result<()> {
        let mut insert = self.writing(INSERT)?;
        let mut written = self.written.borrow_mut();
        let first = written.len();
        // They are noted before anything can fail, so that they come back when it does.
        written.append(&mut self.store.unwritten.take());
        written[first..].iter().try_for_each(|line| insert_line(&mut insert, line))
    }

    /// The newest `most` lines of the log, of one tenant or of all, oldest first.
    pub fn requests(&self, tenant: Option<&str>, most: Option<usize>) -> rusqlite::Result<Vec<LoggedRequest>> {
        self.write_waiting()?;
        let most = most.and_then(|most| i64::try_from(most).ok()).unwrap_or(-1);
        let mut query = self.connection.prepare_cached(
            "select at, tenant, line, status, note, client_ids from (
                select * from request where ?1 is null or tenant = ?1 order by id desc limit ?2
             ) order by id",
        )?;
        let lines = query.query_map(params![tenant, most], |row| {
            Ok(LoggedRequest {
                at: Timestamp::from_millisecond(row.get(0)?).unwrap_or(Timestamp::UNIX_EPOCH),
                tenant: row.get(1)?,
                line: row.get(2)?,
                status: row.get(3)?,
                note: row.get(4)?,
                client_ids: ids(&row.get::<_, String>(5)?),
            })
        })?;
        lines.collect()
    }
}

/// Adds what the log of an older data folder lacks.
pub fn complete(connection: &Connection) -> rusqlite::Result<()> {
    match connection.prepare("select client_ids from request limit 0") {
        Ok(_) => Ok(()),
        Err(_) => connection.execute_batch("alter table request add column client_ids text not null default ''"),
    }
}

const INSERT: &str = "insert into request (at, tenant, line, status, note, client_ids) values (?, ?, ?, ?, ?, ?)";

fn insert_line(insert: &mut CachedStatement<'_>, line: &LoggedRequest) -> rusqlite::Result<()> {
    let ids: Vec<_> = line.client_ids.iter().map(Uuid::to_string).collect();
    insert.execute(params![
        line.at.as_millisecond(),
        line.tenant,
        line.line,
        line.status,
        line.note,
        ids.join(" ")
    ])?;
    Ok(())
}

fn ids(text: &str) -> Vec<Uuid> {
    text.split(' ').filter_map(|id| id.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::Store;

    fn line(text: &str) -> LoggedRequest {
        LoggedRequest {
            at: Timestamp::UNIX_EPOCH,
            tenant: "contoso".into(),
            line: text.into(),
            status: 200,
            note: String::new(),
            client_ids: vec![Uuid::from_u128(7)],
        }
    }

    fn lines(store: &Store) -> Vec<String> {
        let read: rusqlite::Result<_> = store.transaction(|tx| tx.requests(None, None));
        read.unwrap().into_iter().map(|line| line.line).collect()
    }

    #[test]
    fn reads_and_writes_stand_in_the_log_in_the_order_they_ended() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        store.log_read(line("first read"));
        store.transaction(|tx| tx.log_request(&line("write"))).unwrap();
        store.log_read(line("second read"));

        assert_eq!(lines(&store), ["first read", "write", "second read"]);

        store.log_read(line("third read"));
        drop(store);

        let store = Store::open_finished(folder.path()).unwrap();
        assert_eq!(lines(&store).len(), 4);
        let newest: rusqlite::Result<_> = store.transaction(|tx| tx.requests(Some("contoso"), Some(1)));
        assert_eq!(newest.unwrap(), [line("third read")]);
    }

    #[test]
    fn a_transaction_that_fails_loses_no_line_of_others() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        store.log_read(line("read"));

        let failed: rusqlite::Result<()> = store.transaction(|tx| {
            tx.log_request(&line("write"))?;
            Err(rusqlite::Error::InvalidQuery)
        });

        assert!(failed.is_err());
        store.log_read(line("later read"));
        assert_eq!(lines(&store), ["read", "later read"]);
    }

    #[test]
    fn lines_that_wait_are_written_before_they_are_many() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();

        (0..=MOST_WAITING).for_each(|number| store.log_read(line(&number.to_string())));

        assert!(store.unwritten.lines().len() < 2);
        assert_eq!(lines(&store).len(), MOST_WAITING + 1);
    }
}

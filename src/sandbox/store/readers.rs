//! Connections that only read, each lent to one request at a time.

use std::path::PathBuf;
use std::sync::Mutex;

use rusqlite::Connection;
use rusqlite::OpenFlags;

/// How many connections stay open when nobody reads.
const KEPT: usize = 4;

/// The readers of one state. A connection is opened when all others are lent.
pub struct Readers {
    state: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    /// No reader yet.
    pub fn of(state: PathBuf) -> Self {
        Self {
            state,
            idle: Mutex::new(Vec::new()),
        }
    }

    /// Runs `work` in a transaction that sees the last commit, however long it takes. When `work` panics the connection is closed.
    pub fn with<T, E: From<rusqlite::Error>>(&self, work: impl FnOnce(&Connection) -> Result<T, E>) -> Result<T, E> {
        let idle = self.idle.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => self.open()?,
        };
        connection.prepare_cached("begin")?.execute([])?;
        let result = work(&connection);
        connection.prepare_cached("commit")?.execute([])?;
        let mut idle = self.idle.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if idle.len() < KEPT {
            idle.push(connection);
        }
        result
    }

    fn open(&self) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.state, flags)?;
        super::tune(&connection)?;
        Ok(connection)
    }
}

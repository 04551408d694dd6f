//! Where a journal is, and how connections to it are made.

use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::OpenFlags;
use rusqlite::config::DbConfig;
use uuid::Uuid;

/// How long one process waits while another writes.
const PATIENCE: Duration = Duration::from_secs(30);
const STATEMENTS: usize = 32;

/// A file, or memory that the connections of this process share.
#[derive(Debug, Clone)]
pub enum Place {
    /// A file.
    File(PathBuf),
    /// A name in memory.
    Memory(String),
}

impl Place {
    /// A place in memory that nobody else knows.
    pub fn memory() -> Self {
        Self::Memory(format!("file:/journal-{}?vfs=memdb", Uuid::new_v4().simple()))
    }

    /// A connection to the database that is there.
    pub fn connect(&self) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = match self {
            Self::File(file) => Connection::open_with_flags(file, flags)?,
            Self::Memory(name) => Connection::open_with_flags(name, flags | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_URI)?,
        };
        connection.busy_timeout(PATIENCE)?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        // Otherwise a statement is planned anew for each value that it is given, which takes longer than running it.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        Ok(connection)
    }

    /// How messages call it.
    pub fn shown(&self) -> String {
        match self {
            Self::File(file) => file.display().to_string(),
            Self::Memory(_) => "in memory".to_owned(),
        }
    }

    /// The file, if it is one.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::File(file) => Some(file),
            Self::Memory(_) => None,
        }
    }
}

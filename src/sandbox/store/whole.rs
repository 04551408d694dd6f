//! The state as a whole: in a file by itself, and whether it is sound.

use std::path::Path;

use rusqlite::Connection;
use rusqlite::OpenFlags;

use super::Store;

impl Store {
    /// Opens the state in the file `path`, and makes neither it nor a table that is missing.
    pub fn open_file(path: &Path) -> rusqlite::Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        // Read before anything is set, because setting the journal's mode would write to an empty file.
        connection.query_row("select count(*) from meta", [], |row| row.get::<_, i64>(0))?;
        Self::over(path, connection)
    }

    /// Writes the state of the last commit to `path`, an empty file.
    pub fn copy_into(&self, path: &Path) -> rusqlite::Result<()> {
        let connection = self.writer.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        connection.execute("vacuum into ?", [path.to_string_lossy()])?;
        Ok(())
    }

    /// What SQLite finds wrong with the state, in its words; nothing when all is well. Reads all of it.
    pub fn faults(&self) -> rusqlite::Result<Vec<String>> {
        let connection = self.writer.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        faults(&connection)
    }
}

/// What SQLite finds wrong with a database, in its words.
pub fn faults(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut query = connection.prepare("pragma quick_check(20)")?;
    let found: Vec<String> = query.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let lines = found
        .iter()
        .flat_map(|line| line.lines())
        .filter(|line| *line != "ok" && !line.starts_with("***"));
    Ok(lines.map(str::to_owned).collect())
}

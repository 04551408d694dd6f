//! Starting over: the state is thrown away and made anew. The folder's certificate stays, so that clients keep trusting it, and
//! so does everything in the folder that is not ours.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use super::NewOptions;
use super::error::SandboxError;
use super::handle::Sandbox;
use super::lock::Lock;

/// The database and what SQLite keeps beside it.
const STATE_FILES: [&str; 3] = ["state.db", "state.db-wal", "state.db-shm"];

impl Sandbox {
    /// Replaces the sandbox in `folder`, damaged or not, by a new one. A sandbox that is in use, or a folder without one, is refused.
    pub fn reset(folder: &Path, options: &NewOptions) -> Result<(), SandboxError> {
        if !folder.join(STATE_FILES[0]).exists() {
            return Err(SandboxError::NotThere { folder: folder.to_owned() });
        }
        let lock = Lock::take(folder)?.ok_or_else(|| SandboxError::InUse { folder: folder.to_owned() })?;
        remove_state(folder)?;
        lock.forget_the_past()?;
        drop(lock);
        Self::create(folder, options)
    }
}

/// Removes the state and its journal, the journal first: a new state must not meet it.
pub fn remove_state(folder: &Path) -> Result<(), SandboxError> {
    remove(folder, &STATE_FILES)
}

/// Removes the journal of a state that is to be replaced.
pub fn remove_journal(folder: &Path) -> Result<(), SandboxError> {
    remove(folder, &STATE_FILES[1..])
}

fn remove(folder: &Path, names: &[&str]) -> Result<(), SandboxError> {
    for name in names.iter().rev() {
        let path = folder.join(name);
        match fs::remove_file(&path) {
            Err(cause) if cause.kind() != ErrorKind::NotFound => return Err(SandboxError::file(path)(cause)),
            _ => {}
        }
    }
    Ok(())
}

//! Who owns the data folder: the process that holds its lock. `owner.json` tells the others where to find it.

use std::fs;
use std::fs::File;
use std::fs::TryLockError;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::Path;
use std::path::PathBuf;

use serde::Deserialize;
use serde::Serialize;

use super::error::SandboxError;
use super::private;

const LOCK: &str = "owner.lock";
const NOTE: &str = "owner.json";
/// The note of an owner that did not come to its end, until the state was opened after it.
const LEFT: &str = "owner.left";

/// Where the owner listens, and the token that its controls ask for.
#[derive(Clone, Serialize, Deserialize)]
pub struct OwnerNote {
    /// The owner's process.
    pub pid: u32,
    /// Where it listens on loopback.
    pub listen: SocketAddr,
    /// Whether it stays until it is told to end.
    pub is_serving: bool,
    /// What a caller of its controls must show.
    pub token: String,
}

/// The owner's hold on the folder. The system lets go of it when the process dies, however it dies.
pub struct Lock {
    note: PathBuf,
    left: PathBuf,
    file: File,
}

impl Lock {
    /// Takes the folder, unless another process has it.
    pub fn take(folder: &Path) -> Result<Option<Self>, SandboxError> {
        let path = folder.join(LOCK);
        let opened = File::options().read(true).write(true).create(true).truncate(false).open(&path);
        let file = opened.map_err(SandboxError::file(&path))?;
        match file.try_lock() {
            Ok(()) => {
                let note = folder.join(NOTE);
                let left = folder.join(LEFT);
                // What a dead owner left behind must lead nobody astray, but it tells that the journal has to be there.
                if note.exists() {
                    fs::rename(&note, &left).map_err(SandboxError::file(&note))?;
                }
                Ok(Some(Self { note, left, file }))
            }
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(cause)) => Err(SandboxError::file(path)(cause)),
        }
    }

    /// Whether the last owner did not come to its end, and nobody has opened the state since.
    pub fn is_after_a_death(&self) -> bool {
        self.left.exists()
    }

    /// Notes that the state was opened or replaced since the last owner died.
    pub fn forget_the_past(&self) -> Result<(), SandboxError> {
        match fs::remove_file(&self.left) {
            Err(cause) if cause.kind() != ErrorKind::NotFound => Err(SandboxError::file(&self.left)(cause)),
            _ => Ok(()),
        }
    }

    /// Tells the others where the owner listens.
    pub fn announce(&self, note: &OwnerNote) -> Result<(), SandboxError> {
        let text = serde_json::to_vec(note).expect("a note can be written as JSON");
        private::write(&self.note, &text)
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let removed = fs::remove_file(&self.note);
        let unlocked = self.file.unlock();
        if let Some(cause) = removed.err().or(unlocked.err()) {
            tracing::debug!(%cause, "the lock of the sandbox was left to the system");
        }
    }
}

/// What the owner of the folder says of itself; `None` while it is not ready.
pub fn read_note(folder: &Path) -> Option<OwnerNote> {
    let text = fs::read(folder.join(NOTE)).ok()?;
    serde_json::from_slice(&text).ok()
}

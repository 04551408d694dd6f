//! Which runs are under way: each holds the lock of a file of its own beside the journal until it ends. The system lets go of it when
//! the process dies, however it dies.

use std::collections::HashSet;
use std::fs;
use std::fs::File;
use std::fs::TryLockError;
use std::io;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Mutex;

use crate::journal::RunId;
use crate::platform;

/// Where the locks of one journal are.
#[derive(Clone)]
pub enum Locks {
    /// Beside the file.
    Folder(PathBuf),
    /// Of a journal in memory, which only one process knows.
    Memory(Arc<Mutex<HashSet<RunId>>>),
}

impl Locks {
    /// The locks of the journal in `file`.
    pub fn beside(file: &Path) -> Self {
        let mut folder = file.as_os_str().to_owned();
        folder.push("-runs");
        Self::Folder(folder.into())
    }

    /// Takes the lock of a run that begins.
    pub fn take(&self, run: RunId) -> io::Result<Lock> {
        let held = match self {
            Self::Memory(held) => {
                held.lock().expect("no thread panics while it holds the locks").insert(run);
                None
            }
            Self::Folder(folder) => {
                platform::make_private_folder(folder)?;
                let path = path(folder, run);
                let file = File::options().write(true).create(true).truncate(false).open(&path)?;
                file.lock()?;
                Some((path, file))
            }
        };
        Ok(Lock {
            run,
            locks: self.clone(),
            held,
        })
    }

    /// Whether somebody holds the lock of the run.
    pub fn is_held(&self, run: RunId) -> bool {
        match self {
            Self::Memory(held) => held.lock().expect("no thread panics while it holds the locks").contains(&run),
            // A shared lock, so that two who look at the same time do not take each other for the run.
            Self::Folder(folder) => {
                File::open(path(folder, run)).is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
            }
        }
    }

    /// Clears away what a dead run left.
    pub fn forget(&self, run: RunId) {
        if let Self::Folder(folder) = self {
            // It is a few bytes that say nothing any more; often it is gone already.
            let _ = fs::remove_file(path(folder, run));
        }
    }
}

/// The hold of a run on its lock.
pub struct Lock {
    run: RunId,
    locks: Locks,
    held: Option<(PathBuf, File)>,
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Locks::Memory(held) = &self.locks {
            held.lock().expect("no thread panics while it holds the locks").remove(&self.run);
        }
        if let Some((_, file)) = self.held.take() {
            drop(file);
            self.locks.forget(self.run);
        }
    }
}

fn path(folder: &Path, run: RunId) -> PathBuf {
    folder.join(format!("{run}.lock"))
}

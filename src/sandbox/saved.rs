//! A sandbox in one file, and back. The file holds the state alone: the certificate authority stays with its folder, so that who
//! trusts the folder's sandbox goes on doing so.

use std::ffi::OsString;
use std::fs;
use std::fs::File;
use std::io::ErrorKind;
use std::path::Path;
use std::path::PathBuf;

use super::Store;
use super::error::SandboxError;
use super::handle::Sandbox;
use super::lock::Lock;
use super::open;
use super::private;
use super::reset;
use super::tls;

impl Sandbox {
    /// Writes the state of the sandbox in `folder` to the new file `path`, which only its owner may read. It may be in use meanwhile:
    /// what was answered by now is in it.
    pub fn save(folder: &Path, path: &Path) -> Result<(), SandboxError> {
        if path.exists() {
            return Err(SandboxError::FileThere { path: path.to_owned() });
        }
        // Whoever has the folder goes on; its state is read beside it.
        let (store, _lock) = match Lock::take(folder) {
            Ok(Some(lock)) => (open::finished(folder, &lock)?, Some(lock)),
            Ok(None) => (open::readable(folder)?, None),
            Err(_) if !folder.join(open::STATE).exists() => return Err(SandboxError::NotThere { folder: folder.to_owned() }),
            Err(other) => return Err(other),
        };
        let beside = beside(path);
        let removed = fs::remove_file(&beside).or_else(missing_is_fine);
        removed.map_err(SandboxError::file(&beside))?;
        private::make(&beside)?;
        let copied = store.copy_into(&beside).map_err(SandboxError::from);
        let written = copied.and_then(|()| place(&beside, path));
        if written.is_err() {
            // What is half written helps nobody; the failure itself is what to tell.
            let _ = fs::remove_file(&beside);
        }
        written
    }

    /// Puts the state saved in `path` in place of the one in `folder`, which is made when it is missing. A folder in use, and a file
    /// that is no saved sandbox, are refused before anything is changed.
    pub fn load(folder: &Path, path: &Path) -> Result<(), SandboxError> {
        fs::create_dir_all(folder).map_err(SandboxError::file(folder))?;
        let lock = Lock::take(folder)?.ok_or_else(|| SandboxError::InUse { folder: folder.to_owned() })?;
        let state = folder.join(open::STATE);
        let beside = beside(&state);
        let copied = private::copy(path, &beside).and_then(|()| check(&beside, path));
        if copied.is_err() {
            let _ = fs::remove_file(&beside);
            return copied;
        }
        tls::install(folder)?;
        // The old journal first: SQLite would write it into the new state. The old state stays until the new one takes its name, so that
        // the folder is never without one.
        reset::remove_journal(folder)?;
        place(&beside, &state)?;
        lock.forget_the_past()
    }
}

/// Refuses what is no whole saved sandbox of this format.
fn check(copy: &Path, path: &Path) -> Result<(), SandboxError> {
    let unusable = |what: String| SandboxError::NotSaved {
        path: path.to_owned(),
        what,
    };
    let store = Store::open_file(copy).map_err(|cause| unusable(cause.to_string()))?;
    open::check_finished(&store).map_err(unusable)?;
    match store.faults().map_err(|cause| unusable(cause.to_string()))?.into_iter().next() {
        Some(fault) => Err(unusable(fault)),
        None => Ok(()),
    }
}

/// Gives what was written beside its place its name, once it is on the disk.
fn place(beside: &Path, path: &Path) -> Result<(), SandboxError> {
    let synced = File::open(beside).and_then(|file| file.sync_all());
    synced.and_then(|()| fs::rename(beside, path)).map_err(SandboxError::file(path))
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().map_or_else(OsString::new, OsString::from);
    name.push(".part");
    path.with_file_name(name)
}

fn missing_is_fine(cause: std::io::Error) -> std::io::Result<()> {
    match cause.kind() {
        ErrorKind::NotFound => Ok(()),
        _ => Err(cause),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Map;

    use super::*;
    use crate::sandbox::Object;
    use crate::sandbox::testing::new_folder;

    fn with_mark(folder: &Path) {
        let store = Store::open_finished(folder).unwrap();
        let mark = Object::new("contoso", "mark", Map::new());
        store.transaction(|tx| tx.put(&mark, [("mark", "made".to_owned())])).unwrap();
    }

    fn marks(folder: &Path) -> usize {
        let store = Store::open_finished(folder).unwrap();
        store.transaction(|tx| tx.find("contoso", "mark", "made")).unwrap().len()
    }

    #[test]
    fn a_saved_state_comes_back_and_the_folder_keeps_its_authority() {
        let folder = new_folder();
        let file = folder.path().join("before.xtenant");
        let authority = fs::read(folder.path().join("ca.pem")).unwrap();

        Sandbox::save(folder.path(), &file).unwrap();
        with_mark(folder.path());
        let marked = marks(folder.path());
        Sandbox::load(folder.path(), &file).unwrap();

        assert_eq!((marked, marks(folder.path())), (1, 0));
        assert_eq!(fs::read(folder.path().join("ca.pem")).unwrap(), authority);
        #[cfg(unix)]
        assert_eq!(
            std::os::unix::fs::PermissionsExt::mode(&file.metadata().unwrap().permissions()) & 0o077,
            0
        );
        let left: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert!(left.iter().all(|name| !name.to_string_lossy().ends_with(".part")), "{left:?}");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn one_in_use_is_saved_with_all_that_was_answered_and_not_replaced() {
        let folder = new_folder();
        let file = folder.path().join("now.xtenant");
        let owner = Sandbox::open(folder.path()).await.unwrap();
        let now = owner.advance(std::time::Duration::from_secs(3600)).await.unwrap();

        Sandbox::save(folder.path(), &file).unwrap();
        let refused = Sandbox::load(folder.path(), &file).unwrap_err();
        let other = tempfile::tempdir().unwrap();
        Sandbox::load(other.path(), &file).unwrap();

        assert!(matches!(refused, SandboxError::InUse { .. }), "{refused}");
        assert_eq!(Sandbox::open(other.path()).await.unwrap().now().await.unwrap(), now);
    }

    #[test]
    fn what_is_no_saved_sandbox_changes_nothing() {
        let folder = new_folder();
        let file = folder.path().join("foreign");
        let other = rusqlite::Connection::open(folder.path().join("other.db")).unwrap();
        other.execute_batch("create table meta (key, value)").unwrap();
        drop(other);
        fs::write(&file, "this is text").unwrap();
        with_mark(folder.path());

        for wrong in [file, folder.path().join("other.db"), folder.path().join("missing")] {
            let refused = Sandbox::load(folder.path(), &wrong).unwrap_err();

            assert!(refused.to_string().contains(&*wrong.to_string_lossy()), "{refused}");
            assert_eq!(marks(folder.path()), 1);
        }
    }

    #[test]
    fn a_file_that_is_there_is_not_written_over() {
        let folder = new_folder();
        let file = folder.path().join("precious");
        fs::write(&file, "mine").unwrap();

        let refused = Sandbox::save(folder.path(), &file).unwrap_err();

        assert!(matches!(refused, SandboxError::FileThere { .. }), "{refused}");
        assert_eq!(fs::read(&file).unwrap(), b"mine");
    }
}

//! Writing a file whole or not at all: it is written beside its place, flushed, and renamed over it.

use std::io;
use std::io::BufWriter;
use std::io::Write;
use std::path::Path;

use tempfile::Builder;

use crate::files::FileError;

/// Makes `bytes` the content of `path`. After a failure or a kill the old content is still there.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    write_all_or_nothing(path, |file| file.write_all(bytes))
}

/// Makes what `write` writes the content of `path`, for what is too much to be held. Only its owner may read the file.
pub fn write_all_or_nothing(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), FileError> {
    let unwritable = |cause| FileError::unwritable(path, cause);
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let beside = Builder::new()
        .prefix(".xtenant-")
        .suffix(".part")
        .tempfile_in(folder)
        .map_err(unwritable)?;
    let mut file = BufWriter::new(beside);
    write(&mut file).map_err(unwritable)?;
    let beside = file.into_inner().map_err(|failure| unwritable(failure.into_error()))?;
    beside.as_file().sync_all().map_err(unwritable)?;
    beside.persist(path).map_err(|failure| unwritable(failure.error))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("users.csv");

        write_atomically(&path, b"old").expect("written");
        write_atomically(&path, b"new").expect("replaced");

        assert_eq!(std::fs::read(&path).expect("read"), b"new");
        assert_eq!(std::fs::read_dir(folder.path()).expect("listed").count(), 1);
    }

    #[test]
    fn a_folder_that_does_not_exist_is_named() {
        let error = write_atomically(Path::new("no/such/folder/users.csv"), b"x").expect_err("no folder");

        assert_eq!(error.to_string(), "could not write `no/such/folder/users.csv`");
    }
}

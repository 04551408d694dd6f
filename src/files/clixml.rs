//! stub
use crate::files::FileError;
use crate::model::Record;
use std::path::Path;

/// The objects in a file written by `Export-Clixml`.
pub fn read(path: &Path) -> Result<Vec<Record>, FileError> {
    let _ = path;
    Ok(Vec::new())
}
/// The objects in `bytes`; `path` is for messages.
pub fn parse(path: &Path, bytes: Vec<u8>) -> Result<Vec<Record>, FileError> {
    let _ = (path, bytes);
    Ok(Vec::new())
}
/// Writes objects so that `Import-Clixml` reads them.
pub fn write(path: &Path, rows: &[Record]) -> Result<(), FileError> {
    let _ = (path, rows);
    Ok(())
}

//! JSON files.

use std::path::Path;

use serde::Serialize;
use serde_json::Value;

use crate::files::FileError;
use crate::files::Place;
use crate::files::decode;
use crate::files::write_atomically;

/// The value in a JSON file.
pub fn read(path: &Path) -> Result<Value, FileError> {
    let bytes = std::fs::read(path).map_err(|cause| FileError::unreadable(path, cause))?;
    parse(path, bytes)
}

/// The value in `bytes`; `path` is for messages.
pub fn parse(path: &Path, bytes: Vec<u8>) -> Result<Value, FileError> {
    let text = decode::text(path, bytes)?;
    serde_json::from_str(&text).map_err(|error| {
        let place = Place {
            line: error.line() as u64,
            column: Some(error.column() as u64),
        };
        // serde_json repeats the place at the end of its sentence.
        let full = error.to_string();
        let what = full.split(" at line ").next().unwrap_or(&full).to_owned();
        FileError::malformed(path, place, format!("not JSON: {what}"))
    })
}

/// Writes `value`, indented, with a newline at the end.
pub fn write(path: &Path, value: &impl Serialize) -> Result<(), FileError> {
    let mut text = serde_json::to_vec_pretty(value).map_err(|error| FileError::unwritable(path, error.into()))?;
    text.push(b'\n');
    write_atomically(path, &text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_file_cut_off_in_the_middle_is_refused_with_its_place() {
        let error = parse(Path::new("to-source.json"), b"{\n  \"a\": 1,\n  \"b\"".to_vec()).expect_err("cut off");

        assert_eq!(error.to_string(), "to-source.json:3:5: not JSON: EOF while parsing an object");
    }

    #[test]
    fn what_was_written_is_read_with_its_order() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.json");
        let value = json!({"z": 1, "a": ["ä"]});

        write(&path, &value).expect("written");

        assert_eq!(read(&path).expect("read").to_string(), value.to_string());
    }
}

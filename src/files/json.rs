//! JSON files.

use std::path::Path;

use serde::Serialize;
use serde::de::IgnoredAny;
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

/// The entries of the list in a JSON file, or the one value that it is, each with its place.
pub fn entries(path: &Path) -> Result<Vec<(Place, Value)>, FileError> {
    let bytes = std::fs::read(path).map_err(|cause| FileError::unreadable(path, cause))?;
    let text = decode::text(path, bytes.clone())?;
    let Value::Array(items) = parse(path, bytes)? else {
        return Ok(vec![(Place::of_offset(&text, 0), parse(path, text.clone().into_bytes())?)]);
    };
    // It is sound JSON, so that each entry begins after its separator and the blanks behind it.
    let mut offset = text.find('[').map_or(text.len(), |at| at + 1);
    let mut placed = Vec::with_capacity(items.len());
    for item in items {
        offset += text[offset..].len() - text[offset..].trim_start_matches([',', ' ', '\t', '\r', '\n']).len();
        placed.push((Place::of_offset(&text, offset), item));
        let mut rest = serde_json::Deserializer::from_str(&text[offset..]).into_iter::<IgnoredAny>();
        rest.next();
        offset += rest.byte_offset();
    }
    Ok(placed)
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
    fn each_entry_of_a_list_has_its_place() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.json");
        std::fs::write(&path, "\u{FEFF}[\n  {\"a\": \"],\"},\n  7, [1]\n]").expect("written");

        let entries = entries(&path).expect("read");

        let places: Vec<_> = entries.iter().map(|(place, _)| (place.line, place.column)).collect();
        assert_eq!(places, [(2, Some(3)), (3, Some(3)), (3, Some(6))]);
        assert_eq!(entries[2].1, json!([1]));
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

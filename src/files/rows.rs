//! Rows in whatever form the file's ending says.

use std::path::Path;

use serde_json::Value;

use crate::files::FileError;
use crate::files::Place;
use crate::files::clixml;
use crate::files::csv;
use crate::files::decode;
use crate::files::json;
use crate::model::KeyCache;
use crate::model::Record;

/// Rows, one at a time.
pub type Rows = Box<dyn Iterator<Item = Result<Record, FileError>> + Send>;

/// Reads rows by the ending of the file: `.csv`, `.xml` or `.clixml` (PowerShell), `.json` (an array of objects, or one
/// object), anything else one name a line, which becomes the column `Alias`.
pub fn read(path: &Path) -> Result<Rows, FileError> {
    Ok(match Form::of(path) {
        Form::Csv => Box::new(csv::read(path)?),
        Form::Clixml => Box::new(clixml::read(path)?.into_iter().map(Ok)),
        Form::Json => Box::new(json_rows(path)?.into_iter().map(Ok)),
        Form::Lines => Box::new(lines(path)?.into_iter().map(|name| Ok(Record::default().with("Alias", name)))),
    })
}

/// Reads rows of a `.csv` or `.json` file with the place where each begins. Other endings are refused.
pub fn read_placed(path: &Path) -> Result<Vec<(Place, Record)>, FileError> {
    match Form::of(path) {
        Form::Csv => {
            let mut rows = csv::read(path)?;
            let mut placed = Vec::new();
            while let Some(row) = rows.next() {
                let place = Place {
                    line: rows.line(),
                    column: None,
                };
                placed.push((place, row?));
            }
            Ok(placed)
        }
        Form::Json => {
            let mut keys = KeyCache::default();
            let row = |(place, item)| match item {
                Value::Object(map) => Ok((place, keys.record(map))),
                _ => Err(FileError::malformed(path, place, "this is not an object")),
            };
            json::entries(path)?.into_iter().map(row).collect()
        }
        Form::Clixml | Form::Lines => Err(FileError::UnreadableEnding { path: path.to_owned() }),
    }
}

/// Writes rows by the ending of the file: `.csv`, `.xml` or `.clixml`, `.json`; other endings are refused.
pub fn write(path: &Path, rows: &[Record]) -> Result<(), FileError> {
    match Form::of(path) {
        Form::Csv => csv::write(path, rows),
        Form::Clixml => clixml::write(path, rows),
        Form::Json => json::write(path, &rows),
        Form::Lines => Err(FileError::UnknownEnding { path: path.to_owned() }),
    }
}

/// The lines of a text file that are neither blank nor a comment (`#`), without the blanks around them.
pub fn lines(path: &Path) -> Result<Vec<String>, FileError> {
    let bytes = std::fs::read(path).map_err(|cause| FileError::unreadable(path, cause))?;
    let text = decode::text(path, bytes)?;
    let is_meant = |line: &&str| !line.is_empty() && !line.starts_with('#');
    Ok(text.lines().map(str::trim).filter(is_meant).map(str::to_owned).collect())
}

fn json_rows(path: &Path) -> Result<Vec<Record>, FileError> {
    let items = match json::read(path)? {
        Value::Array(items) => items,
        other => vec![other],
    };
    let mut keys = KeyCache::default();
    let mut row = |(at, item): (usize, Value)| match item {
        Value::Object(map) => Ok(keys.record(map)),
        _ => {
            let what = format!("entry {} is not an object", at + 1);
            Err(FileError::malformed(path, Place { line: 1, column: None }, what))
        }
    };
    items.into_iter().enumerate().map(&mut row).collect()
}

enum Form {
    Csv,
    Clixml,
    Json,
    Lines,
}

impl Form {
    fn of(path: &Path) -> Self {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        match ending.as_deref() {
            Some("csv") => Form::Csv,
            Some("xml" | "clixml") => Form::Clixml,
            Some("json") => Form::Json,
            _ => Form::Lines,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_form_gives_back_what_was_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let row: Record = json!({"Alias": "LaraN", "DisplayName": "Lara Newton"})
            .as_object()
            .cloned()
            .expect("an object")
            .into();

        for name in ["a.csv", "a.xml", "a.CLIXML", "a.json"] {
            let path = folder.path().join(name);
            write(&path, std::slice::from_ref(&row)).expect("written");
            let rows: Vec<Record> = read(&path).expect("opened").collect::<Result<_, _>>().expect("read");
            assert_eq!(rows, std::slice::from_ref(&row), "{name}");
        }
        assert!(write(&folder.path().join("a.txt"), &[row]).is_err());
    }

    #[test]
    fn a_list_of_names_needs_no_header() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("users.txt");
        std::fs::write(&path, "\u{FEFF}# wave 1\r\nLaraN\r\n\r\n ann \r\n").expect("written");

        let rows: Vec<Record> = read(&path).expect("opened").collect::<Result<_, _>>().expect("read");

        assert_eq!(
            rows.iter().filter_map(|row| row.text("Alias")).collect::<Vec<_>>(),
            ["LaraN", "ann"]
        );
    }
}

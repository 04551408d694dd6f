//! CSV in and out, a row at a time. Reads what Excel, PowerShell and people make: a byte order mark, UTF-16, CRLF, `;` or tab
//! between fields, a `#TYPE` line, blank lines. Writes UTF-8 with a mark, so that Excel keeps every name.

use std::fs::File;
use std::io;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Cursor;
use std::io::Read;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

use csv::ByteRecord;
use csv::ReaderBuilder;
use serde_json::Map;
use serde_json::Value;

use crate::files::FileError;
use crate::files::Place;
use crate::files::decode;
use crate::files::write_atomically;
use crate::model::KeyCache;
use crate::model::Record;
use crate::model::join_list;

const UTF8_MARK: &[u8] = &[0xEF, 0xBB, 0xBF];

type Source = Box<dyn BufRead + Send>;

/// The rows of a CSV file, read as they are asked for.
pub struct Rows {
    path: PathBuf,
    reader: csv::Reader<Trail<Source>>,
    columns: Vec<String>,
    header_line: u64,
    line: u64,
    keys: KeyCache,
    is_over: bool,
}

/// Opens a CSV file and reads its header.
pub fn read(path: &Path) -> Result<Rows, FileError> {
    let file = File::open(path).map_err(|cause| FileError::unreadable(path, cause))?;
    rows(path, Box::new(BufReader::new(file)))
}

/// The rows of `bytes`; `path` is for messages.
pub fn parse(path: &Path, bytes: Vec<u8>) -> Result<Rows, FileError> {
    rows(path, Box::new(Cursor::new(bytes)))
}

fn rows(path: &Path, source: Source) -> Result<Rows, FileError> {
    let unreadable = |cause| FileError::unreadable(path, cause);
    let mut source = without_mark(source).map_err(unreadable)?;
    let (head, skipped_lines) = first_line(&mut source).map_err(unreadable)?;
    let delimiter = delimiter(&head);
    let whole: Source = Box::new(BufReader::new(Cursor::new(head).chain(source)));
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(Trail {
            inner: whole,
            taken: Vec::new(),
            passed: 0,
            line: 1 + skipped_lines,
            is_at_end: false,
        });
    let mut header = ByteRecord::new();
    let mut rows = Rows {
        path: path.to_owned(),
        columns: Vec::new(),
        header_line: 1 + skipped_lines,
        line: 1 + skipped_lines,
        keys: KeyCache::default(),
        is_over: !reader.read_byte_record(&mut header).map_err(|error| csv_error(path, error))?,
        reader,
    };
    if rows.is_over {
        return Err(rows
            .malformed(1, "the file is empty".into())
            .with_remedy("the first line must name the columns"));
    }
    rows.columns = rows
        .texts(&header, rows.header_line)?
        .into_iter()
        .map(|name| name.trim().to_owned())
        .collect();
    rows.check_header()?;
    Ok(rows)
}

impl Rows {
    /// The names in the header.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The line in which the latest row began.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Refuses a file that lacks one of `needed`, compared without case.
    pub fn require_columns(&self, needed: &[&str]) -> Result<(), FileError> {
        let is_there = |name: &&&str| self.columns.iter().any(|column| column.eq_ignore_ascii_case(name));
        let missing: Vec<String> = needed
            .iter()
            .filter(|name| !is_there(name))
            .map(|name| (*name).to_owned())
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        Err(FileError::MissingColumn {
            path: self.path.clone(),
            line: self.header_line,
            missing,
            present: self.columns.clone(),
        })
    }

    fn check_header(&self) -> Result<(), FileError> {
        for (at, name) in self.columns.iter().enumerate() {
            let what = if name.is_empty() {
                format!("column {} has no name", at + 1)
            } else if self.columns[..at].iter().any(|known| known.eq_ignore_ascii_case(name)) {
                format!("two columns are named `{name}`")
            } else {
                continue;
            };
            return Err(self.malformed(self.header_line, what));
        }
        Ok(())
    }

    fn next_record(&mut self) -> Result<Option<Record>, FileError> {
        let mut fields = ByteRecord::new();
        loop {
            if !self
                .reader
                .read_byte_record(&mut fields)
                .map_err(|error| csv_error(&self.path, error))?
            {
                return Ok(None);
            }
            let offset = fields.position().map_or(0, csv::Position::byte);
            let trail = self.reader.get_mut();
            let line = trail.line_of_row(offset);
            self.line = line;
            if trail.is_left_open() {
                return Err(self.malformed(line, "a quote that is opened in this row is never closed".into()));
            }
            let texts = self.texts(&fields, line)?;
            // Spreadsheets leave rows of nothing but separators behind.
            if texts.iter().all(|text| text.trim().is_empty()) {
                continue;
            }
            if texts.len() != self.columns.len() {
                let what = row_of(texts.len(), self.columns.len());
                return Err(self
                    .malformed(line, what)
                    .with_remedy("put a value that holds the separator in double quotes"));
            }
            let map: Map<String, Value> = self.columns.iter().cloned().zip(texts.into_iter().map(Value::String)).collect();
            return Ok(Some(self.keys.record(map)));
        }
    }

    fn texts(&self, fields: &ByteRecord, line: u64) -> Result<Vec<String>, FileError> {
        let text = |field: &[u8]| String::from_utf8(field.to_vec()).map_err(|_| decode::not_utf8(&self.path, Place { line, column: None }));
        fields.iter().map(text).collect()
    }

    fn malformed(&self, line: u64, what: String) -> FileError {
        FileError::malformed(&self.path, Place { line, column: None }, what)
    }
}

impl Iterator for Rows {
    type Item = Result<Record, FileError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let row = self.next_record().transpose();
        self.is_over = !matches!(row, Some(Ok(_)));
        row
    }
}

/// Writes rows (see [`to_bytes`]) with a byte order mark.
pub fn write(path: &Path, rows: &[Record]) -> Result<(), FileError> {
    let text = to_bytes(rows).map_err(|cause| FileError::unwritable(path, cause.into()))?;
    write_atomically(path, &[UTF8_MARK, &text].concat())
}

/// The text of a CSV file, without a mark, as the column of a migration batch wants it. Columns are the union of all rows', in
/// the order of first appearance. Lists are joined by `;` (see [`join_list`]), truths are `True` and `False` as PowerShell
/// writes them, nothing is empty.
pub fn to_bytes(rows: &[Record]) -> Result<Vec<u8>, csv::Error> {
    let mut columns: Vec<&str> = Vec::new();
    let mut known: Option<&Record> = None;
    for row in rows {
        if !known.is_some_and(|known| known.shares_keys_with(row)) {
            for name in row.names() {
                if !columns.iter().any(|column| column.eq_ignore_ascii_case(name)) {
                    columns.push(name);
                }
            }
        }
        known = Some(row);
    }
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    if !columns.is_empty() {
        writer.write_record(&columns)?;
    }
    for row in rows {
        writer.write_record(columns.iter().map(|name| row.get(name).map(cell).unwrap_or_default()))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// A CSV file that is written a row at a time, with a mark.
pub struct Table<'w>(csv::Writer<&'w mut dyn Write>);

impl<'w> Table<'w> {
    /// Begins with the names of the columns.
    pub fn begin(output: &'w mut dyn Write, columns: &[&str]) -> io::Result<Self> {
        output.write_all(UTF8_MARK)?;
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(output);
        writer.write_record(columns)?;
        Ok(Self(writer))
    }

    /// Adds a row.
    pub fn row(&mut self, cells: &[String]) -> io::Result<()> {
        Ok(self.0.write_record(cells)?)
    }

    /// Writes what is still held.
    pub fn finish(mut self) -> io::Result<()> {
        self.0.flush()
    }
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(flag) => if *flag { "True" } else { "False" }.to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) => join_list(&items.iter().map(cell).collect::<Vec<_>>()),
        Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}

fn row_of(fields: usize, columns: usize) -> String {
    let noun = if fields == 1 { "field" } else { "fields" };
    format!("the row has {fields} {noun}, the header {columns}")
}

/// UTF-16 is decoded at once, because only Windows PowerShell writes it and its files are small; UTF-8 streams.
fn without_mark(mut source: Source) -> std::io::Result<Source> {
    let start = source.fill_buf()?;
    if start.starts_with(&[0xFF, 0xFE]) || start.starts_with(&[0xFE, 0xFF]) {
        let mut bytes = Vec::new();
        source.read_to_end(&mut bytes)?;
        return Ok(Box::new(Cursor::new(decode::wide_text(&bytes).unwrap_or_default().into_bytes())));
    }
    if start.starts_with(UTF8_MARK) {
        source.consume(3);
    }
    Ok(source)
}

/// The line with the column names, and how many lines stood before it: blank ones and PowerShell's `#TYPE`.
fn first_line(source: &mut Source) -> std::io::Result<(Vec<u8>, u64)> {
    let mut skipped = 0;
    loop {
        let mut line = Vec::new();
        let count = source.read_until(b'\n', &mut line)?;
        let is_passed_over = line.starts_with(b"#TYPE") || line.trim_ascii().is_empty();
        if count == 0 || !is_passed_over {
            return Ok((line, skipped));
        }
        skipped += 1;
    }
}

fn delimiter(head: &[u8]) -> u8 {
    let count = |wanted: u8| head.iter().filter(|byte| **byte == wanted).count();
    [b',', b';', b'\t']
        .into_iter()
        .rev()
        .max_by_key(|candidate| count(*candidate))
        .unwrap_or(b',')
}

fn csv_error(path: &Path, error: csv::Error) -> FileError {
    let line = error.position().map_or(1, csv::Position::line);
    match error.into_kind() {
        csv::ErrorKind::Io(cause) => FileError::unreadable(path, cause),
        other => FileError::malformed(path, Place { line, column: None }, format!("not CSV: {other:?}")),
    }
}

/// Keeps the bytes the parser has taken but not yet given back as rows, to know what it does not tell: on which line a row
/// starts (it counts from before blank lines, and not every CRLF), and whether the last quote was closed.
struct Trail<R> {
    inner: R,
    taken: Vec<u8>,
    passed: u64,
    line: u64,
    is_at_end: bool,
}

impl<R> Trail<R> {
    /// The line on which the row starts whose parsing began at byte `offset`.
    fn line_of_row(&mut self, offset: u64) -> u64 {
        let start = usize::try_from(offset.saturating_sub(self.passed))
            .unwrap_or(usize::MAX)
            .min(self.taken.len());
        let blanks = self.taken[start..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let gone = start + blanks;
        self.line += self.taken[..gone].iter().filter(|byte| **byte == b'\n').count() as u64;
        self.passed += gone as u64;
        self.taken.drain(..gone);
        self.line
    }

    /// Whether the row that starts here ran over the end of its line to the end of the file without a closing quote.
    fn is_left_open(&self) -> bool {
        let has_lines = self.taken.trim_ascii_end().contains(&b'\n');
        self.is_at_end && has_lines && self.taken.iter().filter(|byte| **byte == b'"').count() % 2 == 1
    }
}

impl<R: Read> Read for Trail<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.taken.extend_from_slice(&buffer[..count]);
        self.is_at_end = count == 0;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn read_all(text: &[u8]) -> Result<Vec<Record>, String> {
        parse(Path::new("users.csv"), text.to_vec())
            .and_then(Iterator::collect)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn a_file_from_excel_is_read_as_it_was_meant() {
        let rows = read(Path::new("tests/fixtures/users.csv")).expect("opened");
        rows.require_columns(&["SourceUser", "targetuser"]).expect("both columns");
        let rows: Vec<Record> = rows.collect::<Result<_, _>>().expect("read");

        assert_eq!(rows.len(), 4);
        assert_eq!(rows[0].text("SourceUser"), Some("Lara.Newton@contoso.com"));
        assert_eq!(rows[1].text("DisplayName"), Some("Müller, Jörg \"JM\""));
        assert!(rows[0].shares_keys_with(&rows[3]));
    }

    #[test]
    fn the_separator_and_what_powershell_puts_first_are_recognised() {
        let semicolons =
            read_all(b"#TYPE Selected.Mailbox\r\n\"source\";\"target\"\r\n\"contoso.com\";\"northwind.com\"\r\n").expect("read");

        assert_eq!(semicolons[0].text("target"), Some("northwind.com"));
    }

    #[test]
    fn one_name_a_line_is_a_column_too() {
        assert_eq!(read_all(b"Alias\nLaraN\n\n").expect("read")[0].text("Alias"), Some("LaraN"));
    }

    #[test]
    fn faults_are_told_with_their_line() {
        let missing = parse(Path::new("users.csv"), b"Alias\nLaraN\n".to_vec())
            .expect("opened")
            .require_columns(&["EmailAddress"]);

        assert_eq!(
            missing.expect_err("missing").to_string(),
            "users.csv:1: the column `EmailAddress` is missing; there are `Alias`"
        );
        assert_eq!(read_all(b""), Err("users.csv:1: the file is empty".into()));
        assert_eq!(read_all(b"a,A\n"), Err("users.csv:1: two columns are named `A`".into()));
        assert_eq!(
            read_all(b"a,b\n1,2\n\n1,2,3\n"),
            Err("users.csv:4: the row has 3 fields, the header 2".into())
        );
        assert_eq!(
            read_all(b"a,b\n1,\"2\n3,4\n"),
            Err("users.csv:2: a quote that is opened in this row is never closed".into())
        );
        assert_eq!(
            read_all(b"a\nZo\xEB\n"),
            Err("users.csv:2: the text is neither UTF-8 nor UTF-16".into())
        );
    }

    #[test]
    fn lists_truths_and_nothing_are_written_as_powershell_people_expect() {
        let row: Record = json!({"Name": "Zoë", "EmailAddresses": ["SMTP:a@b.c", "X500:/o=A, Inc"], "Hidden": true, "Archive": null})
            .as_object()
            .cloned()
            .expect("an object")
            .into();

        let text = String::from_utf8(to_bytes(&[row]).expect("written")).expect("UTF-8");

        assert_eq!(
            text,
            "Name,EmailAddresses,Hidden,Archive\r\nZoë,\"SMTP:a@b.c;X500:/o=A, Inc\",True,\r\n"
        );
    }

    proptest! {
        #[test]
        fn any_text_comes_back(cells in proptest::collection::vec(("[^\u{0}]{0,16}", "[ -~\r\nä;\"]{0,16}"), 1..6)) {
            let rows: Vec<Record> = cells
                .into_iter()
                .map(|(a, b)| [("Key", "k".to_owned()), ("A", a), ("B", b)].map(|(name, text)| (name.to_owned(), text.into())).into_iter().collect())
                .collect();

            let read = read_all(&to_bytes(&rows).expect("written"));

            prop_assert_eq!(read, Ok(rows));
        }
    }
}

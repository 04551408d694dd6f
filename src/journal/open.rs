//! Making the file of a journal, and refusing what is none.

use std::fs;
use std::fs::File;
use std::io;
use std::io::Read;
use std::path::Path;

use rusqlite::Connection;

use crate::journal::fault;
use crate::journal::place::Place;
use crate::model::Kind;
use crate::model::Trouble;
use crate::platform;

/// What a database of SQLite begins with.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";
const SCHEMA: &str = include_str!("schema.sql");
/// Marks the file as ours, in the header of the database: "XTNJ".
const APPLICATION: i32 = 0x5854_4E4A;
/// The format this program writes, and the newest it reads.
const FORMAT: i32 = 1;

/// Makes the file unless it is there. It is made beside its place and moved there whole, so that nobody ever meets half of it.
pub fn make(file: &Path) -> Result<(), Trouble> {
    if file.exists() {
        return Ok(());
    }
    let place = Place::File(file.to_owned());
    let cannot = |cause: &dyn std::fmt::Display| {
        Trouble::new(Kind::Invalid, format!("could not make the journal `{}`", place.shown()))
            .with_code("journal")
            .with_remedy("make its folder writable for you and see that the disk has room, or name another with `--journal FILE`")
            .caused_by(cause)
    };
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    platform::make_private_folder(folder).map_err(|cause| cannot(&cause))?;
    let new = tempfile::Builder::new()
        .prefix(".journal-")
        .tempfile_in(folder)
        .map_err(|cause| cannot(&cause))?;
    let connection = Connection::open(new.path()).map_err(|cause| cannot(&cause))?;
    fill(&connection).map_err(|cause| cannot(&cause))?;
    connection.close().map_err(|(_, cause)| cannot(&cause))?;
    match new.persist_noclobber(file) {
        Err(error) if error.error.kind() != io::ErrorKind::AlreadyExists => Err(cannot(&error.error)),
        // Somebody else was faster, and made the same.
        _ => Ok(()),
    }
}

/// Fills an empty database.
pub fn fill(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "application_id", APPLICATION)?;
    connection.pragma_update(None, "user_version", FORMAT)?;
    connection.execute_batch(&format!("begin; {SCHEMA} commit"))
}

/// Refuses a file that is no journal of ours, is cut off, or was written by a newer program.
pub fn check(place: &Place, connection: &Connection) -> Result<(), Trouble> {
    let file = place.shown();
    if let Some(what) = place.file().and_then(damage) {
        return Err(refusal(format!("the journal `{file}` is damaged: {what}")));
    }
    let number = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    let application = number("application_id").map_err(|cause| fault::unreadable(place, &cause))?;
    if application != APPLICATION {
        return Err(refusal(format!("`{file}` is a database of another program")));
    }
    let format = number("user_version").map_err(|cause| fault::unreadable(place, &cause))?;
    if format > FORMAT {
        let sentence = format!("the journal `{file}` was written by a newer version: it has format {format}, this one reads {FORMAT}");
        let trouble = Trouble::new(Kind::Invalid, sentence).with_code("journal");
        return Err(trouble.with_remedy("use the newer version, or name another journal with `--journal FILE`"));
    }
    Ok(())
}

/// A journal that is there and cannot be written.
pub fn read_only(place: &Place) -> Trouble {
    let trouble = Trouble::new(Kind::Invalid, format!("the journal `{}` is read-only", place.shown())).with_code("journal");
    trouble.with_remedy("make the file and its folder writable for you, or name another journal with `--journal FILE`")
}

/// A run whose lock cannot be taken.
pub fn without_lock(place: &Place, cause: Option<io::Error>) -> Trouble {
    let sentence = format!("could not lock a run in the folder `{}-runs`", place.shown());
    let trouble = Trouble::new(Kind::Invalid, sentence).with_code("journal");
    let trouble = trouble.with_remedy("make that folder writable for you, or name another journal with `--journal FILE`");
    match cause {
        Some(cause) => trouble.caused_by(cause),
        None => trouble,
    }
}

fn refusal(sentence: String) -> Trouble {
    let trouble = Trouble::new(Kind::Invalid, sentence).with_code("journal");
    trouble.with_remedy("move it aside and keep it, then a new journal is begun; or name another with `--journal FILE`")
}

/// What is wrong with the file as far as its length tells.
fn damage(file: &Path) -> Option<String> {
    let length = fs::metadata(file).ok()?.len();
    if length == 0 {
        return Some("it is empty".to_owned());
    }
    let mut log = file.as_os_str().to_owned();
    log.push("-wal");
    // While there is a log, pages may still be on their way from there.
    if fs::metadata(&log).is_ok_and(|found| found.len() > 0) {
        return None;
    }
    let mut head = [0; 100];
    let read = File::open(file).and_then(|mut file| file.read_exact(&mut head));
    if !head.starts_with(MAGIC) {
        // Whatever it is, SQLite says so.
        return None;
    }
    let page = match u16::from_be_bytes([head[16], head[17]]) {
        1 => 65_536,
        size => u64::from(size),
    };
    let expected = page * u64::from(u32::from_be_bytes([head[28], head[29], head[30], head[31]]));
    (read.is_err() || length < expected).then(|| format!("it is cut off after {length} bytes"))
}

//! Taking out of a damaged folder what can be read. It is read from a copy, row by row, so that one torn page costs only what was on
//! it; the folder stays as it is.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fs;
use std::fs::File;
use std::io::Seek;
use std::io::SeekFrom;
use std::io::Write;
use std::path::Path;

use rusqlite::Connection;
use rusqlite::OpenFlags;
use rusqlite::OptionalExtension;
use serde_json::Map;
use serde_json::Value;
use tempfile::TempDir;

use super::Object;
use super::Store;
use super::damage;
use super::damage::MAGIC;
use super::directory;
use super::error::SandboxError;
use super::handle::Sandbox;
use super::lock::Lock;
use super::open;
use super::open::STATE;
use super::private;
use super::reset;
use super::store;
use super::tls;

/// How many rows in a row may be missing before the rest counts as gone, where nothing else tells the end.
const LONG: i64 = 20_000;
/// SQLite's own page size, which a new state has.
const PAGE: u64 = 4096;

/// What a damaged folder still holds.
#[derive(Debug, Clone, Default)]
pub struct Recovered {
    /// What is wrong with it, in words; empty when nothing is.
    pub damage: Vec<String>,
    /// Objects that can be read.
    pub objects: usize,
    /// Events that are still to come and can be read.
    pub events: usize,
    /// Rows of any kind that cannot be read. What was cut off is not counted.
    pub lost: usize,
    settings: BTreeMap<String, String>,
}

impl Recovered {
    /// In a few words.
    pub fn told(&self) -> String {
        match (self.objects, self.lost) {
            (0, _) => "nothing can be read of it".to_owned(),
            (objects, 0) => format!("{objects} objects can be read"),
            (objects, lost) => format!("{objects} objects can be read, {lost} rows cannot"),
        }
    }
}

impl Sandbox {
    /// Looks through the whole folder, and says what is wrong with it and how much can be read.
    pub fn examine(folder: &Path) -> Result<Recovered, SandboxError> {
        let lock = owned(folder)?;
        let mut found = survey(folder).map_err(|what| unrecoverable(folder, what))?;
        found.damage.extend(damage::missing_file(folder, &lock));
        Ok(found)
    }

    /// Makes a sandbox in `to` of what can be read of the one in `folder`.
    pub fn recover(folder: &Path, to: &Path) -> Result<Recovered, SandboxError> {
        let lock = owned(folder)?;
        if to.join(STATE).exists() {
            return Err(SandboxError::AlreadyThere { folder: to.to_owned() });
        }
        let copy = Copy::of(folder).map_err(|what| unrecoverable(folder, what))?;
        let mut found = copy.read(None).map_err(|what| unrecoverable(folder, what))?;
        found.damage.extend(damage::missing_file(folder, &lock));
        if let Some(lacking) = ["made", "tenants", "now", "entra.key"]
            .iter()
            .find(|name| !found.settings.contains_key(**name))
        {
            return Err(unrecoverable(folder, format!("the setting `{lacking}` is lost")));
        }
        fs::create_dir_all(to).map_err(SandboxError::file(to))?;
        let _held = Lock::take(to)?.ok_or_else(|| SandboxError::InUse { folder: to.to_owned() })?;
        for name in [tls::CERTIFICATE, tls::KEY] {
            if folder.join(name).exists() {
                private::copy(&folder.join(name), &to.join(name))?;
            }
        }
        tls::install(to)?;
        private::make(&to.join(STATE))?;
        let store = Store::open(to)?;
        let written = copy.read(Some(&store)).and_then(|_| open::check_finished(&store));
        let written = written.and_then(|()| check_tenants(&store));
        drop(store);
        if let Err(what) = written {
            reset::remove_state(to)?;
            return Err(unrecoverable(folder, what));
        }
        Ok(found)
    }
}

/// What can be read of the state in `folder`, or why nothing can.
pub fn survey(folder: &Path) -> Result<Recovered, String> {
    Copy::of(folder)?.read(None)
}

/// Refuses a state of which a tenant, or the sign-in of its administrator, is lost.
fn check_tenants(store: &Store) -> Result<(), String> {
    let known = store.transaction(|tx| Ok::<_, rusqlite::Error>((directory::tenants(tx), open::tenant_infos(tx))));
    let (names, infos) = known.map_err(|cause| cause.to_string())?;
    let lost = names.into_iter().find(|name| !infos.iter().any(|info| info.name == *name));
    match lost {
        Some(name) => Err(format!("the tenant `{name}` is lost")),
        None => Ok(()),
    }
}

fn owned(folder: &Path) -> Result<Lock, SandboxError> {
    if !folder.join(STATE).exists() {
        return Err(SandboxError::NotThere { folder: folder.to_owned() });
    }
    Lock::take(folder)?.ok_or_else(|| SandboxError::InUse { folder: folder.to_owned() })
}

fn unrecoverable(folder: &Path, what: String) -> SandboxError {
    SandboxError::Unrecoverable {
        folder: folder.to_owned(),
        what,
    }
}

/// A copy of a state, open for reading as far as it goes.
struct Copy {
    connection: Connection,
    damage: Vec<String>,
    _folder: TempDir,
}

impl Copy {
    fn of(folder: &Path) -> Result<Self, String> {
        let told = |cause: &dyn std::fmt::Display| format!("no copy of it could be made: {cause}");
        // Beside it there is most likely room for as much again.
        let made = TempDir::new_in(folder).or_else(|_| TempDir::new()).map_err(|cause| told(&cause))?;
        for name in [STATE, "state.db-wal"] {
            if folder.join(name).exists() {
                private::copy(&folder.join(name), &made.path().join(name)).map_err(|cause| told(&cause))?;
            }
        }
        let path = made.path().join(STATE);
        let mut damage: Vec<String> = damage::in_file(&path).into_iter().collect();
        mend_head(&path).map_err(|cause| told(&cause))?;
        let nothing = |_| "nothing can be read of it".to_owned();
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&path, flags).map_err(nothing)?;
        // Lets SQLite read a file that is shorter than it should be.
        connection.pragma_update(None, "writable_schema", "on").map_err(nothing)?;
        let tables = "select count(*) from sqlite_schema where name in ('meta', 'object', 'identity', 'event')";
        let tables: i64 = connection.query_row(tables, [], |row| row.get(0)).map_err(nothing)?;
        if tables < 4 {
            return Err("it holds no sandbox, but something of another program".to_owned());
        }
        if damage.is_empty() {
            let faults = store::faults(&connection).unwrap_or_else(|cause| vec![cause.to_string()]);
            damage.extend(faults);
        }
        Ok(Self {
            connection,
            damage,
            _folder: made,
        })
    }

    /// Reads all that can be read, and puts it into `store` when there is one.
    fn read(&self, store: Option<&Store>) -> Result<Recovered, String> {
        let mut found = Recovered {
            damage: self.damage.clone(),
            settings: self.settings(),
            ..Recovered::default()
        };
        let failed = |cause: rusqlite::Error| cause.to_string();
        let mut rows = |store: Option<&super::Tx<'_>>| -> rusqlite::Result<()> {
            let places = ["select max(place) from object", "select max(place) from identity"];
            for (object, identities) in Rows::new(self.last(&places), |place| self.object(place), &mut found.lost) {
                found.objects += 1;
                if let Some(tx) = store {
                    tx.put(&object, identities.iter().map(|(form, value)| (form.as_str(), value.clone())))?;
                }
            }
            for (due, tenant, kind, body) in Rows::new(self.last(&["select max(id) from event"]), |id| self.event(id), &mut found.lost) {
                found.events += 1;
                if let Some(tx) = store {
                    tx.schedule(due, &tenant, &kind, &body)?;
                }
            }
            Ok(())
        };
        match store {
            None => rows(None).map_err(failed)?,
            Some(store) => {
                let settings = self.settings();
                let written = store.transaction(|tx| {
                    for (key, value) in &settings {
                        tx.set_meta(key, value)?;
                    }
                    rows(Some(tx))
                });
                written.map_err(failed)?;
            }
        }
        Ok(found)
    }

    fn settings(&self) -> BTreeMap<String, String> {
        let Ok(mut query) = self.connection.prepare("select key, value from meta") else {
            return BTreeMap::new();
        };
        let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
        rows.map(|rows| rows.map_while(Result::ok).collect()).unwrap_or_default()
    }

    /// The number of the last row by the first of `queries` that can be answered; `None` when none can.
    fn last(&self, queries: &[&str]) -> Option<i64> {
        let ask = |query: &&str| self.connection.query_row(query, [], |row| row.get::<_, Option<i64>>(0)).ok();
        queries.iter().find_map(ask).map(Option::unwrap_or_default)
    }

    fn object(&self, place: i64) -> rusqlite::Result<Option<(Object, Names)>> {
        let mut query = self
            .connection
            .prepare_cached("select id, tenant, kind, body from object where place = ?")?;
        let read = |row: &rusqlite::Row<'_>| {
            Ok(Object {
                id: row.get(0)?,
                tenant: row.get(1)?,
                kind: row.get(2)?,
                body: parsed::<Map<String, Value>>(row, 3)?,
            })
        };
        let Some(object) = query.query_row([place], read).optional()? else {
            return Ok(None);
        };
        let mut query = self.connection.prepare_cached("select form, value from identity where place = ?")?;
        let identities = query.query_map([place], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(Some((object, identities.collect::<Result<_, _>>()?)))
    }

    fn event(&self, id: i64) -> rusqlite::Result<Option<(jiff::Timestamp, String, String, Value)>> {
        let mut query = self
            .connection
            .prepare_cached("select due, tenant, kind, body from event where id = ?")?;
        let read = |row: &rusqlite::Row<'_>| {
            let due = jiff::Timestamp::from_millisecond(row.get(0)?).unwrap_or(jiff::Timestamp::MAX);
            Ok((due, row.get(1)?, row.get(2)?, parsed(row, 3)?))
        };
        query.query_row([id], read).optional()
    }
}

/// By what an object is found: form and value.
type Names = Vec<(String, String)>;

/// The rows that can be read, by their numbers. Those that cannot are counted.
struct Rows<'a, F> {
    next: i64,
    last: Option<i64>,
    read: F,
    lost: &'a mut usize,
}

impl<'a, F> Rows<'a, F> {
    fn new(last: Option<i64>, read: F, lost: &'a mut usize) -> Self {
        Self { next: 1, last, read, lost }
    }
}

impl<T, F: FnMut(i64) -> rusqlite::Result<Option<T>>> Iterator for Rows<'_, F> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        // Where the end is lost too, it is where nothing was found for long; what failed behind the last row was never there.
        let end = self.last.unwrap_or(self.next + LONG);
        let mut failed = 0;
        while self.next <= end {
            let row = (self.read)(self.next);
            self.next += 1;
            match row {
                Ok(None) => {}
                Ok(Some(row)) => {
                    *self.lost += failed;
                    return Some(row);
                }
                Err(_) => failed += 1,
            }
        }
        if self.last.is_some() {
            *self.lost += failed;
        }
        None
    }
}

fn parsed<T: serde::de::DeserializeOwned>(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text)
        .map_err(|cause| rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(cause)))
}

/// Gives a file whose first bytes are lost the head that a state has. What follows the head on the first page is used as it is.
fn mend_head(path: &Path) -> std::io::Result<()> {
    let length = fs::metadata(path)?.len();
    let mut file = File::options().read(true).write(true).open(path)?;
    let mut magic = [0; 16];
    if length < PAGE || std::io::Read::read_exact(&mut file, &mut magic).is_err() || magic == *MAGIC {
        return Ok(());
    }
    let pages = u32::try_from(length / PAGE).unwrap_or(u32::MAX);
    let mut head = [0; 100];
    head[..16].copy_from_slice(MAGIC);
    // Page size, write-ahead log, the fixed fractions, then change counter, pages, schema format 4 and UTF-8.
    head[16..24].copy_from_slice(&[0x10, 0, 2, 2, 0, 64, 32, 32]);
    for (at, value) in [(24, 1), (28, pages), (40, 1), (44, 4), (56, 1), (92, 1)] {
        head[at..at + 4].copy_from_slice(&u32::to_be_bytes(value));
    }
    file.seek(SeekFrom::Start(0))?;
    file.write_all(&head)
}

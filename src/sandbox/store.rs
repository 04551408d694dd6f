//! The sandbox's state: SQLite, one row an object, an identity table that finds objects by any of their names, and a table of
//! due events. Nothing is kept in memory, so that what was answered with success is there after a kill.
//!
//! There is one writer, and as many readers as requests that only read are under way: SQLite's write-ahead log gives each of them the
//! state of the last commit, and nobody waits.

mod log;
mod memory;
mod past;
mod readers;
mod seen;
mod whole;

use std::cell::Cell;
use std::cell::RefCell;
use std::path::Path;
use std::sync::Mutex;

use jiff::SignedDuration;
use jiff::Timestamp;
pub use log::LoggedRequest;
use log::Unwritten;
pub use memory::Memory;
use readers::Readers;
use rusqlite::CachedStatement;
use rusqlite::Connection;
use rusqlite::OptionalExtension;
use rusqlite::config::DbConfig;
use rusqlite::params;
use seen::Seen;
use serde_json::Map;
use serde_json::Value;
use uuid::Uuid;
pub use whole::faults;

/// One object of the simulated world.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    /// Our own key, never shown to clients.
    pub id: String,
    /// The tenant's short name: `contoso`, `northwind`.
    pub tenant: String,
    /// What it is: `user`, `recipient`, `group`, `application`, `batch`, ...
    pub kind: String,
    /// Its properties, named as the service that owns it names them.
    pub body: Map<String, Value>,
}

impl Object {
    /// A new object that is not stored yet.
    pub fn new(tenant: &str, kind: &str, body: Map<String, Value>) -> Self {
        Self {
            id: Uuid::now_v7().to_string(),
            tenant: tenant.to_owned(),
            kind: kind.to_owned(),
            body,
        }
    }

    /// The property as text; empty when it is missing or no text.
    pub fn text(&self, name: &str) -> &str {
        self.body.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// The property as truth; false when missing.
    pub fn flag(&self, name: &str) -> bool {
        self.body.get(name).and_then(Value::as_bool).unwrap_or_default()
    }

    /// The entries of a multi-valued property.
    pub fn list(&self, name: &str) -> Vec<String> {
        let items = self.body.get(name).and_then(Value::as_array);
        items.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    /// Sets a property.
    pub fn set(&mut self, name: &str, value: impl Into<Value>) {
        self.body.insert(name.to_owned(), value.into());
    }
}

/// Something that happens when the sandbox's clock reaches its time.
#[derive(Debug, Clone)]
pub struct Event {
    /// Its number, in the order of scheduling.
    pub id: i64,
    /// When it is due.
    pub due: Timestamp,
    /// The tenant it belongs to.
    pub tenant: String,
    /// Which rule handles it, such as `migration-user`.
    pub kind: String,
    /// What the rule needs to know.
    pub body: Value,
}

/// The open data folder. A request is one transaction and is answered after commit.
pub struct Store {
    writer: Mutex<Connection>,
    readers: Readers,
    unwritten: Unwritten,
    memory: Memory,
}

impl Store {
    /// Opens or creates `state.db` in `folder`.
    pub fn open(folder: &Path) -> rusqlite::Result<Self> {
        let path = folder.join(STATE);
        let store = Self::over(&path, Connection::open(&path)?)?;
        store.transaction(|tx| {
            tx.connection.execute_batch(SCHEMA)?;
            log::complete(tx.connection)?;
            tx.connection.execute_batch(past::SCHEMA)
        })?;
        Ok(store)
    }

    /// Opens the `state.db` that is in `folder`, and makes neither the file nor a table that is missing.
    pub fn open_finished(folder: &Path) -> rusqlite::Result<Self> {
        Self::open_file(&folder.join(STATE))
    }

    fn over(path: &Path, connection: Connection) -> rusqlite::Result<Self> {
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        tune(&connection)?;
        Ok(Self {
            writer: Mutex::new(connection),
            readers: Readers::of(path.to_owned()),
            unwritten: Unwritten::default(),
            memory: Memory::default(),
        })
    }

    /// Runs `work` in one transaction, committed when it succeeds and rolled back when it fails.
    pub fn transaction<T, E: From<rusqlite::Error>>(&self, work: impl FnOnce(&Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        let mut connection = self.writer.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let tx = Tx::over(&transaction, self, true);
        let result = work(&tx).and_then(|result| match tx.failure.take() {
            Some(failure) => Err(failure.into()),
            None => Ok(result),
        });
        let written = tx.written.take();
        let committed = result.and_then(|result| transaction.commit().map(|()| result).map_err(E::from));
        if committed.is_err() {
            self.unwritten.put_back(written);
        }
        committed
    }

    /// Runs `work`, which only reads, on the state of the last commit and beside the writer. `None` when it wanted to write after all:
    /// what it came to counts for nothing then, and it has to be run again in a [`Store::transaction`].
    pub fn reading<T, E: From<rusqlite::Error>>(&self, work: impl FnOnce(&Tx<'_>) -> Result<T, E>) -> Result<Option<T>, E> {
        self.readers.with(|connection| {
            let tx = Tx::over(connection, self, false);
            let result = work(&tx);
            if tx.wants_to_write.get() {
                return Ok(None);
            }
            match tx.failure.take() {
                Some(failure) => Err(failure.into()),
                None => result.map(Some),
            }
        })
    }

    /// Keeps the line of a request that only read for the log. Whoever looks at the log finds it there.
    pub fn log_read(&self, line: LoggedRequest) {
        if self.unwritten.push(line) {
            self.write_log();
        }
    }

    fn write_log(&self) {
        if let Err(cause) = self.transaction(|tx| tx.write_waiting()) {
            tracing::warn!(%cause, "the log of requests could not be written");
        }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        if !self.unwritten.is_empty() {
            self.write_log();
        }
    }
}

const STATE: &str = "state.db";

/// What holds for writer and readers.
fn tune(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "cache_size", CACHE)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // Otherwise a statement is planned anew for each value that it is given, which takes longer than running it.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// Pages in KiB, as SQLite takes it; a process with a few connections stays small.
const CACHE: i64 = -8 * 1024;
const STATEMENTS: usize = 64;

// The place of an object counts up as objects are made, and stays. The order in which things were made is told by it and never by
// their ids, which are made by the computer's clock, and that may be set back. An identity leads to the place, and its value comes
// before its form, so that one index serves look-ups by a form and by any.
const SCHEMA: &str = "
create table if not exists meta (key text primary key, value text not null) without rowid;
create table if not exists object (place integer primary key, id text not null unique, tenant text not null, kind text not null,
    body text not null);
create index if not exists object_by_kind on object (tenant, kind);
create table if not exists identity (tenant text not null, value text not null, form text not null, place integer not null,
    primary key (tenant, value, form, place)) without rowid;
create index if not exists identity_by_place on identity (place);
create table if not exists event (id integer primary key, due integer not null, tenant text not null, kind text not null, body text not null);
create index if not exists event_by_due on event (due, id);
create table if not exists request (id integer primary key, at integer not null, tenant text not null, line text not null,
    status integer not null, note text not null, client_ids text not null default '');
";

// Two statements, because one that leaves the form open would read through more than the value's identities.
const FIND_BY_FORM: &str = "select o.id, o.tenant, o.kind, o.body from identity i join object o on o.place = i.place
    where i.tenant = ? and i.value = ? and i.form = ? order by i.place";
const FIND_BY_ANY: &str = "select id, tenant, kind, body from object
    where place in (select place from identity where tenant = ? and value = ?) order by place";

const GET: &str = "select id, tenant, kind, body from object where id = ?";
const PLACE: &str = "select place from object where id = ?";
const LIST: &str = "select id, tenant, kind, body from object where tenant = ? and kind = ? order by place";
const DUE: &str = "select id, due, tenant, kind, body from event where due <= ? order by due, id limit 1";

/// By what an object is found: (form, value).
type Identities = Vec<(&'static str, String)>;

/// One transaction on the state.
pub struct Tx<'a> {
    connection: &'a Connection,
    store: &'a Store,
    may_write: bool,
    seen: Seen,
    wants_to_write: Cell<bool>,
    failure: RefCell<Option<rusqlite::Error>>,
    /// How many parts of the transaction are running, one inside another.
    depth: Cell<usize>,
    /// What is stored when the last of them has ended.
    lasting: RefCell<Vec<(Object, Identities)>>,
    /// The service that is at work; empty for the sandbox's clock.
    service: Cell<&'static str>,
    /// How long a change takes to be seen everywhere, once it was asked for.
    replication: Cell<Option<SignedDuration>>,
    /// Lines that had waited and that this transaction has written.
    written: RefCell<Vec<LoggedRequest>>,
    /// What the log is to say of this request beside its line.
    note: RefCell<String>,
}

impl<'a> Tx<'a> {
    fn over(connection: &'a Connection, store: &'a Store, may_write: bool) -> Self {
        Self {
            connection,
            store,
            may_write,
            seen: Seen::default(),
            wants_to_write: Cell::new(false),
            failure: RefCell::new(None),
            depth: Cell::new(0),
            lasting: RefCell::new(Vec::new()),
            written: RefCell::new(Vec::new()),
            note: RefCell::new(String::new()),
            service: Cell::new(""),
            replication: Cell::new(None),
        }
    }

    /// What was computed for other requests and serves this one too.
    pub fn memory(&self) -> &'a Memory {
        &self.store.memory
    }

    /// A statement that writes. A transaction that may only read notes that it wanted to.
    fn writing(&self, statement: &str) -> rusqlite::Result<CachedStatement<'a>> {
        if self.may_write {
            return self.connection.prepare_cached(statement);
        }
        self.wants_to_write.set(true);
        let read_only = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_READONLY);
        Err(rusqlite::Error::SqliteFailure(read_only, None))
    }

    /// What was read. A failure counts as nothing read and is noted: the transaction then rolls back and reports it, so that a
    /// damaged database is never mistaken for an empty one.
    pub fn sound<T: Default>(&self, result: rusqlite::Result<T>) -> T {
        result.unwrap_or_else(|failure| {
            self.failure.borrow_mut().get_or_insert(failure);
            T::default()
        })
    }

    /// Runs a part of the transaction that leaves nothing behind when it fails.
    pub fn attempt<T, E: From<rusqlite::Error>>(&self, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        self.keep_when(work, Result::is_ok)?
    }

    /// Runs a part of the transaction that leaves nothing behind when `keeps` says no to its outcome.
    pub fn keep_when<T>(&self, work: impl FnOnce() -> T, keeps: impl FnOnce(&T) -> bool) -> rusqlite::Result<T> {
        if !self.may_write {
            return Ok(work());
        }
        self.writing("savepoint part")?.execute([])?;
        self.depth.update(|depth| depth + 1);
        let outcome = work();
        self.depth.update(|depth| depth - 1);
        if !keeps(&outcome) {
            self.writing("rollback to part")?.execute([])?;
        }
        self.writing("release part")?.execute([])?;
        self.store_lasting()?;
        Ok(outcome)
    }

    /// Stores a new object that is there also when the parts of the transaction that are running leave nothing else behind: what was
    /// tried and refused is logged. It can be read when they have ended.
    pub fn put_lasting(&self, object: Object, identities: Identities) -> rusqlite::Result<()> {
        if !self.may_write {
            self.wants_to_write.set(true);
            return Ok(());
        }
        self.lasting.borrow_mut().push((object, identities));
        self.store_lasting()
    }

    fn store_lasting(&self) -> rusqlite::Result<()> {
        if self.depth.get() > 0 {
            return Ok(());
        }
        let lasting = self.lasting.take();
        lasting
            .into_iter()
            .try_for_each(|(object, identities)| self.put(&object, identities))
    }

    /// The sandbox's time. It stands during a transaction.
    pub fn now(&self) -> Timestamp {
        let milliseconds = self.meta("now").and_then(|text| text.parse().ok()).unwrap_or(0);
        Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// Sets the sandbox's time, without running what became due.
    pub fn set_now(&self, now: Timestamp) -> rusqlite::Result<()> {
        self.set_meta("now", &now.as_millisecond().to_string())
    }

    /// A setting of the data folder.
    pub fn meta(&self, key: &str) -> Option<String> {
        match self.may_write {
            true => self.read_meta(key),
            false => self.seen.meta(key, || self.read_meta(key)),
        }
    }

    fn read_meta(&self, key: &str) -> Option<String> {
        let read = || {
            let mut query = self.connection.prepare_cached("select value from meta where key = ?")?;
            query.query_row([key], |row| row.get(0)).optional()
        };
        self.sound(read())
    }

    /// Keeps a setting of the data folder.
    pub fn set_meta(&self, key: &str, value: &str) -> rusqlite::Result<()> {
        self.writing("insert or replace into meta values (?, ?)")?.execute([key, value])?;
        Ok(())
    }

    /// Stores `object`, new or changed, and finds it from now on by `identities`: (form, value), compared without case.
    pub fn put<'s>(&self, object: &Object, identities: impl IntoIterator<Item = (&'s str, String)>) -> rusqlite::Result<()> {
        self.remember(&object.id, &object.kind)?;
        let body = serde_json::to_string(&object.body).expect("a JSON map can be written");
        let place = match self.place(&object.id)? {
            Some(place) => {
                let mut update = self.writing("update object set tenant = ?, kind = ?, body = ? where place = ?")?;
                update.execute(params![object.tenant, object.kind, body, place])?;
                self.writing("delete from identity where place = ?")?.execute([place])?;
                place
            }
            None => {
                let mut insert = self.writing("insert into object (id, tenant, kind, body) values (?, ?, ?, ?)")?;
                insert.insert(params![object.id, object.tenant, object.kind, body])?
            }
        };
        let mut insert = self.writing("insert or ignore into identity (tenant, value, form, place) values (?, ?, ?, ?)")?;
        for (form, value) in identities {
            if !value.is_empty() {
                insert.execute(params![object.tenant, value.to_lowercase(), form, place])?;
            }
        }
        Ok(())
    }

    fn place(&self, id: &str) -> rusqlite::Result<Option<i64>> {
        let mut query = self.connection.prepare_cached(PLACE)?;
        query.query_row([id], |row| row.get(0)).optional()
    }

    /// Stores changed properties of `object`, which keeps the identities it has.
    pub fn update(&self, object: &Object) -> rusqlite::Result<()> {
        self.remember(&object.id, &object.kind)?;
        let body = serde_json::to_string(&object.body).expect("a JSON map can be written");
        self.writing("update object set kind = ?, body = ? where id = ?")?
            .execute(params![object.kind, body, object.id])?;
        Ok(())
    }

    /// Forgets an object.
    pub fn delete(&self, id: &str) -> rusqlite::Result<()> {
        if let Some(place) = self.place(id)? {
            self.writing("delete from object where place = ?")?.execute([place])?;
            self.writing("delete from identity where place = ?")?.execute([place])?;
        }
        Ok(())
    }

    /// The object with our own key `id`.
    pub fn get(&self, id: &str) -> rusqlite::Result<Option<Object>> {
        let mut query = self.connection.prepare_cached(GET)?;
        query.query_row([id], read_object).optional()
    }

    /// All objects of `tenant` that carry `value` in `form`, in the order they were made; `form` `*` means any form.
    pub fn find(&self, tenant: &str, form: &str, value: &str) -> rusqlite::Result<Vec<Object>> {
        match self.may_write {
            true => self.look_up(tenant, form, value),
            false => self.seen.found(tenant, form, value, || self.look_up(tenant, form, value)),
        }
    }

    fn look_up(&self, tenant: &str, form: &str, value: &str) -> rusqlite::Result<Vec<Object>> {
        let value = value.to_lowercase();
        if form == "*" {
            let mut query = self.connection.prepare_cached(FIND_BY_ANY)?;
            return query.query_map([tenant, value.as_str()], read_object)?.collect();
        }
        let mut query = self.connection.prepare_cached(FIND_BY_FORM)?;
        query.query_map([tenant, value.as_str(), form], read_object)?.collect()
    }

    /// All objects of a kind in `tenant`, in the order they were made.
    pub fn list(&self, tenant: &str, kind: &str) -> rusqlite::Result<Vec<Object>> {
        let mut query = self.connection.prepare_cached(LIST)?;
        query.query_map([tenant, kind], read_object)?.collect()
    }

    /// Schedules something for later.
    pub fn schedule(&self, due: Timestamp, tenant: &str, kind: &str, body: &Value) -> rusqlite::Result<()> {
        self.writing("insert into event (due, tenant, kind, body) values (?, ?, ?, ?)")?
            .execute(params![due.as_millisecond(), tenant, kind, body.to_string()])?;
        Ok(())
    }

    /// When the earliest event is due.
    pub fn next_due(&self) -> rusqlite::Result<Option<Timestamp>> {
        let mut query = self.connection.prepare_cached("select due from event order by due limit 1")?;
        let due: Option<i64> = query.query_row([], |row| row.get(0)).optional()?;
        Ok(due.and_then(|due| Timestamp::from_millisecond(due).ok()))
    }

    /// Takes the earliest event that is due at `until`, in order of time and then of scheduling.
    pub fn take_due(&self, until: Timestamp) -> rusqlite::Result<Option<Event>> {
        let mut query = self.connection.prepare_cached(DUE)?;
        let event = query
            .query_row([until.as_millisecond()], |row| {
                Ok(Event {
                    id: row.get(0)?,
                    due: Timestamp::from_millisecond(row.get(1)?).unwrap_or(Timestamp::UNIX_EPOCH),
                    tenant: row.get(2)?,
                    kind: row.get(3)?,
                    body: serde_json::from_str(&row.get::<_, String>(4)?).unwrap_or(Value::Null),
                })
            })
            .optional()?;
        if let Some(event) = &event {
            self.writing("delete from event where id = ?")?.execute([event.id])?;
        }
        Ok(event)
    }
}

fn read_object(row: &rusqlite::Row<'_>) -> rusqlite::Result<Object> {
    let body = row.get_ref(3)?.as_str()?;
    let body = serde_json::from_str(body)
        .map_err(|cause| rusqlite::Error::FromSqlConversionFailure(3, rusqlite::types::Type::Text, Box::new(cause)))?;
    Ok(Object {
        id: row.get(0)?,
        tenant: row.get(1)?,
        kind: row.get(2)?,
        body,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_listed_as_they_were_made_whatever_their_ids_say() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        let named = |id: &str| Object {
            id: id.to_owned(),
            ..Object::new("northwind", "thing", Map::new())
        };
        let ids = |found: Vec<Object>| found.into_iter().map(|object| object.id).collect::<Vec<_>>();
        let done: rusqlite::Result<()> = store.transaction(|tx| {
            for id in ["3", "1", "2"] {
                tx.put(&named(id), [("form", "same".to_owned())])?;
            }
            // A change is no new making.
            tx.put(&named("3"), [("form", "same".to_owned())])?;

            assert_eq!(ids(tx.list("northwind", "thing")?), ["3", "1", "2"]);
            assert_eq!(ids(tx.find("northwind", "form", "same")?), ["3", "1", "2"]);
            assert_eq!(ids(tx.find("northwind", "*", "same")?), ["3", "1", "2"]);
            Ok(())
        });
        done.unwrap();
    }

    #[test]
    fn what_lasts_is_there_when_all_parts_of_the_transaction_have_ended_undone_or_not() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        let lines = |tx: &Tx<'_>| tx.list("northwind", "line").map(|found| found.len());
        let write = |tx: &Tx<'_>| tx.put_lasting(Object::new("northwind", "line", Map::new()), Vec::new());
        let done: rusqlite::Result<()> = store.transaction(|tx| {
            write(tx)?;
            assert_eq!(lines(tx)?, 1);
            let refused: rusqlite::Result<()> = tx.attempt(|| {
                let inner: rusqlite::Result<()> = tx.attempt(|| write(tx).and(Err(rusqlite::Error::InvalidQuery)));
                assert!(inner.is_err());
                write(tx)?;
                assert_eq!(lines(tx)?, 1);
                Err(rusqlite::Error::InvalidQuery)
            });
            assert!(refused.is_err());
            assert_eq!(lines(tx)?, 3);
            Ok(())
        });
        done.unwrap();

        let failed: rusqlite::Result<()> = store.transaction(|tx| write(tx).and(Err(rusqlite::Error::InvalidQuery)));
        assert!(failed.is_err());
        assert_eq!(store.transaction(|tx| lines(tx)).unwrap(), 3);
    }

    #[test]
    fn a_reader_sees_the_last_commit_while_somebody_writes() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        let read = || store.reading(|tx| Ok::<_, rusqlite::Error>(tx.meta("name"))).unwrap();
        store.transaction(|tx| tx.set_meta("name", "old")).unwrap();

        let during: rusqlite::Result<_> = store.transaction(|tx| {
            tx.set_meta("name", "new")?;
            Ok(read())
        });

        assert_eq!(during.unwrap(), Some(Some("old".into())));
        assert_eq!(read(), Some(Some("new".into())));
    }

    #[test]
    fn what_wants_to_write_after_all_is_no_reading() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        let object = || Object::new("northwind", "line", Map::new());

        // Rules may swallow a failure; it is still known that they wanted to write.
        let swallowed = store.reading(|tx| {
            tx.sound(tx.put(&object(), []));
            Ok::<_, rusqlite::Error>(())
        });
        let lasting = store.reading(|tx| tx.attempt(|| tx.put_lasting(object(), Vec::new())));
        let log = store.reading(|tx| tx.requests(None, None));

        assert!(matches!(swallowed, Ok(None)), "{swallowed:?}");
        assert!(matches!(lasting, Ok(None)), "{lasting:?}");
        assert!(matches!(log, Ok(None)), "{log:?}");
        assert_eq!(store.transaction(|tx| tx.list("northwind", "line")).unwrap(), []);
    }

    #[test]
    fn a_statement_is_planned_once_whatever_is_looked_up() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        let replanned: rusqlite::Result<_> = store.transaction(|tx| {
            for name in ["one", "two", "three"] {
                tx.put(&Object::new("northwind", "thing", Map::new()), [("name", name.to_owned())])?;
                assert_eq!(tx.find("northwind", "name", name)?.len(), 1);
                assert_eq!(tx.find("northwind", "*", name)?.len(), 1);
            }
            let count = |statement| {
                let cached = tx.connection.prepare_cached(statement)?;
                Ok(cached.get_status(rusqlite::StatementStatus::RePrepare))
            };
            [FIND_BY_FORM, FIND_BY_ANY, PLACE]
                .into_iter()
                .map(count)
                .collect::<rusqlite::Result<Vec<_>>>()
        });

        assert_eq!(replanned.unwrap(), [0, 0, 0]);
    }

    #[test]
    fn look_ups_go_by_an_index() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        let connection = store.writer.lock().unwrap();
        for (statement, least) in [(FIND_BY_FORM, 2), (FIND_BY_ANY, 2), (GET, 1), (LIST, 1), (PLACE, 1), (DUE, 1)] {
            let mut plan = connection.prepare(&format!("explain query plan {statement}")).unwrap();
            let given = vec!["x"; plan.parameter_count()];
            let steps = plan.query_map(rusqlite::params_from_iter(given), |row| row.get::<_, String>(3));
            let steps: Vec<_> = steps.unwrap().map(Result::unwrap).collect();
            let searches = steps.iter().filter(|step| step.starts_with("SEARCH")).count();
            assert!(searches >= least, "{statement}: {steps:?}");
            assert!(
                !steps.iter().any(|step| step.contains("SCAN") || step.contains("AUTOMATIC")),
                "{steps:?}"
            );
        }
    }
}

//! `Journal`: one file of runs and changes, for any number of processes.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::OnceLock;

use rusqlite::Connection;
use serde_json::Value;
use uuid::Uuid;

use crate::journal::ChangeRow;
use crate::journal::ChangeState;
use crate::journal::NewRun;
use crate::journal::RunId;
use crate::journal::RunLog;
use crate::journal::RunRow;
use crate::journal::fault;
use crate::journal::lock::Locks;
use crate::journal::open;
use crate::journal::place::Place;
use crate::journal::read;
use crate::journal::record;
use crate::journal::writer;
use crate::journal::writer::Writer;
use crate::model::Kind;
use crate::model::Trouble;

/// How many changes are read at a time.
const PAGE: i64 = 500;

/// The journal. Clones are the same journal; the thread that writes starts with the first write and ends with the last clone.
#[derive(Clone)]
pub struct Journal {
    shared: Arc<Shared>,
}

struct Shared {
    place: Place,
    locks: Locks,
    writer: OnceLock<Writer>,
    connections: Mutex<Vec<Connection>>,
}

impl Journal {
    /// Opens the journal in `file`, which is made, with its folder, unless it is there. Only its owner may read it.
    pub fn open(file: &Path) -> Result<Self, Trouble> {
        open::make(file)?;
        let journal = Self::over(file)?;
        journal
            .reading(|connection| connection.is_readonly("main"))
            .and_then(|is_readonly| match is_readonly {
                true => Err(open::read_only(&journal.shared.place)),
                false => Ok(()),
            })?;
        Ok(journal)
    }

    /// Opens the journal in `file` to look into it; `None` when there is none.
    pub fn existing(file: &Path) -> Result<Option<Self>, Trouble> {
        file.exists().then(|| Self::over(file)).transpose()
    }

    fn over(file: &Path) -> Result<Self, Trouble> {
        let place = Place::File(file.to_owned());
        let connection = place.connect().map_err(|cause| fault::unreadable(&place, &cause))?;
        open::check(&place, &connection)?;
        Ok(Self::with(place, Locks::beside(file), connection))
    }

    /// A journal that is gone with its last clone, for tests and benches.
    pub fn in_memory() -> Self {
        let place = Place::memory();
        let connection = place.connect().expect("memory can be opened");
        open::fill(&connection).expect("memory can be filled");
        Self::with(place, Locks::Memory(Arc::default()), connection)
    }

    fn with(place: Place, locks: Locks, connection: Connection) -> Self {
        Self {
            shared: Arc::new(Shared {
                place,
                locks,
                writer: OnceLock::new(),
                connections: Mutex::new(vec![connection]),
            }),
        }
    }

    /// Begins a run.
    pub fn begin(&self, run: &NewRun) -> Result<RunLog, Trouble> {
        let mut lock = None;
        let mut cannot_lock = None;
        let begun = self.with_connection(|connection| {
            writer::commit(connection, |transaction| {
                let id = record::run(transaction, run)?;
                // Before the commit: a run that others can see and whose lock is free is dead to them.
                match self.shared.locks.take(id) {
                    Ok(taken) => lock = Some(taken),
                    Err(cause) => {
                        cannot_lock = Some(cause);
                        return Err(rusqlite::Error::InvalidQuery);
                    }
                }
                Ok(id)
            })
        });
        match (begun, lock, cannot_lock) {
            (Ok(id), Some(lock), _) => Ok(RunLog::new(self.clone(), id, lock)),
            (Ok(_), None, cause) | (Err(_), _, cause @ Some(_)) => Err(open::without_lock(&self.shared.place, cause)),
            (Err(cause), _, None) => Err(fault::unwritable(&self.shared.place, &cause)),
        }
    }

    /// All runs, newest first, with their changes counted.
    pub fn runs(&self) -> Result<Vec<RunRow>, Trouble> {
        self.reading(|connection| read::runs(connection, &self.shared.locks))
    }

    /// The run that `name` means: its number, or `last`.
    pub fn run(&self, name: &str) -> Result<RunRow, Trouble> {
        let found = match (name, name.parse()) {
            ("last", _) => self.reading(|connection| read::last_run(connection, &self.shared.locks))?,
            (_, Ok(id)) => self.reading(|connection| read::run(connection, &self.shared.locks, id))?,
            (_, Err(_)) => None,
        };
        found.ok_or(()).or_else(|()| Err(self.no_run(name)?))
    }

    fn no_run(&self, name: &str) -> Result<Trouble, Trouble> {
        let newest = self.reading(read::newest_runs)?;
        let trouble = Trouble::new(Kind::NotFound, format!("there is no run `{name}`")).with_code("unknown_run");
        Ok(match newest.as_slice() {
            [] => trouble.with_remedy("the journal has no runs yet; `--journal FILE` names another"),
            newest => {
                let numbers: Vec<_> = newest.iter().map(RunId::to_string).collect();
                trouble.with_remedy(format!("the newest are {}; `xtenant runs list` shows all", numbers.join(", ")))
            }
        })
    }

    /// The changes of a run, in order.
    pub fn changes(&self, run: RunId) -> Result<Vec<ChangeRow>, Trouble> {
        let mut changes = Vec::new();
        self.each_change(run, |change| {
            changes.push(change);
            Ok(())
        })?;
        Ok(changes)
    }

    /// The first changes of a run, or the first that stand where `state` says, `most` at most.
    pub fn some_changes(&self, run: RunId, state: Option<ChangeState>, most: i64) -> Result<Vec<ChangeRow>, Trouble> {
        self.reading(|connection| read::changes(connection, run, state, None, most))
    }

    /// Shows `act` each change of a run, in order, and never holds more than a page of them.
    pub fn each_change(&self, run: RunId, mut act: impl FnMut(ChangeRow) -> Result<(), Trouble>) -> Result<(), Trouble> {
        let mut after = None;
        loop {
            let page = self.reading(|connection| read::changes(connection, run, None, after, PAGE))?;
            let Some(last) = page.last() else { return Ok(()) };
            after = Some(last.id);
            page.into_iter().try_for_each(&mut act)?;
        }
    }

    /// The changes on these tenants of which nobody knows what became of them, of runs that are no longer under way.
    pub fn unsettled(&self, tenants: &[Uuid]) -> Result<Vec<ChangeRow>, Trouble> {
        let mut changes = self.reading(|connection| read::unsettled(connection, tenants))?;
        let mut alive = HashMap::new();
        changes.retain(|change| !*alive.entry(change.run).or_insert_with(|| self.is_under_way(change.run)));
        Ok(changes)
    }

    /// The runs under way that may write one of these tenants.
    pub fn under_way(&self, tenants: &[Uuid]) -> Result<Vec<RunRow>, Trouble> {
        let mut runs = self.reading(|connection| read::open_runs(connection, &self.shared.locks))?;
        let writes = |run: &RunRow| run.run.tenants.iter().any(|tenant| tenant.writes && tenants.contains(&tenant.id));
        runs.retain(|run| run.state == crate::journal::RunState::UnderWay && writes(run));
        Ok(runs)
    }

    /// The finished items of a loop with a key, of this run and of those that it resumes, by their keys.
    pub fn items(&self, run: RunId, place: &str) -> Result<HashMap<String, Value>, Trouble> {
        self.reading(|connection| read::items(connection, run, place))
    }

    /// Whether the process of the run is alive.
    pub fn is_under_way(&self, run: RunId) -> bool {
        self.shared.locks.is_held(run)
    }

    pub(super) fn writer(&self) -> &Writer {
        self.shared.writer.get_or_init(|| Writer::start(self.shared.place.clone()))
    }

    pub(super) fn place(&self) -> &Place {
        &self.shared.place
    }

    pub(super) fn locks(&self) -> &Locks {
        &self.shared.locks
    }

    pub(super) fn reading<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, Trouble> {
        let read = self.with_connection(|connection| work(connection));
        read.map_err(|cause| fault::unreadable(&self.shared.place, &cause))
    }

    /// Lends `work` a connection that nobody else has.
    pub(super) fn with_connection<T>(&self, work: impl FnOnce(&mut Connection) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
        let spare = self.connections().pop();
        let mut connection = match spare {
            Some(connection) => connection,
            None => self.shared.place.connect()?,
        };
        let result = work(&mut connection);
        self.connections().push(connection);
        result
    }

    fn connections(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.shared
            .connections
            .lock()
            .expect("no thread panics while it holds the list of connections")
    }
}

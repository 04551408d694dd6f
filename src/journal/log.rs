//! `RunLog`: the writing side of one run. It holds the run's lock, so that others see that the run is under way.

use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::Connection;
use serde_json::Value;
use uuid::Uuid;

use crate::journal::ChangeId;
use crate::journal::ChangeState;
use crate::journal::Ending;
use crate::journal::Intent;
use crate::journal::Journal;
use crate::journal::Outcome;
use crate::journal::RunId;
use crate::journal::fault;
use crate::journal::lock::Lock;
use crate::journal::record;
use crate::model::Trouble;

/// What one run writes. The run counts as under way until the last clone is gone.
#[derive(Clone)]
pub struct RunLog {
    id: RunId,
    journal: Journal,
    _lock: Arc<Lock>,
}

impl RunLog {
    pub(super) fn new(journal: Journal, id: RunId, lock: Lock) -> Self {
        Self {
            id,
            journal,
            _lock: Arc::new(lock),
        }
    }

    /// The run's number.
    pub fn id(&self) -> RunId {
        self.id
    }

    /// The journal it writes.
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Records changes that are about to be sent, in one transaction; more than one are a batch. What is `durable` is on the disk
    /// when this comes back, the rest survives the death of the process. When it fails, nothing may be sent.
    pub async fn intend(&self, intents: Vec<Intent>, durable: bool) -> Result<Vec<ChangeId>, Trouble> {
        let what = intents.first().map(|intent| match intent.label.is_empty() {
            true => format!("`{}`", intent.operation),
            false => format!("`{}` of `{}`", intent.operation, intent.label),
        });
        let intents: Vec<_> = intents.into_iter().map(record::Written::from).collect();
        let run = self.id;
        let work = move |connection: &Connection| record::intents(connection, run, &intents);
        match self.journal.writer().write(durable, work).await {
            Ok(ids) => Ok(ids.into_iter().map(ChangeId).collect()),
            Err(cause) => Err(fault::unrecorded(&what.unwrap_or_default(), self.journal.place(), &cause)),
        }
    }

    /// Records a further attempt of a change, before it is sent.
    pub async fn attempt(&self, change: ChangeId, request_id: Uuid) -> Result<(), Trouble> {
        let at = Timestamp::now();
        let written = self
            .write(move |connection| record::attempt(connection, change, request_id, at))
            .await;
        written.map_err(|cause| fault::unrecorded("another attempt of a change", self.journal.place(), &cause))
    }

    /// Records what came of changes, in one transaction.
    pub async fn outcomes(&self, outcomes: Vec<(ChangeId, Outcome)>) -> Result<(), Trouble> {
        let work = move |connection: &Connection| {
            outcomes
                .iter()
                .try_for_each(|(change, outcome)| record::outcome(connection, *change, outcome))
        };
        let written = self.write(work).await;
        written.map_err(|cause| fault::outcome_unrecorded(self.journal.place(), &cause))
    }

    /// Records what was found when a change, of this run or an earlier one, was checked.
    pub async fn settle(&self, change: ChangeId, state: ChangeState, note: &str) -> Result<(), Trouble> {
        let (note, at) = (note.to_owned(), Timestamp::now());
        self.fact(move |connection| record::settled(connection, change, state, &note, at))
            .await
    }

    /// Records that `change` was taken back by the change `by`.
    pub async fn undone(&self, change: ChangeId, by: ChangeId) -> Result<(), Trouble> {
        self.fact(move |connection| record::undone(connection, change, by)).await
    }

    /// Records that the item `key` of the loop at `place` is finished.
    pub async fn item(&self, place: &str, key: &str, result: &Value) -> Result<(), Trouble> {
        let (run, place, key, result) = (self.id, place.to_owned(), key.to_owned(), result.to_string());
        self.fact(move |connection| record::item(connection, run, &place, &key, &result))
            .await
    }

    /// Records how the run ended.
    pub async fn end(&self, ending: Ending, exit: u8) -> Result<(), Trouble> {
        let (run, at) = (self.id, Timestamp::now());
        self.fact(move |connection| record::end(connection, run, ending, exit, at)).await
    }

    async fn fact(&self, work: impl Fn(&Connection) -> rusqlite::Result<()> + Send + 'static) -> Result<(), Trouble> {
        let written = self.write(work).await;
        written.map_err(|cause| fault::unwritable(self.journal.place(), &cause))
    }

    async fn write(&self, work: impl Fn(&Connection) -> rusqlite::Result<()> + Send + 'static) -> Result<(), Arc<rusqlite::Error>> {
        let work = move |connection: &Connection| work(connection).map(|()| Vec::new());
        self.journal.writer().write(false, work).await.map(|_| ())
    }
}

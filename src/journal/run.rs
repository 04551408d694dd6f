//! A run: one execution of a script, the application of a plan, or an undo.

use std::fmt;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::journal::RunId;
use crate::journal::word::words;

/// What sort of run it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunKind {
    /// A script.
    Script,
    /// The changes of a saved plan.
    Apply,
    /// The way back of an earlier run.
    Undo,
}

words!(RunKind { Script => "script", Apply => "apply", Undo => "undo" });

/// A tenant that a run opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RunTenant {
    /// The script's parameter.
    pub param: String,
    /// The profile's name.
    pub profile: String,
    /// The tenant id.
    pub id: Uuid,
    /// The initial domain.
    pub domain: String,
    /// Whether the run may write there.
    pub writes: bool,
}

/// What is known of a run when it begins.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NewRun {
    /// What sort of run it is.
    pub kind: RunKind,
    /// The script by name or path, or the file of the plan.
    pub script: String,
    /// The arguments as they were given; of a secret only where it came from.
    pub arguments: Value,
    /// The tenants it opened.
    pub tenants: Vec<RunTenant>,
    /// The hashes of the script, of what it imports, and of its input files.
    pub hashes: Value,
    /// The working folder.
    pub folder: String,
    /// The flags of the program that bear on the run.
    pub flags: Value,
    /// The run that it resumes or undoes.
    pub parent: Option<RunId>,
    /// When it began. All times in the journal are wall time.
    pub started: Timestamp,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// It did all it was to do.
    Done,
    /// Some items failed.
    PartlyFailed,
    /// An error ended it.
    Failed,
    /// The user stopped it.
    Stopped,
    /// A question was answered no.
    Declined,
}

words!(Ending {
    Done => "done",
    PartlyFailed => "partly_failed",
    Failed => "failed",
    Stopped => "stopped",
    Declined => "declined",
});

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunState {
    /// Its process is alive.
    UnderWay,
    /// Its process is gone and did not say how it ended.
    Crashed,
    /// It came to its end.
    Ended(Ending),
}

impl RunState {
    /// The word for it in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            RunState::UnderWay => "under_way",
            RunState::Crashed => "crashed",
            RunState::Ended(ending) => ending.as_str(),
        }
    }
}

impl fmt::Display for RunState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.as_str().replace('_', " "))
    }
}

/// How many changes of a run stand where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Made.
    pub done: u64,
    /// Refused by the service.
    pub refused: u64,
    /// Nobody knows yet: intended without an outcome, lost replies, and what was found differing.
    pub to_check: u64,
    /// Found not to have happened.
    pub not_done: u64,
    /// Made, and taken back by a later run. They count as done, too.
    pub undone: u64,
}

/// A run as it is read back.
#[derive(Debug, Clone, PartialEq)]
pub struct RunRow {
    /// Its number.
    pub id: RunId,
    /// What was known when it began.
    pub run: NewRun,
    /// When it ended, if it did.
    pub ended: Option<Timestamp>,
    /// Where it stands.
    pub state: RunState,
    /// The program's exit status.
    pub exit: Option<u8>,
    /// Its changes, counted.
    pub counts: Counts,
    /// The version of the program that made it.
    pub version: String,
}

impl RunRow {
    /// Whether something of it is left to do: it did not come to its end, or not to a good one.
    pub fn is_unfinished(&self) -> bool {
        !matches!(self.state, RunState::UnderWay | RunState::Ended(Ending::Done))
    }
}

//! A change as the journal keeps it: what was intended, what was sent, and what came of it.

use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use crate::journal::ChangeId;
use crate::journal::RunId;
use crate::journal::word::words;

/// A change that is about to be sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Intent {
    /// The tenant id.
    pub tenant: Uuid,
    /// The profile's name.
    pub tenant_name: String,
    /// The service.
    pub service: String,
    /// The operation's name.
    pub operation: String,
    /// What kind of object it changes.
    pub noun: String,
    /// The identity that the operation addresses.
    pub object: Option<String>,
    /// How people call the object.
    pub label: String,
    /// The arguments, with secrets replaced by their kind.
    pub arguments: Value,
    /// The touched properties: name, before, after.
    pub touched: Vec<(String, Value, Value)>,
    /// The impact.
    pub impact: String,
    /// The `client-request-id` of the first attempt.
    pub request_id: Uuid,
    /// When it was intended.
    pub at: Timestamp,
}

/// What came of a change that was sent.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// The service made it.
    Done {
        /// What the service answered, with secrets replaced by their kind.
        reply: Value,
        /// The service's warnings.
        warnings: Vec<String>,
        /// When the answer came.
        at: Timestamp,
    },
    /// The service refused it and nothing was changed.
    Refused {
        /// The service's code.
        code: String,
        /// What it said.
        message: String,
        /// When the answer came.
        at: Timestamp,
    },
    /// It may have been made: the answer was lost.
    ToCheck {
        /// The code of what went wrong.
        code: String,
        /// What went wrong.
        message: String,
        /// When that was noticed.
        at: Timestamp,
    },
}

/// Where a change stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeState {
    /// Written down and perhaps sent.
    Intended,
    /// Made.
    Done,
    /// Refused by the service.
    Refused,
    /// The answer was lost.
    ToCheck,
    /// Found not to have happened.
    NotDone,
    /// Found neither as before nor as intended.
    Differing,
}

words!(ChangeState {
    Intended => "intended",
    Done => "done",
    Refused => "refused",
    ToCheck => "to_check",
    NotDone => "not_done",
    Differing => "differing",
});

/// A change as it is read back.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangeRow {
    /// Its number.
    pub id: ChangeId,
    /// The run it belongs to.
    pub run: RunId,
    /// What was intended.
    pub intent: Intent,
    /// Where it stands.
    pub state: ChangeState,
    /// What the service answered; null when nothing did.
    pub reply: Value,
    /// The service's warnings.
    pub warnings: Vec<String>,
    /// Code and message of what went wrong.
    pub error: Option<(String, String)>,
    /// What was found when it was checked.
    pub note: Option<String>,
    /// What it shares with the changes that went in the same request.
    pub batch: Option<i64>,
    /// The `client-request-id` and time of each attempt, in order.
    pub attempts: Vec<(Uuid, Timestamp)>,
    /// The change that took it back.
    pub undone_by: Option<ChangeId>,
    /// When its outcome was known.
    pub ended: Option<Timestamp>,
}

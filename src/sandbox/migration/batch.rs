//! Migration batches. A row of kind `migration-batch` holds what was asked for; state and counters follow from its users whenever
//! somebody looks, so that they cannot disagree.
//!
//! `_Phase` is what an administrator's last command made of the batch, `_Touched` counts those commands.

use jiff::SignedDuration;
use jiff::Timestamp;
use serde_json::Value;
use serde_json::json;

use super::moment;
use super::pace;
use super::state::Status;
use super::user;
use crate::sandbox::Object;
use crate::sandbox::Tx;

/// The kind of a batch's row.
pub const KIND: &str = "migration-batch";
/// The event that ends a transitional state of a batch.
pub const EVENT: &str = "migration-batch";

/// What the last command made of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Not started yet.
    Created,
    /// About to start.
    Starting,
    /// Its users are on their way.
    Running,
    /// About to stop.
    Stopping,
    /// Halted.
    Stopped,
    /// About to be removed.
    Removing,
}

impl Phase {
    /// The name, which is also the state shown for all phases but `Running`.
    pub fn name(self) -> &'static str {
        match self {
            Phase::Created => "Created",
            Phase::Starting => "Starting",
            Phase::Running => "Running",
            Phase::Stopping => "Stopping",
            Phase::Stopped => "Stopped",
            Phase::Removing => "Removing",
        }
    }
}

/// The phase of a batch.
pub fn phase(batch: &Object) -> Phase {
    use Phase::*;
    let known = [Created, Starting, Running, Stopping, Stopped, Removing];
    known
        .into_iter()
        .find(|phase| phase.name() == batch.text("_Phase"))
        .unwrap_or(Created)
}

/// All batches of a tenant, oldest first.
pub fn all(tx: &Tx<'_>, tenant: &str) -> rusqlite::Result<Vec<Object>> {
    tx.list(tenant, KIND)
}

/// The batch with that name or GUID.
pub fn find(tx: &Tx<'_>, tenant: &str, identity: &str) -> rusqlite::Result<Option<Object>> {
    Ok(tx.find(tenant, "migration-batch", identity)?.into_iter().next())
}

/// Stores a batch.
pub fn save(tx: &Tx<'_>, batch: &Object) -> rusqlite::Result<()> {
    tx.put(
        batch,
        [
            ("migration-batch", batch.text("Identity").to_owned()),
            ("migration-batch", batch.text("BatchGuid").to_owned()),
        ],
    )
}

/// Puts a batch into a phase; a transitional one ends after the usual reaction time.
pub fn enter(tx: &Tx<'_>, batch: &mut Object, phase: Phase) -> rusqlite::Result<()> {
    batch.set("_Phase", phase.name());
    touch(tx, batch)?;
    match phase {
        Phase::Starting | Phase::Stopping | Phase::Removing => plan(tx, batch, phase.name(), pace::REACTION),
        _ => Ok(()),
    }
}

/// Notes that an administrator has acted, and plans what happens when nobody does for a long time.
pub fn touch(tx: &Tx<'_>, batch: &mut Object) -> rusqlite::Result<()> {
    batch.set("_Touched", touched(batch) + 1);
    save(tx, batch)?;
    let patience = if phase(batch) == Phase::Stopped {
        pace::ABANDONED
    } else {
        pace::IDLE
    };
    plan(tx, batch, "Idle", patience)
}

/// Schedules an event of the batch, void when the batch is touched before.
pub fn plan(tx: &Tx<'_>, batch: &Object, step: &str, after: SignedDuration) -> rusqlite::Result<()> {
    let body = json!({"batch": batch.id, "touched": touched(batch), "step": step});
    tx.schedule(tx.now() + after, &batch.tenant, EVENT, &body)
}

/// How often an administrator has acted on the batch.
pub fn touched(batch: &Object) -> i64 {
    batch.body.get("_Touched").and_then(Value::as_i64).unwrap_or(0)
}

/// When the user is to be completed: its own time, else the batch's, else at once when the batch completes by itself.
pub fn completion_time(batch: &Object, user: &Object) -> Option<Timestamp> {
    let own = moment::kept(user, "CompleteAfter");
    let own = own.or_else(|| moment::kept(batch, "CompleteAfter"));
    own.or_else(|| batch.flag("_AutoComplete").then_some(Timestamp::UNIX_EPOCH))
}

/// When the user may start.
pub fn start_time(batch: &Object, user: &Object) -> Option<Timestamp> {
    moment::kept(user, "StartAfter").or_else(|| moment::kept(batch, "StartAfter"))
}

/// The state of a batch with these users.
pub fn status(tx: &Tx<'_>, batch: &Object, users: &[Object]) -> &'static str {
    let phase = phase(batch);
    if phase != Phase::Running {
        return phase.name();
    }
    let states = users.iter().map(user::status).collect::<Vec<_>>();
    let any = |matches: fn(Status) -> bool| states.iter().any(|status| matches(*status));
    let all = |matches: fn(Status) -> bool| states.iter().all(|status| matches(*status));
    let is_waiting = |each: &Object| {
        let is_waiting = user::status(each) == Status::Queued && !each.flag("_Ready");
        is_waiting || user::status(each).is_at_rest()
    };
    let starts_later = any(|status| status == Status::Queued) && users.iter().all(is_waiting);
    let is_due = |each: &&Object| completion_time(batch, each).is_some_and(|time| time <= tx.now());
    if states.is_empty() {
        return "Created";
    }
    if starts_later {
        "Waiting"
    } else if any(Status::is_initial) {
        "Syncing"
    } else if any(|status| status == Status::Completing) || users.iter().filter(is_due).any(|each| user::status(each).summary() == "Synced")
    {
        "Completing"
    } else if any(|status| status == Status::IncrementalSyncing) {
        "IncrementalSyncing"
    } else if all(Status::is_completed) {
        "Completed"
    } else if all(Status::is_stopped) {
        "Stopped"
    } else if any(|status| status == Status::Synced) {
        if any(Status::is_failed) { "SyncedWithErrors" } else { "Synced" }
    } else if any(Status::is_completed) || users.iter().any(|each| is_due(&each)) {
        "CompletedWithErrors"
    } else {
        "SyncedWithErrors"
    }
}

/// Whether nothing happens in the batch unless somebody acts.
pub fn is_at_rest(batch: &Object, users: &[Object]) -> bool {
    match phase(batch) {
        Phase::Created | Phase::Stopped => true,
        Phase::Running => users.iter().all(|each| user::status(each).is_at_rest()),
        Phase::Starting | Phase::Stopping | Phase::Removing => false,
    }
}

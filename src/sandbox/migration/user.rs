//! Migration users: one row of kind `migration-user` for each row of a batch's list.
//!
//! Besides what is shown, a row holds `_Batch` (the batch's row), `_Turn` (counts the changes of state, so that an event that was
//! scheduled for an earlier one is recognized), `_Since` and `_Due` (when the state began and when it will end by itself),
//! `_Source` and `_Target` (both recipients' rows, known after validation), `_NextIncremental`, `_WasInScope`, `_AuxArchives`,
//! `_Final` (starting again does not help), `_Approved` and `_SkippedAt`.

use jiff::SignedDuration;
use jiff::Timestamp;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use uuid::Uuid;

use super::failure::Failure;
use super::moment;
use super::request;
use super::state::Status;
use crate::sandbox::Object;
use crate::sandbox::Tx;

/// The kind of a migration user's row.
pub const KIND: &str = "migration-user";
/// The event that ends a user's state.
pub const EVENT: &str = "migration-user";

/// Makes the user of one row of a batch's list.
pub fn create(tx: &Tx<'_>, batch: &Object, address: &str) -> rusqlite::Result<Object> {
    let mut user = Object::new(&batch.tenant, KIND, Map::new());
    user.set("Identity", address);
    user.set("Guid", Uuid::new_v4().to_string());
    user.set("_Batch", batch.id.as_str());
    user.set("_Endpoint", batch.text("SourceEndpoint"));
    user.set("Status", Status::Stopped.name());
    user.set("_Since", tx.now().to_string());
    user.set("_Turn", 0);
    save(tx, &user)?;
    Ok(user)
}

/// Stores a user and makes it known by its address, its GUIDs, its batch, and what it waits for.
pub fn save(tx: &Tx<'_>, user: &Object) -> rusqlite::Result<()> {
    let mut known = vec![
        ("migration-user", user.text("Identity").to_owned()),
        ("migration-user-guid", user.text("Guid").to_owned()),
        ("migration-user-mailbox", user.text("MailboxGuid").to_owned()),
        ("migration-user-batch", user.text("_Batch").to_owned()),
    ];
    let endpoint = user.text("_Endpoint").to_owned();
    match status(user) {
        Status::Syncing => known.push(("migration-syncing", endpoint)),
        Status::Queued if user.flag("_Ready") => known.push(("migration-waiting", endpoint)),
        _ => {}
    }
    tx.put(user, known)
}

/// The users of a batch, in the order of its list.
pub fn of_batch(tx: &Tx<'_>, batch: &Object) -> rusqlite::Result<Vec<Object>> {
    tx.find(&batch.tenant, "migration-user-batch", &batch.id)
}

/// All users with that address, GUID or mailbox GUID; more than one when an address stands in several batches.
pub fn find(tx: &Tx<'_>, tenant: &str, identity: &str) -> rusqlite::Result<Vec<Object>> {
    for form in ["migration-user", "migration-user-guid", "migration-user-mailbox"] {
        let found = tx.find(tenant, form, identity)?;
        if !found.is_empty() {
            return Ok(found);
        }
    }
    Ok(Vec::new())
}

/// Its state.
pub fn status(user: &Object) -> Status {
    Status::parse(user.text("Status")).unwrap_or(Status::Failed)
}

/// Puts the user into a state that ends by itself after `duration`, or lasts when there is none.
pub fn enter(tx: &Tx<'_>, user: &mut Object, status: Status, duration: Option<SignedDuration>) -> rusqlite::Result<()> {
    user.set("Status", status.name());
    user.set("_Since", tx.now().to_string());
    if status == Status::Completed || status == Status::CompletedWithWarnings {
        user.set("_CompletedAt", tx.now().to_string());
    }
    if !status.is_failed() {
        for name in ["ErrorSummary", "Error", "ErrorType", "_Side"] {
            user.body.shift_remove(name);
        }
    }
    let due = duration.map(|duration| tx.now() + duration);
    wait_until(tx, user, due)?;
    if let Some(mut request) = request::of_user(tx, user)? {
        request.set("Status", status.request());
        tx.update(&request)?;
    }
    Ok(())
}

/// Makes the user's present state end at `due`, whatever was planned before.
pub fn wait_until(tx: &Tx<'_>, user: &mut Object, due: Option<Timestamp>) -> rusqlite::Result<()> {
    let turn = turn(user) + 1;
    user.set("_Turn", turn);
    user.set("_Due", due.map_or(Value::Null, |due| due.to_string().into()));
    if let Some(due) = due {
        tx.schedule(due, &user.tenant, EVENT, &json!({"user": user.id, "turn": turn}))?;
    }
    save(tx, user)
}

/// How many times the state or its end has changed.
pub fn turn(user: &Object) -> i64 {
    user.body.get("_Turn").and_then(Value::as_i64).unwrap_or(0)
}

/// Fails the user; which failure state depends on how far it was.
pub fn fail(tx: &Tx<'_>, user: &mut Object, status: Status, failure: &Failure) -> rusqlite::Result<()> {
    enter(tx, user, status, None)?;
    user.set("ErrorSummary", failure.summary());
    user.set("Error", failure.error());
    user.set("ErrorType", failure.exception);
    user.set("_Side", failure.side.name());
    user.set("_FailedAt", tx.now().to_string());
    user.set("_Final", failure.is_final);
    save(tx, user)
}

/// When the user's state began.
pub fn since(user: &Object) -> Timestamp {
    moment::kept(user, "_Since").unwrap_or(Timestamp::UNIX_EPOCH)
}

/// When its state ends by itself.
pub fn due(user: &Object) -> Option<Timestamp> {
    moment::kept(user, "_Due")
}

/// The part of the present state that is over, from 0 to 1.
pub fn progress(tx: &Tx<'_>, user: &Object) -> f64 {
    let Some(due) = due(user) else { return 1.0 };
    let whole = due.duration_since(since(user)).as_secs_f64();
    let passed = tx.now().duration_since(since(user)).as_secs_f64();
    if whole <= 0.0 { 1.0 } else { (passed / whole).clamp(0.0, 1.0) }
}

/// Removes the user with its move request.
pub fn remove(tx: &Tx<'_>, user: &Object) -> rusqlite::Result<()> {
    if let Some(request) = request::of_user(tx, user)? {
        request::remove(tx, &request)?;
    }
    tx.delete(&user.id)
}

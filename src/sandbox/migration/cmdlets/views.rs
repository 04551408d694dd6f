//! What batches, users and requests look like to a caller.

use jiff::SignedDuration;
use jiff::Timestamp;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::sandbox::Object;
use crate::sandbox::Tx;
use crate::sandbox::exchange::recipient::ZERO_GUID;
use crate::sandbox::migration::batch;
use crate::sandbox::migration::batch::Phase;
use crate::sandbox::migration::moment;
use crate::sandbox::migration::score;
use crate::sandbox::migration::state::Status;
use crate::sandbox::migration::user;

/// The object of JSON that a `json!` with braces makes.
pub fn map(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn add_times(view: &mut Map<String, Value>, name: &str, time: Option<Timestamp>) {
    view.insert(name.to_owned(), moment::local(time));
    view.insert(format!("{name}UTC"), moment::utc(time));
}

/// A batch, with counters that follow from its users.
pub fn batch(tx: &Tx<'_>, batch: &Object) -> rusqlite::Result<Map<String, Value>> {
    let users = user::of_batch(tx, batch)?;
    let status = batch::status(tx, batch, &users);
    let count = |matches: fn(Status) -> bool| users.iter().filter(|each| matches(user::status(each))).count();
    let active = count(|status| status.summary() == "Active");
    let synced = count(|status| status.summary() == "Synced");
    let latest = |name: &str| users.iter().filter_map(|each| moment::kept(each, name)).max();
    let initial_sync = latest("_InitialSync").filter(|_| !users.iter().any(|each| user::status(each).is_initial()));
    let started = moment::kept(batch, "StartDateTime");
    let finalized = latest("_CompletedAt").filter(|_| matches!(status, "Completed" | "CompletedWithErrors"));
    let grade = users
        .iter()
        .map(|each| score::grade(score::skipped(each)))
        .fold("Perfect", score::worse);
    let mut view = map(json!({
        "Identity": batch.text("Identity"),
        "BatchGuid": batch.text("BatchGuid"),
        "Status": status,
        "State": if batch::is_at_rest(batch, &users) { "Stopped" } else { "Active" },
        "WorkflowStage": if active > 0 { "Syncing" } else { "Waiting" },
        "MigrationType": "ExchangeRemoteMove",
        "BatchDirection": "Onboarding",
        "TotalCount": users.len(),
        "ActiveCount": active,
        "SyncedCount": synced,
        "FinalizedCount": count(Status::is_completed),
        "FailedCount": count(Status::is_failed),
        "StoppedCount": count(Status::is_stopped),
        "PendingCount": count(|status| status == Status::Queued),
        "ProvisionedCount": users.iter().filter(|each| !each.text("RequestGuid").is_empty()).count(),
        "FailedInitialSyncCount": count(|status| status == Status::Failed),
        "FailedIncrementalSyncCount": count(|status| status == Status::IncrementalFailed),
        "ValidationWarningCount": batch.list("ValidationWarnings").len(),
        "ValidationWarnings": batch.list("ValidationWarnings"),
    }));
    for (name, time) in [
        ("CreationDateTime", moment::kept(batch, "CreationDateTime")),
        ("StartDateTime", started),
        ("InitialSyncDateTime", initial_sync),
        ("LastSyncedDateTime", latest("LastSuccessfulSyncTime")),
        ("FinalizedDateTime", finalized),
        ("StartAfter", moment::kept(batch, "StartAfter")),
        ("CompleteAfter", moment::kept(batch, "CompleteAfter")),
    ] {
        add_times(&mut view, name, time);
    }
    let duration = initial_sync
        .zip(started)
        .map(|(end, start)| moment::span(end.duration_since(start)));
    view.extend(map(json!({
        "InitialSyncDuration": duration,
        "SourceEndpoint": batch.text("SourceEndpoint"),
        "TargetEndpoint": null,
        "TargetDeliveryDomain": batch.text("TargetDeliveryDomain"),
        "SubmittedByUser": batch.text("SubmittedByUser"),
        "OwnerExchangeObjectId": batch.text("OwnerExchangeObjectId"),
        "NotificationEmails": batch.list("NotificationEmails"),
        "BadItemLimit": "Unlimited",
        "LargeItemLimit": "Unlimited",
        "DataConsistencyScore": grade,
        "HasUnapprovedSkippedItems": users.iter().any(score::has_unapproved),
        "Message": null,
        "SupportedActions": supported_actions(batch),
        "AllowUnknownColumnsInCsv": batch.flag("AllowUnknownColumnsInCsv"),
        "Reports": [],
        "Report": null,
        "DiagnosticInfo": "",
        "IsValid": true,
        "ObjectState": "Unchanged",
    })));
    Ok(view)
}

fn supported_actions(batch: &Object) -> &'static str {
    match batch::phase(batch) {
        Phase::Created | Phase::Stopped => "Start, Set, Remove",
        Phase::Running => "Stop, Set, Complete",
        _ => "None",
    }
}

/// A migration user.
pub fn user(tx: &Tx<'_>, user: &Object) -> rusqlite::Result<Map<String, Value>> {
    let status = user::status(user);
    let batch = tx.get(user.text("_Batch"))?;
    let guid = |name: &str| match user.text(name) {
        "" => ZERO_GUID.to_owned(),
        set => set.to_owned(),
    };
    let number = |name: &str| user.body.get(name).and_then(Value::as_u64).unwrap_or(0);
    let last_sync = moment::kept(user, "LastSuccessfulSyncTime");
    let mut view = map(json!({
        "Identity": user.text("Identity"),
        "Guid": user.text("Guid"),
        "Identifier": user.text("Identity"),
        "BatchId": batch.as_ref().map(|batch| batch.text("Identity")),
        "MailboxIdentifier": user.text("Identity"),
        "MailboxEmailAddress": user.text("Identity"),
        "RemoteIdentifier": null,
        "RecipientType": if status.is_completed() { "Mailbox" } else { "Mailuser" },
        "MailboxGuid": guid("MailboxGuid"),
        "RequestGuid": guid("RequestGuid"),
        "MailboxLegacyDN": user.text("MailboxLegacyDN"),
        "Status": status.name(),
        "StatusSummary": status.summary(),
        "State": if status.is_at_rest() { "Stopped" } else if status == Status::Synced { "Waiting" } else { "Active" },
        "WorkflowStep": workflow_step(status),
        "WorkflowStage": workflow_step(status),
        "TriggeredAction": "None",
        "MigrationType": "ExchangeRemoteMove",
        "SyncedItemCount": number("SyncedItemCount"),
        "SkippedItemCount": score::skipped(user),
        "TransferredItemCount": number("SyncedItemCount"),
        "DataConsistencyScore": score::grade(score::skipped(user)),
        "HasUnapprovedSkippedItems": score::has_unapproved(user),
        "ErrorSummary": user.text("ErrorSummary"),
        "LastSuccessfulSyncTime": moment::local(last_sync),
        "LastSubscriptionCheckTime": moment::local(last_sync),
    }));
    add_times(&mut view, "StartAfter", moment::kept(user, "StartAfter"));
    add_times(&mut view, "CompleteAfter", moment::kept(user, "CompleteAfter"));
    view.extend(map(json!({"DiagnosticInfo": "", "IsValid": true, "ObjectState": "Unchanged"})));
    Ok(view)
}

fn workflow_step(status: Status) -> &'static str {
    match status {
        Status::Validating | Status::Provisioning | Status::Queued => "Injection",
        Status::Completing => "Cutover",
        Status::Completed | Status::CompletedWithWarnings => "Cleanup",
        _ => "DataMigration",
    }
}

/// How far the move is, in percent: the first copy ends at 95.
pub fn percent(tx: &Tx<'_>, user: &Object) -> u64 {
    let progress = user::progress(tx, user);
    match user::status(user) {
        Status::Validating | Status::Provisioning | Status::Queued => 0,
        Status::Syncing if !user.flag("_Copied") => (progress * 95.0) as u64,
        Status::Completing => 95 + (progress * 4.0) as u64,
        Status::Completed | Status::CompletedWithWarnings => 100,
        _ if user.flag("_Copied") => 95,
        _ => 0,
    }
}

/// How long ago `start` was.
pub fn age(tx: &Tx<'_>, start: Option<Timestamp>) -> SignedDuration {
    start.map_or(SignedDuration::ZERO, |start| tx.now().duration_since(start))
}

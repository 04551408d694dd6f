//! Get-MigrationUserStatistics and Get-MoveRequestStatistics.

use jiff::SignedDuration;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::READ;
use super::number;
use super::unknown;
use super::views;
use crate::sandbox::Object;
use crate::sandbox::Tx;
use crate::sandbox::exchange::Answer;
use crate::sandbox::exchange::Call;
use crate::sandbox::exchange::Cmdlet;
use crate::sandbox::exchange::Output;
use crate::sandbox::exchange::Parameter;
use crate::sandbox::exchange::recipient;
use crate::sandbox::migration::batch;
use crate::sandbox::migration::moment;
use crate::sandbox::migration::request;
use crate::sandbox::migration::score;
use crate::sandbox::migration::size;
use crate::sandbox::migration::source_rules::bytes;
use crate::sandbox::migration::state::Status;
use crate::sandbox::migration::user;

const MOST_SKIPPED_ITEMS: usize = 1000;

pub const USER: Cmdlet = Cmdlet {
    name: "Get-MigrationUserStatistics",
    parameters: &[
        ("Identity", Parameter::Text),
        ("IncludeReport", Parameter::Switch),
        ("IncludeSkippedItems", Parameter::Switch),
        ("LimitSkippedItemsTo", Parameter::Number),
        ("SkipSubscription", Parameter::Switch),
        ("DiagnosticInfo", Parameter::Text),
    ],
    mandatory: &["Identity"],
    role: READ,
    run: of_user,
};

pub const REQUEST: Cmdlet = Cmdlet {
    name: "Get-MoveRequestStatistics",
    parameters: &[
        ("Identity", Parameter::Text),
        ("IncludeReport", Parameter::Switch),
        ("ReportOnly", Parameter::Switch),
        ("DiagnosticInfo", Parameter::Text),
    ],
    mandatory: &["Identity"],
    role: READ,
    run: of_request,
};

/// What the source holds, or the target once it has moved.
struct Content {
    size: u64,
    items: u64,
    archive_size: u64,
    archive_items: u64,
}

impl Content {
    fn of(tx: &Tx<'_>, user: &Object) -> rusqlite::Result<Self> {
        let side = if user::status(user).is_completed() { "_Target" } else { "_Source" };
        let holder = tx.get(user.text(side))?;
        let count = |name| holder.as_ref().and_then(|holder| bytes(holder, name)).unwrap_or(0);
        Ok(Self {
            size: count("_Size"),
            items: count("_Items"),
            archive_size: count("_ArchiveSize"),
            archive_items: count("_ArchiveItems"),
        })
    }

    fn transferred(&self, percent: u64) -> u64 {
        let whole = self.size + self.archive_size;
        (u128::from(whole) * u128::from(percent.min(95)) / 95) as u64
    }
}

fn of_user(call: &Call<'_>) -> Answer {
    let name = call.text("Identity").unwrap_or_default();
    let found = user::find(call.tx, call.tenant, name)?.into_iter().next();
    let user = found.ok_or_else(|| unknown("migration user", name))?;
    let mut view = views::user(call.tx, &user)?;
    let content = Content::of(call.tx, &user)?;
    let percent = views::percent(call.tx, &user);
    let transferred = content.transferred(percent);
    let in_state = views::age(call.tx, Some(user::since(&user)));
    let span_of = |matches: bool| moment::span(if matches { in_state } else { SignedDuration::ZERO });
    let status = user::status(&user);
    let limit = number(call, "LimitSkippedItemsTo").unwrap_or(MOST_SKIPPED_ITEMS);
    let skipped = if call.is_on("IncludeSkippedItems") {
        score::items(&user, limit)
    } else {
        Vec::new()
    };
    view.extend(views::map(json!({
        "TotalItemsInSourceMailboxCount": content.items,
        "EstimatedTotalTransferSize": size::shown(content.size + content.archive_size),
        "EstimatedTotalTransferCount": content.items + content.archive_items,
        "BytesTransferred": size::shown(transferred),
        "AverageBytesTransferredPerHour": size::shown(hourly(transferred, in_state)),
        "CurrentBytesTransferredPerMinute": size::shown(0),
        "PercentageComplete": percent,
        "TotalQueuedDuration": span_of(status == Status::Queued),
        "TotalInProgressDuration": span_of(status == Status::Syncing),
        "TotalSyncedDuration": span_of(status == Status::Synced),
        "TotalStalledDuration": moment::span(SignedDuration::ZERO),
        "Error": user.text("Error"),
        "ErrorType": user.text("ErrorType"),
        "DataConsistencyScoringFactors": scoring_factors(&user),
        "SkippedItems": skipped,
        "Report": call.is_on("IncludeReport").then(|| report(&user)),
    })));
    Ok(Output::one(view))
}

fn hourly(transferred: u64, time: SignedDuration) -> u64 {
    match time.as_secs() {
        seconds if seconds > 0 => (u128::from(transferred) * 3600 / seconds as u128) as u64,
        _ => 0,
    }
}

fn scoring_factors(user: &Object) -> Vec<&'static str> {
    match score::skipped(user) {
        0 => Vec::new(),
        _ => vec!["SkippedItems"],
    }
}

/// What the replication service wrote down, one line an event.
fn report(user: &Object) -> String {
    let mut lines = Vec::new();
    for (name, what) in [
        ("_InitialSync", "Initial seeding completed.".to_owned()),
        ("LastSuccessfulSyncTime", "Last sync completed.".to_owned()),
        ("_FailedAt", user.text("Error").to_owned()),
        ("_CompletedAt", "Request is complete.".to_owned()),
    ] {
        if let Some(time) = moment::kept(user, name)
            && !what.is_empty()
        {
            lines.push((time, format!("{} {what}", time.strftime("%m/%d/%Y %H:%M:%S"))));
        }
    }
    for line in user.body.get("_Log").and_then(Value::as_array).into_iter().flatten() {
        let text = line["text"].as_str().unwrap_or_default();
        if let Some(time) = line["time"].as_str().and_then(|time| time.parse::<jiff::Timestamp>().ok()) {
            lines.push((time, format!("{} {text}", time.strftime("%m/%d/%Y %H:%M:%S"))));
        }
    }
    lines.sort();
    lines.into_iter().map(|(_, line)| line).collect::<Vec<_>>().join("\n")
}

fn of_request(call: &Call<'_>) -> Answer {
    let name = call.text("Identity").unwrap_or_default();
    let request = request::find(call.tx, call.tenant, name)?.ok_or_else(|| unknown("move request", name))?;
    let user = call.tx.get(request.text("_User"))?;
    let target = call.tx.get(request.text("_Recipient"))?;
    let mut view = super::requests::view(&request, target.as_ref());
    if let Some(user) = &user {
        view.extend(progress(call.tx, user)?);
        view.insert("Report".into(), call.is_on("IncludeReport").then(|| report(user)).into());
    }
    if let Some(target) = &target {
        view.insert("MailboxIdentity".into(), target.text("Name").into());
        view.insert("ArchiveGuid".into(), recipient::guid(target, "ArchiveGuid").into());
        view.insert("DistinguishedName".into(), recipient::distinguished_name(call.tx, target).into());
    }
    Ok(Output::one(view))
}

fn progress(tx: &Tx<'_>, user: &Object) -> rusqlite::Result<Map<String, Value>> {
    let status = user::status(user);
    let batch = tx.get(user.text("_Batch"))?;
    let content = Content::of(tx, user)?;
    let percent = views::percent(tx, user);
    let transferred = content.transferred(percent);
    let stage = match status {
        Status::Validating | Status::Provisioning | Status::Queued => "None",
        Status::Syncing => "CopyingMessages",
        Status::Completing => "FinalIncrementalSync",
        Status::Completed | Status::CompletedWithWarnings => "SyncFinished",
        _ => "IncrementalSync",
    };
    let detail = match status {
        _ if !user.text("_StatusDetail").is_empty() => user.text("_StatusDetail"),
        Status::Syncing => "CopyingMessages",
        Status::IncrementalSyncing => "IncrementalSync",
        Status::Completing => "Finalization",
        failed if failed.is_failed() => "FailedOther",
        other => other.request(),
    };
    let completion = batch.as_ref().and_then(|batch| batch::completion_time(batch, user));
    let completion = completion.filter(|time| *time > jiff::Timestamp::UNIX_EPOCH);
    let time = |name| moment::local(moment::kept(user, name));
    let side = Some(user.text("_Side")).filter(|side| !side.is_empty());
    Ok(views::map(json!({
        "StatusDetail": detail,
        "SyncStage": stage,
        "IsOffline": false,
        "Priority": "Normal",
        "WorkloadType": "Onboarding",
        "TargetDeliveryDomain": batch.as_ref().map(|batch| batch.text("TargetDeliveryDomain")),
        "CompleteAfter": moment::local(completion),
        "BadItemsEncountered": score::skipped(user),
        "LargeItemsEncountered": 0,
        "MissingItemsEncountered": 0,
        "DataConsistencyScore": score::grade(score::skipped(user)),
        "DataConsistencyScoringFactors": scoring_factors(user),
        "InitialSeedingCompletedTimestamp": time("_InitialSync"),
        "LastSuccessfulSyncTimestamp": time("LastSuccessfulSyncTime"),
        "CompletionTimestamp": time("_CompletedAt"),
        "FailureTimestamp": if status.is_failed() { time("_FailedAt") } else { Value::Null },
        "TotalMailboxSize": size::shown(content.size),
        "TotalMailboxItemCount": content.items,
        "TotalArchiveSize": size::shown(content.archive_size),
        "TotalArchiveItemCount": content.archive_items,
        "BytesTransferred": size::shown(transferred),
        "ItemsTransferred": (content.items + content.archive_items) * percent.min(95) / 95,
        "PercentComplete": percent,
        "FailureType": user.text("ErrorType"),
        "FailureSide": side,
        "Message": user.text("Error"),
    })))
}

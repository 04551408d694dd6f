//! Writes on migration batches.

use super::base::ASKING;
use super::base::EXCHANGE;
use super::base::bytes;
use super::base::flag;
use super::base::high;
use super::base::irreversible;
use super::base::list;
use super::base::number;
use super::base::text;
use super::base::time;
use super::evidence::BATCH_COMPLETED;
use super::evidence::BATCH_STARTED;
use super::evidence::BATCH_STOPPED;
use crate::change::Call;
use crate::change::Descriptor;
use crate::change::Impact;
use crate::change::Inverse;
use crate::change::Retry;
use crate::change::Verb;
use crate::model::Arguments;
use crate::model::Given;
use crate::model::Record;

const PERMISSION: &str = "Migration";

/// What completion costs.
pub(super) const COMPLETION: &str =
    "each source mailbox becomes a MailUser and its content is removed; the only way back is a migration in the other direction";

/// What completes by itself cannot be called back once it has, so it counts as complete from the start. Nor can a loss be taken back
/// that was approved.
pub(super) fn completing(arguments: &Arguments, before: Option<&Record>) -> Impact {
    let is_joined = arguments.is_on("AddUsers") && is_timed(before);
    match is_completed_by(arguments) || is_joined || arguments.is_on("ApproveSkippedItems") {
        true => Impact::Irreversible,
        false => Impact::Medium,
    }
}

/// Whether the arguments themselves bring completion about.
fn is_completed_by(arguments: &Arguments) -> bool {
    let is_given = arguments
        .get("CompleteAfter")
        .is_some_and(|value| !matches!(value, Given::Plain(value) if value.is_null()));
    is_given || arguments.is_on("AutoComplete")
}

/// Whether the object carries a completion time.
fn is_timed(before: Option<&Record>) -> bool {
    before
        .and_then(|batch| batch.text("CompleteAfter"))
        .is_some_and(|time| !time.is_empty())
}

pub(super) fn completed(arguments: &Arguments, before: Option<&Record>) -> Option<&'static str> {
    let is_completed = is_completed_by(arguments) || is_timed(before);
    Some(match arguments.is_on("ApproveSkippedItems") && !is_completed {
        true => "the items that could not be copied are given up: they stay behind, and are removed with the source mailbox at completion",
        false => COMPLETION,
    })
}

/// Starting what carries a completion time is the first step into completion. Whether a batch completes each mailbox as soon as it is
/// copied shows nowhere, so every other start counts as high.
pub(super) fn starting(_: &Arguments, before: Option<&Record>) -> Impact {
    match is_timed(before) {
        true => Impact::Irreversible,
        false => Impact::High,
    }
}

pub(super) fn started(_: &Arguments, before: Option<&Record>) -> Option<&'static str> {
    Some(match is_timed(before) {
        true => COMPLETION,
        false => "the mailboxes are copied; a batch made with AutoComplete goes on to complete them, which has no way back",
    })
}

pub static NEW_MIGRATION_BATCH: Descriptor = Descriptor {
    name: "new_migration_batch",
    noun: "migration batch",
    verb: Verb::Create,
    help: "Makes a migration batch of the target addresses in `CSVData`; with a completion time it is irreversible.",
    call: Call::Cmdlet("New-MigrationBatch"),
    identity: None,
    arguments: &[
        text("Name").required(),
        text("SourceEndpoint"),
        bytes("CSVData"),
        text("TargetDeliveryDomain"),
        flag("AutoStart"),
        flag("AutoComplete"),
        time("StartAfter"),
        time("CompleteAfter"),
        text("TimeZone"),
        list("NotificationEmails"),
        number("BadItemLimit"),
        number("LargeItemLimit"),
        list("MoveOptions"),
        list("SkipMoving"),
        text("ReportInterval"),
        flag("SkipReports"),
        flag("AllowUnknownColumnsInCSV"),
        flag("AdoptPreexisting"),
        flag("RemoveOnCopy"),
        list("UserIds"),
        list("Users"),
        flag("DisableOnCopy"),
    ],
    impact: completing,
    loses: completed,
    before: None,
    made: Some(("get_migration_batch", "Name")),
    inverse: Inverse::Remove("remove_migration_batch"),
    permission: PERMISSION,
    batchable: false,
    retry: Retry::ReadBack,
    ..EXCHANGE
};

pub static SET_MIGRATION_BATCH: Descriptor = Descriptor {
    name: "set_migration_batch",
    noun: "migration batch",
    verb: Verb::Update,
    help: "Changes a migration batch, approves its skipped items, or adds users.",
    call: Call::Cmdlet("Set-MigrationBatch"),
    arguments: &[
        time("CompleteAfter"),
        time("StartAfter"),
        flag("ApproveSkippedItems"),
        number("BadItemLimit"),
        number("LargeItemLimit"),
        list("MoveOptions"),
        list("SkipMoving"),
        list("NotificationEmails"),
        text("ReportInterval"),
        flag("SkipReports"),
        flag("SyncNow"),
        flag("Update"),
        flag("AddUsers"),
        bytes("CSVData"),
        flag("AllowUnknownColumnsInCSV"),
    ],
    impact: completing,
    loses: completed,
    before: Some("get_migration_batch"),
    inverse: Inverse::Restore,
    permission: PERMISSION,
    batchable: false,
    ..EXCHANGE
};

pub static START_MIGRATION_BATCH: Descriptor = Descriptor {
    name: "start_migration_batch",
    noun: "migration batch",
    verb: Verb::Act("started"),
    help: "Starts a migration batch, or resumes it with the users that failed.",
    call: Call::Cmdlet("Start-MigrationBatch"),
    arguments: &[],
    impact: starting,
    loses: started,
    before: Some("get_migration_batch"),
    evidence: Some(BATCH_STARTED),
    inverse: Inverse::Opposite("stop_migration_batch"),
    permission: PERMISSION,
    ..EXCHANGE
};

pub static STOP_MIGRATION_BATCH: Descriptor = Descriptor {
    name: "stop_migration_batch",
    noun: "migration batch",
    verb: Verb::Act("stopped"),
    help: "Stops the users of a migration batch that are under way; finished ones are not affected.",
    call: Call::Cmdlet("Stop-MigrationBatch"),
    arguments: &[],
    before: Some("get_migration_batch"),
    evidence: Some(BATCH_STOPPED),
    inverse: Inverse::Opposite("start_migration_batch"),
    permission: PERMISSION,
    powershell: ASKING,
    ..EXCHANGE
};

pub static COMPLETE_MIGRATION_BATCH: Descriptor = Descriptor {
    name: "complete_migration_batch",
    noun: "migration batch",
    verb: Verb::Act("sent into completion"),
    help: "Completes a migration batch: the last changes are copied, and each source mailbox becomes a MailUser.",
    call: Call::Cmdlet("Complete-MigrationBatch"),
    arguments: &[flag("SyncAndComplete")],
    impact: irreversible,
    loses: |_, _| Some(COMPLETION),
    before: Some("get_migration_batch"),
    evidence: Some(BATCH_COMPLETED),
    inverse: Inverse::None("a completed move has no way back but a migration in the other direction"),
    permission: PERMISSION,
    batchable: false,
    retry: Retry::ReadBack,
    powershell: ASKING,
    ..EXCHANGE
};

pub static REMOVE_MIGRATION_BATCH: Descriptor = Descriptor {
    name: "remove_migration_batch",
    noun: "migration batch",
    verb: Verb::Remove,
    help: "Removes a migration batch with its users and move requests.",
    call: Call::Cmdlet("Remove-MigrationBatch"),
    arguments: &[],
    impact: high,
    loses: |_, _| Some("its move requests go with it, and with them the copies that are not completed"),
    before: Some("get_migration_batch"),
    inverse: Inverse::None("what was copied so far is given up, and a new batch begins from nothing"),
    permission: PERMISSION,
    retry: Retry::ReadBack,
    powershell: ASKING,
    ..EXCHANGE
};

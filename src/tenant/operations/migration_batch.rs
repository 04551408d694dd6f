//! Writes on migration batches.

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

/// What completes by itself cannot be called back once it has, so it counts as complete from the start.
pub(super) fn completing(arguments: &Arguments, _: Option<&Record>) -> Impact {
    let is_timed = arguments
        .get("CompleteAfter")
        .is_some_and(|value| !matches!(value, Given::Plain(value) if value.is_null()));
    match is_timed || arguments.is_on("AutoComplete") {
        true => Impact::Irreversible,
        false => Impact::Medium,
    }
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
    // The completion time that it may carry shows only in what it works on.
    impact: high,
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
    before: Some("get_migration_batch"),
    evidence: Some(BATCH_COMPLETED),
    inverse: Inverse::None("a completed move has no way back but a migration in the other direction"),
    permission: PERMISSION,
    batchable: false,
    retry: Retry::ReadBack,
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
    before: Some("get_migration_batch"),
    inverse: Inverse::None("what was copied so far is given up, and a new batch begins from nothing"),
    permission: PERMISSION,
    retry: Retry::ReadBack,
    ..EXCHANGE
};

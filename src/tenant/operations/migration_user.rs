//! Writes on migration users.

use super::base::ASKING;
use super::base::EXCHANGE;
use super::base::flag;
use super::base::high;
use super::base::number;
use super::base::time;
use super::migration_batch::completed;
use super::migration_batch::completing;
use super::migration_batch::started;
use super::migration_batch::starting;
use crate::change::Call;
use crate::change::Descriptor;
use crate::change::Inverse;
use crate::change::Retry;
use crate::change::Verb;

const PERMISSION: &str = "Migration";

pub static SET_MIGRATION_USER: Descriptor = Descriptor {
    name: "set_migration_user",
    noun: "migration user",
    verb: Verb::Update,
    help: "Changes a migration user: its own completion time wins over that of the batch.",
    call: Call::Cmdlet("Set-MigrationUser"),
    arguments: &[
        time("CompleteAfter"),
        time("StartAfter"),
        flag("SyncNow"),
        flag("ApproveSkippedItems"),
        number("BadItemLimit"),
        number("LargeItemLimit"),
    ],
    impact: completing,
    loses: completed,
    before: Some("get_migration_user"),
    inverse: Inverse::Restore,
    permission: PERMISSION,
    ..EXCHANGE
};

pub static START_MIGRATION_USER: Descriptor = Descriptor {
    name: "start_migration_user",
    noun: "migration user",
    verb: Verb::Act("started"),
    help: "Starts a migration user again that failed or was stopped.",
    call: Call::Cmdlet("Start-MigrationUser"),
    arguments: &[],
    impact: starting,
    loses: started,
    before: Some("get_migration_user"),
    inverse: Inverse::Opposite("stop_migration_user"),
    permission: PERMISSION,
    ..EXCHANGE
};

pub static STOP_MIGRATION_USER: Descriptor = Descriptor {
    name: "stop_migration_user",
    noun: "migration user",
    verb: Verb::Act("stopped"),
    help: "Stops a migration user that is under way.",
    call: Call::Cmdlet("Stop-MigrationUser"),
    arguments: &[],
    before: Some("get_migration_user"),
    inverse: Inverse::Opposite("start_migration_user"),
    permission: PERMISSION,
    powershell: ASKING,
    ..EXCHANGE
};

pub static REMOVE_MIGRATION_USER: Descriptor = Descriptor {
    name: "remove_migration_user",
    noun: "migration user",
    verb: Verb::Remove,
    help: "Removes a migration user from its batch, together with its move request.",
    call: Call::Cmdlet("Remove-MigrationUser"),
    arguments: &[flag("Force")],
    impact: high,
    loses: |_, _| Some("its move request goes with it, and with that the copy when it is not completed"),
    before: Some("get_migration_user"),
    inverse: Inverse::None("what was copied so far is given up, and a new batch begins from nothing"),
    permission: PERMISSION,
    retry: Retry::ReadBack,
    powershell: ASKING,
    ..EXCHANGE
};

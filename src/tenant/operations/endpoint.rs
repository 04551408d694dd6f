//! Writes on migration endpoints.

use super::base::ASKING;
use super::base::EXCHANGE;
use super::base::certificate_url;
use super::base::credential;
use super::base::flag;
use super::base::high;
use super::base::number;
use super::base::text;
use crate::change::Call;
use crate::change::Descriptor;
use crate::change::Inverse;
use crate::change::Retry;
use crate::change::Verb;

const PERMISSION: &str = "Migration";

pub static NEW_MIGRATION_ENDPOINT: Descriptor = Descriptor {
    name: "new_migration_endpoint",
    noun: "migration endpoint",
    verb: Verb::Create,
    help: "Makes a migration endpoint; the service at once tries to reach the source tenant through it.",
    call: Call::Cmdlet("New-MigrationEndpoint"),
    identity: None,
    arguments: &[
        text("Name").required(),
        flag("ExchangeRemoteMove"),
        text("RemoteServer"),
        text("RemoteTenant"),
        text("ApplicationId"),
        credential("Credentials"),
        certificate_url("AppSecretKeyVaultUrl"),
        number("MaxConcurrentMigrations"),
        number("MaxConcurrentIncrementalSyncs"),
        flag("SkipVerification"),
    ],
    before: None,
    made: Some(("get_migration_endpoint", "Name")),
    inverse: Inverse::Remove("remove_migration_endpoint"),
    permission: PERMISSION,
    batchable: false,
    retry: Retry::ReadBack,
    ..EXCHANGE
};

pub static SET_MIGRATION_ENDPOINT: Descriptor = Descriptor {
    name: "set_migration_endpoint",
    noun: "migration endpoint",
    verb: Verb::Update,
    help: "Changes a migration endpoint; its remote tenant cannot be changed.",
    call: Call::Cmdlet("Set-MigrationEndpoint"),
    arguments: &[
        credential("Credentials"),
        text("ApplicationId"),
        certificate_url("AppSecretKeyVaultUrl"),
        text("RemoteServer"),
        number("MaxConcurrentMigrations"),
        number("MaxConcurrentIncrementalSyncs"),
        flag("SkipVerification"),
        text("TestMailbox"),
    ],
    before: Some("get_migration_endpoint"),
    inverse: Inverse::Restore,
    permission: PERMISSION,
    batchable: false,
    ..EXCHANGE
};

pub static REMOVE_MIGRATION_ENDPOINT: Descriptor = Descriptor {
    name: "remove_migration_endpoint",
    noun: "migration endpoint",
    verb: Verb::Remove,
    help: "Removes a migration endpoint that no batch uses.",
    call: Call::Cmdlet("Remove-MigrationEndpoint"),
    arguments: &[],
    impact: high,
    loses: |_, _| Some("its credential is gone with it, and the next batch needs a new endpoint"),
    before: Some("get_migration_endpoint"),
    inverse: Inverse::None("the credential of the endpoint cannot be read back"),
    permission: PERMISSION,
    retry: Retry::ReadBack,
    powershell: ASKING,
    ..EXCHANGE
};

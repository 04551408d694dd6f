//! What is exported of a source mailbox, and what is kept of it beside the MailUser that was prepared.

use crate::migrate::attributes::columns::FLAGS;
use crate::migrate::attributes::columns::GUIDS;
use crate::migrate::attributes::columns::LITIGATION_HOLD;
use crate::migrate::attributes::columns::SINGLE_ITEM_RECOVERY;
use crate::migrate::attributes::columns::TEXTS;
use crate::migrate::attributes::columns::aux_archives;
use crate::migrate::attributes::columns::guid_text;
use crate::migrate::attributes::columns::routing_address;
use crate::model::Record;

/// The row of the attribute file for a source mailbox (`Get-Mailbox`) and its user (`Get-User`, which alone knows the names).
/// `tenant` may hold `id` and `initial_domain`; they become `SourceTenantId` and `SourceTenant`.
///
/// Columns: `PrimarySmtpAddress Alias SamAccountName FirstName LastName DisplayName Name UserPrincipalName RecipientTypeDetails
/// ExternalDirectoryObjectId ExchangeGuid ArchiveGuid DisabledArchiveGuid LegacyExchangeDN EmailAddresses ExternalEmailAddress
/// HiddenFromAddressListsEnabled LitigationHoldEnabled SingleItemRecoveryEnabled DelayHoldApplied DelayReleaseHoldApplied
/// ComplianceTagHoldApplied InPlaceHolds ELCValue AuxArchives PersistedCapabilities CustomAttribute1..15 SourceTenant
/// SourceTenantId`. `ExternalEmailAddress` is the mailbox's onmicrosoft.com address.
pub fn exported(mailbox: &Record, user: &Record, tenant: &Record) -> Record {
    let text = |name: &str| mailbox.text(name).or_else(|| user.text(name)).unwrap_or_default().to_owned();
    let mut row = Record::default();
    for name in TEXTS {
        row.set(name, text(name));
    }
    for name in GUIDS {
        row.set(name, guid_text(mailbox.guid(name)));
    }
    row.set("LegacyExchangeDN", text("LegacyExchangeDN"));
    row.set("EmailAddresses", mailbox.list("EmailAddresses"));
    let initial = tenant.text("initial_domain");
    row.set(
        "ExternalEmailAddress",
        routing_address(&mailbox.list("EmailAddresses"), initial).unwrap_or_default(),
    );
    for name in FLAGS {
        row.set(name, mailbox.flag(name).unwrap_or(false));
    }
    row.set("InPlaceHolds", mailbox.list("InPlaceHolds"));
    row.set("ELCValue", elc_value(&row));
    row.set("AuxArchives", aux_archives(mailbox).unwrap_or(0));
    row.set("PersistedCapabilities", mailbox.list("PersistedCapabilities"));
    for number in 1..=15 {
        let name = format!("CustomAttribute{number}");
        row.set(&name, text(&name));
    }
    row.set("SourceTenant", initial.unwrap_or_default());
    row.set("SourceTenantId", tenant.text("id").unwrap_or_default());
    row
}

/// The row of the result file of `import-attributes`, which `migrate` takes: `EmailAddress` (the target address),
/// `TargetUserPrincipalName`, `Outcome`, `Remedy`, then everything that is known of the source mailbox.
pub fn prepared_row(row: &Record, plan: &Record, outcome: &str, remedy: &str) -> Record {
    let mut out = Record::default()
        .with("EmailAddress", plan.text("PrimarySmtpAddress").unwrap_or_default())
        .with("TargetUserPrincipalName", plan.text("UserPrincipalName").unwrap_or_default())
        .with("Outcome", outcome)
        .with("Remedy", remedy);
    for (name, value) in row.iter() {
        if !out.has(name) {
            out.set(name, value.clone());
        }
    }
    out
}

fn elc_value(row: &Record) -> i64 {
    let bit = |name: &str, bit: i64| if row.flag(name) == Some(true) { bit } else { 0 };
    bit("LitigationHoldEnabled", LITIGATION_HOLD) + bit("SingleItemRecoveryEnabled", SINGLE_ITEM_RECOVERY)
}

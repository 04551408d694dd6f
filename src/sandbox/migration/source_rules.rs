//! What the mailbox in the source has to be, alone and next to the MailUser that waits for it.

use super::failure::Failure;
use super::failure::Stop;
use super::request;
use crate::sandbox::Object;
use crate::sandbox::Tx;
use crate::sandbox::directory;
use crate::sandbox::exchange::recipient;

const PERMANENT: &str = "MigrationPermanentException";
const MOVABLE: &[&str] = &["UserMailbox", "SharedMailbox", "RoomMailbox", "EquipmentMailbox"];
const MOST_AUX_ARCHIVES: usize = 12;
const DEFAULT_RECOVERABLE_ITEMS_QUOTA: u64 = 30 << 30;
const DEFAULT_QUOTA: u64 = 100 << 30;

/// The mailbox with the GUID that the MailUser carries.
pub fn find(tx: &Tx<'_>, source: &str, guid: &str) -> Result<Object, Stop> {
    let found = recipient::by_exchange_guid(tx, source, guid)?;
    match found.filter(|found| MOVABLE.contains(&found.text("RecipientTypeDetails"))) {
        Some(mailbox) => Ok(mailbox),
        None => Err(Failure::source(PERMANENT, format!("Cannot find a recipient that has mailbox GUID '{guid}'.")).into()),
    }
}

/// The refusal of a mailbox that the source has not published.
pub fn not_in_scope(tx: &Tx<'_>, mailbox: &Object) -> Failure {
    let text = format!(
        "The mailbox '{}' isn't in the scope that the source tenant '{}' published for cross-tenant migration.",
        mailbox.text("ExchangeGuid"),
        directory::initial_domain(tx, &mailbox.tenant)
    );
    Failure::source("MailboxNotInCrossTenantMigrationScopeException", text)
}

/// Any hold blocks the move.
pub fn holds(mailbox: &Object) -> Result<(), Failure> {
    let held = |how: &str| {
        Err(Failure::source(
            PERMANENT,
            format!("SOURCE mailbox {how} and this is not a supported scenario"),
        ))
    };
    for (property, how) in [
        ("LitigationHoldEnabled", "is under Litigation Hold"),
        ("DelayHoldApplied", "has a Delay Hold Applied"),
        ("DelayReleaseHoldApplied", "is under a Delay Release Hold"),
        ("ComplianceTagHoldApplied", "has labeled items with a Retention Label"),
    ] {
        if mailbox.flag(property) {
            return held(how);
        }
    }
    for hold in mailbox.list("InPlaceHolds") {
        // A leading minus is an exclusion from an organization-wide policy.
        if ["mbx", "skp", "cld", "UniH"].iter().any(|kind| hold.starts_with(kind)) {
            return held("is under an In-PlaceHold Hold");
        }
        if hold.len() == 32 && hold.chars().all(|digit| digit.is_ascii_hexdigit()) {
            return held("is under a legacy In-PlaceHold");
        }
    }
    Ok(())
}

/// No other move may be under way or left over.
pub fn not_moving(tx: &Tx<'_>, mailbox: &Object) -> Result<(), Stop> {
    let name = mailbox.text("DisplayName");
    let other = request::of_recipient(tx, mailbox)?.into_iter().next();
    let is_running = other.as_ref().is_some_and(|other| !request::is_over(other));
    if mailbox.flag("_Moving") || is_running {
        let text = format!("The source mailbox '{name}' is already being moved.");
        return Err(Failure::source("SourceMailboxAlreadyBeingMovedPermanentException", text)
            .into_final()
            .into());
    }
    if other.is_some() {
        let text = format!("The onboarding move could not be created because user '{name}' is already being moved.");
        return Err(Failure::source(PERMANENT, text).into());
    }
    Ok(())
}

/// Archive and auxiliary archives: their number, what hides in them, and the MailUser's stamp.
pub fn archives(mailbox: &Object, target: &Object, was_in_scope: bool) -> Result<(), Failure> {
    let auxiliary = mailbox.list("_AuxArchives").len();
    if auxiliary > MOST_AUX_ARCHIVES {
        let text = format!("The SOURCE mailbox has more than {MOST_AUX_ARCHIVES} auxArchive present and we can't migrate that much.");
        return Err(Failure::source(PERMANENT, text));
    }
    if auxiliary > 0 && !was_in_scope {
        let text = format!(
            "The auxiliary archives of mailbox '{}' weren't found on the target recipient.",
            mailbox.text("ExchangeGuid")
        );
        return Err(Failure::source("AuxArchiveNotFoundInTargetRecipientException", text).into_final());
    }
    if mailbox.body.get("_SubstrateHolds").and_then(|count| count.as_u64()).unwrap_or(0) > 0 {
        let text = "SOURCE Archive mailbox has items within the SubstrateHolds folder and this will cause the migration to fail.";
        return Err(Failure::source(PERMANENT, text));
    }
    if recipient::guid(mailbox, "DisabledArchiveGuid") != recipient::ZERO_GUID {
        let text = format!("The user '{}' already has a demoted archive.", mailbox.text("DisplayName"));
        return Err(Failure::source("UserAlreadyHasDemotedArchiveException", text));
    }
    let (expected, current) = (recipient::guid(mailbox, "ArchiveGuid"), recipient::guid(target, "ArchiveGuid"));
    if expected.eq_ignore_ascii_case(current) {
        return Ok(());
    }
    Err(Failure::target(
        PERMANENT,
        match expected == recipient::ZERO_GUID {
            true => format!(
                "The TARGET MailUser {} has an archive present while source doesn't",
                target.text("Name")
            ),
            false => format!("ArchiveGuid mismatch. Expected Value: {expected} , Current value: {current}"),
        },
    ))
}

/// An archive that was added while the move was under way.
pub fn no_new_aux_archive(mailbox: &Object, at_start: usize) -> Result<(), Failure> {
    if mailbox.list("_AuxArchives").len() <= at_start {
        return Ok(());
    }
    let text = format!(
        "An auxiliary archive of mailbox '{}' was provisioned during the cross-tenant move.",
        mailbox.text("ExchangeGuid")
    );
    Err(Failure::source("SourceAuxArchiveIsProvisionedDuringCrossTenantMovePermanentException", text).into_final())
}

/// Replies to old mail find the user by the source's legacy name.
pub fn legacy_name(mailbox: &Object, target: &Object) -> Result<(), Failure> {
    let name = mailbox.text("LegacyExchangeDN");
    let wanted = format!("X500:{name}");
    match target
        .list("EmailAddresses")
        .iter()
        .any(|proxy| proxy.eq_ignore_ascii_case(&wanted))
    {
        true => Ok(()),
        false => Err(Failure::target(
            PERMANENT,
            format!(
                "LegacyExchangeDN not found as an X500 ProxyAddress on Target Object. LegacyExchangeDN expected on target object: {name}"
            ),
        )),
    }
}

/// A person's mailbox needs the migration licence on one side; shared mailboxes and resources need none.
pub fn licence(tx: &Tx<'_>, mailbox: &Object, target: &Object) -> Result<(), Failure> {
    let holds = |object: &Object| directory::has_migration_licence(tx, &object.tenant, object.text("ExternalDirectoryObjectId"));
    if mailbox.text("RecipientTypeDetails") != "UserMailbox" || holds(mailbox) || holds(target) {
        return Ok(());
    }
    let text = format!(
        "No license was found for the source recipient, '{}', or the target recipient, '{}'. A Cross-tenant User Data Migration \
         license is required to move a mailbox between tenants.",
        mailbox.text("ExternalDirectoryObjectId"),
        target.text("ExternalDirectoryObjectId")
    );
    Err(Failure::target("CrossTenantMigrationWithoutLicensePermanentException", text))
}

/// What was deleted must fit into the target, and the mailbox into its own quota.
pub fn quotas(mailbox: &Object, target: &Object) -> Result<(), Failure> {
    let room = bytes(target, "_RecoverableItemsQuota").unwrap_or(DEFAULT_RECOVERABLE_ITEMS_QUOTA);
    if bytes(mailbox, "_DeletedSize").unwrap_or(0) > room {
        let text =
            "Dumpster size on SOURCE mailbox is bigger than TARGET MailUser RecoverableItemsQuota. This might cause the migration to fail";
        return Err(Failure::target(PERMANENT, text));
    }
    let quota = bytes(mailbox, "_ProhibitSendReceiveQuota").unwrap_or(DEFAULT_QUOTA);
    let size = bytes(mailbox, "_Size").unwrap_or(0);
    if size > quota {
        let text = format!(
            "The source mailbox '{}' has exceeded its quota: {} of {}.",
            mailbox.text("DisplayName"),
            super::size::shown(size),
            super::size::shown(quota)
        );
        return Err(Failure::source(PERMANENT, text));
    }
    Ok(())
}

/// A number kept in a hidden property.
pub fn bytes(object: &Object, name: &str) -> Option<u64> {
    object.body.get(name).and_then(|value| value.as_u64())
}

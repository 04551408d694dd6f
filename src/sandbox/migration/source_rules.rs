//! What the mailbox in the source has to be, alone and next to the MailUser that waits for it.

use super::failure::Failure;
use super::failure::Stop;
use super::request;
use crate::sandbox::Object;
use crate::sandbox::Tx;
use crate::sandbox::directory;
use crate::sandbox::exchange::recipient;
use crate::sandbox::rule;
use crate::sandbox::rule::Rule;

const MOVABLE: &[&str] = &["UserMailbox", "SharedMailbox", "RoomMailbox", "EquipmentMailbox"];
const MOST_AUX_ARCHIVES: usize = 12;
const DEFAULT_RECOVERABLE_ITEMS_QUOTA: u64 = 30 << 30;
const DEFAULT_QUOTA: u64 = 100 << 30;

/// The mailbox with the GUID that the MailUser carries.
pub fn find(tx: &Tx<'_>, source: &str, guid: &str) -> Result<Object, Stop> {
    let found = recipient::by_exchange_guid(tx, source, guid)?;
    match found.filter(|found| MOVABLE.contains(&found.text("RecipientTypeDetails"))) {
        Some(mailbox) => Ok(mailbox),
        None => Err(Failure::source(&rule::NO_SUCH_GUID, &[guid]).into()),
    }
}

/// The refusal of a mailbox that the source has not published.
pub fn not_in_scope(tx: &Tx<'_>, mailbox: &Object) -> Failure {
    let domain = directory::initial_domain(tx, &mailbox.tenant);
    Failure::source(&rule::NOT_IN_SCOPE, &[mailbox.text("ExchangeGuid"), &domain])
}

/// Any hold blocks the move.
pub fn holds(mailbox: &Object) -> Result<(), Failure> {
    let held = |how: &Rule| Err(Failure::source(how, &[]));
    for (property, how) in [
        ("LitigationHoldEnabled", &rule::LITIGATION_HOLD),
        ("DelayHoldApplied", &rule::DELAY_HOLD),
        ("DelayReleaseHoldApplied", &rule::DELAY_RELEASE_HOLD),
        ("ComplianceTagHoldApplied", &rule::RETENTION_LABEL),
    ] {
        if mailbox.flag(property) {
            return held(how);
        }
    }
    for hold in mailbox.list("InPlaceHolds") {
        // A leading minus is an exclusion from an organization-wide policy.
        if ["mbx", "skp", "cld", "UniH"].iter().any(|kind| hold.starts_with(kind)) {
            return held(&rule::IN_PLACE_HOLD);
        }
        if hold.len() == 32 && hold.chars().all(|digit| digit.is_ascii_hexdigit()) {
            return held(&rule::LEGACY_HOLD);
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
        return Err(Failure::source(&rule::MOVING_ALREADY, &[name]).into_final().into());
    }
    if other.is_some() {
        return Err(Failure::source(&rule::PENDING_IN_SOURCE, &[name]).into());
    }
    Ok(())
}

/// Archive and auxiliary archives: their number, what hides in them, and the MailUser's stamp.
pub fn archives(mailbox: &Object, target: &Object, was_in_scope: bool) -> Result<(), Failure> {
    let auxiliary = mailbox.list("_AuxArchives").len();
    if auxiliary > MOST_AUX_ARCHIVES {
        return Err(Failure::source(&rule::TOO_MANY_AUX_ARCHIVES, &[]));
    }
    if auxiliary > 0 && !was_in_scope {
        return Err(Failure::source(&rule::AUX_ARCHIVE_UNKNOWN, &[mailbox.text("ExchangeGuid")]).into_final());
    }
    if mailbox.body.get("_SubstrateHolds").and_then(|count| count.as_u64()).unwrap_or(0) > 0 {
        return Err(Failure::source(&rule::SUBSTRATE_HOLDS, &[]));
    }
    if recipient::guid(mailbox, "DisabledArchiveGuid") != recipient::ZERO_GUID {
        return Err(Failure::source(&rule::DISABLED_ARCHIVE, &[mailbox.text("DisplayName")]));
    }
    let (expected, current) = (recipient::guid(mailbox, "ArchiveGuid"), recipient::guid(target, "ArchiveGuid"));
    if expected.eq_ignore_ascii_case(current) {
        return Ok(());
    }
    Err(match expected == recipient::ZERO_GUID {
        true => Failure::target(&rule::ARCHIVE_IN_TARGET_ONLY, &[target.text("Name")]),
        false => Failure::target(&rule::OTHER_ARCHIVE, &[expected, current]),
    })
}

/// An archive that was added while the move was under way.
pub fn no_new_aux_archive(mailbox: &Object, at_start: usize) -> Result<(), Failure> {
    if mailbox.list("_AuxArchives").len() <= at_start {
        return Ok(());
    }
    Err(Failure::source(&rule::NEW_AUX_ARCHIVE, &[mailbox.text("ExchangeGuid")]).into_final())
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
        false => Err(Failure::target(&rule::NO_LEGACY_NAME, &[name])),
    }
}

/// A person's mailbox needs the migration licence on one side; shared mailboxes and resources need none.
pub fn licence(tx: &Tx<'_>, mailbox: &Object, target: &Object) -> Result<(), Failure> {
    let holds = |object: &Object| directory::has_migration_licence(tx, &object.tenant, object.text("ExternalDirectoryObjectId"));
    if mailbox.text("RecipientTypeDetails") != "UserMailbox" || holds(mailbox) || holds(target) {
        return Ok(());
    }
    let id = |object: &Object| object.text("ExternalDirectoryObjectId").to_owned();
    Err(Failure::target(&rule::NO_LICENCE, &[&id(mailbox), &id(target)]))
}

/// What was deleted must fit into the target, and the mailbox into its own quota.
pub fn quotas(mailbox: &Object, target: &Object) -> Result<(), Failure> {
    let room = bytes(target, "_RecoverableItemsQuota").unwrap_or(DEFAULT_RECOVERABLE_ITEMS_QUOTA);
    if bytes(mailbox, "_DeletedSize").unwrap_or(0) > room {
        return Err(Failure::target(&rule::TOO_MUCH_DELETED, &[]));
    }
    let quota = bytes(mailbox, "_ProhibitSendReceiveQuota").unwrap_or(DEFAULT_QUOTA);
    let size = bytes(mailbox, "_Size").unwrap_or(0);
    if size > quota {
        let (size, quota) = (super::size::shown(size), super::size::shown(quota));
        return Err(Failure::source(&rule::OVER_QUOTA, &[mailbox.text("DisplayName"), &size, &quota]));
    }
    Ok(())
}

/// A number kept in a hidden property.
pub fn bytes(object: &Object, name: &str) -> Option<u64> {
    object.body.get(name).and_then(|value| value.as_u64())
}

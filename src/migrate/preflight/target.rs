//! The MailUser in the target: type, GUIDs, addresses, leftovers.

use uuid::Uuid;

use crate::migrate::finding::Finding;
use crate::migrate::holds::entries;
use crate::migrate::preflight::user::User;
use crate::migrate::seen::domains;
use crate::migrate::seen::records;
use crate::model::ByteSize;
use crate::model::ProxyAddress;
use crate::model::Record;
use crate::model::same_text;
use crate::model::without_prefix;

const IMPORT_AGAIN: &str = "run `import-attributes` again, which sets what differs";
/// Not by `import-attributes`: for all it knows the MailUser belongs to somebody else.
const SET_GUID: &str =
    "if it is the right person, set the GUID with `Set-MailUser -ExchangeGuid`; else remove the MailUser and run `import-attributes`";

pub(super) fn findings(user: &User<'_>) -> Vec<Finding> {
    let kind = recipient_type(user);
    // Nothing else counts for an object that is no MailUser.
    if kind.state != crate::migrate::State::Ok {
        return vec![kind];
    }
    vec![
        kind,
        exchange_guid(user),
        archive_guid(user),
        accepted_addresses(user),
        delivery_address(user),
        legacy_names(user),
        external_address(user),
        previous_mailbox(user),
        recoverable_items(user),
        other_batch(user),
        move_request(user),
    ]
}

fn of(check: &str, expected: impl Into<String>, failure: &'static str, remedy: &str) -> Finding {
    Finding::of("target", &format!("user.{check}"), expected)
        .fails_as(failure)
        .mend(remedy)
}

fn recipient_type(user: &User<'_>) -> Finding {
    let kind = user.target.text("RecipientTypeDetails").unwrap_or("unknown");
    let is_mailbox = kind.ends_with("Mailbox");
    let has_moved = is_mailbox
        && user
            .source
            .and_then(|source| source.guid("ExchangeGuid"))
            .is_some_and(|guid| user.target.guid("ExchangeGuid") == Some(guid));
    let (failure, remedy) = match (has_moved, is_mailbox) {
        (true, _) => ("F-54", "nothing to do: the mailbox has moved already"),
        (_, true) => (
            "F-54",
            "take the licence away, clear the previous mailbox and stamp the ExchangeGuid",
        ),
        _ => ("F-50", "make it a MailUser; guests and external members must be converted first"),
    };
    let found = if has_moved {
        format!("{kind}, moved already")
    } else {
        kind.to_owned()
    };
    of("type", "RecipientTypeDetails MailUser", failure, remedy).found(found, kind == "MailUser")
}

fn exchange_guid(user: &User<'_>) -> Finding {
    let wanted = user.source.and_then(|source| source.guid("ExchangeGuid"));
    let expected = wanted.map_or("the source's ExchangeGuid".into(), |guid| format!("ExchangeGuid {guid}"));
    match (user.target.guid("ExchangeGuid"), wanted) {
        (None, _) => of("exchange_guid", expected, "F-52", IMPORT_AGAIN).found("none", false),
        (Some(found), None) => of("exchange_guid", expected, "F-53", SET_GUID).unseen(format!("{found}; the source's is not known")),
        (Some(found), Some(wanted)) => of("exchange_guid", expected, "F-53", SET_GUID).found(found.to_string(), found == wanted),
    }
}

fn archive_guid(user: &User<'_>) -> Finding {
    let finding = of("archive_guid", "the source's ArchiveGuid, or none", "F-69", IMPORT_AGAIN);
    let Some(source) = user.source.filter(|source| source.has("ArchiveGuid")) else {
        return finding;
    };
    let shown = |guid: Option<Uuid>| guid.map_or("none".into(), |guid| guid.to_string());
    let (found, wanted) = (user.target.guid("ArchiveGuid"), source.guid("ArchiveGuid"));
    finding.found(format!("{}, the source's is {}", shown(found), shown(wanted)), found == wanted)
}

fn accepted_addresses(user: &User<'_>) -> Finding {
    let finding = of(
        "addresses",
        "every SMTP address in an accepted domain",
        "F-55",
        "remove the address (`import-attributes` sets the right list), or verify the domain in the target",
    );
    if !user.context.has("accepted_domains") {
        return finding;
    }
    let accepted = domains(user.context.get("accepted_domains"));
    let is_foreign = |address: &ProxyAddress| address.domain().is_some_and(|domain| !accepted.contains(&domain));
    let foreign: Vec<String> = addresses(user.target)
        .into_iter()
        .filter(is_foreign)
        .map(|address| address.address().to_owned())
        .collect();
    match foreign.as_slice() {
        [] => finding.found("all of them", true),
        _ => finding.found(format!("{} is not", foreign.join(", ")), false),
    }
}

fn delivery_address(user: &User<'_>) -> Finding {
    let domain = user.context.text("target_delivery_domain");
    let expected = format!("an SMTP address in {}", domain.unwrap_or("the target delivery domain"));
    let finding = of(
        "delivery_address",
        expected,
        "F-56",
        "add the address: run `import-attributes` again, or give the batch another delivery domain",
    );
    let Some(domain) = domain else { return finding };
    let found = addresses(user.target)
        .into_iter()
        .find(|address| address.domain().is_some_and(|found| same_text(&found, domain)));
    let is_there = found.is_some();
    finding.found(found.map_or("none".into(), |address| address.address().to_owned()), is_there)
}

/// The X500 addresses that keep replies to old mail deliverable.
fn legacy_names(user: &User<'_>) -> Finding {
    let finding = of(
        "legacy_names",
        "every legacy name of the source as X500 address",
        "F-68",
        IMPORT_AGAIN,
    );
    let Some(name) = user.source.and_then(|source| source.text("LegacyExchangeDN")) else {
        return finding;
    };
    let own = addresses(user.target);
    let source = user.source.map(addresses).unwrap_or_default();
    let mut wanted: Vec<ProxyAddress> = source.into_iter().filter(|address| address.is("X500")).collect();
    wanted.insert(0, ProxyAddress::x500(name));
    let missing: Vec<&str> = wanted
        .iter()
        .filter(|address| !own.contains(address))
        .map(ProxyAddress::address)
        .collect();
    match missing.as_slice() {
        [] => finding.found("all of them", true),
        _ => finding.found(format!("{} is missing", missing.join(", ")), false),
    }
}

fn external_address(user: &User<'_>) -> Finding {
    let finding = of(
        "external_address",
        "ExternalEmailAddress is an address of the source mailbox",
        "F-69",
        IMPORT_AGAIN,
    );
    let source = user.source.map(addresses).unwrap_or_default();
    let found = user.target.text("ExternalEmailAddress").map(without_prefix);
    match (source.is_empty(), found) {
        (true, _) => finding,
        (_, None) => finding.found("none", false),
        (_, Some(found)) => finding.found(
            found,
            source
                .iter()
                .any(|address| address.is_smtp() && same_text(address.address(), found)),
        ),
    }
}

fn previous_mailbox(user: &User<'_>) -> Finding {
    let remedy = "clear it: `Set-User -PermanentlyClearPreviousMailboxInfo`, which cannot be taken back";
    let finding = of("previous_mailbox", "no earlier mailbox of the user", "F-54", remedy);
    match user.target.text("PreviousRecipientTypeDetails") {
        None if !user.target.has("PreviousRecipientTypeDetails") => finding,
        None | Some("None") => finding.found("none", true),
        Some(previous) => finding.found(previous, !previous.ends_with("Mailbox")),
    }
}

fn recoverable_items(user: &User<'_>) -> Finding {
    let finding = of(
        "recoverable_items",
        "the source's recoverable items fit RecoverableItemsQuota",
        "F-64",
        "purge recoverable items in the source, or raise the quota",
    );
    let size = |record: Option<&Record>, name: &str| record.and_then(|record| record.text(name)).and_then(ByteSize::parse);
    let both = size(user.source, "TotalDeletedItemSize").zip(size(Some(user.target), "RecoverableItemsQuota"));
    match both {
        Some((items, quota)) => finding.found(format!("{items} of {quota}"), items <= quota),
        None => finding,
    }
}

fn other_batch(user: &User<'_>) -> Finding {
    let finding = of(
        "other_batch",
        "in no other batch",
        "F-37",
        "remove the migration user of the other batch first",
    );
    if !user.context.has("migration_users") {
        return finding;
    }
    let own = user.context.text("batch").unwrap_or_default();
    let is_other = |found: &Record| is_about(found, user.target) && found.text("BatchId").is_some_and(|batch| !same_text(batch, own));
    let other = records(user.context.get("migration_users")).into_iter().find(is_other);
    let is_free = other.is_none();
    finding.found(
        other
            .and_then(|found| found.text("BatchId").map(str::to_owned))
            .unwrap_or_else(|| "none".into()),
        is_free,
    )
}

fn move_request(user: &User<'_>) -> Finding {
    let finding = of(
        "move_request",
        "no move request left over",
        "F-59b",
        "remove the old move request or migration user",
    );
    if !user.context.has("move_requests") {
        return finding;
    }
    let left = records(user.context.get("move_requests"))
        .into_iter()
        .find(|found| is_about(found, user.target));
    let is_free = left.is_none();
    finding.found(
        left.and_then(|found| found.text("Status").map(str::to_owned))
            .unwrap_or_else(|| "none".into()),
        is_free,
    )
}

/// Whether a migration user or move request belongs to a recipient.
fn is_about(found: &Record, recipient: &Record) -> bool {
    let ids = ["ExchangeGuid", "MailboxGuid"].iter().find_map(|name| found.guid(name));
    let is_same_guid = ids.is_some() && ids == recipient.guid("ExchangeGuid");
    let names = [
        "MailboxEmailAddress",
        "MailboxIdentifier",
        "Identity",
        "EmailAddress",
        "ExternalDirectoryObjectId",
    ];
    let own = ["PrimarySmtpAddress", "ExternalDirectoryObjectId"];
    let is_same_name = |name: &&str| {
        found
            .text(name)
            .is_some_and(|text| own.iter().any(|own| recipient.text(own).is_some_and(|own| same_text(own, text))))
    };
    is_same_guid || names.iter().any(is_same_name)
}

fn addresses(record: &Record) -> Vec<ProxyAddress> {
    entries(record, "EmailAddresses")
        .iter()
        .filter_map(|entry| ProxyAddress::parse(entry))
        .collect()
}

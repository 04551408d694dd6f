//! Recipients: one row of kind `recipient` for each mail-enabled object, whatever its type.
//!
//! A row holds what differs from the defaults; the readers (`render`) add the rest. Names are Exchange's; a name that begins
//! with `_` is hidden and never leaves the sandbox:
//!
//! | property | holds |
//! |---|---|
//! | `Name` `Alias` `DisplayName` `FirstName` `LastName` | text |
//! | `RecipientTypeDetails` | `UserMailbox`, `SharedMailbox`, `RoomMailbox`, `EquipmentMailbox`, `MailUser`, `GuestMailUser`, `MailContact`, `MailUniversalSecurityGroup`, `MailUniversalDistributionGroup` |
//! | `Guid` | the object's own GUID |
//! | `ExternalDirectoryObjectId` | id of the Entra `user` or group row, empty for a contact |
//! | `UserPrincipalName` | of mailboxes and mail users |
//! | `EmailAddresses` | `SMTP:` primary, `smtp:`, `X500:`, `SIP:`; `PrimarySmtpAddress` follows from it when stored |
//! | `ExternalEmailAddress` | `SMTP:...`, mail users and contacts only |
//! | `ExchangeGuid` `ArchiveGuid` `DisabledArchiveGuid` | missing or empty means the zero GUID |
//! | `LegacyExchangeDN` | text |
//! | `CustomAttribute1`..`15`, `HiddenFromAddressListsEnabled`, `IsDirSynced` | as named |
//! | `LitigationHoldEnabled` `DelayHoldApplied` `DelayReleaseHoldApplied` `ComplianceTagHoldApplied` `InPlaceHolds` | holds |
//! | `GrantSendOnBehalfTo` | `Guid` of the trusted recipients, rendered as their names |
//! | `ForwardingSmtpAddress`, `ForwardingAddress` (a `Guid`), `DeliverToMailboxAndForward` | forwarding |
//! | `PreviousRecipientTypeDetails` | `None` when missing |
//! | `MailboxMoveStatus` `MailboxMoveFlags` `MailboxMoveRemoteHostName` `MailboxMoveBatchName` | while a move request exists |
//! | `WhenCreated` `WhenChanged` `WhenMailboxCreated` `WhenSoftDeleted` | UTC, as text |
//! | `_SoftDeleted` | true for soft-deleted remains: found only by `resolve_with_deleted` |
//! | `_Size` `_Items` `_DeletedSize` `_DeletedItems` `_ArchiveSize` `_ArchiveItems` | bytes and counts of the content |
//! | `_RecoverableItemsQuota` `_ProhibitSendReceiveQuota` | bytes, when they differ from 30 GB and 100 GB |
//! | `_AuxArchives` | GUIDs of auxiliary archives |
//! | `_MailboxPermissions` | `[{"_Trustee": Guid, "AccessRights": ["FullAccess"], "Deny": false, "InheritanceType": "All"}]` |
//! | `_RecipientPermissions` | `[{"_Trustee": Guid, "AccessRights": ["SendAs"]}]` |
//! | `_Members` | groups: `ExternalDirectoryObjectId` or `Guid` of each direct member |
//!
//! What the migration engine needs beside these (`_BadItems` ...) it may keep in the row too: unknown names survive.

use std::collections::HashSet;

use serde_json::Map;
use serde_json::json;
use uuid::Uuid;

use crate::sandbox::Object;
use crate::sandbox::Tx;
use crate::sandbox::directory;

/// The kind of a recipient's row.
pub const KIND: &str = "recipient";

/// The GUID that means none.
pub const ZERO_GUID: &str = "00000000-0000-0000-0000-000000000000";

/// All live recipients that `identity` names, in any of the forms Exchange accepts.
pub fn resolve(tx: &Tx<'_>, tenant: &str, identity: &str) -> rusqlite::Result<Vec<Object>> {
    let mut found = resolve_with_deleted(tx, tenant, identity)?;
    found.retain(|recipient| !is_soft_deleted(recipient));
    Ok(found)
}

/// Like [`resolve`], with the soft-deleted ones.
pub fn resolve_with_deleted(tx: &Tx<'_>, tenant: &str, identity: &str) -> rusqlite::Result<Vec<Object>> {
    let wanted = identity.trim().trim_start_matches('{').trim_end_matches('}');
    let mut found = tx.find(tenant, "*", wanted)?;
    found.retain(|object| object.kind == KIND);
    Ok(found)
}

/// The live recipient with that `ExchangeGuid`.
pub fn by_exchange_guid(tx: &Tx<'_>, tenant: &str, guid: &str) -> rusqlite::Result<Option<Object>> {
    by_form(tx, tenant, "exchange-guid", guid)
}

/// The live recipient that holds the proxy address: with prefix (`x500:...`) as it is, without as SMTP address.
pub fn by_address(tx: &Tx<'_>, tenant: &str, address: &str) -> rusqlite::Result<Option<Object>> {
    match address.contains(':') {
        true => by_form(tx, tenant, "proxy", address),
        false => by_form(tx, tenant, "proxy", &format!("smtp:{address}")),
    }
}

/// The live recipient of an Entra user or group.
pub fn by_directory_id(tx: &Tx<'_>, tenant: &str, id: &str) -> rusqlite::Result<Option<Object>> {
    by_form(tx, tenant, "directory-id", id)
}

fn by_form(tx: &Tx<'_>, tenant: &str, form: &str, value: &str) -> rusqlite::Result<Option<Object>> {
    let found = tx.find(tenant, form, value)?;
    Ok(found.into_iter().find(|object| object.kind == KIND && !is_soft_deleted(object)))
}

/// All live recipients of a tenant.
pub fn all(tx: &Tx<'_>, tenant: &str) -> rusqlite::Result<Vec<Object>> {
    let mut found = tx.list(tenant, KIND)?;
    found.retain(|recipient| !is_soft_deleted(recipient));
    Ok(found)
}

/// A new recipient with its own GUID, LegacyExchangeDN and time of creation; not stored yet.
pub fn new(tx: &Tx<'_>, tenant: &str, details: &str, name: &str, alias: &str) -> Object {
    let guid = Uuid::new_v4();
    let unique = Uuid::new_v4().simple().to_string();
    let now = tx.now().to_string();
    let mut recipient = Object::new(tenant, KIND, Map::new());
    recipient.set("Name", name);
    recipient.set("Alias", alias);
    recipient.set("DisplayName", name);
    recipient.set("RecipientTypeDetails", details);
    recipient.set("Guid", guid.to_string());
    recipient.set("ExternalDirectoryObjectId", "");
    recipient.set("EmailAddresses", json!([]));
    recipient.set(
        "LegacyExchangeDN",
        format!("/o=ExchangeLabs/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn={unique}-{alias}"),
    );
    recipient.set("WhenCreated", now.clone());
    recipient.set("WhenChanged", now);
    recipient
}

/// Stores a recipient, new or changed, and makes it known by all its identities.
pub fn store(tx: &Tx<'_>, recipient: &Object) -> rusqlite::Result<()> {
    let mut recipient = recipient.clone();
    let primary = primary_address(&recipient);
    recipient.set("PrimarySmtpAddress", primary);
    recipient.set("WhenChanged", tx.now().to_string());
    if is_mailbox(&recipient) {
        let id = recipient.text("ExternalDirectoryObjectId");
        let is_licensed = !id.is_empty() && directory::has_exchange_mailbox_plan(tx, &recipient.tenant, id);
        recipient.set("_Licensed", is_licensed);
    }
    tx.put(&recipient, identities(tx, &recipient))?;
    match is_soft_deleted(&recipient) {
        true => Ok(()),
        false => mirror(tx, &recipient),
    }
}

/// Shows the recipient's addresses on its Entra user, as the service synchronises them back.
fn mirror(tx: &Tx<'_>, recipient: &Object) -> rusqlite::Result<()> {
    let id = recipient.text("ExternalDirectoryObjectId");
    let Some(mut user) = directory::user(tx, &recipient.tenant, id) else {
        return Ok(());
    };
    let before = user.body.clone();
    let proxies = recipient.list("EmailAddresses");
    user.set("proxyAddresses", proxies);
    user.set("mail", recipient.text("PrimarySmtpAddress"));
    user.set("mailNickname", recipient.text("Alias"));
    user.set("displayName", recipient.text("DisplayName"));
    match user.body == before {
        true => Ok(()),
        false => directory::store_user(tx, &user),
    }
}

fn identities(tx: &Tx<'_>, recipient: &Object) -> Vec<(&'static str, String)> {
    let mut known = Vec::new();
    for (form, property) in [
        ("name", "Name"),
        ("alias", "Alias"),
        ("upn", "UserPrincipalName"),
        ("guid", "Guid"),
        ("directory-id", "ExternalDirectoryObjectId"),
        ("exchange-guid", "ExchangeGuid"),
        ("archive-guid", "ArchiveGuid"),
        ("legacy-dn", "LegacyExchangeDN"),
    ] {
        let value = recipient.text(property);
        if value != ZERO_GUID {
            known.push((form, value.to_owned()));
        }
    }
    known.push(("dn", distinguished_name(tx, recipient)));
    for proxy in recipient.list("EmailAddresses") {
        if let Some(address) = smtp_address(&proxy) {
            known.push(("address", address.to_owned()));
        }
        known.push(("proxy", proxy));
    }
    known
}

/// Where the directory keeps the object.
pub fn distinguished_name(tx: &Tx<'_>, recipient: &Object) -> String {
    format!(
        "CN={},OU={},OU=Microsoft Exchange Hosted Organizations,DC=NAMPR00A000,DC=PROD,DC=OUTLOOK,DC=COM",
        recipient.text("Name"),
        directory::initial_domain(tx, &recipient.tenant)
    )
}

/// The address of an SMTP proxy, primary or not.
pub fn smtp_address(proxy: &str) -> Option<&str> {
    let (prefix, address) = proxy.split_once(':')?;
    prefix.eq_ignore_ascii_case("smtp").then_some(address)
}

/// The primary SMTP address; empty when there is none.
pub fn primary_address(recipient: &Object) -> String {
    let proxies = recipient.list("EmailAddresses");
    let primary = proxies.iter().find_map(|proxy| proxy.strip_prefix("SMTP:"));
    primary.unwrap_or_default().to_owned()
}

/// All SMTP addresses, primary first as stored.
pub fn smtp_addresses(recipient: &Object) -> Vec<String> {
    let proxies = recipient.list("EmailAddresses");
    proxies.iter().filter_map(|proxy| smtp_address(proxy)).map(str::to_owned).collect()
}

/// Whether only soft-deleted remains are left.
pub fn is_soft_deleted(recipient: &Object) -> bool {
    recipient.flag("_SoftDeleted")
}

/// Whether it is a mailbox of any type.
pub fn is_mailbox(recipient: &Object) -> bool {
    recipient.text("RecipientTypeDetails").ends_with("Mailbox")
}

/// Whether it is a group.
pub fn is_group(recipient: &Object) -> bool {
    recipient.text("RecipientTypeDetails").ends_with("Group")
}

/// A GUID property, with zeros when it is not set.
pub fn guid<'a>(recipient: &'a Object, property: &str) -> &'a str {
    match recipient.text(property) {
        "" => ZERO_GUID,
        set => set,
    }
}

/// Whether the Entra user behind the recipient holds the cross-tenant migration licence.
pub fn has_migration_licence(tx: &Tx<'_>, recipient: &Object) -> rusqlite::Result<bool> {
    let id = recipient.text("ExternalDirectoryObjectId");
    Ok(!id.is_empty() && directory::has_migration_licence(tx, &recipient.tenant, id))
}

/// The direct members of a group that are recipients.
pub fn group_members(tx: &Tx<'_>, group: &Object) -> rusqlite::Result<Vec<Object>> {
    let mut members = Vec::new();
    for id in group.list("_Members") {
        let found = match by_directory_id(tx, &group.tenant, &id)? {
            Some(found) => Some(found),
            None => by_form(tx, &group.tenant, "guid", &id)?,
        };
        members.extend(found);
    }
    Ok(members)
}

/// Whether `recipient` is in `group`, directly or through groups in it.
pub fn is_in_group(tx: &Tx<'_>, group: &Object, recipient: &Object) -> rusqlite::Result<bool> {
    let mut seen = HashSet::new();
    let mut open = vec![group.clone()];
    while let Some(group) = open.pop() {
        if !seen.insert(group.id.clone()) {
            continue;
        }
        for member in group_members(tx, &group)? {
            if member.id == recipient.id {
                return Ok(true);
            }
            if is_group(&member) {
                open.push(member);
            }
        }
    }
    Ok(false)
}

//! How recipients look to a client: the stored row laid over the defaults of its kind, with what follows from other rows.
//!
//! Every record carries `_Key`, our own key of the row, by which the face continues a page; it never leaves the sandbox.

use std::sync::LazyLock;

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::sandbox::Object;
use crate::sandbox::Tx;
use crate::sandbox::directory;
use crate::sandbox::exchange::recipient;

/// What a property is when nothing is known of it, in the order the service writes them.
static DEFAULTS: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("defaults.json")).expect("the file is part of the source and tested"));

const GIGABYTE: u64 = 1 << 30;

/// A mailbox as `Get-Mailbox` shows it.
pub fn mailbox(tx: &Tx<'_>, row: &Object) -> Map<String, Value> {
    let mut shown = shown("mailbox", row);
    account(tx, row, &mut shown);
    archive(row, &mut shown);
    holds(row, &mut shown);
    let details = row.text("RecipientTypeDetails");
    let resource = match details {
        "RoomMailbox" => json!("Room"),
        "EquipmentMailbox" => json!("Equipment"),
        _ => Value::Null,
    };
    shown.insert("IsShared".into(), json!(details == "SharedMailbox"));
    shown.insert("IsResource".into(), json!(!resource.is_null()));
    shown.insert("ResourceType".into(), resource);
    let quota = bytes(row, "_ProhibitSendReceiveQuota", 100 * GIGABYTE);
    shown.insert("ProhibitSendReceiveQuota".into(), json!(size_text(quota)));
    shown.insert("ProhibitSendQuota".into(), json!(size_text(quota - quota / 100)));
    shown.insert("IssueWarningQuota".into(), json!(size_text(quota - quota / 50)));
    shown.insert("RecoverableItemsQuota".into(), json!(size_text(recoverable_items_quota(row))));
    shown.insert(
        "RecipientSoftDeletedStatus".into(),
        json!(i32::from(recipient::is_soft_deleted(row))),
    );
    if shown["WhenMailboxCreated"].is_null() {
        shown.insert("WhenMailboxCreated".into(), json!(row.text("WhenCreated")));
    }
    let forwarding = row.text("ForwardingAddress");
    if !forwarding.is_empty() {
        shown.insert("ForwardingAddress".into(), json!(name_of(tx, &row.tenant, forwarding)));
    }
    directory_members(tx, row, &mut shown);
    shown
}

/// A mail user as `Get-MailUser` shows it.
pub fn mail_user(tx: &Tx<'_>, row: &Object) -> Map<String, Value> {
    let mut shown = shown("mailUser", row);
    account(tx, row, &mut shown);
    holds(row, &mut shown);
    shown.insert("RecoverableItemsQuota".into(), json!(size_text(recoverable_items_quota(row))));
    directory_members(tx, row, &mut shown);
    shown
}

/// Any recipient as `Get-Recipient` shows it.
pub fn any(tx: &Tx<'_>, row: &Object) -> Map<String, Value> {
    let mut shown = shown("recipient", row);
    if recipient::is_mailbox(row) {
        archive(row, &mut shown);
    }
    shown.insert("PersistedCapabilities".into(), json!(capabilities(tx, row)));
    let user = directory::user(tx, &row.tenant, row.text("ExternalDirectoryObjectId"));
    let sku_assigned = user.is_some_and(|user| !directory::service_plans(&user).is_empty());
    shown.insert("SKUAssigned".into(), json!(sku_assigned));
    directory_members(tx, row, &mut shown);
    shown
}

/// A group as `Get-DistributionGroup` shows it.
pub fn group(tx: &Tx<'_>, row: &Object) -> Map<String, Value> {
    let mut shown = shown("group", row);
    let is_security = row.text("RecipientTypeDetails") == "MailUniversalSecurityGroup";
    let kind = if is_security { "Universal, SecurityEnabled" } else { "Universal" };
    shown.insert("GroupType".into(), json!(kind));
    for property in ["ManagedBy", "GrantSendOnBehalfTo"] {
        shown.insert(property.into(), json!(names_of(tx, row, property)));
    }
    directory_members(tx, row, &mut shown);
    shown
}

/// A member of a group as `Get-DistributionGroupMember` shows it.
pub fn member(tx: &Tx<'_>, row: &Object) -> Map<String, Value> {
    let mut shown = any(tx, row);
    shown.retain(|name, _| {
        let kept = [
            "_Key",
            "Identity",
            "Id",
            "Name",
            "Alias",
            "DisplayName",
            "PrimarySmtpAddress",
            "EmailAddresses",
            "RecipientType",
            "RecipientTypeDetails",
            "ExternalDirectoryObjectId",
            "ExchangeGuid",
            "Guid",
            "DistinguishedName",
            "IsValid",
        ];
        kept.contains(&name.as_str())
    });
    shown
}

/// The recipient's type without detail.
pub fn recipient_type(details: &str) -> &str {
    match details {
        "MailUser" | "GuestMailUser" | "SharedWithMailUser" => "MailUser",
        mailbox if mailbox.ends_with("Mailbox") => "UserMailbox",
        "RoomList" => "MailUniversalDistributionGroup",
        other => other,
    }
}

/// `3.214 GB (3,451,013,234 bytes)`.
pub fn size_text(bytes: u64) -> String {
    let mut unit = 0;
    let mut scaled = bytes as f64;
    while scaled >= 1024.0 && unit < 4 {
        scaled /= 1024.0;
        unit += 1;
    }
    let decimals = match scaled {
        small if small < 10.0 => 3,
        medium if medium < 100.0 => 2,
        large if large < 1000.0 => 1,
        _ => 0,
    };
    let number = format!("{scaled:.decimals$}");
    let number = match number.contains('.') {
        true => number.trim_end_matches('0').trim_end_matches('.'),
        false => &number,
    };
    let digits = bytes.to_string();
    let grouped: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(|three| std::str::from_utf8(three).expect("digits are ASCII"))
        .collect();
    format!("{number} {} ({} bytes)", ["B", "KB", "MB", "GB", "TB"][unit], grouped.join(","))
}

/// The bytes that may lie in the mailbox's recoverable items: 100 GB when it is held, else 30 GB.
pub fn recoverable_items_quota(row: &Object) -> u64 {
    let held = row.flag("LitigationHoldEnabled") || !row.list("InPlaceHolds").is_empty();
    bytes(row, "_RecoverableItemsQuota", if held { 100 * GIGABYTE } else { 30 * GIGABYTE })
}

/// What Exchange concludes from the user's licences.
pub fn capabilities(tx: &Tx<'_>, row: &Object) -> Vec<&'static str> {
    let id = row.text("ExternalDirectoryObjectId");
    let mut held = Vec::new();
    let Some(user) = directory::user(tx, &row.tenant, id) else {
        return held;
    };
    for plan in directory::service_plans(&user) {
        let capability = match plan {
            "EXCHANGE_S_ENTERPRISE" => "BPOS_S_Enterprise",
            "EXCHANGE_S_STANDARD" => "BPOS_S_Standard",
            "EXCHANGE_S_DESKLESS" => "BPOS_S_Deskless",
            "EXCHANGE_S_ARCHIVE_ADDON" => "BPOS_S_ArchiveAddOn",
            _ => continue,
        };
        if !held.contains(&capability) {
            held.push(capability);
        }
    }
    if directory::has_migration_licence(tx, &row.tenant, id) {
        held.push("ExchangeT2TMbxMove");
    }
    held
}

fn bytes(row: &Object, property: &str, otherwise: u64) -> u64 {
    row.body.get(property).and_then(Value::as_u64).unwrap_or(otherwise)
}

/// The defaults of that kind with what the row holds under the same names.
fn shown(kind: &str, row: &Object) -> Map<String, Value> {
    let mut shown = DEFAULTS[kind].as_object().cloned().unwrap_or_default();
    for (name, held) in &row.body {
        if let Some(value) = shown.get_mut(name) {
            value.clone_from(held);
        }
    }
    shown.insert("_Key".into(), json!(row.id));
    shown
}

fn account(tx: &Tx<'_>, row: &Object, shown: &mut Map<String, Value>) {
    let user = directory::user(tx, &row.tenant, row.text("ExternalDirectoryObjectId"));
    let plans = user.as_ref().map(directory::service_plans).unwrap_or_default();
    let upn = row.text("UserPrincipalName");
    for property in ["UserPrincipalName", "MicrosoftOnlineServicesID", "WindowsLiveID"] {
        shown.insert(property.into(), json!(upn));
    }
    let disabled = user
        .as_ref()
        .is_some_and(|user| user.body.get("accountEnabled") == Some(&Value::Bool(false)));
    shown.insert("AccountDisabled".into(), json!(disabled));
    shown.insert("SKUAssigned".into(), if plans.is_empty() { Value::Null } else { json!(true) });
    shown.insert("PersistedCapabilities".into(), json!(capabilities(tx, row)));
    shown.insert("GrantSendOnBehalfTo".into(), json!(names_of(tx, row, "GrantSendOnBehalfTo")));
    let country = user.as_ref().map(|user| user.text("usageLocation")).unwrap_or_default();
    shown.insert("UsageLocation".into(), json!(country_name(country)));
    shown.insert("WindowsEmailAddress".into(), json!(row.text("PrimarySmtpAddress")));
    let sam = row.text("Guid").replace('-', "").to_uppercase();
    if let (Some(first), Some(second)) = (sam.get(..6), sam.get(20..)) {
        shown.insert("SamAccountName".into(), json!(format!("${first}-{second}")));
    }
}

fn country_name(code: &str) -> &str {
    match code {
        "US" => "United States",
        "GB" => "United Kingdom",
        "DE" => "Germany",
        "FR" => "France",
        "NL" => "Netherlands",
        "SE" => "Sweden",
        other => other,
    }
}

fn archive(row: &Object, shown: &mut Map<String, Value>) {
    let primary = recipient::guid(row, "ExchangeGuid");
    let archive = recipient::guid(row, "ArchiveGuid");
    let location = |guid: &str, kind: &str| format!("1;{guid};{kind};namprd00.prod.outlook.com;ae062711-0000-4000-8000-c0ffee000051");
    let mut locations = vec![location(primary, "Primary")];
    let has_archive = archive != recipient::ZERO_GUID;
    if has_archive {
        locations.push(location(archive, "MainArchive"));
        let name = format!("In-Place Archive -{}", row.text("DisplayName"));
        shown.insert("ArchiveName".into(), json!([name]));
        shown.insert("ArchiveDatabase".into(), json!("NAMPR00DG000-db002"));
    }
    locations.extend(row.list("_AuxArchives").iter().map(|guid| location(guid, "AuxArchive")));
    shown.insert("MailboxLocations".into(), json!(locations));
    shown.insert("ArchiveStatus".into(), json!(if has_archive { "Active" } else { "None" }));
    shown.insert("ArchiveState".into(), json!(if has_archive { "Local" } else { "None" }));
}

fn holds(row: &Object, shown: &mut Map<String, Value>) {
    if row.flag("LitigationHoldEnabled") && row.text("LitigationHoldDate").is_empty() {
        shown.insert("LitigationHoldDate".into(), json!(row.text("WhenCreated")));
    }
}

fn directory_members(tx: &Tx<'_>, row: &Object, shown: &mut Map<String, Value>) {
    let details = row.text("RecipientTypeDetails");
    let name = row.text("Name");
    let domain = directory::initial_domain(tx, &row.tenant);
    let root = format!("NAMPR00A000.PROD.OUTLOOK.COM/Microsoft Exchange Hosted Organizations/{domain}");
    let guids = ["ExchangeGuid", "ArchiveGuid", "DisabledArchiveGuid"];
    for property in guids
        .into_iter()
        .filter(|property| shown.contains_key(*property))
        .collect::<Vec<_>>()
    {
        shown.insert(property.into(), json!(recipient::guid(row, property)));
    }
    let own = json!({
        "RecipientType": recipient_type(details),
        "RecipientTypeDetails": details,
        "Identity": name,
        "Id": name,
        "IsValid": true,
        "ExchangeVersion": "0.20 (15.0.0.0)",
        "Name": name,
        "DistinguishedName": recipient::distinguished_name(tx, row),
        "ObjectCategory": "NAMPR00A000.PROD.OUTLOOK.COM/Configuration/Schema/Person",
        "ObjectClass": ["top", "person", "organizationalPerson", "user"],
        "WhenChanged": row.text("WhenChanged"),
        "WhenCreated": row.text("WhenCreated"),
        "WhenChangedUTC": row.text("WhenChanged"),
        "WhenCreatedUTC": row.text("WhenCreated"),
        "ExchangeObjectId": row.text("Guid"),
        "OrganizationalUnitRoot": domain,
        "OrganizationId": format!("{root} - NAMPR00A000.PROD.OUTLOOK.COM/ConfigurationUnits/{domain}/Configuration"),
        "Guid": row.text("Guid"),
        "OriginatingServer": "NAM00A00DC001.NAMPR00A000.PROD.OUTLOOK.COM",
    });
    if let Value::Object(own) = own {
        shown.extend(own);
    }
}

fn names_of(tx: &Tx<'_>, row: &Object, property: &str) -> Vec<String> {
    row.list(property).iter().map(|guid| name_of(tx, &row.tenant, guid)).collect()
}

/// The `Name` of the recipient with that GUID; what does not resolve is shown as it is.
pub fn name_of(tx: &Tx<'_>, tenant: &str, guid: &str) -> String {
    let found = tx.sound(recipient::resolve(tx, tenant, guid));
    found.first().map_or_else(|| guid.to_owned(), |found| found.text("Name").to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_written_as_the_service_writes_them() {
        assert_eq!(size_text(0), "0 B (0 bytes)");
        assert_eq!(size_text(3_451_013_234), "3.214 GB (3,451,013,234 bytes)");
        assert_eq!(size_text(36_700_160), "35 MB (36,700,160 bytes)");
        assert_eq!(size_text(106_300_440_576), "99 GB (106,300,440,576 bytes)");
        assert_eq!(size_text(126_248_550), "120.4 MB (126,248,550 bytes)");
    }
}

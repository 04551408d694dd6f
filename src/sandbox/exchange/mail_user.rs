//! Mail users: the objects that a migration turns into mailboxes.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use uuid::Uuid;

use crate::sandbox::Object;
use crate::sandbox::Tx;
use crate::sandbox::directory;
use crate::sandbox::exchange::Answer;
use crate::sandbox::exchange::Call;
use crate::sandbox::exchange::Cmdlet;
use crate::sandbox::exchange::Output;
use crate::sandbox::exchange::Parameter::Bool;
use crate::sandbox::exchange::Parameter::Guid;
use crate::sandbox::exchange::Parameter::Multi;
use crate::sandbox::exchange::Parameter::Secret;
use crate::sandbox::exchange::Parameter::Switch;
use crate::sandbox::exchange::Parameter::Text;
use crate::sandbox::exchange::Refusal;
use crate::sandbox::exchange::address;
use crate::sandbox::exchange::licence;
use crate::sandbox::exchange::lookup;
use crate::sandbox::exchange::recipient;
use crate::sandbox::exchange::refusal;
use crate::sandbox::exchange::render;
use crate::sandbox::exchange::table::CUSTOM_ATTRIBUTES;
use crate::sandbox::exchange::table::LISTING;
use crate::sandbox::exchange::table::Parameters;
use crate::sandbox::exchange::table::joined;
use crate::sandbox::rule;

/// The cmdlets of mail users.
pub const CMDLETS: &[Cmdlet] = &[
    Cmdlet {
        name: "Get-MailUser",
        parameters: &joined::<{ LISTING.len() + 1 }>(&[LISTING, &[("SoftDeletedMailUser", Switch)]]),
        mandatory: &[],
        role: "View",
        run: get,
    },
    Cmdlet {
        name: "New-MailUser",
        parameters: NEW,
        mandatory: &["Name"],
        role: "Mail Recipient Creation",
        run: new,
    },
    Cmdlet {
        name: "Set-MailUser",
        parameters: &joined::<{ SET.len() + OWN_SETS.len() + CUSTOM_ATTRIBUTES.len() }>(&[SET, OWN_SETS, CUSTOM_ATTRIBUTES]),
        mandatory: &["Identity"],
        role: "Mail Recipients",
        run: set,
    },
    Cmdlet {
        name: "Remove-MailUser",
        parameters: &[("Identity", Text), ("PermanentlyDelete", Switch)],
        mandatory: &["Identity"],
        role: "Mail Recipient Creation",
        run: remove,
    },
];

const NEW: &Parameters = &[
    ("Name", Text),
    ("MicrosoftOnlineServicesID", Text),
    ("Password", Secret),
    ("FederatedIdentity", Text),
    ("ExternalEmailAddress", Text),
    ("PrimarySmtpAddress", Text),
    ("Alias", Text),
    ("DisplayName", Text),
    ("FirstName", Text),
    ("LastName", Text),
    ("Initials", Text),
    ("MailboxRegion", Text),
    ("ImmutableId", Text),
    ("OrganizationalUnit", Text),
    ("ModerationEnabled", Bool),
    ("ModeratedBy", Multi),
    ("SendModerationNotifications", Text),
    ("MacAttachmentFormat", Text),
    ("MessageFormat", Text),
    ("MessageBodyFormat", Text),
    ("UsePreferMessageFormat", Bool),
    ("RemotePowerShellEnabled", Bool),
];

const SET: &Parameters = &[
    ("Identity", Text),
    ("ExchangeGuid", Guid),
    ("ArchiveGuid", Guid),
    ("EmailAddresses", Multi),
    ("ExternalEmailAddress", Text),
    ("PrimarySmtpAddress", Text),
    ("WindowsEmailAddress", Text),
    ("MicrosoftOnlineServicesID", Text),
    ("Alias", Text),
    ("DisplayName", Text),
    ("Name", Text),
    ("HiddenFromAddressListsEnabled", Bool),
    ("GrantSendOnBehalfTo", Multi),
    ("ForceUpgrade", Switch),
    ("Password", Secret),
    ("ImmutableId", Text),
    ("FederatedIdentity", Text),
    ("MailboxRegion", Text),
    ("RecipientLimits", Text),
    ("MaxSendSize", Text),
    ("MaxReceiveSize", Text),
];

/// Each of these stands alone, beside `Identity`.
const OWN_SETS: &Parameters = &[
    ("EnableLitigationHoldForMigration", Switch),
    ("RemoveLitigationHoldEnabled", Switch),
    ("RemoveDelayHoldApplied", Switch),
    ("RemoveDelayReleaseHoldApplied", Switch),
    ("RemoveComplianceTagHoldApplied", Switch),
    ("RecalculateInactiveMailUser", Switch),
    ("RemoveDisabledArchive", Switch),
    ("ExcludeFromAllOrgHolds", Switch),
    ("ExcludeFromOrgHolds", Multi),
    ("RemoveOrphanedHolds", Multi),
];

fn is_mail_user(row: &Object) -> bool {
    ["MailUser", "GuestMailUser", "SharedWithMailUser"].contains(&row.text("RecipientTypeDetails"))
}

fn get(call: &Call<'_>) -> Answer {
    lookup::recipients(call, is_mail_user, render::mail_user, call.is_on("SoftDeletedMailUser"))
}

fn new(call: &Call<'_>) -> Answer {
    let (tx, tenant) = (call.tx, call.tenant);
    let name = call.text("Name").ok_or_else(|| refusal::missing("Name"))?;
    let upn = call.text("MicrosoftOnlineServicesID");
    let external = call.text("ExternalEmailAddress").map(external_address).transpose()?;
    if upn.is_none() && external.is_none() {
        return Err(refusal::missing("ExternalEmailAddress"));
    }
    if upn.is_some() && call.text("Password").is_none() && call.text("FederatedIdentity").is_none() {
        return Err(refusal::missing("Password"));
    }
    for (property, value) in [("Name", Some(name)), ("Alias", call.text("Alias"))] {
        check_length(property, value.unwrap_or_default())?;
    }
    if !tx
        .find(tenant, "name", name)?
        .iter()
        .all(|row| row.kind != recipient::KIND || recipient::is_soft_deleted(row))
    {
        return Err(refusal::already_exists(name));
    }
    let local_part = upn.and_then(|upn| upn.split('@').next());
    let alias = match call.text("Alias") {
        Some(alias) => alias.to_owned(),
        None => free_alias(call, &address::alias_from(local_part.unwrap_or(name)))?,
    };
    address::check_alias(tx, tenant, &alias, "")?;
    let upn = upn.map_or_else(|| format!("{alias}@{}", directory::initial_domain(tx, tenant)), str::to_owned);
    check_free_sign_in(tx, tenant, &upn, "")?;

    let mut row = recipient::new(tx, tenant, "MailUser", name, &alias);
    // Without a primary address of its own the object takes the external one, foreign domain or not.
    let primary = match (call.text("PrimarySmtpAddress"), &external) {
        (Some(primary), _) => {
            address::check_form(primary)?;
            if !address::is_accepted(tx, tenant, primary) {
                return Err(refusal::not_accepted());
            }
            primary.to_owned()
        }
        (None, Some(external)) => external.trim_start_matches("SMTP:").to_owned(),
        (None, None) => upn.clone(),
    };
    if address::owner(tx, tenant, &format!("smtp:{primary}"), "")?.is_some() {
        return Err(refusal::member_exists(&format!("SMTP:{primary}")));
    }
    row.set("EmailAddresses", json!([format!("SMTP:{primary}")]));
    row.set("UserPrincipalName", upn.as_str());
    if let Some(external) = external {
        row.set("ExternalEmailAddress", external);
    }
    for property in ["DisplayName", "FirstName", "LastName", "Initials", "MailboxRegion"] {
        lookup::assign(call, &mut row, &[property]);
    }
    let user = new_user(call, &row, &upn);
    directory::store_user(tx, &user)?;
    row.set("ExternalDirectoryObjectId", user.text("id"));
    recipient::store(tx, &row)?;
    let row = tx.get(&row.id)?.unwrap_or(row);
    Ok(Output::one(render::mail_user(tx, &row)))
}

fn new_user(call: &Call<'_>, row: &Object, upn: &str) -> Object {
    let mut user = Object::new(call.tenant, "user", Map::new());
    user.set("id", Uuid::new_v4().to_string());
    user.set("userPrincipalName", upn);
    user.set("displayName", row.text("DisplayName"));
    user.set("givenName", call.text("FirstName").map_or(Value::Null, Value::from));
    user.set("surname", call.text("LastName").map_or(Value::Null, Value::from));
    user.set("mailNickname", row.text("Alias"));
    user.set("userType", "Member");
    user.set("accountEnabled", call.text("MicrosoftOnlineServicesID").is_some());
    user.set("usageLocation", Value::Null);
    user.set("assignedLicenses", json!([]));
    user.set("createdDateTime", call.tx.now().to_string());
    user
}

fn free_alias(call: &Call<'_>, wanted: &str) -> Result<String, Refusal> {
    let mut alias = wanted.to_owned();
    let mut number = 1;
    while address::check_alias(call.tx, call.tenant, &alias, "").is_err() && !wanted.is_empty() && number < 1000 {
        alias = format!("{wanted}{number}");
        number += 1;
    }
    Ok(alias)
}

fn check_length(property: &str, value: &str) -> Result<(), Refusal> {
    let length = value.chars().count();
    match length <= 64 {
        true => Ok(()),
        false => Err(refusal::validation(format!(
            "The length of the property {property} is too long. The maximum length is 64 and the length of the value provided is {length}."
        ))),
    }
}

/// Refuses a sign-in name whose domain is foreign, or that another user or another recipient's address has.
fn check_free_sign_in(tx: &Tx<'_>, tenant: &str, upn: &str, own_user: &str) -> Result<(), Refusal> {
    address::check_form(upn)?;
    if !address::is_accepted(tx, tenant, upn) {
        return Err(refusal::not_accepted());
    }
    let user = directory::user(tx, tenant, upn).filter(|user| user.text("id") != own_user);
    let owner = address::owner(tx, tenant, &format!("smtp:{upn}"), "")?;
    let owner = owner.filter(|owner| own_user.is_empty() || owner.text("ExternalDirectoryObjectId") != own_user);
    match user.is_none() && owner.is_none() {
        true => Ok(()),
        false => Err(refusal::member_exists(&format!("SMTP:{upn}"))),
    }
}

fn external_address(given: &str) -> Result<String, Refusal> {
    let address = given.split_once(':').map_or(given, |(_, address)| address);
    address::check_form(address)?;
    Ok(format!("SMTP:{address}"))
}

fn set(call: &Call<'_>) -> Answer {
    let before = lookup::one(call, is_mail_user)?;
    let own: Vec<&str> = OWN_SETS
        .iter()
        .map(|(name, _)| *name)
        .filter(|name| call.get(name).is_some())
        .collect();
    if !own.is_empty() {
        return set_alone(call, &before, &own);
    }
    if before.flag("IsDirSynced") {
        return Err(refusal::synchronised(before.text("Name")));
    }
    let mut row = before.clone();
    set_guids(call, &mut row)?;
    set_addresses(call, &mut row)?;
    if let Some(external) = call.text("ExternalEmailAddress") {
        row.set("ExternalEmailAddress", external_address(external)?);
    }
    if let Some(alias) = call.text("Alias").filter(|alias| !alias.eq_ignore_ascii_case(before.text("Alias"))) {
        check_length("Alias", alias)?;
        address::check_alias(call.tx, call.tenant, alias, &row.id)?;
    }
    check_length("Name", call.text("Name").unwrap_or_default())?;
    lookup::assign(
        call,
        &mut row,
        &[
            "Alias",
            "DisplayName",
            "Name",
            "HiddenFromAddressListsEnabled",
            "MailboxRegion",
            "MaxSendSize",
            "MaxReceiveSize",
        ],
    );
    lookup::assign_custom_attributes(call, &mut row);
    if let Some(trusted) = lookup::references(call, &before.list("GrantSendOnBehalfTo"), "GrantSendOnBehalfTo", |_| true)? {
        row.set("GrantSendOnBehalfTo", trusted);
    }
    if let Some(upn) = call.text("MicrosoftOnlineServicesID") {
        set_sign_in(call, &mut row, upn)?;
    }
    // A password is not kept; giving one is a change all the same.
    if call.text("Password").is_some() && before.body == row.body {
        recipient::store(call.tx, &row)?;
        return Ok(Output::default());
    }
    lookup::stored(call, &before, &row)
}

fn set_sign_in(call: &Call<'_>, row: &mut Object, upn: &str) -> Result<(), Refusal> {
    let id = row.text("ExternalDirectoryObjectId").to_owned();
    if upn.eq_ignore_ascii_case(row.text("UserPrincipalName")) {
        return Ok(());
    }
    check_free_sign_in(call.tx, call.tenant, upn, &id)?;
    row.set("UserPrincipalName", upn);
    if let Some(mut user) = directory::user(call.tx, call.tenant, &id) {
        user.set("userPrincipalName", upn);
        directory::store_user(call.tx, &user)?;
    }
    Ok(())
}

fn set_guids(call: &Call<'_>, row: &mut Object) -> Result<(), Refusal> {
    for property in ["ExchangeGuid", "ArchiveGuid"] {
        let Some(given) = call.get(property) else { continue };
        let guid = given.as_str().unwrap_or(recipient::ZERO_GUID);
        if guid == recipient::guid(row, property) {
            continue;
        }
        if row.text("PreviousRecipientTypeDetails").ends_with("Mailbox") {
            return Err(refusal::task(format!(
                "{property} of \"{}\" can't be set because the object still has information about a previous mailbox. Run Set-User \
                 with PermanentlyClearPreviousMailboxInfo first.",
                row.text("Name")
            )));
        }
        if guid != recipient::ZERO_GUID
            && let Some(owner) = owner_of_mailbox(call, guid, &row.id)?
        {
            return Err(refusal::task(format!(
                "{property} \"{guid}\" is already being used by \"{}\". Please choose another GUID.",
                owner.text("Name")
            )));
        }
        row.set(property, guid);
    }
    Ok(())
}

fn owner_of_mailbox(call: &Call<'_>, guid: &str, except: &str) -> Result<Option<Object>, Refusal> {
    let mut found = call.tx.find(call.tenant, "exchange-guid", guid)?;
    found.extend(call.tx.find(call.tenant, "archive-guid", guid)?);
    Ok(found
        .into_iter()
        .find(|row| row.kind == recipient::KIND && row.id != except && !recipient::is_soft_deleted(row)))
}

/// `EmailAddresses`, `PrimarySmtpAddress` and `WindowsEmailAddress`, of mail users and mailboxes alike.
pub fn set_addresses(call: &Call<'_>, row: &mut Object) -> Result<(), Refusal> {
    let before = row.list("EmailAddresses");
    let primary = call.text("PrimarySmtpAddress").or(call.text("WindowsEmailAddress"));
    let after = match (call.get("EmailAddresses"), primary) {
        (Some(_), Some(_)) => {
            return Err(refusal::parameter_set("EmailAddresses, PrimarySmtpAddress"));
        }
        (Some(given), None) => address::edited(&before, given)?,
        (None, Some(primary)) => address::with_primary(&before, primary),
        (None, None) => return Ok(()),
    };
    address::check_added(call.tx, row, &before, &after)?;
    row.set("EmailAddresses", after);
    licence::scrub(call.tx, row);
    Ok(())
}

fn set_alone(call: &Call<'_>, before: &Object, own: &[&str]) -> Answer {
    let allowed = ["Identity"];
    let others = call
        .parameters
        .keys()
        .filter(|name| !allowed.iter().chain(own).any(|known| known.eq_ignore_ascii_case(name)));
    let others: Vec<&String> = others.collect();
    if own.len() > 1 || !others.is_empty() {
        return Err(refusal::parameter_set(&own.join(", ")));
    }
    let mut row = before.clone();
    apply_alone(&mut row, own[0]);
    lookup::stored(call, before, &row)
}

/// The effect of a parameter that stands alone, of mail users and mailboxes alike.
pub fn apply_alone(row: &mut Object, name: &str) {
    let cleared: &[&str] = match name {
        "EnableLitigationHoldForMigration" => {
            row.set("LitigationHoldEnabled", true);
            &[]
        }
        "RemoveLitigationHoldEnabled" => &["LitigationHoldEnabled", "LitigationHoldDate", "LitigationHoldOwner"],
        "RemoveDelayHoldApplied" => &["DelayHoldApplied"],
        "RemoveDelayReleaseHoldApplied" => &["DelayReleaseHoldApplied"],
        "RemoveComplianceTagHoldApplied" => &["ComplianceTagHoldApplied"],
        "RemoveDisabledArchive" => &["DisabledArchiveGuid"],
        "ExcludeFromAllOrgHolds" | "ExcludeFromOrgHolds" | "RemoveOrphanedHolds" => &["InPlaceHolds"],
        _ => &[],
    };
    for property in cleared {
        row.body.shift_remove(*property);
    }
}

/// Whether any signal says that content must be kept. An entry that begins with `-` excludes from a policy.
pub fn is_held(row: &Object) -> bool {
    let flags = [
        "LitigationHoldEnabled",
        "DelayHoldApplied",
        "DelayReleaseHoldApplied",
        "ComplianceTagHoldApplied",
    ];
    flags.iter().any(|flag| row.flag(flag)) || row.list("InPlaceHolds").iter().any(|hold| !hold.starts_with('-'))
}

fn remove(call: &Call<'_>) -> Answer {
    let identity = call.text("Identity").ok_or_else(|| refusal::missing("Identity"))?;
    if call.is_on("PermanentlyDelete") {
        return purge(call, identity);
    }
    let row = lookup::one(call, is_mail_user)?;
    if row.flag("IsDirSynced") {
        return Err(refusal::synchronised(row.text("Name")));
    }
    if is_held(&row) {
        return Err(Refusal::by(&rule::MAIL_USER_ON_HOLD, &[]));
    }
    let user = directory::user(call.tx, call.tenant, row.text("ExternalDirectoryObjectId"));
    licence::soft_delete(call.tx, &row)?;
    if let Some(user) = user {
        directory::soft_delete_user(call.tx, &user)?;
    }
    Ok(Output::default())
}

/// Removes remains for good, unless an account still stands behind them.
fn purge(call: &Call<'_>, identity: &str) -> Answer {
    let found = recipient::resolve_with_deleted(call.tx, call.tenant, identity)?;
    let (deleted, live): (Vec<Object>, Vec<Object>) = found.into_iter().partition(recipient::is_soft_deleted);
    let row = lookup::single(if deleted.is_empty() { live } else { deleted }, identity, is_mail_user)?;
    if is_held(&row) {
        return Err(Refusal::by(&rule::MAIL_USER_ON_HOLD, &[]));
    }
    if directory::user(call.tx, call.tenant, row.text("ExternalDirectoryObjectId")).is_some() {
        return Err(Refusal::by(&rule::HAS_ENTRA_USER, &[]));
    }
    call.tx.delete(&row.id)?;
    Ok(Output::default())
}

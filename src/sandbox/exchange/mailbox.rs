//! Mailboxes of users, and shared, room and equipment mailboxes.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::sandbox::Object;
use crate::sandbox::exchange::Answer;
use crate::sandbox::exchange::Call;
use crate::sandbox::exchange::Cmdlet;
use crate::sandbox::exchange::Output;
use crate::sandbox::exchange::Parameter::Bool;
use crate::sandbox::exchange::Parameter::Multi;
use crate::sandbox::exchange::Parameter::Switch;
use crate::sandbox::exchange::Parameter::Text;
use crate::sandbox::exchange::Refusal;
use crate::sandbox::exchange::address;
use crate::sandbox::exchange::lookup;
use crate::sandbox::exchange::mail_user;
use crate::sandbox::exchange::recipient;
use crate::sandbox::exchange::refusal;
use crate::sandbox::exchange::render;
use crate::sandbox::exchange::table::CUSTOM_ATTRIBUTES;
use crate::sandbox::exchange::table::LISTING;
use crate::sandbox::exchange::table::Parameters;
use crate::sandbox::exchange::table::joined;

/// The cmdlets of mailboxes and `Get-Recipient`.
pub const CMDLETS: &[Cmdlet] = &[
    Cmdlet {
        name: "Get-Mailbox",
        parameters: &joined::<{ LISTING.len() + GET.len() }>(&[LISTING, GET]),
        mandatory: &[],
        role: "View",
        run: get,
    },
    Cmdlet {
        name: "Set-Mailbox",
        parameters: &joined::<{ SET.len() + OWN_SETS.len() + CUSTOM_ATTRIBUTES.len() }>(&[SET, OWN_SETS, CUSTOM_ATTRIBUTES]),
        mandatory: &["Identity"],
        role: "Mail Recipients",
        run: set,
    },
    Cmdlet {
        name: "Get-MailboxStatistics",
        parameters: &[
            ("Identity", Text),
            ("Archive", Switch),
            ("IncludeMoveHistory", Switch),
            ("IncludeMoveReport", Switch),
            ("IncludeSoftDeletedRecipients", Switch),
        ],
        mandatory: &["Identity"],
        role: "View",
        run: statistics,
    },
    Cmdlet {
        name: "Get-Recipient",
        parameters: &joined::<{ LISTING.len() + RECIPIENT.len() }>(&[LISTING, RECIPIENT]),
        mandatory: &[],
        role: "View",
        run: get_recipient,
    },
];

const GET: &Parameters = &[
    ("RecipientTypeDetails", Multi),
    ("Archive", Switch),
    ("SoftDeletedMailbox", Switch),
    ("InactiveMailboxOnly", Switch),
    ("IncludeInactiveMailbox", Switch),
    ("GroupMailbox", Switch),
    ("PublicFolder", Switch),
    ("Migration", Switch),
];

const RECIPIENT: &Parameters = &[
    ("RecipientPreviewFilter", Text),
    ("RecipientType", Multi),
    ("RecipientTypeDetails", Multi),
    ("Properties", Multi),
    ("PropertySet", Text),
    ("IncludeSoftDeletedRecipients", Switch),
];

const SET: &Parameters = &[
    ("Identity", Text),
    ("EmailAddresses", Multi),
    ("WindowsEmailAddress", Text),
    ("Alias", Text),
    ("DisplayName", Text),
    ("Name", Text),
    ("GrantSendOnBehalfTo", Multi),
    ("ForwardingSmtpAddress", Text),
    ("ForwardingAddress", Text),
    ("DeliverToMailboxAndForward", Bool),
    ("HiddenFromAddressListsEnabled", Bool),
    ("Type", Text),
    ("LitigationHoldEnabled", Bool),
    ("LitigationHoldDuration", Text),
    ("LitigationHoldOwner", Text),
    ("SingleItemRecoveryEnabled", Bool),
    ("RetentionHoldEnabled", Bool),
    ("RetentionPolicy", Text),
    ("MessageCopyForSentAsEnabled", Bool),
    ("MessageCopyForSendOnBehalfEnabled", Bool),
    ("MaxSendSize", Text),
    ("MaxReceiveSize", Text),
    ("RecipientLimits", Text),
    ("Force", Switch),
];

const OWN_SETS: &Parameters = &[
    ("RemoveDelayHoldApplied", Switch),
    ("RemoveDelayReleaseHoldApplied", Switch),
    ("RemoveDisabledArchive", Switch),
    ("RecalculateInactiveMailbox", Switch),
    ("ExcludeFromAllOrgHolds", Switch),
    ("ExcludeFromOrgHolds", Multi),
    ("RemoveOrphanedHolds", Multi),
];

fn get(call: &Call<'_>) -> Answer {
    // Group and public folder mailboxes and the system's own are not part of the simulated tenants.
    if ["GroupMailbox", "PublicFolder", "Migration", "InactiveMailboxOnly"]
        .iter()
        .any(|name| call.is_on(name))
    {
        return Ok(Output::default());
    }
    let accepts: fn(&Object) -> bool = match call.is_on("Archive") {
        true => |row| recipient::is_mailbox(row) && recipient::guid(row, "ArchiveGuid") != recipient::ZERO_GUID,
        false => recipient::is_mailbox,
    };
    lookup::recipients(call, accepts, render::mailbox, call.is_on("SoftDeletedMailbox"))
}

fn set(call: &Call<'_>) -> Answer {
    let before = lookup::one(call, recipient::is_mailbox)?;
    let mut row = before.clone();
    let own: Vec<&str> = OWN_SETS
        .iter()
        .map(|(name, _)| *name)
        .filter(|name| call.get(name).is_some())
        .collect();
    if !own.is_empty() {
        if own.len() > 1 || call.parameters.len() > 2 {
            return Err(refusal::parameter_set(&own.join(", ")));
        }
        mail_user::apply_alone(&mut row, own[0]);
        return lookup::stored(call, &before, &row);
    }
    if before.flag("IsDirSynced") {
        return Err(refusal::synchronised(before.text("Name")));
    }
    if let Some(alias) = call.text("Alias").filter(|alias| !alias.eq_ignore_ascii_case(before.text("Alias"))) {
        address::check_alias(call.tx, call.tenant, alias, &row.id)?;
    }
    mail_user::set_addresses(call, &mut row)?;
    set_forwarding(call, &mut row)?;
    set_type(call, &mut row)?;
    set_litigation_hold(call, &mut row);
    lookup::assign(
        call,
        &mut row,
        &[
            "Alias",
            "DisplayName",
            "Name",
            "DeliverToMailboxAndForward",
            "HiddenFromAddressListsEnabled",
            "SingleItemRecoveryEnabled",
            "RetentionHoldEnabled",
            "RetentionPolicy",
            "MessageCopyForSentAsEnabled",
            "MessageCopyForSendOnBehalfEnabled",
            "MaxSendSize",
            "MaxReceiveSize",
            "RecipientLimits",
        ],
    );
    lookup::assign_custom_attributes(call, &mut row);
    if let Some(trusted) = lookup::references(call, &before.list("GrantSendOnBehalfTo"), "GrantSendOnBehalfTo", |_| true)? {
        row.set("GrantSendOnBehalfTo", trusted);
    }
    lookup::stored(call, &before, &row)
}

fn set_forwarding(call: &Call<'_>, row: &mut Object) -> Result<(), Refusal> {
    match call.get("ForwardingSmtpAddress") {
        None => {}
        Some(Value::String(given)) if !given.is_empty() => {
            let address = given.split_once(':').map_or(given.as_str(), |(_, address)| address);
            address::check_form(address)?;
            row.set("ForwardingSmtpAddress", format!("smtp:{address}"));
        }
        Some(_) => {
            row.body.shift_remove("ForwardingSmtpAddress");
        }
    }
    match call.get("ForwardingAddress") {
        None => {}
        Some(Value::String(given)) if !given.is_empty() => {
            let found = lookup::named(call.tx, call.tenant, given, |_| true)?;
            row.set("ForwardingAddress", found.text("Guid"));
        }
        Some(_) => {
            row.body.shift_remove("ForwardingAddress");
        }
    }
    Ok(())
}

fn set_type(call: &Call<'_>, row: &mut Object) -> Result<(), Refusal> {
    let Some(kind) = call.text("Type") else { return Ok(()) };
    let details = match kind.to_lowercase().as_str() {
        "regular" => "UserMailbox",
        "shared" => "SharedMailbox",
        "room" => "RoomMailbox",
        "equipment" => "EquipmentMailbox",
        _ => {
            return Err(refusal::transformation(
                "Type",
                kind,
                "Microsoft.Exchange.Data.Directory.Recipient.ConvertibleMailboxSubType",
            ));
        }
    };
    row.set("RecipientTypeDetails", details);
    Ok(())
}

fn set_litigation_hold(call: &Call<'_>, row: &mut Object) {
    lookup::assign(call, row, &["LitigationHoldDuration", "LitigationHoldOwner"]);
    if call.get("LitigationHoldEnabled").is_none() {
        return;
    }
    let was_held = row.flag("LitigationHoldEnabled");
    let is_held = call.is_on("LitigationHoldEnabled");
    if is_held && !was_held {
        row.set("LitigationHoldEnabled", true);
        row.set("LitigationHoldDate", call.tx.now().to_string());
        if row.text("LitigationHoldOwner").is_empty() {
            row.set("LitigationHoldOwner", call.caller.app_id.as_str());
        }
    }
    if was_held && !is_held {
        for property in [
            "LitigationHoldEnabled",
            "LitigationHoldDate",
            "LitigationHoldOwner",
            "LitigationHoldDuration",
        ] {
            row.body.shift_remove(property);
        }
        // The service keeps everything for some more time after a hold ends.
        row.set("DelayHoldApplied", true);
    }
}

fn statistics(call: &Call<'_>) -> Answer {
    let identity = call.text("Identity").ok_or_else(|| refusal::missing("Identity"))?;
    let mut found = recipient::resolve_with_deleted(call.tx, call.tenant, identity)?;
    found.retain(|row| call.is_on("IncludeSoftDeletedRecipients") || !recipient::is_soft_deleted(row));
    let row = lookup::single(found, identity, recipient::is_mailbox)?;
    let is_archive = call.is_on("Archive");
    if is_archive && recipient::guid(&row, "ArchiveGuid") == recipient::ZERO_GUID {
        return Err(refusal::task(format!(
            "The mailbox \"{}\" doesn't have an archive.",
            row.text("Name")
        )));
    }
    let number = |property: &str| row.body.get(property).and_then(Value::as_u64).unwrap_or_default();
    let (size, items, guid) = match is_archive {
        true => ("_ArchiveSize", "_ArchiveItems", "ArchiveGuid"),
        false => ("_Size", "_Items", "ExchangeGuid"),
    };
    let (deleted_size, deleted_items) = match is_archive {
        true => (0, 0),
        false => (number("_DeletedSize"), number("_DeletedItems")),
    };
    let record = json!({
        "DisplayName": row.text("DisplayName"),
        "MailboxGuid": recipient::guid(&row, guid),
        "ItemCount": number(items),
        "TotalItemSize": render::size_text(number(size)),
        "DeletedItemCount": deleted_items,
        "TotalDeletedItemSize": render::size_text(deleted_size),
        "AssociatedItemCount": 412,
        "LastLogonTime": row.text("WhenChanged"),
        "LastUserActionTime": row.text("WhenChanged"),
        "MailboxType": "Private",
        "MailboxTypeDetail": row.text("RecipientTypeDetails"),
        "IsArchiveMailbox": is_archive,
        "DatabaseName": "NAMPR00DG000-db001",
        "ServerName": "CY5PR00MB0001",
        "SystemMessageSize": "22.5 MB (23,592,960 bytes)",
        "StorageLimitStatus": null,
        "Identity": recipient::guid(&row, guid),
        "IsValid": true,
        "MoveHistory": null,
    });
    Ok(Output::one(record.as_object().cloned().unwrap_or_default()))
}

fn get_recipient(call: &Call<'_>) -> Answer {
    let mut output = lookup::recipients(call, |_| true, render::any, false);
    if call.is_on("IncludeSoftDeletedRecipients") {
        let deleted = lookup::recipients(call, |_| true, render::any, true);
        output = match (output, deleted) {
            (Ok(mut live), Ok(deleted)) => {
                live.value.extend(deleted.value);
                // In the order of their keys again, by which pages continue.
                live.value
                    .sort_by_cached_key(|record| record.get("_Key").and_then(Value::as_str).map(str::to_owned));
                Ok(live)
            }
            (Ok(found), Err(_)) | (Err(_), Ok(found)) => Ok(found),
            (Err(refusal), Err(_)) => Err(refusal),
        };
    }
    let mut output = output?;
    let kinds = call.list("RecipientType");
    if !kinds.is_empty() {
        let is_wanted = |record: &Map<String, Value>| {
            let held = record["RecipientType"].as_str().unwrap_or_default();
            kinds
                .iter()
                .flat_map(|each| each.split(','))
                .any(|each| each.trim().eq_ignore_ascii_case(held))
        };
        output.value.retain(is_wanted);
    }
    let properties = call.list("Properties");
    if !properties.is_empty() {
        for record in &mut output.value {
            record.retain(|name, _| name == "_Key" || properties.iter().any(|wanted| wanted.eq_ignore_ascii_case(name)));
        }
    }
    Ok(output)
}

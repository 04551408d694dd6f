//! Who may open a mailbox, and who may send as a recipient.
//!
//! Both lists lie in the recipient's row, trustees by GUID, as `_MailboxPermissions` and `_RecipientPermissions`.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::sandbox::Object;
use crate::sandbox::Tx;
use crate::sandbox::exchange::Answer;
use crate::sandbox::exchange::Call;
use crate::sandbox::exchange::Cmdlet;
use crate::sandbox::exchange::Output;
use crate::sandbox::exchange::Parameter::Bool;
use crate::sandbox::exchange::Parameter::Multi;
use crate::sandbox::exchange::Parameter::Number;
use crate::sandbox::exchange::Parameter::Switch;
use crate::sandbox::exchange::Parameter::Text;
use crate::sandbox::exchange::Refusal;
use crate::sandbox::exchange::lookup;
use crate::sandbox::exchange::recipient;
use crate::sandbox::exchange::refusal;
use crate::sandbox::exchange::table::Parameters;

/// The cmdlets of permissions.
pub const CMDLETS: &[Cmdlet] = &[
    Cmdlet {
        name: "Get-MailboxPermission",
        parameters: &[
            ("Identity", Text),
            ("User", Text),
            ("Owner", Switch),
            ("ResultSize", Number),
            ("IncludeSoftDeletedUserPermissions", Switch),
            ("IncludeUnresolvedPermissions", Switch),
            ("SoftDeletedMailbox", Switch),
            ("GroupMailbox", Switch),
        ],
        mandatory: &["Identity"],
        role: "View",
        run: get_mailbox_permission,
    },
    Cmdlet {
        name: "Add-MailboxPermission",
        parameters: MAILBOX,
        mandatory: &["Identity", "User", "AccessRights"],
        role: "Mail Recipients",
        run: add_mailbox_permission,
    },
    Cmdlet {
        name: "Remove-MailboxPermission",
        parameters: MAILBOX,
        mandatory: &["Identity", "User", "AccessRights"],
        role: "Mail Recipients",
        run: remove_mailbox_permission,
    },
    Cmdlet {
        name: "Get-RecipientPermission",
        parameters: &[
            ("Identity", Text),
            ("Trustee", Text),
            ("AccessRights", Multi),
            ("ResultSize", Number),
        ],
        mandatory: &[],
        role: "View",
        run: get_recipient_permission,
    },
    Cmdlet {
        name: "Add-RecipientPermission",
        parameters: RECIPIENT,
        mandatory: &["Identity", "Trustee", "AccessRights"],
        role: "Mail Recipients",
        run: add_recipient_permission,
    },
    Cmdlet {
        name: "Remove-RecipientPermission",
        parameters: RECIPIENT,
        mandatory: &["Identity", "Trustee", "AccessRights"],
        role: "Mail Recipients",
        run: remove_recipient_permission,
    },
];

const MAILBOX: &Parameters = &[
    ("Identity", Text),
    ("User", Text),
    ("AccessRights", Multi),
    ("InheritanceType", Text),
    ("AutoMapping", Bool),
    ("Deny", Switch),
];

const RECIPIENT: &Parameters = &[("Identity", Text), ("Trustee", Text), ("AccessRights", Multi)];

const MAILBOX_RIGHTS: &[&str] = &[
    "FullAccess",
    "ReadPermission",
    "ChangePermission",
    "ChangeOwner",
    "DeleteItem",
    "ExternalAccount",
];

fn entries(row: &Object, list: &str) -> Vec<Map<String, Value>> {
    let held = row.body.get(list).and_then(Value::as_array);
    held.into_iter().flatten().filter_map(Value::as_object).cloned().collect()
}

fn trustee(entry: &Map<String, Value>) -> &str {
    entry.get("_Trustee").and_then(Value::as_str).unwrap_or_default()
}

/// How the service names a trustee: by sign-in name or address; what does not resolve is a SID.
fn trustee_name(tx: &Tx<'_>, tenant: &str, guid: &str) -> String {
    let found = tx.sound(recipient::resolve(tx, tenant, guid));
    match found.first() {
        Some(row) if !row.text("UserPrincipalName").is_empty() => row.text("UserPrincipalName").to_owned(),
        Some(row) => row.text("PrimarySmtpAddress").to_owned(),
        None => format!("S-1-5-21-1111111111-222222222-333333333-{}", sid_part(guid)),
    }
}

fn sid_part(guid: &str) -> u32 {
    u32::from_str_radix(guid.get(..8).unwrap_or("0"), 16).unwrap_or_default() % 10_000_000
}

fn mailbox_record(tx: &Tx<'_>, row: &Object, entry: &Map<String, Value>) -> Map<String, Value> {
    let guid = trustee(entry);
    let deny = entry.get("Deny").and_then(Value::as_bool).unwrap_or_default();
    let record = json!({
        "AccessRights": entry.get("AccessRights").cloned().unwrap_or_else(|| json!(["FullAccess"])),
        "Deny": if deny { "True" } else { "False" },
        "InheritanceType": entry.get("InheritanceType").cloned().unwrap_or_else(|| json!("All")),
        "User": trustee_name(tx, &row.tenant, guid),
        "UserSid": format!("S-1-5-21-1111111111-222222222-333333333-{}", sid_part(guid)),
        "Identity": row.text("Name"),
        "IsInherited": false,
        "IsValid": true,
    });
    record.as_object().cloned().unwrap_or_default()
}

fn recipient_record(row: &Object, trustee: &str, rights: &Value) -> Map<String, Value> {
    let record = json!({
        "Identity": row.text("Name"),
        "Trustee": trustee,
        "AccessControlType": "Allow",
        "AccessRights": rights,
        "IsInherited": false,
        "InheritanceType": "None",
        "IsValid": true,
    });
    record.as_object().cloned().unwrap_or_default()
}

fn get_mailbox_permission(call: &Call<'_>) -> Answer {
    let row = lookup::one(call, recipient::is_mailbox)?;
    let own = json!({
        "AccessRights": ["FullAccess", "ReadPermission"],
        "Deny": "False",
        "InheritanceType": "All",
        "User": "NT AUTHORITY\\SELF",
        "UserSid": "S-1-5-10",
        "Identity": row.text("Name"),
        "IsInherited": false,
        "IsValid": true,
    });
    let mut value: Vec<Map<String, Value>> = own.as_object().cloned().into_iter().collect();
    let mut entries = entries(&row, "_MailboxPermissions");
    if let Some(user) = call.text("User") {
        let user = lookup::named(call.tx, call.tenant, user, |_| true)?;
        value.clear();
        entries.retain(|entry| trustee(entry) == user.text("Guid"));
        if entries.is_empty() {
            return Err(Refusal {
                status: 404,
                ..Refusal::new(
                    "Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException",
                    format!(
                        "No permissions were found for the user \"{}\" on \"{}\".",
                        user.text("Name"),
                        row.text("Name")
                    ),
                )
            });
        }
    }
    value.extend(entries.iter().map(|entry| mailbox_record(call.tx, &row, entry)));
    Ok(Output {
        value,
        warnings: Vec::new(),
    })
}

/// The given rights in the service's spelling.
fn rights(call: &Call<'_>, known: &[&str]) -> Result<Vec<String>, Refusal> {
    let given = call.list("AccessRights");
    let given = given.iter().flat_map(|each| each.split(',')).map(str::trim);
    let spelt = given.map(|right| match known.iter().find(|name| name.eq_ignore_ascii_case(right)) {
        Some(name) => Ok((*name).to_owned()),
        None => Err(refusal::transformation(
            "AccessRights",
            right,
            "Microsoft.Exchange.Management.RecipientTasks.MailboxRights[]",
        )),
    });
    spelt.collect()
}

fn add_mailbox_permission(call: &Call<'_>) -> Answer {
    let mut row = lookup::one(call, recipient::is_mailbox)?;
    let user = lookup::named(call.tx, call.tenant, call.text("User").unwrap_or_default(), |_| true)?;
    let wanted = rights(call, MAILBOX_RIGHTS)?;
    let deny = call.is_on("Deny");
    let mut list = entries(&row, "_MailboxPermissions");
    let is_same = |entry: &Map<String, Value>| {
        trustee(entry) == user.text("Guid") && entry.get("Deny").and_then(Value::as_bool).unwrap_or_default() == deny
    };
    let mut warnings = Vec::new();
    let place = match list.iter().position(is_same) {
        Some(place) => place,
        None => {
            let inheritance = call.text("InheritanceType").unwrap_or("All");
            let entry = json!({"_Trustee": user.text("Guid"), "AccessRights": [], "Deny": deny, "InheritanceType": inheritance});
            list.extend(entry.as_object().cloned());
            list.len() - 1
        }
    };
    let mut held: Vec<Value> = list[place]
        .get("AccessRights")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let added: Vec<&String> = wanted.iter().filter(|right| !held.iter().any(|known| known == *right)).collect();
    if added.is_empty() {
        warnings.push(format!(
            "The appropriate access control entry is already present on the object \"{}\".",
            row.text("Name")
        ));
    }
    held.extend(added.into_iter().map(|right| json!(right)));
    list[place].insert("AccessRights".into(), Value::Array(held));
    let record = mailbox_record(call.tx, &row, &list[place]);
    row.set("_MailboxPermissions", list);
    recipient::store(call.tx, &row)?;
    Ok(Output {
        value: vec![record],
        warnings,
    })
}

fn remove_mailbox_permission(call: &Call<'_>) -> Answer {
    let mut row = lookup::one(call, recipient::is_mailbox)?;
    let user = lookup::named(call.tx, call.tenant, call.text("User").unwrap_or_default(), |_| true)?;
    let gone = rights(call, MAILBOX_RIGHTS)?;
    remove_rights(call, &mut row, "_MailboxPermissions", user.text("Guid"), &gone)
}

fn remove_rights(call: &Call<'_>, row: &mut Object, property: &str, guid: &str, gone: &[String]) -> Answer {
    let before = entries(row, property);
    let mut list = before.clone();
    for entry in list.iter_mut().filter(|entry| trustee(entry) == guid) {
        if let Some(Value::Array(held)) = entry.get_mut("AccessRights") {
            held.retain(|right| !gone.iter().any(|each| right == each));
        }
    }
    list.retain(|entry| {
        entry
            .get("AccessRights")
            .and_then(Value::as_array)
            .is_none_or(|held| !held.is_empty())
    });
    if list == before {
        return Ok(Output {
            value: Vec::new(),
            warnings: vec![format!(
                "Can't remove the access control entry on the object \"{}\" because the entry isn't present.",
                row.text("Name")
            )],
        });
    }
    row.set(property, list);
    recipient::store(call.tx, row)?;
    Ok(Output::default())
}

fn get_recipient_permission(call: &Call<'_>) -> Answer {
    let rows = match call.text("Identity") {
        Some(identity) => vec![lookup::named(call.tx, call.tenant, identity, |_| true)?],
        None => recipient::all(call.tx, call.tenant)?,
    };
    let wanted = match call.text("Trustee") {
        Some(name) => Some(lookup::named(call.tx, call.tenant, name, |_| true)?),
        None => None,
    };
    let mut value = Vec::new();
    for row in &rows {
        if wanted.is_none() && recipient::is_mailbox(row) {
            value.push(recipient_record(row, "NT AUTHORITY\\SELF", &json!(["SendAs"])));
        }
        for entry in entries(row, "_RecipientPermissions") {
            if wanted.as_ref().is_some_and(|wanted| wanted.text("Guid") != trustee(&entry)) {
                continue;
            }
            let name = trustee_name(call.tx, call.tenant, trustee(&entry));
            value.push(recipient_record(row, &name, &json!(["SendAs"])));
        }
    }
    Ok(Output {
        value,
        warnings: Vec::new(),
    })
}

fn add_recipient_permission(call: &Call<'_>) -> Answer {
    let mut row = lookup::one(call, |_| true)?;
    let trusted = lookup::named(call.tx, call.tenant, call.text("Trustee").unwrap_or_default(), |_| true)?;
    rights(call, &["SendAs"])?;
    let mut list = entries(&row, "_RecipientPermissions");
    let mut warnings = Vec::new();
    if list.iter().any(|entry| trustee(entry) == trusted.text("Guid")) {
        warnings.push(format!(
            "The appropriate access control entry is already present on the object \"{}\".",
            row.text("Name")
        ));
    } else {
        list.extend(
            json!({"_Trustee": trusted.text("Guid"), "AccessRights": ["SendAs"]})
                .as_object()
                .cloned(),
        );
        row.set("_RecipientPermissions", list);
        recipient::store(call.tx, &row)?;
    }
    let name = trustee_name(call.tx, call.tenant, trusted.text("Guid"));
    Ok(Output {
        value: vec![recipient_record(&row, &name, &json!(["SendAs"]))],
        warnings,
    })
}

fn remove_recipient_permission(call: &Call<'_>) -> Answer {
    let mut row = lookup::one(call, |_| true)?;
    let trusted = lookup::named(call.tx, call.tenant, call.text("Trustee").unwrap_or_default(), |_| true)?;
    let gone = rights(call, &["SendAs"])?;
    remove_rights(call, &mut row, "_RecipientPermissions", trusted.text("Guid"), &gone)
}

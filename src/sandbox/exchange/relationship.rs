//! Organization relationships: what one tenant allows another.
//!
//! A row of kind `relationship` holds `Name`, `DomainNames` (GUID texts or domains), `Enabled`, `MailboxMoveEnabled`,
//! `MailboxMoveCapability` (flags joined by `, `, or `None`), `OAuthApplicationId`, and `_Scopes`: the `Guid` of each group in
//! `MailboxMovePublishedScopes`. The other properties are kept as given.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use uuid::Uuid;

use crate::sandbox::Object;
use crate::sandbox::Tx;
use crate::sandbox::exchange::Answer;
use crate::sandbox::exchange::Call;
use crate::sandbox::exchange::Cmdlet;
use crate::sandbox::exchange::Output;
use crate::sandbox::exchange::Parameter::Bool;
use crate::sandbox::exchange::Parameter::Multi;
use crate::sandbox::exchange::Parameter::Switch;
use crate::sandbox::exchange::Parameter::Text;
use crate::sandbox::exchange::Refusal;
use crate::sandbox::exchange::lookup;
use crate::sandbox::exchange::organization;
use crate::sandbox::exchange::recipient;
use crate::sandbox::exchange::refusal;
use crate::sandbox::exchange::render;
use crate::sandbox::exchange::table::Parameters;
use crate::sandbox::exchange::table::joined;
use crate::sandbox::rule;

/// The kind of a relationship's row.
pub const KIND: &str = "relationship";

/// All relationships of a tenant, oldest first.
pub fn relationships(tx: &Tx<'_>, tenant: &str) -> rusqlite::Result<Vec<Object>> {
    tx.list(tenant, KIND)
}

/// The relationships of `tenant` whose `DomainNames` hold `entry` (a tenant id or a domain).
pub fn relationships_with(tx: &Tx<'_>, tenant: &str, entry: &str) -> rusqlite::Result<Vec<Object>> {
    let mut found = relationships(tx, tenant)?;
    found.retain(|relationship| {
        relationship
            .list("DomainNames")
            .iter()
            .any(|known| known.eq_ignore_ascii_case(entry))
    });
    Ok(found)
}

/// Whether the relationship holds the capability (`Inbound`, `RemoteOutbound`).
pub fn has_capability(relationship: &Object, capability: &str) -> bool {
    let held = relationship.text("MailboxMoveCapability");
    held.split(',').any(|flag| flag.trim().eq_ignore_ascii_case(capability))
}

/// The groups in `MailboxMovePublishedScopes` that still exist.
pub fn scope_groups(tx: &Tx<'_>, relationship: &Object) -> rusqlite::Result<Vec<Object>> {
    let mut groups = Vec::new();
    for guid in relationship.list("_Scopes") {
        groups.extend(recipient::resolve(tx, &relationship.tenant, &guid)?);
    }
    Ok(groups)
}

/// The cmdlets of organization relationships.
pub const CMDLETS: &[Cmdlet] = &[
    Cmdlet {
        name: "Get-OrganizationRelationship",
        parameters: &[("Identity", Text)],
        mandatory: &[],
        role: "View",
        run: get,
    },
    Cmdlet {
        name: "New-OrganizationRelationship",
        parameters: &joined::<{ COMMON.len() + 1 }>(&[&[("Name", Text)], COMMON]),
        mandatory: &["Name", "DomainNames"],
        role: "Organization Configuration",
        run: new,
    },
    Cmdlet {
        name: "Set-OrganizationRelationship",
        parameters: &joined::<{ COMMON.len() + 3 }>(&[&[("Identity", Text), ("Name", Text), ("Force", Switch)], COMMON]),
        mandatory: &["Identity"],
        role: "Organization Configuration",
        run: set,
    },
    Cmdlet {
        name: "Remove-OrganizationRelationship",
        parameters: &[("Identity", Text)],
        mandatory: &["Identity"],
        role: "Organization Configuration",
        run: remove,
    },
];

const COMMON: &Parameters = &[
    ("DomainNames", Multi),
    ("Enabled", Bool),
    ("MailboxMoveEnabled", Bool),
    ("MailboxMoveCapability", Multi),
    ("OAuthApplicationId", Text),
    ("MailboxMovePublishedScopes", Multi),
    ("FreeBusyAccessEnabled", Bool),
    ("FreeBusyAccessLevel", Text),
    ("FreeBusyAccessScope", Text),
    ("MailTipsAccessEnabled", Bool),
    ("MailTipsAccessLevel", Text),
    ("MailTipsAccessScope", Text),
    ("PhotosEnabled", Bool),
    ("ArchiveAccessEnabled", Bool),
    ("DeliveryReportEnabled", Bool),
    ("OrganizationContact", Text),
    ("TargetApplicationUri", Text),
    ("TargetAutodiscoverEpr", Text),
    ("TargetOwaURL", Text),
    ("TargetSharingEpr", Text),
];

const CAPABILITIES: &[&str] = &["None", "Inbound", "Outbound", "RemoteInbound", "RemoteOutbound"];

/// The most entries of `DomainNames` that one request may carry.
const MOST_DOMAINS: usize = 238;

fn render(tx: &Tx<'_>, row: &Object) -> Map<String, Value> {
    let name = row.text("Name");
    let scopes = row.list("_Scopes");
    let scopes: Vec<String> = scopes.iter().map(|guid| render::name_of(tx, &row.tenant, guid)).collect();
    let held = |property: &str, otherwise: Value| row.body.get(property).cloned().unwrap_or(otherwise);
    let shown = json!({
        "DomainNames": row.list("DomainNames"),
        "FreeBusyAccessEnabled": held("FreeBusyAccessEnabled", json!(false)),
        "FreeBusyAccessLevel": held("FreeBusyAccessLevel", json!("None")),
        "FreeBusyAccessScope": held("FreeBusyAccessScope", Value::Null),
        "MailboxMoveEnabled": row.flag("MailboxMoveEnabled"),
        "MailboxMoveCapability": held("MailboxMoveCapability", json!("None")),
        "MailboxMovePublishedScopes": scopes,
        "OAuthApplicationId": held("OAuthApplicationId", json!("")),
        "DeliveryReportEnabled": held("DeliveryReportEnabled", json!(false)),
        "MailTipsAccessEnabled": held("MailTipsAccessEnabled", json!(false)),
        "MailTipsAccessLevel": held("MailTipsAccessLevel", json!("None")),
        "MailTipsAccessScope": held("MailTipsAccessScope", Value::Null),
        "PhotosEnabled": held("PhotosEnabled", json!(false)),
        "TargetApplicationUri": held("TargetApplicationUri", Value::Null),
        "TargetSharingEpr": held("TargetSharingEpr", Value::Null),
        "TargetOwaURL": held("TargetOwaURL", Value::Null),
        "TargetAutodiscoverEpr": held("TargetAutodiscoverEpr", Value::Null),
        "OrganizationContact": held("OrganizationContact", json!("")),
        "Enabled": row.flag("Enabled"),
        "ArchiveAccessEnabled": held("ArchiveAccessEnabled", json!(false)),
        "AdminDisplayName": "",
        "ExchangeVersion": "0.10 (14.0.100.0)",
        "Name": name,
        "Identity": name,
        "Id": name,
        "Guid": row.text("Guid"),
        "WhenChanged": row.text("WhenChanged"),
        "WhenCreated": row.text("WhenCreated"),
        "IsValid": true,
    });
    shown.as_object().cloned().unwrap_or_default()
}

fn store(call: &Call<'_>, row: &Object) -> rusqlite::Result<()> {
    let mut row = row.clone();
    row.set("WhenChanged", call.tx.now().to_string());
    let forms = [
        ("relationship", row.text("Name").to_owned()),
        ("relationship", row.text("Guid").to_owned()),
    ];
    call.tx.put(&row, forms)
}

fn one(call: &Call<'_>) -> Result<Object, Refusal> {
    let identity = call.text("Identity").ok_or_else(|| refusal::missing("Identity"))?;
    let found = call.tx.find(call.tenant, "relationship", identity)?;
    found.into_iter().next().ok_or_else(|| Refusal::not_found(identity))
}

fn get(call: &Call<'_>) -> Answer {
    let rows = match call.text("Identity") {
        Some(_) => vec![one(call)?],
        None => relationships(call.tx, call.tenant)?,
    };
    Ok(Output {
        value: rows.iter().map(|row| render(call.tx, row)).collect(),
        warnings: Vec::new(),
    })
}

fn new(call: &Call<'_>) -> Answer {
    organization::check_hydrated(call.tx, call.tenant)?;
    let name = call.text("Name").ok_or_else(|| refusal::missing("Name"))?;
    check_name(call, name, "")?;
    let mut row = Object::new(call.tenant, KIND, Map::new());
    row.set("Name", name);
    row.set("Guid", Uuid::new_v4().to_string());
    row.set("Enabled", true);
    row.set("MailboxMoveEnabled", false);
    row.set("MailboxMoveCapability", "None");
    row.set("WhenCreated", call.tx.now().to_string());
    let warnings = assign(call, &mut row)?;
    if row.list("DomainNames").is_empty() {
        return Err(refusal::missing("DomainNames"));
    }
    store(call, &row)?;
    Ok(Output {
        value: vec![render(call.tx, &row)],
        warnings,
    })
}

fn set(call: &Call<'_>) -> Answer {
    organization::check_hydrated(call.tx, call.tenant)?;
    let before = one(call)?;
    let mut row = before.clone();
    if let Some(name) = call.text("Name") {
        check_name(call, name, &row.id)?;
        row.set("Name", name);
    }
    let mut warnings = assign(call, &mut row)?;
    if row.body == before.body {
        warnings.extend(lookup::unmodified(before.text("Name")).warnings);
    } else {
        store(call, &row)?;
    }
    Ok(Output {
        value: Vec::new(),
        warnings,
    })
}

fn remove(call: &Call<'_>) -> Answer {
    let row = one(call)?;
    call.tx.delete(&row.id)?;
    Ok(Output::default())
}

fn check_name(call: &Call<'_>, name: &str, except: &str) -> Result<(), Refusal> {
    let length = name.chars().count();
    if length > 64 {
        return Err(refusal::validation(format!(
            "The length of the property Name is too long. The maximum length is 64 and the length of the value provided is {length}."
        )));
    }
    let found = call.tx.find(call.tenant, "relationship", name)?;
    match found.iter().any(|row| row.id != except) {
        true => Err(refusal::already_exists(name)),
        false => Ok(()),
    }
}

/// Puts the given parameters into the row; the warnings name scopes that were dropped.
fn assign(call: &Call<'_>, row: &mut Object) -> Result<Vec<String>, Refusal> {
    lookup::assign(call, row, &["DomainNames"]);
    if row.body.get("DomainNames").is_some_and(Value::is_string) {
        row.set("DomainNames", call.list("DomainNames"));
    }
    check_domains(call, row)?;
    for (name, kind) in COMMON {
        let is_plain = matches!(kind, Bool | Text);
        if is_plain && call.get(name).is_some() {
            lookup::assign(call, row, &[name]);
        }
    }
    if call.get("MailboxMoveCapability").is_some() {
        row.set("MailboxMoveCapability", capability(call)?);
    }
    scopes(call, row)
}

/// One relationship only may have an entry.
fn check_domains(call: &Call<'_>, row: &Object) -> Result<(), Refusal> {
    let domains = row.list("DomainNames");
    if domains.len() > MOST_DOMAINS {
        return Err(refusal::validation(format!(
            "The DomainNames parameter has {} values; at most {MOST_DOMAINS} are allowed.",
            domains.len()
        )));
    }
    for domain in &domains {
        let others = relationships_with(call.tx, call.tenant, domain)?;
        if let Some(other) = others.iter().find(|other| other.id != row.id) {
            return Err(Refusal::new(
                "Microsoft.Exchange.Management.SystemConfigurationTasks.DuplicateOrganizationRelationshipDomainException",
                format!(
                    "The domain \"{domain}\" is already used by the organization relationship \"{}\".",
                    other.text("Name")
                ),
            ));
        }
    }
    Ok(())
}

fn capability(call: &Call<'_>) -> Result<String, Refusal> {
    let given = call.list("MailboxMoveCapability");
    let mut held = Vec::new();
    for flag in given.iter().flat_map(|each| each.split(',')).map(str::trim) {
        let Some(known) = CAPABILITIES.iter().find(|known| known.eq_ignore_ascii_case(flag)) else {
            let kind = "Microsoft.Exchange.Data.Directory.SystemConfiguration.MailboxMoveCapability";
            return Err(refusal::transformation("MailboxMoveCapability", flag, kind));
        };
        held.push(*known);
    }
    // A flags enum is written in the order of its bits, without repetition.
    let written: Vec<&str> = CAPABILITIES[1..].iter().filter(|known| held.contains(*known)).copied().collect();
    Ok(match written.is_empty() {
        true => "None".to_owned(),
        false => written.join(", "),
    })
}

fn scopes(call: &Call<'_>, row: &mut Object) -> Result<Vec<String>, Refusal> {
    let Some(guids) = lookup::references(call, &row.list("_Scopes"), "MailboxMovePublishedScopes", |_| true)? else {
        return Ok(Vec::new());
    };
    let (mut kept, mut warnings) = (Vec::new(), Vec::new());
    for guid in guids {
        let group = lookup::named(call.tx, call.tenant, &guid, |_| true)?;
        match group.text("RecipientTypeDetails") == "MailUniversalSecurityGroup" {
            true => kept.push(guid),
            false => warnings.push(rule::NO_SECURITY_GROUP.text(&[group.text("Name")])),
        }
    }
    row.set("_Scopes", kept);
    Ok(warnings)
}

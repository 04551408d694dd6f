//! Distribution groups and mail-enabled security groups, which are the scopes of migrations.

use serde_json::Value;
use serde_json::json;
use uuid::Uuid;

use crate::sandbox::Object;
use crate::sandbox::directory;
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

/// The cmdlets of groups.
pub const CMDLETS: &[Cmdlet] = &[
    Cmdlet {
        name: "Get-DistributionGroup",
        parameters: &joined::<{ LISTING.len() + 2 }>(&[LISTING, &[("ManagedBy", Text), ("RecipientTypeDetails", Multi)]]),
        mandatory: &[],
        role: "View",
        run: get,
    },
    Cmdlet {
        name: "New-DistributionGroup",
        parameters: NEW,
        mandatory: &["Name"],
        role: "Security Group Creation and Membership",
        run: new,
    },
    Cmdlet {
        name: "Set-DistributionGroup",
        parameters: &joined::<{ SET.len() + CUSTOM_ATTRIBUTES.len() }>(&[SET, CUSTOM_ATTRIBUTES]),
        mandatory: &["Identity"],
        role: "Distribution Groups",
        run: set,
    },
    Cmdlet {
        name: "Remove-DistributionGroup",
        parameters: &[("Identity", Text), ("BypassSecurityGroupManagerCheck", Switch)],
        mandatory: &["Identity"],
        role: "Security Group Creation and Membership",
        run: remove,
    },
    Cmdlet {
        name: "Get-DistributionGroupMember",
        parameters: &[("Identity", Text), ("ResultSize", Number), ("IncludeSoftDeletedObjects", Switch)],
        mandatory: &["Identity"],
        role: "View",
        run: members,
    },
    Cmdlet {
        name: "Add-DistributionGroupMember",
        parameters: MEMBER,
        mandatory: &["Identity", "Member"],
        role: "Distribution Groups",
        run: add_member,
    },
    Cmdlet {
        name: "Remove-DistributionGroupMember",
        parameters: MEMBER,
        mandatory: &["Identity", "Member"],
        role: "Distribution Groups",
        run: remove_member,
    },
];

const NEW: &Parameters = &[
    ("Name", Text),
    ("Type", Text),
    ("Alias", Text),
    ("DisplayName", Text),
    ("PrimarySmtpAddress", Text),
    ("Members", Multi),
    ("ManagedBy", Multi),
    ("MemberJoinRestriction", Text),
    ("MemberDepartRestriction", Text),
    ("RequireSenderAuthenticationEnabled", Bool),
    ("CopyOwnerToMember", Switch),
    ("HiddenGroupMembershipEnabled", Switch),
    ("IgnoreNamingPolicy", Switch),
    ("RoomList", Switch),
    ("Notes", Text),
    ("Description", Text),
];

const SET: &Parameters = &[
    ("Identity", Text),
    ("DisplayName", Text),
    ("Name", Text),
    ("Alias", Text),
    ("EmailAddresses", Multi),
    ("PrimarySmtpAddress", Text),
    ("ManagedBy", Multi),
    ("GrantSendOnBehalfTo", Multi),
    ("MemberJoinRestriction", Text),
    ("MemberDepartRestriction", Text),
    ("RequireSenderAuthenticationEnabled", Bool),
    ("HiddenFromAddressListsEnabled", Bool),
    ("Description", Text),
    ("BypassSecurityGroupManagerCheck", Switch),
    ("ForceUpgrade", Switch),
];

const MEMBER: &Parameters = &[("Identity", Text), ("Member", Text), ("BypassSecurityGroupManagerCheck", Switch)];

fn get(call: &Call<'_>) -> Answer {
    let output = lookup::recipients(call, recipient::is_group, render::group, false)?;
    let Some(manager) = call.text("ManagedBy") else {
        return Ok(output);
    };
    let manager = lookup::named(call.tx, call.tenant, manager, |_| true)?;
    let mut output = output;
    output.value.retain(|group| {
        let held = group["ManagedBy"].as_array().into_iter().flatten();
        held.into_iter().any(|name| name == manager.text("Name"))
    });
    Ok(output)
}

fn new(call: &Call<'_>) -> Answer {
    let (tx, tenant) = (call.tx, call.tenant);
    let name = call.text("Name").ok_or_else(|| refusal::missing("Name"))?;
    let is_taken = |row: &Object| row.kind == recipient::KIND && !recipient::is_soft_deleted(row);
    if tx.find(tenant, "name", name)?.iter().any(is_taken) {
        return Err(refusal::already_exists(name));
    }
    let details = match call.text("Type").map(str::to_lowercase).as_deref() {
        None | Some("distribution") => "MailUniversalDistributionGroup",
        Some("security") => "MailUniversalSecurityGroup",
        Some(other) => {
            return Err(refusal::transformation(
                "Type",
                other,
                "Microsoft.Exchange.Management.RecipientTasks.GroupType",
            ));
        }
    };
    let alias = call.text("Alias").map_or_else(|| address::alias_from(name), str::to_owned);
    address::check_alias(tx, tenant, &alias, "")?;
    let primary = match call.text("PrimarySmtpAddress") {
        Some(primary) => primary.to_owned(),
        None => format!("{alias}@{}", directory::default_domain(tx, tenant)),
    };
    address::check_form(&primary)?;
    if !address::is_accepted(tx, tenant, &primary) {
        return Err(refusal::not_accepted());
    }
    if address::owner(tx, tenant, &format!("smtp:{primary}"), "")?.is_some() {
        return Err(refusal::member_exists(&format!("SMTP:{primary}")));
    }
    let mut group = recipient::new(tx, tenant, details, name, &alias);
    group.set("ExternalDirectoryObjectId", Uuid::new_v4().to_string());
    group.set("EmailAddresses", json!([format!("SMTP:{primary}")]));
    lookup::assign(
        call,
        &mut group,
        &[
            "DisplayName",
            "MemberJoinRestriction",
            "MemberDepartRestriction",
            "RequireSenderAuthenticationEnabled",
        ],
    );
    if let Some(description) = call.text("Description").or(call.text("Notes")) {
        group.set("Description", json!([description]));
    }
    let owners = lookup::references(call, &[], "ManagedBy", |_| true)?;
    let owners = owners.unwrap_or_else(|| vec!["Organization Management".to_owned()]);
    let mut members = lookup::references(call, &[], "Members", |_| true)?.unwrap_or_default();
    if call.is_on("CopyOwnerToMember") {
        members.extend(owners.iter().filter(|owner| Uuid::parse_str(owner).is_ok()).cloned());
    }
    group.set("ManagedBy", owners);
    group.set("_Members", members);
    recipient::store(tx, &group)?;
    let group = tx.get(&group.id)?.unwrap_or(group);
    Ok(Output::one(render::group(tx, &group)))
}

fn set(call: &Call<'_>) -> Answer {
    let before = lookup::one(call, recipient::is_group)?;
    let mut row = before.clone();
    if let Some(alias) = call.text("Alias").filter(|alias| !alias.eq_ignore_ascii_case(before.text("Alias"))) {
        address::check_alias(call.tx, call.tenant, alias, &row.id)?;
    }
    mail_user::set_addresses(call, &mut row)?;
    lookup::assign(
        call,
        &mut row,
        &[
            "DisplayName",
            "Name",
            "Alias",
            "MemberJoinRestriction",
            "MemberDepartRestriction",
            "RequireSenderAuthenticationEnabled",
            "HiddenFromAddressListsEnabled",
        ],
    );
    if let Some(description) = call.text("Description") {
        row.set("Description", json!([description]));
    }
    lookup::assign_custom_attributes(call, &mut row);
    for property in ["ManagedBy", "GrantSendOnBehalfTo"] {
        if let Some(list) = lookup::references(call, &before.list(property), property, |_| true)? {
            row.set(property, list);
        }
    }
    lookup::stored(call, &before, &row)
}

fn remove(call: &Call<'_>) -> Answer {
    let group = lookup::one(call, recipient::is_group)?;
    // A group is gone at once: unlike mailboxes there are no soft-deleted remains of mail-enabled groups.
    call.tx.delete(&group.id)?;
    Ok(Output::default())
}

fn members(call: &Call<'_>) -> Answer {
    let group = lookup::one(call, recipient::is_group)?;
    let members = recipient::group_members(call.tx, &group)?;
    let value = members.iter().map(|member| render::member(call.tx, member)).map(|mut record| {
        // In the order of joining, which keys do not follow.
        record.shift_remove("_Key");
        record
    });
    Ok(Output {
        value: value.collect(),
        warnings: Vec::new(),
    })
}

fn add_member(call: &Call<'_>) -> Answer {
    let (mut group, member) = group_and_member(call)?;
    if position(&group, &member).is_some() {
        return Err(Refusal::new(
            "Microsoft.Exchange.Management.Tasks.MemberAlreadyExistsException",
            format!(
                "The recipient \"{}\" is already a member of the group \"{}\".",
                member.text("Name"),
                group.text("Name")
            ),
        ));
    }
    let mut members = group.list("_Members");
    members.push(member.text("Guid").to_owned());
    group.set("_Members", members);
    recipient::store(call.tx, &group)?;
    Ok(Output::default())
}

fn remove_member(call: &Call<'_>) -> Answer {
    let (mut group, member) = group_and_member(call)?;
    let Some(position) = position(&group, &member) else {
        return Err(Refusal::new(
            "Microsoft.Exchange.Management.Tasks.MemberNotFoundException",
            format!(
                "The recipient \"{}\" isn't a member of the group \"{}\".",
                member.text("Name"),
                group.text("Name")
            ),
        ));
    };
    let mut members = group.list("_Members");
    members.remove(position);
    group.set("_Members", members);
    recipient::store(call.tx, &group)?;
    Ok(Output::default())
}

fn group_and_member(call: &Call<'_>) -> Result<(Object, Object), Refusal> {
    let group = lookup::one(call, recipient::is_group)?;
    let member = match call.get("Member") {
        Some(Value::String(name)) => lookup::named(call.tx, call.tenant, name, |_| true)?,
        _ => return Err(refusal::missing("Member")),
    };
    Ok((group, member))
}

fn position(group: &Object, member: &Object) -> Option<usize> {
    let own = [member.text("Guid"), member.text("ExternalDirectoryObjectId")];
    group.list("_Members").iter().position(|held| own.contains(&held.as_str()))
}

//! Role groups: which of them hold which roles, and the people whom an administrator put into them.
//!
//! Directory roles make their holders members of the built-in groups; that is seen in `roles`, not in the lists here.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::sandbox::Object;
use crate::sandbox::Tx;
use crate::sandbox::directory;
use crate::sandbox::exchange::Answer;
use crate::sandbox::exchange::Call;
use crate::sandbox::exchange::Cmdlet;
use crate::sandbox::exchange::Output;
use crate::sandbox::exchange::Parameter::Multi;
use crate::sandbox::exchange::Parameter::Text;
use crate::sandbox::exchange::Refusal;
use crate::sandbox::exchange::refusal;
use crate::sandbox::exchange::roles;

/// The cmdlets of role groups.
pub const CMDLETS: &[Cmdlet] = &[
    Cmdlet {
        name: "Get-RoleGroup",
        parameters: &[("Identity", Text)],
        mandatory: &[],
        role: "View",
        run: get,
    },
    Cmdlet {
        name: "New-RoleGroup",
        parameters: &[("Name", Text), ("Roles", Multi), ("Members", Multi), ("Description", Text)],
        mandatory: &["Name"],
        role: "Role Management",
        run: new,
    },
    Cmdlet {
        name: "Remove-RoleGroup",
        parameters: &[("Identity", Text)],
        mandatory: &["Identity"],
        role: "Role Management",
        run: remove,
    },
    Cmdlet {
        name: "Get-RoleGroupMember",
        parameters: &[("Identity", Text)],
        mandatory: &["Identity"],
        role: "View",
        run: get_member,
    },
    Cmdlet {
        name: "Add-RoleGroupMember",
        parameters: &[("Identity", Text), ("Member", Text)],
        mandatory: &["Identity", "Member"],
        role: "Role Management",
        run: add_member,
    },
    Cmdlet {
        name: "Remove-RoleGroupMember",
        parameters: &[("Identity", Text), ("Member", Text)],
        mandatory: &["Identity", "Member"],
        role: "Role Management",
        run: remove_member,
    },
];

const KIND: &str = "roleGroup";
const MEMBER: &str = "roleGroupMember";
const NOT_FOUND: &str = "Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException";

/// The role groups into which the person with that object id was put, each with its roles.
pub fn of_member(tx: &Tx<'_>, tenant: &str, object_id: &str) -> Vec<(String, Vec<String>)> {
    let groups = tx.sound(tx.find(tenant, MEMBER, object_id));
    groups
        .iter()
        .map(|group| (group.text("Name").to_owned(), roles_of(group)))
        .collect()
}

fn roles_of(group: &Object) -> Vec<String> {
    match roles::built_in(group.text("Name")) {
        Some((_, roles)) => roles.iter().map(|role| (*role).to_owned()).collect(),
        None => group.list("Roles"),
    }
}

fn get(call: &Call<'_>) -> Answer {
    let value = match call.text("Identity") {
        Some(identity) => vec![shown(&found(call, identity)?)],
        None => {
            let mut all: Vec<_> = roles::GROUPS.iter().map(|(name, _)| kept(call, name)).collect();
            let own = call.tx.list(call.tenant, KIND)?;
            all.extend(own.into_iter().filter(|group| roles::built_in(group.text("Name")).is_none()));
            all.iter().map(shown).collect()
        }
    };
    Ok(output(value))
}

fn new(call: &Call<'_>) -> Answer {
    let name = call.text("Name").unwrap_or_default();
    if find(call, name).is_some() {
        return Err(refusal::already_exists(name));
    }
    let mut known = Vec::new();
    for role in call.list("Roles") {
        let found = roles::ALL.iter().find(|known| known.eq_ignore_ascii_case(&role));
        known.push((*found.ok_or_else(|| Refusal::not_found(&role))?).to_owned());
    }
    let mut group = kept(call, name);
    group.set("Roles", known);
    group.set("Description", call.text("Description"));
    let members: Result<Vec<_>, _> = call.list("Members").iter().map(|member| person(call, member)).collect();
    group.set(
        "_Members",
        members?.iter().map(|user| user.text("id").to_owned()).collect::<Vec<_>>(),
    );
    store(call.tx, &group)?;
    Ok(output(vec![shown(&group)]))
}

fn remove(call: &Call<'_>) -> Answer {
    let group = found(call, call.text("Identity").unwrap_or_default())?;
    if roles::built_in(group.text("Name")).is_some() {
        let text = format!("The built-in role group \"{}\" can't be removed.", group.text("Name"));
        return Err(refusal::task(text));
    }
    call.tx.delete(&group.id)?;
    Ok(Output::default())
}

fn get_member(call: &Call<'_>) -> Answer {
    let group = found(call, call.text("Identity").unwrap_or_default())?;
    let people = group.list("_Members").into_iter();
    let people = people.filter_map(|id| directory::user(call.tx, call.tenant, &id));
    let value = people.map(|user| {
        record(json!({
            "Name": user.text("displayName"),
            "DisplayName": user.text("displayName"),
            "ExternalDirectoryObjectId": user.text("id"),
            "WindowsLiveID": user.text("userPrincipalName"),
            "RecipientType": "User",
        }))
    });
    Ok(output(value.collect()))
}

fn add_member(call: &Call<'_>) -> Answer {
    let (mut group, user) = both(call)?;
    let mut members = group.list("_Members");
    if members.iter().any(|id| id == user.text("id")) {
        let text = format!(
            "The recipient \"{}\" is already a member of the group \"{}\".",
            user.text("displayName"),
            group.text("Name")
        );
        return Err(Refusal::new(
            "Microsoft.Exchange.Management.Tasks.MemberAlreadyExistsException",
            text,
        ));
    }
    members.push(user.text("id").to_owned());
    group.set("_Members", members);
    store(call.tx, &group)?;
    Ok(Output::default())
}

fn remove_member(call: &Call<'_>) -> Answer {
    let (mut group, user) = both(call)?;
    let mut members = group.list("_Members");
    members.retain(|id| id != user.text("id"));
    if members.len() == group.list("_Members").len() {
        let text = format!(
            "The recipient \"{}\" isn't a member of the group \"{}\".",
            user.text("displayName"),
            group.text("Name")
        );
        return Err(Refusal::new("Microsoft.Exchange.Management.Tasks.MemberNotFoundException", text));
    }
    group.set("_Members", members);
    store(call.tx, &group)?;
    Ok(Output::default())
}

fn both(call: &Call<'_>) -> Result<(Object, Object), Refusal> {
    let group = found(call, call.text("Identity").unwrap_or_default())?;
    Ok((group, person(call, call.text("Member").unwrap_or_default())?))
}

fn person(call: &Call<'_>, named: &str) -> Result<Object, Refusal> {
    directory::user(call.tx, call.tenant, named).ok_or_else(|| Refusal::not_found(named))
}

fn found(call: &Call<'_>, identity: &str) -> Result<Object, Refusal> {
    let missing = || Refusal {
        status: 404,
        ..Refusal::new(NOT_FOUND, format!("Couldn't find the role group \"{identity}\"."))
    };
    find(call, identity).ok_or_else(missing)
}

fn find(call: &Call<'_>, name: &str) -> Option<Object> {
    match roles::built_in(name) {
        Some((name, _)) => Some(kept(call, name)),
        None => stored(call, name),
    }
}

/// The group of that name as it is kept, or an empty one: built-in groups are kept once somebody is put into them.
fn kept(call: &Call<'_>, name: &str) -> Object {
    stored(call, name).unwrap_or_else(|| {
        let mut group = Object::new(call.tenant, KIND, Map::new());
        group.set("Name", name);
        group
    })
}

fn stored(call: &Call<'_>, name: &str) -> Option<Object> {
    call.tx.sound(call.tx.find(call.tenant, KIND, name)).into_iter().next()
}

fn store(tx: &Tx<'_>, group: &Object) -> rusqlite::Result<()> {
    let members = group.list("_Members").into_iter().map(|id| (MEMBER, id));
    tx.put(group, members.chain([(KIND, group.text("Name").to_owned())]))
}

fn shown(group: &Object) -> Map<String, Value> {
    let name = group.text("Name");
    record(json!({
        "Name": name,
        "Identity": name,
        "DisplayName": name,
        "Description": group.text("Description"),
        "Roles": roles_of(group),
        "Members": group.list("_Members"),
        "RoleGroupType": "Standard",
    }))
}

fn record(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

fn output(value: Vec<Map<String, Value>>) -> Output {
    Output {
        value,
        warnings: Vec::new(),
    }
}

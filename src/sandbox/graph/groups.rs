//! Groups and their members. They are Exchange's and can only be read here.

use std::collections::HashSet;

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::call::Answer;
use super::call::Call;
use super::fault::Fault;
use super::properties::DIRECTORY_OBJECT;
use super::properties::GROUP;
use super::properties::USER;
use super::query;
use super::shape;
use super::users;
use crate::sandbox::Object;
use crate::sandbox::directory;
use crate::sandbox::exchange::recipient;

/// As many ids `getByIds` takes.
const MOST_IDS: usize = 1000;

/// `GET /groups`
pub fn list(call: &Call<'_>) -> Answer {
    let all = recipient::all(call.tx, call.tenant())?;
    let all = call.indexed(all);
    let groups = all.iter().filter(|object| recipient::is_group(object)).map(shown);
    query::collection(call, &GROUP, "groups", groups.collect())
}

/// `GET /groups/{id}`
pub fn read(call: &Call<'_>) -> Answer {
    query::single(call, &GROUP, "groups", shown(&found(call)?))
}

/// `GET /groups/{id}/members`
pub fn members(call: &Call<'_>) -> Answer {
    let members = recipient::group_members(call.tx, &found(call)?)?;
    let shown: Result<Vec<_>, _> = members.iter().map(|member| member_shown(call, member)).collect();
    query::collection(call, &DIRECTORY_OBJECT, "directoryObjects", shown?)
}

/// `GET /groups/{id}/transitiveMembers`
pub fn transitive_members(call: &Call<'_>) -> Answer {
    let members = flattened(call, &found(call)?)?;
    let shown: Result<Vec<_>, _> = members.iter().map(|member| member_shown(call, member)).collect();
    query::collection(call, &DIRECTORY_OBJECT, "directoryObjects", shown?)
}

/// `GET /groups/{id}/members/microsoft.graph.user`
pub fn member_users(call: &Call<'_>) -> Answer {
    let members = recipient::group_members(call.tx, &found(call)?)?;
    only_users(call, &members)
}

/// `GET /groups/{id}/transitiveMembers/microsoft.graph.user`
pub fn transitive_member_users(call: &Call<'_>) -> Answer {
    let members = flattened(call, &found(call)?)?;
    only_users(call, &members)
}

/// `GET /directoryObjects/{id}`
pub fn directory_object(call: &Call<'_>) -> Answer {
    let id = call.capture(0);
    let object = directory_object_of(call, id)?.ok_or_else(|| Fault::not_found(id))?;
    query::single(call, &DIRECTORY_OBJECT, "directoryObjects", object)
}

/// `POST /directoryObjects/getByIds`: those of the ids that are there, of the types that were asked for.
pub fn directory_objects(call: &Call<'_>) -> Answer {
    call.check_parameters("getByIds", shape::IDS)?;
    let texts = |name: &str| {
        call.body
            .get(name)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
    };
    let ids: Vec<_> = texts("ids").collect();
    if ids.is_empty() || ids.len() > MOST_IDS {
        return Err(Fault::invalid(format!("Between 1 and {MOST_IDS} ids can be resolved at once.")));
    }
    let mut types = texts("types").map(|kind| format!("#microsoft.graph.{kind}")).peekable();
    let wanted: Vec<_> = match types.peek() {
        Some(_) => types.collect(),
        None => vec!["#microsoft.graph.directoryObject".into()],
    };
    let is_wanted = |object: &Map<String, Value>| {
        let is = |kind: &String| kind.ends_with(".directoryObject") || object.get("@odata.type").is_some_and(|own| own == kind.as_str());
        wanted.iter().any(is)
    };
    let found = ids.into_iter().map(|id| directory_object_of(call, id));
    let objects: Result<Vec<_>, _> = found.filter_map(Result::transpose).collect();
    let objects = objects?.into_iter().filter(is_wanted).collect();
    query::whole(call, &DIRECTORY_OBJECT, "directoryObjects", objects)
}

/// The user, service principal or group of that id, with its type.
fn directory_object_of(call: &Call<'_>, id: &str) -> Result<Option<Map<String, Value>>, Fault> {
    let typed = |mut body: Map<String, Value>, kind: &str| {
        body.insert("@odata.type".into(), format!("#microsoft.graph.{kind}").into());
        Some(body)
    };
    if let Some(user) = directory::user(call.tx, call.tenant(), id).and_then(|user| call.known(user)) {
        return Ok(typed(users::shown(call, &user)?, "user"));
    }
    let principal = directory::service_principal_by_id(call.tx, call.tenant(), id);
    if let Some(principal) = principal.and_then(|principal| call.known(principal)) {
        return Ok(typed(query::shown(&principal), "servicePrincipal"));
    }
    let group = recipient::by_directory_id(call.tx, call.tenant(), id)?.filter(recipient::is_group);
    Ok(group
        .and_then(|group| call.known(group))
        .and_then(|group| typed(shown(&group), "group")))
}

fn found(call: &Call<'_>) -> Result<Object, Fault> {
    let id = call.capture(0);
    let found = recipient::by_directory_id(call.tx, call.tenant(), id)?;
    let found = found.filter(recipient::is_group).and_then(|group| call.known(group));
    found.ok_or_else(|| Fault::not_found(id))
}

/// The group as Graph shows it.
pub fn shown(group: &Object) -> Map<String, Value> {
    let is_security = group.text("RecipientTypeDetails").contains("Security");
    let body = json!({
        "id": group.text("ExternalDirectoryObjectId"),
        "deletedDateTime": null,
        "createdDateTime": group.text("WhenCreated"),
        "description": group.body.get("Description").unwrap_or(&Value::Null),
        "displayName": group.text("DisplayName"),
        "groupTypes": [],
        "mail": group.text("PrimarySmtpAddress"),
        "mailEnabled": true,
        "mailNickname": group.text("Alias"),
        "onPremisesSyncEnabled": null,
        "proxyAddresses": group.list("EmailAddresses"),
        "securityEnabled": is_security,
        "visibility": null,
    });
    match body {
        Value::Object(body) => body,
        _ => Map::new(),
    }
}

fn member_shown(call: &Call<'_>, member: &Object) -> Result<Map<String, Value>, Fault> {
    let (kind, full) = if recipient::is_group(member) {
        ("group", shown(member))
    } else if let Some(user) = directory::user(call.tx, call.tenant(), member.text("ExternalDirectoryObjectId")) {
        ("user", users::shown(call, &user)?)
    } else {
        let mut contact = Map::new();
        contact.insert("id".into(), member.text("Guid").into());
        contact.insert("displayName".into(), member.text("DisplayName").into());
        contact.insert("mail".into(), member.text("PrimarySmtpAddress").into());
        ("orgContact", contact)
    };
    let mut body = Map::new();
    body.insert("@odata.type".into(), format!("#microsoft.graph.{kind}").into());
    body.extend(full.into_iter().filter(|(name, _)| DIRECTORY_OBJECT.property(name).is_some()));
    Ok(body)
}

fn only_users(call: &Call<'_>, members: &[Object]) -> Answer {
    let ids = members.iter().map(|member| member.text("ExternalDirectoryObjectId"));
    let found = ids.filter_map(|id| directory::user(call.tx, call.tenant(), id));
    let shown: Result<Vec<_>, _> = found.map(|user| users::shown(call, &user)).collect();
    query::collection(call, &USER, "users", shown?)
}

/// All members, those of nested groups too, each once.
fn flattened(call: &Call<'_>, group: &Object) -> Result<Vec<Object>, Fault> {
    let mut seen = HashSet::from([group.id.clone()]);
    let mut open = vec![group.clone()];
    let mut all = Vec::new();
    while let Some(group) = open.pop() {
        for member in recipient::group_members(call.tx, &group)? {
            if !seen.insert(member.id.clone()) {
                continue;
            }
            if recipient::is_group(&member) {
                open.push(member.clone());
            }
            all.push(member);
        }
    }
    Ok(all)
}

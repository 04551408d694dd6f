//! Resource groups.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::call::Answer;
use super::call::Call;
use super::fault::Fault;
use super::place;
use super::shape::Field;
use super::shape::Kind;
use super::vault;
use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::azure;

const FIELDS: &[Field] = &[
    ("id", Kind::Text),
    ("name", Kind::Text),
    ("type", Kind::Text),
    ("location", Kind::Text),
    ("managedBy", Kind::Text),
    ("tags", Kind::Tags),
    ("properties", Kind::Object(&[("provisioningState", Kind::Text)])),
];

/// `GET /subscriptions/{id}/resourceGroups`
pub fn list(call: &Call<'_>) -> Answer {
    let groups = azure::groups(call.tx, call.subscription()?);
    call.list(groups.iter().map(shown).collect())
}

/// `GET /subscriptions/{id}/resourceGroups/{name}`
pub fn read(call: &Call<'_>) -> Answer {
    Ok(Reply::json(200, &shown(&call.group()?)))
}

/// `HEAD /subscriptions/{id}/resourceGroups/{name}`
pub fn is_there(call: &Call<'_>) -> Answer {
    Ok(Reply::empty(if call.group().is_ok() { 204 } else { 404 }))
}

/// `PUT /subscriptions/{id}/resourceGroups/{name}`
pub fn put(call: &Call<'_>) -> Answer {
    let name = call.capture(1);
    check_name(name)?;
    let body = call.body(FIELDS)?;
    let location = place::named(call, body.get("location").and_then(Value::as_str), "")?;
    let there = azure::group(call.tx, call.subscription()?, name);
    let status = if there.is_some() { 200 } else { 201 };
    let mut group = there.unwrap_or_else(|| Object::new(&call.caller.tenant, azure::GROUP, Map::new()));
    if status == 200 && group.text("location") != location.name {
        let message = format!(
            "Invalid resource group location '{}'. The Resource group already exists in location '{}'.",
            location.name,
            group.text("location")
        );
        return Err(Fault::new(409, "InvalidResourceGroupLocation", message));
    }
    if status == 201 {
        group.set("name", name);
        group.set("location", location.name);
        group.set("_subscription", call.subscription()?.text("subscriptionId"));
    }
    group.set(
        "tags",
        body.get("tags")
            .filter(|tags| tags.is_object())
            .cloned()
            .unwrap_or_else(|| json!({})),
    );
    azure::store_group(call.tx, &group)?;
    Ok(Reply::json(status, &shown(&group)))
}

/// `DELETE /subscriptions/{id}/resourceGroups/{name}`, with all that is in it.
pub fn delete(call: &Call<'_>) -> Answer {
    let group = call.group()?;
    for vault in azure::vaults_in(call.tx, &group) {
        vault::audit(call, &vault, "VaultDelete", 200)?;
    }
    azure::delete_group(call.tx, &group)?;
    Ok(Reply::empty(200))
}

fn check_name(name: &str) -> Result<(), Fault> {
    let is_fit = |character: char| character.is_alphanumeric() || "_-.()".contains(character);
    if name.len() <= 90 && name.chars().all(is_fit) && !name.ends_with('.') {
        return Ok(());
    }
    let message = format!(
        "The provided resource group name '{name}' is invalid. It has up to 90 letters, digits, '-', '.', '(', ')' or '_', and does \
         not end with a period."
    );
    Err(Fault::new(400, "InvalidResourceGroup", message))
}

fn shown(group: &Object) -> Value {
    json!({
        "id": azure::group_id(group),
        "name": group.text("name"),
        "type": "Microsoft.Resources/resourceGroups",
        "location": group.text("location"),
        "tags": group.body.get("tags"),
        "properties": {"provisioningState": "Succeeded"},
    })
}

//! Access policies of vaults.

use serde_json::Value;
use serde_json::json;
use uuid::Uuid;

use super::call::Answer;
use super::call::Call;
use super::fault::Fault;
use super::shape::Field;
use super::shape::Kind;
use super::vault;
use crate::sandbox::Reply;
use crate::sandbox::azure;

/// How many policies a vault holds.
const MOST: usize = 1024;

const PERMISSIONS: &[Field] = &[
    ("keys", Kind::Texts),
    ("secrets", Kind::Texts),
    ("certificates", Kind::Texts),
    ("storage", Kind::Texts),
];

/// One policy.
pub const ENTRY: &[Field] = &[
    ("tenantId", Kind::Text),
    ("objectId", Kind::Text),
    ("applicationId", Kind::Text),
    ("permissions", Kind::Object(PERMISSIONS)),
];

const BODY: &[Field] = &[
    ("id", Kind::Text),
    ("name", Kind::Text),
    ("type", Kind::Text),
    ("location", Kind::Text),
    ("properties", Kind::Object(&[("accessPolicies", Kind::Objects(ENTRY))])),
];

const WORDS: &[(&str, &str)] = &[
    (
        "keys",
        "all encrypt decrypt wrapKey unwrapKey sign verify get list create update import delete backup restore recover purge release \
         rotate getrotationpolicy setrotationpolicy",
    ),
    ("secrets", "all get list set delete backup restore recover purge"),
    (
        "certificates",
        "all get list delete create import update managecontacts getissuers listissuers setissuers deleteissuers manageissuers recover \
         purge backup restore",
    ),
    (
        "storage",
        "all get list delete set update regeneratekey recover purge backup restore setsas listsas getsas deletesas",
    ),
];

/// `PUT .../vaults/{name}/accessPolicies/{add|replace|remove}`: changes the policies of those it names and keeps the others.
pub fn put(call: &Call<'_>) -> Answer {
    let before = vault::found(call)?;
    let mut vault = before.clone();
    let body = call.body(BODY)?;
    let given = body
        .get("properties")
        .and_then(|properties| properties["accessPolicies"].as_array());
    let given = given.ok_or_else(|| Fault::bad_request("The parameter accessPolicies is not specified."))?;
    let given = checked(call, given)?;
    let mut properties = vault.body.get("properties").cloned().unwrap_or_default();
    let mut entries = properties["accessPolicies"].as_array().cloned().unwrap_or_default();
    let change = match call.capture(3).to_ascii_lowercase().as_str() {
        "add" => merge,
        "replace" => replace,
        "remove" => remove,
        other => {
            let message = format!("The access policy operation '{other}' is not one of 'add', 'replace' and 'remove'.");
            return Err(Fault::bad_request(message));
        }
    };
    for entry in given {
        change(&mut entries, entry);
    }
    check_count(&entries)?;
    properties["accessPolicies"] = json!(entries);
    vault.set("properties", properties);
    vault::store_changed(call, &mut vault, &before, "VaultPatch")?;
    let body = json!({
        "id": format!("{}/accessPolicies/", azure::vault_id(&vault)),
        "type": "Microsoft.KeyVault/vaults/accessPolicies",
        "location": vault.text("location"),
        "properties": {"accessPolicies": entries},
    });
    Ok(Reply::json(200, &body))
}

/// The policies of a body, when each names somebody of the vault's tenant and permissions that there are.
pub fn checked(call: &Call<'_>, entries: &[Value]) -> Result<Vec<Value>, Fault> {
    for entry in entries {
        check(&call.tenant_id(), entry)?;
    }
    check_count(entries)?;
    Ok(entries.to_vec())
}

fn check(tenant_id: &str, entry: &Value) -> Result<(), Fault> {
    let refused = |why: String| Fault::bad_request(format!("An invalid value was provided for 'accessPolicies'. {why}"));
    let text = |name: &str| entry[name].as_str().unwrap_or_default();
    if !text("tenantId").eq_ignore_ascii_case(tenant_id) {
        let why = format!("The entry is of the tenant '{}', and the vault of '{tenant_id}'.", text("tenantId"));
        return Err(refused(why));
    }
    if Uuid::parse_str(text("objectId")).is_err() {
        return Err(refused(format!("'{}' is no object id.", text("objectId"))));
    }
    let Some(permissions) = entry["permissions"].as_object() else {
        return Err(refused(format!("The entry of '{}' has no permissions.", text("objectId"))));
    };
    for (container, known) in WORDS {
        let words = permissions.get(*container).and_then(Value::as_array);
        let mut words = words.into_iter().flatten().filter_map(Value::as_str);
        let is_known = |word: &str| known.split_whitespace().any(|known| known.eq_ignore_ascii_case(word));
        if let Some(unknown) = words.find(|word| !is_known(word)) {
            return Err(refused(format!("'{unknown}' is no permission for {container}.")));
        }
    }
    Ok(())
}

fn check_count(entries: &[Value]) -> Result<(), Fault> {
    match entries.len() {
        0..=MOST => Ok(()),
        count => {
            let message = format!("A vault holds at most {MOST} access policies, and this would make {count}.");
            Err(Fault::bad_request(message))
        }
    }
}

fn is_same(one: &Value, other: &Value) -> bool {
    let text = |entry: &Value, name: &str| entry[name].as_str().unwrap_or_default().to_ascii_lowercase();
    ["objectId", "applicationId"]
        .iter()
        .all(|name| text(one, name) == text(other, name))
}

fn merge(entries: &mut Vec<Value>, given: Value) {
    let Some(entry) = entries.iter_mut().find(|entry| is_same(entry, &given)) else {
        entries.push(given);
        return;
    };
    for (container, _) in WORDS {
        let mut words = entry["permissions"][*container].as_array().cloned().unwrap_or_default();
        let more = given["permissions"][*container].as_array().into_iter().flatten();
        for word in more {
            let is_there = |known: &Value| {
                let pair = known.as_str().zip(word.as_str());
                pair.is_some_and(|(known, word)| known.eq_ignore_ascii_case(word))
            };
            if !words.iter().any(is_there) {
                words.push(word.clone());
            }
        }
        if !words.is_empty() {
            entry["permissions"][*container] = json!(words);
        }
    }
}

fn replace(entries: &mut Vec<Value>, given: Value) {
    match entries.iter_mut().find(|entry| is_same(entry, &given)) {
        Some(entry) => *entry = given,
        None => entries.push(given),
    }
}

fn remove(entries: &mut Vec<Value>, given: Value) {
    let gone = |word: &Value, container: &str| {
        let words = given["permissions"][container].as_array().into_iter().flatten();
        let mut words = words.filter_map(Value::as_str);
        words.any(|given| word.as_str().is_some_and(|word| word.eq_ignore_ascii_case(given)))
    };
    for entry in entries.iter_mut().filter(|entry| is_same(entry, &given)) {
        for (container, _) in WORDS {
            if let Some(words) = entry["permissions"][*container].as_array_mut() {
                words.retain(|word| !gone(word, container));
            }
        }
    }
    let is_empty = |entry: &Value| {
        let permissions = entry["permissions"].as_object().into_iter().flatten();
        let mut lists = permissions.map(|(_, words)| words.as_array().is_none_or(Vec::is_empty));
        lists.all(|is_empty| is_empty)
    };
    entries.retain(|entry| !(is_same(entry, &given) && is_empty(entry)));
}

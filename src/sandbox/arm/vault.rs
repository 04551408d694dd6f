//! Vaults.

use jiff::ToSpan;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::call::Answer;
use super::call::Call;
use super::fault::Fault;
use super::name;
use super::place;
use super::vault_rules;
use super::vault_rules::Change;
use super::vault_rules::KIND;
use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::azure;
use crate::sandbox::azure::AuditEvent;

/// How long the host name of a new vault takes to be known, in seconds of the sandbox's clock.
const REGISTERING_DNS: i64 = 10;

/// `GET .../vaults`, of the subscription or of a group.
pub fn list(call: &Call<'_>) -> Answer {
    let group = match call.captures.len() {
        1 => None,
        _ => Some(call.group()?.text("name").to_owned()),
    };
    let subscription = call.subscription()?.text("subscriptionId");
    let mut all = azure::vaults(call.tx, &call.caller.tenant);
    all.retain(|vault| vault.text("_subscription") == subscription);
    all.retain(|vault| group.as_deref().is_none_or(|group| vault.text("_resourceGroup") == group));
    call.list(all.iter().map(|vault| shown(call, vault)).collect())
}

/// `GET .../vaults/{name}`
pub fn read(call: &Call<'_>) -> Answer {
    let vault = found(call)?;
    audit(call, &vault, "VaultGet", 200)?;
    Ok(Reply::json(200, &shown(call, &vault)))
}

/// `PUT .../vaults/{name}`: makes, replaces or recovers.
pub fn put(call: &Call<'_>) -> Answer {
    let group = call.group()?;
    let name = call.capture(2);
    if !name::is_vault_name(name) {
        return Err(Fault::new(400, "VaultNameNotValid", name::bad_vault_name(name)));
    }
    let body = call.body(vault_rules::PUT)?;
    let location = place::named(call, body.get("location").and_then(Value::as_str), KIND)?;
    let given = properties(&body);
    let is_recovery = given.get("createMode").and_then(Value::as_str) == Some("recover");
    if let Some(vault) = azure::vault(call.tx, name) {
        let is_this = vault.text("_subscription") == group.text("_subscription") && vault.text("_resourceGroup") == group.text("name");
        if !is_this {
            return Err(Fault::new(409, "VaultAlreadyExists", name::taken_vault(name)));
        }
        if vault.text("location") != location.name {
            return Err(place::elsewhere(name, vault.text("location"), group.text("name"), location.name));
        }
        return replace(call, &vault, &body, &given);
    }
    match azure::deleted_vault(call.tx, name) {
        Some(deleted) if is_recovery => {
            vault_rules::check_identity(call, &given)?;
            recover(call, deleted, &group, location.name)
        }
        Some(deleted) if deleted.text("_subscription") == group.text("_subscription") => {
            let message = "A vault with the same name already exists in deleted state. You need to either recover or purge existing key \
                           vault. Follow this link https://go.microsoft.com/fwlink/?linkid=2149745 for more information on soft delete.";
            Err(Fault::new(409, "ConflictError", message))
        }
        Some(_) => Err(Fault::new(409, "VaultAlreadyExists", name::taken_vault(name))),
        None if is_recovery => {
            let message = format!("The specified deleted vault '{name}' does not exist.");
            Err(Fault::new(404, "DeletedVaultNotFound", message))
        }
        None => create(call, &group, location.name, &body, &given),
    }
}

/// `PATCH .../vaults/{name}`: changes what is given and keeps the rest.
pub fn patch(call: &Call<'_>) -> Answer {
    let before = found(call)?;
    let mut vault = before.clone();
    let body = call.body(vault_rules::PATCH)?;
    let mut changed = vault_rules::kept(&vault);
    let given = properties(&body);
    vault_rules::apply(call, &mut changed, &given, Change::Patch)?;
    vault.set("properties", changed);
    if let Some(tags) = body.get("tags").filter(|tags| tags.is_object()) {
        vault.set("tags", tags.clone());
    }
    store_changed(call, &mut vault, &before, "VaultPatch")?;
    Ok(Reply::json(200, &shown(call, &vault)))
}

/// `DELETE .../vaults/{name}`: soft.
pub fn delete(call: &Call<'_>) -> Answer {
    let Ok(vault) = found(call) else {
        return Ok(Reply::empty(204));
    };
    audit(call, &vault, "VaultDelete", 200)?;
    azure::delete_vault(call.tx, vault)?;
    Ok(Reply::empty(200))
}

/// The vault that the path names.
pub fn found(call: &Call<'_>) -> Result<Object, Fault> {
    let group = call.group()?;
    let in_group = |vault: &Object| {
        vault.tenant == group.tenant
            && vault.text("_subscription") == group.text("_subscription")
            && vault.text("_resourceGroup") == group.text("name")
    };
    let found = azure::vault(call.tx, call.capture(2)).filter(in_group);
    found.ok_or_else(|| Fault::no_resource(KIND, call.capture(2), call.capture(1)))
}

/// Writes an event of the caller to the logs of `vault`.
pub fn audit(call: &Call<'_>, vault: &Object, operation: &str, status: u16) -> rusqlite::Result<()> {
    let event = AuditEvent {
        operation,
        app_id: &call.caller.app_id,
        object_id: &call.caller.object_id,
        request_uri: &format!("{}?api-version={}", call.address(&call.request.path), call.version),
        status,
    };
    azure::record(call.tx, vault, &event)
}

/// Stores what the caller made of a vault and logs it. Who gets in by another rule than `before` is told on its own.
pub fn store_changed(call: &Call<'_>, vault: &mut Object, before: &Object, operation: &str) -> rusqlite::Result<()> {
    touch(call, vault);
    azure::store_vault(call.tx, vault)?;
    audit(call, vault, operation, 200)?;
    let (old, new) = (vault_rules::kept(before), vault_rules::kept(vault));
    let decides = ["accessPolicies", "enableRbacAuthorization"];
    match decides.iter().any(|name| old[*name] != new[*name]) {
        true => audit(call, vault, "VaultAccessPolicyChangedEventGridNotification", 200),
        false => Ok(()),
    }
}

/// Notes who changed a vault, and when.
fn touch(call: &Call<'_>, vault: &mut Object) {
    let data = vault.body.entry("systemData").or_insert_with(|| json!({}));
    data["lastModifiedBy"] = json!(call.caller.app_id);
    data["lastModifiedByType"] = json!("Application");
    data["lastModifiedAt"] = json!(call.tx.now().to_string());
}

fn create(call: &Call<'_>, group: &Object, location: &str, body: &Map<String, Value>, given: &Map<String, Value>) -> Answer {
    let mut properties = vault_rules::of_new(call)?;
    vault_rules::apply(call, &mut properties, given, Change::Make)?;
    let mut vault = Object::new(&call.caller.tenant, "vault", Map::new());
    vault.set("name", call.capture(2));
    vault.set("location", location);
    vault.set("tags", tags(body));
    vault.set("properties", properties);
    vault.set("_subscription", group.text("_subscription"));
    vault.set("_resourceGroup", group.text("name"));
    vault.set("_readyAt", (call.tx.now() + REGISTERING_DNS.seconds()).to_string());
    vault.set(
        "systemData",
        json!({
            "createdBy": call.caller.app_id,
            "createdByType": "Application",
            "createdAt": call.tx.now().to_string(),
        }),
    );
    touch(call, &mut vault);
    azure::store_vault(call.tx, &vault)?;
    audit(call, &vault, "VaultPut", 201)?;
    Ok(Reply::json(201, &shown(call, &vault)))
}

fn replace(call: &Call<'_>, before: &Object, body: &Map<String, Value>, given: &Map<String, Value>) -> Answer {
    let mut vault = before.clone();
    let mut properties = vault_rules::kept(&vault);
    vault_rules::apply(call, &mut properties, given, Change::Replace)?;
    vault.set("properties", properties);
    vault.set("tags", tags(body));
    store_changed(call, &mut vault, before, "VaultPut")?;
    Ok(Reply::json(200, &shown(call, &vault)))
}

fn recover(call: &Call<'_>, deleted: Object, group: &Object, location: &str) -> Answer {
    let name = call.capture(2);
    let is_own = deleted.text("_subscription") == group.text("_subscription") && deleted.text("_resourceGroup") == group.text("name");
    if !is_own || deleted.text("location") != location {
        let message = format!(
            "The specified deleted vault '{name}' does not exist in resource group '{}' and location '{location}'.",
            group.text("name")
        );
        return Err(Fault::new(404, "DeletedVaultNotFound", message));
    }
    let before = azure::recover_vault(call.tx, deleted)?;
    let mut vault = before.clone();
    store_changed(call, &mut vault, &before, "VaultRecover")?;
    Ok(Reply::json(200, &shown(call, &vault)))
}

fn properties(body: &Map<String, Value>) -> Map<String, Value> {
    body.get("properties").and_then(Value::as_object).cloned().unwrap_or_default()
}

fn tags(body: &Map<String, Value>) -> Value {
    body.get("tags")
        .filter(|tags| tags.is_object())
        .cloned()
        .unwrap_or_else(|| json!({}))
}

fn shown(call: &Call<'_>, vault: &Object) -> Value {
    let mut properties = vault.body.get("properties").cloned().unwrap_or_default();
    properties["vaultUri"] = json!(format!("https://{}.{}/", vault.text("name").to_ascii_lowercase(), call.cloud.vault));
    properties["provisioningState"] = json!(match azure::is_ready(call.tx, vault) {
        true => "Succeeded",
        false => "RegisteringDns",
    });
    json!({
        "id": azure::vault_id(vault),
        "name": vault.text("name"),
        "type": KIND,
        "location": vault.text("location"),
        "tags": vault.body.get("tags"),
        "systemData": vault.body.get("systemData"),
        "properties": properties,
    })
}

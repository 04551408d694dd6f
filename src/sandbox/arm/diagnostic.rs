//! Diagnostic settings of vaults.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::call::Answer;
use super::call::Call;
use super::fault::Fault;
use super::setting;
use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::azure;

const LOGS: &[(&str, &[&str])] = &[
    ("AuditEvent", &["audit", "allLogs"]),
    ("AzurePolicyEvaluationDetails", &["allLogs"]),
];
const METRICS: &str = "AllMetrics";

/// `GET {vault}/providers/Microsoft.Insights/diagnosticSettings`
pub fn list(call: &Call<'_>) -> Answer {
    let vault = vault(call)?;
    let all = azure::settings(call.tx, &vault.tenant, &azure::vault_id(&vault));
    Ok(Reply::json(200, &json!({"value": all.iter().map(shown).collect::<Vec<_>>()})))
}

/// `GET {vault}/providers/Microsoft.Insights/diagnosticSettings/{name}`
pub fn read(call: &Call<'_>) -> Answer {
    let vault = vault(call)?;
    let found = azure::setting(call.tx, &vault.tenant, &azure::vault_id(&vault), call.capture(1));
    let missing = || {
        let message = format!("The diagnostic setting '{}' does not exist.", call.capture(1));
        Fault::new(404, "ResourceNotFound", message)
    };
    Ok(Reply::json(200, &shown(&found.ok_or_else(missing)?)))
}

/// `PUT {vault}/providers/Microsoft.Insights/diagnosticSettings/{name}`
pub fn put(call: &Call<'_>) -> Answer {
    let vault = vault(call)?;
    let body = call.body(setting::BODY)?;
    let given = body.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
    check_categories(&given)?;
    check_account(call, &vault, &given)?;
    let resource = azure::vault_id(&vault);
    let there = azure::setting(call.tx, &vault.tenant, &resource, call.capture(1));
    let mut setting = there.unwrap_or_else(|| Object::new(&vault.tenant, azure::SETTING, Map::new()));
    setting.set("name", call.capture(1));
    setting.set("_resource", resource);
    setting.set("properties", setting::properties(&given));
    azure::store_setting(call.tx, &setting)?;
    Ok(Reply::json(200, &shown(&setting)))
}

/// `DELETE {vault}/providers/Microsoft.Insights/diagnosticSettings/{name}`
pub fn delete(call: &Call<'_>) -> Answer {
    let vault = vault(call)?;
    match azure::setting(call.tx, &vault.tenant, &azure::vault_id(&vault), call.capture(1)) {
        Some(setting) => {
            azure::remove_setting(call.tx, &setting)?;
            Ok(Reply::empty(200))
        }
        None => Ok(Reply::empty(204)),
    }
}

/// `GET {vault}/providers/Microsoft.Insights/diagnosticSettingsCategories`
pub fn categories(call: &Call<'_>) -> Answer {
    let id = azure::vault_id(&vault(call)?);
    let logs = LOGS.iter().map(|(name, _)| *name);
    let all: Vec<Value> = logs.chain([METRICS]).map(|name| category_of(&id, name)).collect();
    Ok(Reply::json(200, &json!({"value": all})))
}

/// `GET {vault}/providers/Microsoft.Insights/diagnosticSettingsCategories/{name}`
pub fn category(call: &Call<'_>) -> Answer {
    let id = azure::vault_id(&vault(call)?);
    let names = LOGS.iter().map(|(name, _)| *name).chain([METRICS]);
    let found = names.into_iter().find(|name| name.eq_ignore_ascii_case(call.capture(1)));
    let found = found.ok_or_else(|| unsupported(call.capture(1)))?;
    Ok(Reply::json(200, &category_of(&id, found)))
}

/// The vault that the path names; other resources have no settings here.
fn vault(call: &Call<'_>) -> Result<Object, Fault> {
    let segments: Vec<&str> = call.capture(0).split('/').collect();
    match segments[..] {
        [_, _, _, group, _, namespace, kind, name]
            if namespace.eq_ignore_ascii_case("Microsoft.KeyVault") && kind.eq_ignore_ascii_case("vaults") =>
        {
            let found = azure::vault(call.tx, name);
            let is_it = |vault: &Object| azure::vault_id(vault).trim_start_matches('/').eq_ignore_ascii_case(call.capture(0));
            found
                .filter(is_it)
                .ok_or_else(|| Fault::no_resource("Microsoft.KeyVault/vaults", name, group))
        }
        _ => {
            let kind = segments.iter().skip(5).take(2).copied().collect::<Vec<_>>().join("/");
            let message = format!("The resource type '{}' does not support diagnostic settings.", kind.to_lowercase());
            Err(Fault::new(400, "ResourceTypeNotSupported", message))
        }
    }
}

fn check_categories(given: &Map<String, Value>) -> Result<(), Fault> {
    let entries = |name: &str| given.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    for log in entries("logs") {
        let (category, group) = (log["category"].as_str(), log["categoryGroup"].as_str());
        let is_known = match (category, group) {
            (Some(name), None) => LOGS.iter().any(|(known, _)| known.eq_ignore_ascii_case(name)),
            (None, Some(name)) => ["audit", "allLogs"].iter().any(|known| known.eq_ignore_ascii_case(name)),
            _ => false,
        };
        if !is_known {
            return Err(unsupported(category.or(group).unwrap_or_default()));
        }
    }
    for metric in entries("metrics") {
        let name = metric["category"].as_str().unwrap_or_default();
        if !name.eq_ignore_ascii_case(METRICS) {
            return Err(unsupported(name));
        }
    }
    match entries("logs").is_empty() && entries("metrics").is_empty() {
        true => Err(Fault::bad_request("At least one log or metric category has to be specified.")),
        false => Ok(()),
    }
}

/// The log goes to a storage account that is there, is the caller's to use, and stands in the vault's region.
fn check_account(call: &Call<'_>, vault: &Object, given: &Map<String, Value>) -> Result<(), Fault> {
    let Some(id) = given.get("storageAccountId").and_then(Value::as_str).filter(|id| !id.is_empty()) else {
        return Err(Fault::bad_request(
            "At least one data sink needs to be specified. The sandbox has storage accounts only.",
        ));
    };
    let name = id.rsplit('/').next().unwrap_or_default();
    let found = azure::account(call.tx, name).filter(|account| azure::account_id(account).eq_ignore_ascii_case(id));
    let account = found.ok_or_else(|| Fault::new(404, "ResourceNotFound", format!("The resource '{id}' was not found.")))?;
    let action = "Microsoft.Storage/storageAccounts/listKeys/action";
    if !call.may(action, id) {
        let message = format!(
            "The client '{}' with object id '{}' has permission to perform action 'microsoft.insights/diagnosticSettings/write' on \
             scope '{}'; however, it does not have permission to perform action(s) '{action}' on the linked scope(s) '{id}' or the \
             linked scope(s) are invalid.",
            call.caller.app_id,
            call.caller.object_id,
            azure::vault_id(vault)
        );
        return Err(Fault::new(403, "LinkedAuthorizationFailed", message));
    }
    if account.text("location") != vault.text("location") {
        let message = format!(
            "Resource '{}' is in region '{}' and resource '{id}' is in region '{}'.",
            azure::vault_id(vault),
            vault.text("location"),
            account.text("location")
        );
        return Err(Fault::bad_request(message));
    }
    Ok(())
}

fn unsupported(category: &str) -> Fault {
    Fault::bad_request(format!("Category '{category}' is not supported."))
}

fn category_of(vault_id: &str, name: &str) -> Value {
    let groups = LOGS.iter().find(|(known, _)| *known == name).map(|(_, groups)| *groups);
    let properties = match groups {
        Some(groups) => json!({"categoryType": "Logs", "categoryGroups": groups}),
        None => json!({"categoryType": "Metrics"}),
    };
    json!({
        "id": format!("{}/providers/microsoft.insights/diagnosticSettingsCategories/{name}", vault_id.to_lowercase()),
        "type": "microsoft.insights/diagnosticSettingsCategories",
        "name": name,
        "properties": properties,
    })
}

fn shown(setting: &Object) -> Value {
    let (resource, name) = (setting.text("_resource").to_lowercase(), setting.text("name"));
    json!({
        "id": format!("{resource}/providers/microsoft.insights/diagnosticSettings/{name}"),
        "type": "Microsoft.Insights/diagnosticSettings",
        "name": name,
        "properties": setting.body.get("properties"),
    })
}

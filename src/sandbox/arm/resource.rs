//! The resources of a subscription, of all types: how a client finds the group of a vault whose name it knows.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::assignment;
use super::call::Answer;
use super::call::Call;
use super::fault::Fault;
use super::storage;
use super::vault_rules;
use crate::sandbox::Object;
use crate::sandbox::azure;

/// What a filter may compare, and where it stands in what is shown.
const COMPARED: &[(&str, &str)] = &[
    ("resourceType", "type"),
    ("name", "name"),
    ("location", "location"),
    ("resourceGroup", "_resourceGroup"),
];

/// `GET /subscriptions/{id}/resources`
pub fn list(call: &Call<'_>) -> Answer {
    let wanted = conditions(call.request.parameter("$filter").unwrap_or_default())?;
    let subscription = call.subscription()?.text("subscriptionId");
    let vaults = azure::vaults(call.tx, &call.caller.tenant);
    let vaults = vaults.iter().map(|vault| shown(vault, azure::vault_id(vault), vault_rules::KIND));
    let accounts = azure::accounts(call.tx, &call.caller.tenant);
    let accounts = accounts.iter().map(|account| {
        let mut body = shown(account, azure::account_id(account), storage::KIND);
        body.insert("kind".into(), account.text("kind").into());
        body.insert("sku".into(), json!({"name": account.text("_sku")}));
        body
    });
    let is = |body: &Map<String, Value>, name: &str, value: &str| body[name].as_str().is_some_and(|own| own.eq_ignore_ascii_case(value));
    let found = vaults.chain(accounts).filter(|body| {
        let own = is(body, "_subscription", subscription);
        own && wanted.iter().all(|(name, value)| is(body, name, value))
    });
    let visible = |body: Map<String, Value>| body.into_iter().filter(|(name, _)| !name.starts_with('_')).collect();
    call.list(found.map(visible).map(Value::Object).collect())
}

fn shown(object: &Object, id: String, kind: &str) -> Map<String, Value> {
    let kept = ["_subscription", "_resourceGroup", "name", "location", "tags"];
    let mut body: Map<_, _> = kept
        .iter()
        .map(|name| ((*name).to_owned(), object.body.get(*name).cloned().unwrap_or_default()))
        .collect();
    body.insert("id".into(), id.into());
    body.insert("type".into(), kind.into());
    body
}

/// The parts of a filter like `resourceType eq 'Microsoft.KeyVault/vaults' and name eq 'x'`.
fn conditions(filter: &str) -> Result<Vec<(&'static str, String)>, Fault> {
    let parts = filter.split(" and ").map(str::trim).filter(|part| !part.is_empty());
    let condition = |part: &str| {
        let (property, value) = part.split_once(" eq ")?;
        let (_, place) = COMPARED.iter().find(|(name, _)| name.eq_ignore_ascii_case(property.trim()))?;
        let value = value.trim().strip_prefix('\'')?.strip_suffix('\'')?;
        Some((*place, value.replace("''", "'")))
    };
    parts
        .map(|part| condition(part).ok_or_else(|| assignment::unsupported(filter)))
        .collect()
}

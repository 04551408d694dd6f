//! Arguments that a call always carries, so that a script cannot leave them out.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use uuid::Uuid;

use crate::change::Descriptor;
use crate::model::Arguments;
use crate::model::Given;

/// `arguments` with what the service wants in every call of this kind to the tenant `tenant_id`.
pub(in crate::tenant) fn completed(descriptor: &Descriptor, tenant_id: Uuid, arguments: Arguments) -> Arguments {
    let always = match descriptor.name {
        "clear_previous_mailbox_info" => vec![("PermanentlyClearPreviousMailboxInfo", json!(true))],
        // The switch chooses the parameter set; we make no other kind of endpoint.
        "new_migration_endpoint" => vec![("ExchangeRemoteMove", json!(true))],
        // Graph refuses the call when one of the arrays is missing, also when there is nothing in it.
        "set_licences" => vec![("addLicenses", json!([])), ("removeLicenses", json!([]))],
        // The application is often no owner of the group, and has no mailbox to be one.
        "add_group_member" | "remove_group_member" => vec![("BypassSecurityGroupManagerCheck", json!(true))],
        // One assignment has one name, so that a call that is repeated is refused rather than heard twice.
        "new_role_assignment" => vec![("name", json!(assignment_name(&arguments)))],
        _ => Vec::new(),
    };
    let arguments = match descriptor.name {
        // Whether policies or roles decide depends on the version of the call when nobody says it.
        "new_vault" => with_properties(
            arguments,
            json!({
                "tenantId": tenant_id, "sku": {"family": "A", "name": "standard"}, "enableRbacAuthorization": false,
                "enableSoftDelete": true, "softDeleteRetentionInDays": 90, "accessPolicies": [],
            }),
        ),
        _ => arguments,
    };
    let arguments = match descriptor.name {
        "new_vault" | "add_access_policy" | "remove_access_policy" => of_tenant(arguments, tenant_id),
        _ => arguments,
    };
    let missing: Vec<_> = always.into_iter().filter(|(name, _)| arguments.get(name).is_none()).collect();
    missing
        .into_iter()
        .fold(arguments, |arguments, (name, value)| arguments.with(name, value))
}

/// What a write sends besides its arguments, because nobody may choose it: a recovery is the making of a vault but for its mode.
pub(in crate::tenant) fn fixed(descriptor: &Descriptor, tenant_id: Uuid) -> Option<(&'static str, Value)> {
    let recover = || json!({"tenantId": tenant_id, "sku": {"family": "A", "name": "standard"}, "createMode": "recover"});
    (descriptor.name == "recover_vault").then(|| ("properties", recover()))
}

/// `arguments` with `properties` laid under those that are given.
fn with_properties(mut arguments: Arguments, properties: Value) -> Arguments {
    let mut all = properties.as_object().cloned().unwrap_or_default();
    if let Some(Given::Plain(Value::Object(given))) = arguments.remove("properties") {
        all.extend(given);
    }
    arguments.with("properties", all)
}

/// `arguments` whose access policies are all for this tenant, as the service wants them.
fn of_tenant(mut arguments: Arguments, tenant_id: Uuid) -> Arguments {
    let Some(Given::Plain(mut properties)) = arguments.remove("properties") else {
        return arguments;
    };
    let policies = properties.get_mut("accessPolicies").and_then(Value::as_array_mut);
    for policy in policies.into_iter().flatten().filter_map(Value::as_object_mut) {
        complete(policy, tenant_id);
    }
    arguments.with("properties", properties)
}

fn complete(policy: &mut Map<String, Value>, tenant_id: Uuid) {
    if !policy.contains_key("tenantId") {
        policy.insert("tenantId".into(), json!(tenant_id));
    }
}

fn assignment_name(arguments: &Arguments) -> Uuid {
    let properties = arguments.get("properties").and_then(Given::plain).unwrap_or(&Value::Null);
    let of = |name: &str| properties[name].as_str().unwrap_or_default().to_lowercase();
    let scope = arguments.text("scope").unwrap_or_default().to_lowercase();
    let whole = format!("{scope} {} {}", of("principalId"), of("roleDefinitionId"));
    Uuid::new_v5(&Uuid::NAMESPACE_URL, whole.as_bytes())
}

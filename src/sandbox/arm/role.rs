//! Role definitions: the built-in ones.

use serde_json::Value;
use serde_json::json;

use super::assignment::existing_scope;
use super::assignment::unsupported;
use super::call::Answer;
use super::call::Call;
use super::fault::Fault;
use super::subscription;
use crate::sandbox::Reply;
use crate::sandbox::azure;
use crate::sandbox::azure::Role;

/// `GET {scope}/providers/Microsoft.Authorization/roleDefinitions`
pub fn list(call: &Call<'_>) -> Answer {
    existing_scope(call)?;
    let filter = call.request.parameter("$filter").unwrap_or_default();
    let name = match filter.trim().split_once(" eq ") {
        None if filter.trim().is_empty() => None,
        Some((property, value)) if property.trim().eq_ignore_ascii_case("roleName") => Some(value.trim().trim_matches('\'')),
        Some((property, value)) if property.trim().eq_ignore_ascii_case("type") && value.trim() == "'BuiltInRole'" => None,
        _ => return Err(unsupported(filter)),
    };
    let found = azure::ROLES
        .iter()
        .filter(|role| name.is_none_or(|name| role.name.eq_ignore_ascii_case(name)));
    let scope = subscription::scope(call.subscription()?);
    call.list(found.map(|role| definition_of(&scope, role)).collect())
}

/// `GET {scope}/providers/Microsoft.Authorization/roleDefinitions/{id}`
pub fn read(call: &Call<'_>) -> Answer {
    existing_scope(call)?;
    let role = azure::role_of(call.capture(1)).ok_or_else(|| {
        let message = format!("The specified role definition with ID '{}' does not exist.", call.capture(1));
        Fault::new(404, "RoleDefinitionDoesNotExist", message)
    })?;
    Ok(Reply::json(200, &definition_of(&subscription::scope(call.subscription()?), role)))
}

/// The id of a role definition as a subscription shows it.
pub fn definition_id(subscription_scope: &str, id: &str) -> String {
    format!("{subscription_scope}/providers/Microsoft.Authorization/roleDefinitions/{id}")
}

fn definition_of(subscription_scope: &str, role: &Role) -> Value {
    json!({
        "id": definition_id(subscription_scope, role.id),
        "name": role.id,
        "type": "Microsoft.Authorization/roleDefinitions",
        "properties": {
            "roleName": role.name,
            "type": "BuiltInRole",
            "assignableScopes": ["/"],
            "permissions": [{
                "actions": role.actions,
                "notActions": role.not_actions,
                "dataActions": role.data_actions,
                "notDataActions": [],
            }],
        },
    })
}

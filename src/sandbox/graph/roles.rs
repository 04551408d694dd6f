//! Directory roles and who holds them; read only.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::call::Answer;
use super::call::Call;
use super::principals::found;
use super::properties::DIRECTORY_ROLE;
use super::properties::ROLE_ASSIGNMENT;
use super::query;
use crate::sandbox::directory;
use crate::sandbox::ids;

/// `GET /servicePrincipals/{id}/memberOf`
pub fn of_principal(call: &Call<'_>) -> Answer {
    let held = directory::directory_roles(call.tx, call.tenant(), found(call)?.text("id"));
    let roles = held.iter().map(|template| {
        let mut role = role(template);
        role.insert("@odata.type".into(), "#microsoft.graph.directoryRole".into());
        role
    });
    query::collection(call, &DIRECTORY_ROLE, "directoryObjects", roles.collect())
}

/// `GET /roleManagement/directory/roleAssignments`
pub fn assignments(call: &Call<'_>) -> Answer {
    let all = call.indexed(directory::role_assignments(call.tx, call.tenant()));
    query::collection(
        call,
        &ROLE_ASSIGNMENT,
        "roleManagement/directory/roleAssignments",
        all.iter().map(query::shown).collect(),
    )
}

/// `GET /directoryRoles`: only roles that somebody holds exist.
pub fn list(call: &Call<'_>) -> Answer {
    let all = call.indexed(directory::role_assignments(call.tx, call.tenant()));
    let mut templates: Vec<_> = all.iter().map(|assignment| assignment.text("roleDefinitionId")).collect();
    templates.sort_unstable();
    templates.dedup();
    query::whole(call, &DIRECTORY_ROLE, "directoryRoles", templates.into_iter().map(role).collect())
}

fn role(template: &str) -> Map<String, Value> {
    let name = ids::DIRECTORY_ROLES.iter().find(|(_, id)| *id == template).map(|(name, _)| *name);
    let mut role = Map::new();
    role.insert("id".into(), json!(template));
    role.insert("deletedDateTime".into(), Value::Null);
    role.insert("description".into(), Value::Null);
    role.insert("displayName".into(), json!(name));
    role.insert("roleTemplateId".into(), json!(template));
    role
}

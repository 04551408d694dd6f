//! Directory roles, who holds them, and giving them. Built-in roles only, each for the whole tenant.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::call::Answer;
use super::call::Call;
use super::fault::Fault;
use super::properties::DIRECTORY_OBJECT;
use super::properties::DIRECTORY_ROLE;
use super::properties::ROLE_ASSIGNMENT;
use super::properties::ROLE_DEFINITION;
use super::query;
use super::users;
use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::directory;
use crate::sandbox::ids;

const ASSIGNMENTS: &str = "roleManagement/directory/roleAssignments";
const DEFINITIONS: &str = "roleManagement/directory/roleDefinitions";

/// `GET /roleManagement/directory/roleAssignments`
pub fn assignments(call: &Call<'_>) -> Answer {
    let all = call.indexed(directory::role_assignments(call.tx, call.tenant()));
    query::collection(call, &ROLE_ASSIGNMENT, ASSIGNMENTS, all.iter().map(query::shown).collect())
}

/// `GET /roleManagement/directory/roleAssignments/{id}`
pub fn assignment(call: &Call<'_>) -> Answer {
    query::single(call, &ROLE_ASSIGNMENT, ASSIGNMENTS, query::shown(&found(call)?))
}

/// `POST /roleManagement/directory/roleAssignments`
pub fn assign(call: &Call<'_>) -> Answer {
    call.check_properties(&ROLE_ASSIGNMENT, "principalId roleDefinitionId directoryScopeId")?;
    let (principal_id, definition_id) = (call.needed("principalId")?, call.needed("roleDefinitionId")?);
    if call.needed("directoryScopeId")? != "/" {
        return Err(Fault::invalid("The directory scope of the assignment does not exist."));
    }
    let template = template(definition_id).ok_or_else(|| Fault::not_found(definition_id))?;
    let is_user = directory::user(call.tx, call.tenant(), principal_id).is_some();
    if !is_user && directory::service_principal_by_id(call.tx, call.tenant(), principal_id).is_none() {
        return Err(Fault::not_found(principal_id));
    }
    let held = directory::role_assignments(call.tx, call.tenant());
    if held
        .iter()
        .any(|role| role.text("principalId") == principal_id && role.text("roleDefinitionId") == template)
    {
        let message = "A conflicting object with one or more of the specified property values is present in the directory.";
        return Err(Fault::invalid(message).with_detail("ConflictingObjects", "principalId"));
    }
    let made = directory::assign_directory_role(call.tx, call.tenant(), principal_id, template)?;
    let mut body = Map::new();
    body.insert("@odata.context".into(), call.context(&format!("{ASSIGNMENTS}/$entity")).into());
    body.append(&mut query::shown(&made));
    Ok(Reply::json(201, &Value::Object(body)))
}

/// `DELETE /roleManagement/directory/roleAssignments/{id}`
pub fn revoke(call: &Call<'_>) -> Answer {
    call.tx.delete(&found(call)?.id)?;
    Ok(Reply::empty(204))
}

/// `GET /roleManagement/directory/roleDefinitions`
pub fn definitions(call: &Call<'_>) -> Answer {
    let all = ids::DIRECTORY_ROLES.iter().map(|(_, template)| definition_of(template));
    query::collection(call, &ROLE_DEFINITION, DEFINITIONS, all.collect())
}

/// `GET /roleManagement/directory/roleDefinitions/{id}`
pub fn definition(call: &Call<'_>) -> Answer {
    let id = call.capture(0);
    let template = template(id).ok_or_else(|| Fault::not_found(id))?;
    query::single(call, &ROLE_DEFINITION, DEFINITIONS, definition_of(template))
}

/// `GET /directoryRoles`: only roles that somebody holds exist.
pub fn list(call: &Call<'_>) -> Answer {
    query::whole(
        call,
        &DIRECTORY_ROLE,
        "directoryRoles",
        active(call).iter().map(|id| shown(id)).collect(),
    )
}

/// `GET /directoryRoles/{id}`, or with `roleTemplateId=`.
pub fn read(call: &Call<'_>) -> Answer {
    query::single(call, &DIRECTORY_ROLE, "directoryRoles", shown(&activated(call)?))
}

/// `GET /directoryRoles/{id}/members`
pub fn members(call: &Call<'_>) -> Answer {
    let template = activated(call)?;
    let mut members = Vec::new();
    for assignment in call.indexed(directory::role_assignments(call.tx, call.tenant())) {
        let id = assignment.text("principalId");
        if assignment.text("roleDefinitionId") != template {
            continue;
        }
        let (kind, mut member) = match directory::user(call.tx, call.tenant(), id) {
            Some(user) => ("user", users::shown(call, &user)?),
            None => match directory::service_principal_by_id(call.tx, call.tenant(), id) {
                Some(principal) => ("servicePrincipal", query::shown(&principal)),
                None => continue,
            },
        };
        member.retain(|name, _| DIRECTORY_OBJECT.property(name).is_some());
        member.insert("@odata.type".into(), format!("#microsoft.graph.{kind}").into());
        members.push(member);
    }
    query::whole(call, &DIRECTORY_OBJECT, "directoryObjects", members)
}

/// A role as the directory shows it.
pub fn shown(template: &str) -> Map<String, Value> {
    let mut role = Map::new();
    role.insert("id".into(), json!(template));
    role.insert("deletedDateTime".into(), Value::Null);
    role.insert("description".into(), Value::Null);
    role.insert("displayName".into(), json!(name(template)));
    role.insert("roleTemplateId".into(), json!(template));
    role
}

fn definition_of(template: &str) -> Map<String, Value> {
    let mut definition = Map::new();
    definition.insert("id".into(), json!(template));
    definition.insert("description".into(), Value::Null);
    definition.insert("displayName".into(), json!(name(template)));
    definition.insert("isBuiltIn".into(), json!(true));
    definition.insert("isEnabled".into(), json!(true));
    definition.insert("resourceScopes".into(), json!(["/"]));
    definition.insert("templateId".into(), json!(template));
    definition.insert("version".into(), json!("1"));
    definition
}

fn name(template: &str) -> Option<&'static str> {
    ids::DIRECTORY_ROLES.iter().find(|(_, id)| *id == template).map(|(name, _)| *name)
}

fn template(id: &str) -> Option<&'static str> {
    let known = ids::DIRECTORY_ROLES.iter().find(|(_, known)| known.eq_ignore_ascii_case(id));
    known.map(|(_, id)| *id)
}

fn active(call: &Call<'_>) -> Vec<String> {
    let all = call.indexed(directory::role_assignments(call.tx, call.tenant()));
    let mut templates: Vec<_> = all.iter().map(|held| held.text("roleDefinitionId").to_owned()).collect();
    templates.sort_unstable();
    templates.dedup();
    templates
}

fn activated(call: &Call<'_>) -> Result<String, Fault> {
    let key = call.capture(0);
    let id = key.strip_prefix("roleTemplateId=").unwrap_or(key);
    let found = active(call).into_iter().find(|template| template.eq_ignore_ascii_case(id));
    found.ok_or_else(|| Fault::not_found(id))
}

fn found(call: &Call<'_>) -> Result<Object, Fault> {
    let id = call.capture(0);
    let mut all = directory::role_assignments(call.tx, call.tenant()).into_iter();
    all.find(|assignment| assignment.text("id") == id)
        .ok_or_else(|| Fault::not_found(id))
}

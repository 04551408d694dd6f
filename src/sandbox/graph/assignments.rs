//! App role assignments: the application permissions that were granted.

use serde_json::Map;
use serde_json::Value;

use super::call::Answer;
use super::call::Call;
use super::fault::Fault;
use super::principals::found;
use super::properties::APP_ROLE_ASSIGNMENT;
use super::query;
use super::rights;
use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::directory;
use crate::sandbox::ids;

const WRITABLE: &str = "principalId resourceId appRoleId";

/// `GET /servicePrincipals/{resource}/appRoleAssignedTo`
pub fn of_resource(call: &Call<'_>) -> Answer {
    let resource = found(call)?;
    let all = call.indexed(directory::assignments_to(call.tx, call.tenant(), resource.text("id")));
    query::collection(
        call,
        &APP_ROLE_ASSIGNMENT,
        &context(&resource, "appRoleAssignedTo"),
        all.iter().map(query::shown).collect(),
    )
}

/// `GET /servicePrincipals/{client}/appRoleAssignments`
pub fn of_client(call: &Call<'_>) -> Answer {
    let client = found(call)?;
    let all = call.indexed(directory::assignments_of(call.tx, call.tenant(), client.text("id")));
    query::collection(
        call,
        &APP_ROLE_ASSIGNMENT,
        &context(&client, "appRoleAssignments"),
        all.iter().map(query::shown).collect(),
    )
}

/// `POST` to either list.
pub fn grant(call: &Call<'_>) -> Answer {
    let named = found(call)?;
    call.check_properties(&APP_ROLE_ASSIGNMENT, WRITABLE)?;
    let (principal_id, resource_id, role_id) = (call.needed("principalId")?, call.needed("resourceId")?, call.needed("appRoleId")?);
    if ![principal_id, resource_id].contains(&named.text("id")) {
        return Err(Fault::invalid(
            "The path must name the principal or the resource of the assignment.",
        ));
    }
    let by_id = |id: &str| {
        let found = directory::service_principal_by_id(call.tx, call.tenant(), id);
        found
            .and_then(|principal| call.known(principal))
            .ok_or_else(|| Fault::not_found(id))
    };
    let (principal, resource) = (by_id(principal_id)?, by_id(resource_id)?);
    check_consent(call, &resource)?;
    let roles = resource.body.get("appRoles").and_then(Value::as_array);
    if !roles.into_iter().flatten().any(|role| role["id"] == role_id) {
        let message = format!(
            "Permission being assigned was not found on application '{}'.",
            resource.text("appId")
        );
        return Err(Fault::invalid(message).with_detail("InvalidUpdate", "appRoleId"));
    }
    let held = directory::assignments_of(call.tx, call.tenant(), principal_id);
    let is_same = |assignment: &Object| assignment.text("resourceId") == resource_id && assignment.text("appRoleId") == role_id;
    if held.iter().any(is_same) {
        return Err(Fault::invalid("Permission being assigned already exists on the object.").with_detail("InvalidUpdate", "appRoleId"));
    }
    let assignment = directory::grant_app_role(call.tx, &principal, &resource, role_id)?;
    let list = call.request.path.rsplit('/').next().unwrap_or_default();
    let mut body = Map::new();
    body.insert(
        "@odata.context".into(),
        call.context(&format!("{}/$entity", context(&named, list))).into(),
    );
    body.append(&mut query::shown(&assignment));
    Ok(Reply::json(201, &Value::Object(body)))
}

/// `DELETE` from either list.
pub fn revoke(call: &Call<'_>) -> Answer {
    let named = found(call)?;
    let id = call.capture(1);
    let belongs = |assignment: &Object| [assignment.text("principalId"), assignment.text("resourceId")].contains(&named.text("id"));
    let assignment = directory::assignment(call.tx, call.tenant(), id).filter(belongs);
    let assignment = assignment.ok_or_else(|| Fault::not_found(id))?;
    if let Some(resource) = directory::service_principal_by_id(call.tx, call.tenant(), assignment.text("resourceId")) {
        check_consent(call, &resource)?;
    }
    call.tx.delete(&assignment.id)?;
    Ok(Reply::empty(204))
}

/// Permissions of Graph itself are not for those who only look after applications.
fn check_consent(call: &Call<'_>, resource: &Object) -> Result<(), Fault> {
    let is_enough = call.caller.scopes.is_none()
        || resource.text("appId") != ids::GRAPH
        || rights::holds(call.caller, &[ids::PRIVILEGED_ROLE_ADMINISTRATOR]);
    match is_enough {
        true => Ok(()),
        false => Err(Fault::denied()),
    }
}

fn context(principal: &Object, list: &str) -> String {
    format!("servicePrincipals('{}')/{list}", principal.text("id"))
}

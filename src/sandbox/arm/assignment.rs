//! Role assignments.

use serde_json::Value;
use serde_json::json;
use uuid::Uuid;

use super::call::Answer;
use super::call::Call;
use super::fault::Fault;
use super::role;
use super::shape::Field;
use super::shape::Kind;
use super::subscription;
use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::azure;
use crate::sandbox::directory;
use crate::sandbox::replication;

const BODY: &[Field] = &[(
    "properties",
    Kind::Object(&[
        ("roleDefinitionId", Kind::Text),
        ("principalId", Kind::Text),
        ("principalType", Kind::Text),
        ("description", Kind::Text),
        ("scope", Kind::Text),
    ]),
)];

/// `GET {scope}/providers/Microsoft.Authorization/roleAssignments`: at the scope, above it and below it, unless a filter says less.
pub fn list(call: &Call<'_>) -> Answer {
    let scope = existing_scope(call)?;
    let filter = Filter::of(call)?;
    let mut all = azure::assignments(call.tx, &call.caller.tenant);
    all.retain(|assignment| {
        let is_above = azure::covers(assignment.text("scope"), &scope);
        let is_below = azure::covers(&scope, assignment.text("scope"));
        let is_theirs = filter
            .principal
            .as_ref()
            .is_none_or(|id| assignment.text("principalId").eq_ignore_ascii_case(id));
        is_theirs && (is_above || is_below && !filter.at_scope)
    });
    call.list(all.iter().map(shown).collect())
}

/// `GET {scope}/providers/Microsoft.Authorization/roleAssignments/{name}`
pub fn read(call: &Call<'_>) -> Answer {
    let scope = existing_scope(call)?;
    let found = azure::assignment(call.tx, &call.caller.tenant, call.capture(1)).filter(|found| is_at(found, &scope));
    let missing = || {
        let message = format!("The role assignment '{}' is not found.", call.capture(1));
        Fault::new(404, "RoleAssignmentNotFound", message)
    };
    Ok(Reply::json(200, &shown(&found.ok_or_else(missing)?)))
}

/// `PUT {scope}/providers/Microsoft.Authorization/roleAssignments/{name}`
pub fn put(call: &Call<'_>) -> Answer {
    let scope = existing_scope(call)?;
    let name = call.capture(1);
    if Uuid::parse_str(name).is_err() {
        let message = format!("The role assignment ID '{name}' is not valid. The role assignment ID must be a GUID.");
        return Err(Fault::new(400, "InvalidRoleAssignmentId", message));
    }
    let body = call.body(BODY)?;
    let given = body.get("properties").cloned().unwrap_or_default();
    let text = |name: &str| given[name].as_str().unwrap_or_default();
    let wanted = azure::role_of(text("roleDefinitionId")).ok_or_else(|| {
        let message = format!(
            "The specified role definition with ID '{}' does not exist.",
            text("roleDefinitionId")
        );
        Fault::new(400, "RoleDefinitionDoesNotExist", message)
    })?;
    let principal_type = principal_type(call, text("principalId"), given["principalType"].as_str())?;
    if let Some(there) = azure::assignment(call.tx, &call.caller.tenant, name) {
        let is_same = is_at(&there, &scope)
            && there.text("roleDefinitionId") == wanted.id
            && there.text("principalId").eq_ignore_ascii_case(text("principalId"));
        return match is_same {
            true => Ok(Reply::json(200, &shown(&there))),
            false => {
                let message = "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.";
                Err(Fault::new(400, "RoleAssignmentUpdateNotPermitted", message))
            }
        };
    }
    let all = azure::assignments(call.tx, &call.caller.tenant);
    let twin = all.iter().find(|known| {
        is_at(known, &scope)
            && known.text("roleDefinitionId") == wanted.id
            && known.text("principalId").eq_ignore_ascii_case(text("principalId"))
    });
    if let Some(twin) = twin {
        let id = twin.text("name").replace('-', "");
        let message = format!("The role assignment already exists. The ID of the existing role assignment is {id}.");
        return Err(Fault::new(409, "RoleAssignmentExists", message));
    }
    let tenant = &call.caller.tenant;
    let made = azure::assign(call.tx, tenant, name, &scope, wanted.id, text("principalId"), principal_type)?;
    Ok(Reply::json(201, &shown(&made)))
}

/// `DELETE {scope}/providers/Microsoft.Authorization/roleAssignments/{name}`
pub fn delete(call: &Call<'_>) -> Answer {
    let scope = existing_scope(call)?;
    match azure::assignment(call.tx, &call.caller.tenant, call.capture(1)).filter(|found| is_at(found, &scope)) {
        Some(assignment) => {
            call.tx.delete(&assignment.id)?;
            Ok(Reply::json(200, &shown(&assignment)))
        }
        None => Ok(Reply::empty(204)),
    }
}

struct Filter {
    at_scope: bool,
    principal: Option<String>,
}

impl Filter {
    fn of(call: &Call<'_>) -> Result<Self, Fault> {
        let mut filter = Self {
            at_scope: false,
            principal: None,
        };
        let text = call.request.parameter("$filter").unwrap_or_default();
        for part in text.split(" and ").map(str::trim).filter(|part| !part.is_empty()) {
            let assigned = part.strip_prefix("assignedTo(").and_then(|rest| rest.strip_suffix(')'));
            let equal = part.strip_prefix("principalId eq ");
            match assigned.or(equal) {
                Some(id) => filter.principal = Some(id.trim().trim_matches('\'').to_owned()),
                None if part == "atScope()" => filter.at_scope = true,
                None => return Err(unsupported(text)),
            }
        }
        Ok(filter)
    }
}

/// The refusal of a filter that the service does not have.
pub fn unsupported(filter: &str) -> Fault {
    Fault::bad_request(format!("The filter '{filter}' is not supported."))
}

/// The scope that the path names, in the casing of what is there.
pub fn existing_scope(call: &Call<'_>) -> Result<String, Fault> {
    let subscription = call.subscription()?;
    let scope = call.capture(0);
    let segments: Vec<&str> = scope.split('/').collect();
    let group = segments.get(3).and_then(|name| azure::group(call.tx, subscription, name));
    let of_group = |id: &String| id.trim_start_matches('/').eq_ignore_ascii_case(scope);
    match segments[..] {
        [_, _] => Ok(subscription::scope(subscription)),
        [_, _, _, name] => group.map(|group| azure::group_id(&group)).ok_or_else(|| Fault::no_group(name)),
        [_, _, _, group_name, _, namespace, kind, name] => {
            let vault = azure::vault(call.tx, name).map(|vault| azure::vault_id(&vault));
            let account = azure::account(call.tx, name).map(|account| azure::account_id(&account));
            let found = vault.into_iter().chain(account).find(of_group);
            found.ok_or_else(|| Fault::no_resource(&format!("{namespace}/{kind}"), name, group_name))
        }
        _ => Err(Fault::new(
            404,
            "ResourceNotFound",
            format!("The resource '/{scope}' was not found."),
        )),
    }
}

/// Given a type, the service does not look for the principal, which may be too new to be seen everywhere; but it must not be of
/// another type.
fn principal_type<'t>(call: &Call<'_>, principal_id: &str, given: Option<&'t str>) -> Result<&'t str, Fault> {
    let tenant = &call.caller.tenant;
    let known = |object: Option<Object>| object.is_some_and(|object| replication::is_known_elsewhere(call.tx, &object));
    let is_service_principal = known(directory::service_principal_by_id(call.tx, tenant, principal_id));
    let is_user = known(directory::user(call.tx, tenant, principal_id));
    let found = match (is_service_principal, is_user) {
        (true, _) => Some("ServicePrincipal"),
        (_, true) => Some("User"),
        _ => None,
    };
    let id = principal_id.replace('-', "");
    match (found, given) {
        (Some(found), Some(given)) if !found.eq_ignore_ascii_case(given) => {
            let message = format!("The PrincipalId '{id}' has type '{found}' , which is different from specified PrinciaplType '{given}'.");
            Err(Fault::new(400, "UnmatchedPrincipalType", message))
        }
        (Some(found), _) => Ok(found),
        (None, Some(given)) if Uuid::parse_str(principal_id).is_ok() => Ok(given),
        (None, _) => {
            let message = format!(
                "Principal {id} does not exist in the directory {}. Check that you have the correct principal ID. If you are creating this \
                 principal and then immediately assigning a role, this error might be related to a replication delay. In this case, set \
                 the role assignment principalType property to a value, such as ServicePrincipal, User, or Group. See \
                 https://aka.ms/docs-principaltype",
                call.tenant_id()
            );
            Err(Fault::new(400, "PrincipalNotFound", message))
        }
    }
}

fn is_at(assignment: &Object, scope: &str) -> bool {
    assignment.text("scope").eq_ignore_ascii_case(scope)
}

fn shown(assignment: &Object) -> Value {
    let (scope, name) = (assignment.text("scope"), assignment.text("name"));
    let subscription = scope.split('/').take(3).collect::<Vec<_>>().join("/");
    json!({
        "id": format!("{scope}/providers/Microsoft.Authorization/roleAssignments/{name}"),
        "name": name,
        "type": "Microsoft.Authorization/roleAssignments",
        "properties": {
            "scope": scope,
            "roleDefinitionId": role::definition_id(&subscription, assignment.text("roleDefinitionId")),
            "principalId": assignment.text("principalId"),
            "principalType": assignment.text("principalType"),
            "createdOn": assignment.text("createdOn"),
            "updatedOn": assignment.text("createdOn"),
        },
    })
}

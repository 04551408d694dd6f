//! Service principals, the app roles granted to them, and directory roles.

use aws_lc_rs::rand;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use uuid::Uuid;

use super::delegated::PARTIES;
use super::tenants;
use crate::sandbox::Object;
use crate::sandbox::Tx;
use crate::sandbox::replication;

const KIND: &str = "servicePrincipal";
const ASSIGNMENT: &str = "appRoleAssignment";
const ROLE: &str = "roleAssignment";

/// The tenant's service principal of the application `app_id`.
pub fn service_principal(tx: &Tx<'_>, tenant: &str, app_id: &str) -> Option<Object> {
    tx.sound(tx.find(tenant, "appId", app_id))
        .into_iter()
        .find(|object| object.kind == KIND)
}

/// The tenant's service principal of the application as servers that do not make changes have it.
pub fn known_principal(tx: &Tx<'_>, tenant: &str, app_id: &str) -> Option<Object> {
    service_principal(tx, tenant, app_id).and_then(|object| replication::elsewhere(tx, object))
}

/// The tenant's service principal with that object id.
pub fn service_principal_by_id(tx: &Tx<'_>, tenant: &str, id: &str) -> Option<Object> {
    tx.sound(tx.find(tenant, "id", id)).into_iter().find(|object| object.kind == KIND)
}

/// All service principals of the tenant, in the order they were made.
pub fn service_principals(tx: &Tx<'_>, tenant: &str) -> Vec<Object> {
    tx.sound(tx.list(tenant, KIND))
}

/// Removes a service principal with all that was granted to it or of it.
pub fn remove_service_principal(tx: &Tx<'_>, principal: &Object) -> rusqlite::Result<()> {
    let id = principal.text("id");
    for form in ["principal", "resource", "holder"].into_iter().chain(PARTIES) {
        for assignment in tx.find(&principal.tenant, form, id)? {
            tx.delete(&assignment.id)?;
        }
    }
    tx.delete(&principal.id)
}

/// Stores a service principal: `id`, `appId`, `displayName`, `appOwnerOrganizationId`, `appRoles`, ...
pub fn store_service_principal(tx: &Tx<'_>, object: &Object) -> rusqlite::Result<()> {
    tx.put(
        object,
        [("id", object.text("id").to_owned()), ("appId", object.text("appId").to_owned())],
    )
}

/// Makes the tenant's service principal of `application`, which may be another tenant's.
pub fn add_principal(tx: &Tx<'_>, tenant: &str, application: &Object) -> rusqlite::Result<Object> {
    let mut principal = Object::new(tenant, KIND, Map::new());
    principal.set("id", Uuid::new_v4().to_string());
    principal.set("deletedDateTime", Value::Null);
    principal.set("accountEnabled", true);
    principal.set("appId", application.text("appId"));
    principal.set("appDisplayName", application.text("displayName"));
    principal.set("displayName", application.text("displayName"));
    principal.set("appOwnerOrganizationId", tenants::tenant_id(tx, &application.tenant));
    principal.set("servicePrincipalType", "Application");
    principal.set("signInAudience", application.text("signInAudience"));
    principal.set("servicePrincipalNames", names_of(application));
    principal.set("appRoles", json!([]));
    store_service_principal(tx, &principal)?;
    Ok(principal)
}

/// By which names a service principal of `application` is known: its id and the addresses that it has as a resource.
pub fn names_of(application: &Object) -> Value {
    let uris = application.list("identifierUris").into_iter().map(Value::from);
    uris.chain([application.text("appId").into()]).collect()
}

/// Grants an app role of `resource` to `principal`, both service principals of the same tenant, and returns the assignment.
pub fn grant_app_role(tx: &Tx<'_>, principal: &Object, resource: &Object, app_role_id: &str) -> rusqlite::Result<Object> {
    let mut assignment = Object::new(&principal.tenant, ASSIGNMENT, Map::new());
    assignment.set("id", assignment_id(principal.text("id")));
    assignment.set("deletedDateTime", Value::Null);
    assignment.set("appRoleId", app_role_id);
    assignment.set("createdDateTime", tx.now().to_string());
    assignment.set("principalDisplayName", principal.text("displayName"));
    assignment.set("principalId", principal.text("id"));
    assignment.set("principalType", "ServicePrincipal");
    assignment.set("resourceDisplayName", resource.text("displayName"));
    assignment.set("resourceId", resource.text("id"));
    let forms = [
        ("assignment", assignment.text("id").to_owned()),
        ("principal", assignment.text("principalId").to_owned()),
        ("resource", assignment.text("resourceId").to_owned()),
    ];
    tx.put(&assignment, forms)?;
    Ok(assignment)
}

/// The values of the roles of the resource application that the client application holds in the tenant, as far as known elsewhere.
pub fn app_roles(tx: &Tx<'_>, tenant: &str, app_id: &str, resource_app_id: &str) -> Vec<String> {
    let client = service_principal(tx, tenant, app_id);
    let resource = service_principal(tx, tenant, resource_app_id);
    let (Some(client), Some(resource)) = (client, resource) else {
        return Vec::new();
    };
    let held = replication::all_elsewhere(tx, tx.sound(tx.find(tenant, "principal", client.text("id"))));
    let of_resource = held
        .iter()
        .filter(|assignment| assignment.text("resourceId") == resource.text("id"));
    of_resource
        .filter_map(|assignment| role_value(&resource, assignment.text("appRoleId")))
        .collect()
}

/// The app role assignments that the principal holds.
pub fn assignments_of(tx: &Tx<'_>, tenant: &str, principal_id: &str) -> Vec<Object> {
    tx.sound(tx.find(tenant, "principal", principal_id))
}

/// The app role assignments of roles that the resource offers.
pub fn assignments_to(tx: &Tx<'_>, tenant: &str, resource_id: &str) -> Vec<Object> {
    tx.sound(tx.find(tenant, "resource", resource_id))
}

/// The app role assignment with that id.
pub fn assignment(tx: &Tx<'_>, tenant: &str, id: &str) -> Option<Object> {
    tx.sound(tx.find(tenant, "assignment", id))
        .into_iter()
        .find(|object| object.text("id") == id)
}

/// All directory role assignments of the tenant.
pub fn role_assignments(tx: &Tx<'_>, tenant: &str) -> Vec<Object> {
    tx.sound(tx.list(tenant, ROLE))
}

/// Whether the application holds the role of that value, of any resource, in the tenant, as far as known elsewhere.
pub fn has_app_role(tx: &Tx<'_>, tenant: &str, app_id: &str, role_value_wanted: &str) -> bool {
    let Some(client) = service_principal(tx, tenant, app_id) else {
        return false;
    };
    let held = replication::all_elsewhere(tx, tx.sound(tx.find(tenant, "principal", client.text("id"))));
    held.iter().filter(|object| object.kind == ASSIGNMENT).any(|assignment| {
        let resource = service_principal_by_id(tx, tenant, assignment.text("resourceId"));
        resource
            .and_then(|resource| role_value(&resource, assignment.text("appRoleId")))
            .as_deref()
            == Some(role_value_wanted)
    })
}

/// Gives a directory role (template id) to the user or service principal with that object id, and returns the assignment.
pub fn assign_directory_role(tx: &Tx<'_>, tenant: &str, principal_id: &str, template_id: &str) -> rusqlite::Result<Object> {
    let mut assignment = Object::new(tenant, ROLE, Map::new());
    assignment.set("id", assignment_id(principal_id));
    assignment.set("principalId", principal_id);
    assignment.set("roleDefinitionId", template_id);
    assignment.set("directoryScopeId", "/");
    tx.put(&assignment, [("holder", principal_id.to_owned())])?;
    Ok(assignment)
}

/// The template ids of the directory roles that the principal holds, as far as known elsewhere.
pub fn directory_roles(tx: &Tx<'_>, tenant: &str, principal_id: &str) -> Vec<String> {
    let held = replication::all_elsewhere(tx, tx.sound(tx.find(tenant, "holder", principal_id)));
    held.iter()
        .map(|assignment| assignment.text("roleDefinitionId").to_owned())
        .collect()
}

fn role_value(resource: &Object, role_id: &str) -> Option<String> {
    let roles = resource.body.get("appRoles")?.as_array()?;
    let role = roles.iter().find(|role| role["id"] == role_id)?;
    role["value"].as_str().map(str::to_owned)
}

/// 32 bytes in base64url: the principal's GUID in .NET byte order, then random ones.
fn assignment_id(principal_id: &str) -> String {
    let mut bytes = [0; 32];
    let guid = Uuid::parse_str(principal_id).unwrap_or_default();
    bytes[..16].copy_from_slice(&guid.to_bytes_le());
    rand::fill(&mut bytes[16..]).expect("the system has random numbers");
    URL_SAFE_NO_PAD.encode(bytes)
}

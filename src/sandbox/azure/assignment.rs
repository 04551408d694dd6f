//! Who holds which role of Azure, at which scope, and what that permits.

use serde_json::Map;
use serde_json::Value;

use super::role;
use super::role::Role;
use crate::sandbox::Object;
use crate::sandbox::Tx;
use crate::sandbox::replication;

const KIND: &str = "azureRoleAssignment";
const HOLDER: &str = "azureRoleHolder";

/// Whether the principal may do `action` (`Microsoft.KeyVault/vaults/write`) at `scope`, a resource id.
pub fn may(tx: &Tx<'_>, tenant: &str, object_id: &str, action: &str, scope: &str) -> bool {
    held(tx, tenant, object_id, scope).any(|role| role.permits(action))
}

/// Whether the principal may do `data_action` on the data of `scope`, a resource id.
pub fn may_data(tx: &Tx<'_>, tenant: &str, object_id: &str, data_action: &str, scope: &str) -> bool {
    held(tx, tenant, object_id, scope).any(|role| role.permits_data(data_action))
}

/// Gives a role (the last part of its definition's id) at `scope` to a principal, and returns the assignment: `name`, `scope`,
/// `roleDefinitionId`, `principalId`, `principalType`, `createdOn`.
pub fn assign(
    tx: &Tx<'_>,
    tenant: &str,
    name: &str,
    scope: &str,
    role_id: &str,
    principal_id: &str,
    principal_type: &str,
) -> rusqlite::Result<Object> {
    let mut assignment = Object::new(tenant, KIND, Map::new());
    assignment.set("name", name);
    assignment.set("scope", scope);
    assignment.set("roleDefinitionId", role_id);
    assignment.set("principalId", principal_id);
    assignment.set("principalType", principal_type);
    assignment.set("description", Value::Null);
    assignment.set("createdOn", tx.now().to_string());
    let forms = [(KIND, name.to_owned()), (HOLDER, principal_id.to_owned())];
    tx.put(&assignment, forms)?;
    Ok(assignment)
}

/// The tenant's assignment of that name, whatever its scope.
pub fn assignment(tx: &Tx<'_>, tenant: &str, name: &str) -> Option<Object> {
    tx.sound(tx.find(tenant, KIND, name)).into_iter().next()
}

/// All assignments of the tenant, in the order they were made.
pub fn assignments(tx: &Tx<'_>, tenant: &str) -> Vec<Object> {
    tx.sound(tx.list(tenant, KIND))
}

/// Removes the assignments at `scope` and below it.
pub fn remove_assignments_below(tx: &Tx<'_>, tenant: &str, scope: &str) -> rusqlite::Result<()> {
    for assignment in tx.list(tenant, KIND)? {
        if covers(scope, assignment.text("scope")) {
            tx.delete(&assignment.id)?;
        }
    }
    Ok(())
}

/// Whether `inner` is `outer` or lies below it; paths are compared without case.
pub fn covers(outer: &str, inner: &str) -> bool {
    let (outer, inner) = (outer.trim_end_matches('/').to_ascii_lowercase(), inner.to_ascii_lowercase());
    inner
        .strip_prefix(&outer)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn held(tx: &Tx<'_>, tenant: &str, object_id: &str, scope: &str) -> impl Iterator<Item = &'static Role> {
    let mut held = tx.sound(tx.find(tenant, HOLDER, object_id));
    held.retain(|assignment| covers(assignment.text("scope"), scope));
    let held = replication::all_elsewhere(tx, held);
    held.into_iter()
        .filter_map(|assignment| role::role_of(assignment.text("roleDefinitionId")))
}

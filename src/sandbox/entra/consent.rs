//! Consent: what an application asks for in a tenant, who may grant it, and the grants that follow.

use serde_json::Value;

pub use super::pages::consent::ask;
pub use super::pages::consent::was_declined;
use super::refusal::Refusal;
use super::resource;
use crate::sandbox::Object;
use crate::sandbox::Tx;
use crate::sandbox::directory;
use crate::sandbox::ids;

/// What is asked, of whom.
pub struct Asked<'a> {
    /// The application.
    pub client: &'a Object,
    /// The tenant in which it wants the permissions.
    pub tenant: &'a Object,
    /// The person who decides, as this tenant knows them.
    pub user: &'a Object,
    /// The permissions by name (`User.Read`, `https://vault.azure.net/user_impersonation`). None, or one that ends in `/.default`,
    /// stands for all that the application's registration lists.
    pub scopes: &'a [String],
    /// Whether it is asked for everybody in the tenant.
    pub admin: bool,
}

/// One permission that is asked for.
pub struct Permission {
    /// The tenant's service principal of the resource.
    pub resource: Object,
    /// Its id.
    pub id: String,
    /// Its name in tokens.
    pub value: String,
    /// What it lets the application do, in a line.
    pub name: String,
    /// The same at length.
    pub description: String,
    /// Whether the application has it without a person.
    pub is_role: bool,
    /// Whether only an administrator can grant it.
    pub needs_admin: bool,
}

const DEFAULT: &str = "/.default";
/// Roles that may consent to anything.
const ALMIGHTY: &[&str] = &[ids::GLOBAL_ADMINISTRATOR, ids::PRIVILEGED_ROLE_ADMINISTRATOR];
/// Roles that may consent to anything but application permissions of Graph.
const OF_APPLICATIONS: &[&str] = &[ids::APPLICATION_ADMINISTRATOR, ids::CLOUD_APPLICATION_ADMINISTRATOR];

/// The permissions that are asked for, each once.
pub fn permissions(tx: &Tx<'_>, asked: &Asked<'_>) -> Result<Vec<Permission>, Refusal> {
    let is_listed = |scope: &String| scope.ends_with(DEFAULT) || scope == ".default";
    let mut found: Vec<Permission> = Vec::new();
    if asked.admin && asked.scopes.iter().all(is_listed) {
        listed(tx, asked, None, &mut found)?;
        return Ok(found);
    }
    for scope in asked.scopes {
        match scope.strip_suffix(DEFAULT) {
            Some(resource) => listed(tx, asked, Some(resource), &mut found)?,
            None => add(&mut found, named(tx, asked, scope)?),
        }
    }
    Ok(found)
}

/// Whether the person who is asked may grant these permissions for everybody in the tenant.
pub fn may_grant_for_all(tx: &Tx<'_>, asked: &Asked<'_>, permissions: &[Permission]) -> bool {
    let held = directory::directory_roles(tx, &asked.tenant.tenant, asked.user.text("id"));
    let holds = |roles: &[&str]| held.iter().any(|role| roles.contains(&role.as_str()));
    let is_of_graph = |permission: &Permission| permission.is_role && permission.resource.text("appId") == ids::GRAPH;
    holds(ALMIGHTY) || (holds(OF_APPLICATIONS) && !permissions.iter().any(is_of_graph))
}

/// Whether the person who is asked may grant these permissions at least in their own name.
pub fn may_grant(tx: &Tx<'_>, asked: &Asked<'_>, permissions: &[Permission]) -> bool {
    let is_common = permissions.iter().all(|permission| !permission.needs_admin);
    (!asked.admin && is_common) || may_grant_for_all(tx, asked, permissions)
}

/// Grants these permissions: the service principal is made if the tenant has none, and what was granted before stays.
pub fn apply(tx: &Tx<'_>, asked: &Asked<'_>, permissions: &[Permission]) -> rusqlite::Result<()> {
    let tenant = asked.tenant.tenant.as_str();
    let client = match directory::service_principal(tx, tenant, asked.client.text("appId")) {
        Some(client) => client,
        None => directory::add_principal(tx, tenant, asked.client)?,
    };
    let held = directory::assignments_of(tx, tenant, client.text("id"));
    for permission in permissions {
        if !permission.is_role {
            let whose = (!asked.admin).then(|| asked.user.text("id"));
            let scope = [permission.value.clone()];
            directory::grant_delegated(tx, tenant, &client, &permission.resource, &scope, whose)?;
            continue;
        }
        let is_same =
            |held: &Object| held.text("resourceId") == permission.resource.text("id") && held.text("appRoleId") == permission.id.as_str();
        if asked.admin && !held.iter().any(is_same) {
            directory::grant_app_role(tx, &client, &permission.resource, &permission.id)?;
        }
    }
    Ok(())
}

/// What the application's registration lists, of one resource or of all. Without an administrator that is what a person can delegate.
fn listed(tx: &Tx<'_>, asked: &Asked<'_>, resource: Option<&str>, found: &mut Vec<Permission>) -> Result<(), Refusal> {
    let wanted = resource.map(|resource| resource::app_id(resource).ok_or_else(|| unknown_resource(asked, resource)));
    let wanted = wanted.transpose()?;
    let registered = asked.client.body.get("requiredResourceAccess").and_then(Value::as_array);
    for entry in registered.into_iter().flatten() {
        let app_id = entry["resourceAppId"].as_str().unwrap_or_default();
        if wanted.is_some_and(|wanted| wanted != app_id) {
            continue;
        }
        let resource = directory::service_principal(tx, &asked.tenant.tenant, app_id).ok_or_else(|| {
            let text = format!(
                "The application '{}' asked for permissions to access a resource '{app_id}' that your organization has not subscribed \
                 to or enabled. Contact your IT Admin to review the configuration of your service subscriptions.",
                asked.client.text("displayName"),
            );
            Refusal::new(650052, "invalid_client", text)
        })?;
        for access in entry["resourceAccess"].as_array().into_iter().flatten() {
            let is_role = access["type"] == "Role";
            if is_role && !asked.admin {
                continue;
            }
            let list = if is_role { "appRoles" } else { "oauth2PermissionScopes" };
            let permission = offered(&resource, list, |offered| offered["id"] == access["id"]).ok_or_else(|| {
                let text = format!(
                    "Invalid resource. The client '{}' has requested access to a permission '{}' that the resource '{app_id}' does not have.",
                    asked.client.text("appId"),
                    access["id"].as_str().unwrap_or_default(),
                );
                Refusal::new(650057, "invalid_resource", text)
            })?;
            add(found, permission);
        }
    }
    Ok(())
}

/// The delegated permission of that name.
fn named(tx: &Tx<'_>, asked: &Asked<'_>, scope: &str) -> Result<Permission, Refusal> {
    let (resource, value) = scope.rsplit_once('/').unwrap_or((ids::GRAPH, scope));
    let app_id = resource::app_id(resource).ok_or_else(|| unknown_resource(asked, resource))?;
    let resource = directory::service_principal(tx, &asked.tenant.tenant, app_id).ok_or_else(|| unknown_resource(asked, resource))?;
    let is_it = |offered: &Value| offered["value"].as_str().is_some_and(|known| known.eq_ignore_ascii_case(value));
    offered(&resource, "oauth2PermissionScopes", is_it).ok_or_else(|| {
        let text = format!(
            "The application '{}' asked for scope '{value}' that doesn't exist on the resource '{app_id}'. Contact the app vendor.",
            asked.client.text("displayName"),
        );
        Refusal::new(650053, "invalid_client", text)
    })
}

fn offered(resource: &Object, list: &str, is_it: impl Fn(&Value) -> bool) -> Option<Permission> {
    let found = resource.body.get(list)?.as_array()?.iter().find(|offered| is_it(offered))?;
    let is_role = list == "appRoles";
    let text = |role: &str, scope: &str| found[if is_role { role } else { scope }].as_str().unwrap_or_default().to_owned();
    Some(Permission {
        resource: resource.clone(),
        id: text("id", "id"),
        value: text("value", "value"),
        name: text("displayName", "adminConsentDisplayName"),
        description: text("description", "adminConsentDescription"),
        is_role,
        needs_admin: is_role || found["type"] == "Admin",
    })
}

fn add(found: &mut Vec<Permission>, permission: Permission) {
    if !found.iter().any(|known| known.id == permission.id) {
        found.push(permission);
    }
}

fn unknown_resource(asked: &Asked<'_>, resource: &str) -> Refusal {
    let text = format!(
        "The resource principal named {resource} was not found in the tenant named {}. This can happen if the application has not been \
         installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your \
         authentication request to the wrong tenant.",
        asked.tenant.text("displayName"),
    );
    Refusal::new(500011, "invalid_resource", text)
}

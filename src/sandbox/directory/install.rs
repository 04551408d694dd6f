//! What each tenant has from the start: Microsoft's own service principals, the application its administrator signs in with, and
//! who that is in person.

use jiff::ToSpan;
use secrecy::SecretString;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use uuid::Uuid;

use super::applications;
use super::principals;
use super::tenants;
use super::users;
use crate::sandbox::Object;
use crate::sandbox::Tx;
use crate::sandbox::ids;
use crate::sandbox::role_names;
use crate::sandbox::scopes;
use crate::sandbox::scopes::Scope;

/// The application with which a tenant's administrator signs in.
#[derive(Debug, Clone)]
pub struct Admin {
    /// Its application id.
    pub client_id: String,
    /// Its secret.
    pub secret: SecretString,
}

/// Makes the tenant's service principals of Microsoft's services with their app roles. The tenant is stored already.
pub fn install_microsoft(tx: &Tx<'_>, tenant: &str) -> rusqlite::Result<()> {
    let resources = [
        (ids::EXCHANGE, "Office 365 Exchange Online", ids::EXCHANGE_ROLES),
        (ids::GRAPH, "Microsoft Graph", ids::GRAPH_ROLES),
        (ids::ARM, "Windows Azure Service Management API", &[]),
        (ids::KEY_VAULT, "Azure Key Vault", &[]),
        (ids::STORAGE, "Azure Storage", &[]),
    ];
    for (app_id, name, roles) in resources {
        let mut principal = Object::new(tenant, "servicePrincipal", Map::new());
        principal.set("id", stable_id(tx, tenant, app_id));
        principal.set("deletedDateTime", Value::Null);
        principal.set("accountEnabled", true);
        principal.set("appId", app_id);
        principal.set("appDisplayName", name);
        principal.set("displayName", name);
        principal.set("appOwnerOrganizationId", ids::MICROSOFT_SERVICES);
        principal.set("servicePrincipalType", "Application");
        principal.set("servicePrincipalNames", json!([app_id]));
        principal.set("signInAudience", "AzureADMultipleOrgs");
        principal.set(
            "appRoles",
            roles.iter().map(|(value, id)| app_role(app_id, value, id)).collect::<Vec<_>>(),
        );
        let scopes = scopes::of_resource(app_id).iter().map(delegated_scope);
        principal.set("oauth2PermissionScopes", scopes.collect::<Vec<_>>());
        principals::store_service_principal(tx, &principal)?;
    }
    Ok(())
}

/// Makes the administrator's application: `Exchange.ManageAsApp`, all Graph roles the sandbox knows, and Global Administrator.
/// Its ids and its secret follow from the tenant, so that a sandbox made twice is the same.
pub fn install_admin(tx: &Tx<'_>, tenant: &str) -> rusqlite::Result<()> {
    let client_id = stable_id(tx, tenant, "admin application");
    let secret = format!("{tenant}~sandbox.{}", stable_id(tx, tenant, "admin secret").replace('-', ""));
    let mut application = Object::new(tenant, "application", Map::new());
    application.set("id", stable_id(tx, tenant, "admin application object"));
    application.set("deletedDateTime", Value::Null);
    application.set("appId", client_id.as_str());
    application.set("displayName", "xtenant administrator");
    application.set("signInAudience", "AzureADMyOrg");
    application.set("publisherDomain", tenants::initial_domain(tx, tenant));
    application.set("createdDateTime", tx.now().to_string());
    application.set("keyCredentials", json!([]));
    application.set("passwordCredentials", json!([]));
    application.set("requiredResourceAccess", json!([]));
    let end = tx.now() + (20 * 365 * 24).hours();
    applications::add_secret(&mut application, Some("sandbox"), &secret, tx.now(), end);
    applications::store_application(tx, &application)?;
    let principal = principals::add_principal(tx, tenant, &application)?;
    for (resource_app_id, roles) in [
        (ids::EXCHANGE, &[("Exchange.ManageAsApp", ids::EXCHANGE_MANAGE_AS_APP)][..]),
        (ids::GRAPH, ids::GRAPH_ROLES),
    ] {
        if let Some(resource) = principals::service_principal(tx, tenant, resource_app_id) {
            for (_, role_id) in roles {
                principals::grant_app_role(tx, &principal, &resource, role_id)?;
            }
        }
    }
    principals::assign_directory_role(tx, tenant, principal.text("id"), ids::GLOBAL_ADMINISTRATOR)?;
    tx.set_meta(&format!("admin.{tenant}"), &format!("{client_id} {secret}"))
}

/// The sign-in of the tenant's administrator, for the built-in profiles.
pub fn admin(tx: &Tx<'_>, tenant: &str) -> Option<Admin> {
    let kept = tx.meta(&format!("admin.{tenant}"))?;
    let (client_id, secret) = kept.split_once(' ')?;
    Some(Admin {
        client_id: client_id.to_owned(),
        secret: secret.to_owned().into(),
    })
}

/// Notes who administrates the tenant in person.
pub fn set_admin_user(tx: &Tx<'_>, tenant: &str, principal_name: &str) -> rusqlite::Result<()> {
    tx.set_meta(&format!("admin.user.{tenant}"), principal_name)
}

/// The administrator as a person: Global Administrator, owner of the subscription, without a mailbox.
pub fn admin_user(tx: &Tx<'_>, tenant: &str) -> Option<Object> {
    users::user(tx, tenant, &tx.meta(&format!("admin.user.{tenant}"))?)
}

fn delegated_scope(scope: &Scope) -> Value {
    json!({
        "id": scope.id,
        "value": scope.value,
        "type": if scope.needs_admin { "Admin" } else { "User" },
        "adminConsentDisplayName": scope.display_name,
        "adminConsentDescription": scope.display_name,
        "userConsentDisplayName": scope.display_name,
        "userConsentDescription": scope.display_name,
        "isEnabled": true,
    })
}

fn app_role(resource_app_id: &str, value: &str, id: &str) -> Value {
    let name = role_names::of(resource_app_id, value);
    json!({
        "id": id,
        "value": value,
        "displayName": name,
        "description": name,
        "allowedMemberTypes": ["Application"],
        "isEnabled": true,
        "origin": "Application",
    })
}

fn stable_id(tx: &Tx<'_>, tenant: &str, what: &str) -> String {
    let namespace = Uuid::parse_str(&tenants::tenant_id(tx, tenant)).unwrap_or_default();
    Uuid::new_v5(&namespace, what.as_bytes()).to_string()
}

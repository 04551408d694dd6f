//! Subscriptions: one a tenant.

use serde_json::Map;
use serde_json::json;
use uuid::Uuid;

use super::assignment;
use super::provider;
use super::role;
use crate::sandbox::Object;
use crate::sandbox::Tx;
use crate::sandbox::directory;

const KIND: &str = "subscription";
/// Where a subscription keeps that its new vaults use roles whatever the version of the interface.
pub const RBAC_VAULTS: &str = "_rbacVaults";

/// Gives the tenant its subscription, with all providers registered and the administrator's application as its Owner. The
/// subscription's id follows from the tenant, so that a sandbox made twice is the same.
pub fn install(tx: &Tx<'_>, tenant: &str) -> rusqlite::Result<()> {
    let namespace = Uuid::parse_str(&directory::tenant_id(tx, tenant)).unwrap_or_default();
    let id = Uuid::new_v5(&namespace, b"subscription").to_string();
    let name = directory::tenant(tx, tenant).map(|found| found.text("displayName").to_owned());
    let mut object = Object::new(tenant, KIND, Map::new());
    object.set("subscriptionId", id.as_str());
    object.set("displayName", format!("{} production", name.unwrap_or_default()));
    object.set("state", "Enabled");
    object.set("_providers", json!(provider::all_registered(tx.now())));
    tx.put(&object, [(KIND, id.clone())])?;
    let admin = directory::admin(tx, tenant).and_then(|admin| directory::service_principal(tx, tenant, &admin.client_id));
    if let Some(admin) = admin {
        let scope = format!("/subscriptions/{id}");
        let name = Uuid::new_v5(&namespace, b"owner of the subscription").to_string();
        assignment::assign(tx, tenant, &name, &scope, role::OWNER, admin.text("id"), "ServicePrincipal")?;
    }
    Ok(())
}

/// The subscription with that id, whichever tenant it belongs to.
pub fn subscription(tx: &Tx<'_>, id: &str) -> Option<Object> {
    let tenants = directory::tenants(tx);
    tenants
        .iter()
        .flat_map(|tenant| tx.sound(tx.find(tenant, KIND, id)))
        .find(|object| object.kind == KIND)
}

/// The tenant's subscriptions.
pub fn subscriptions(tx: &Tx<'_>, tenant: &str) -> Vec<Object> {
    tx.sound(tx.list(tenant, KIND))
}

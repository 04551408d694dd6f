//! The conditions of a new sandbox that differ from the ordinary: what tenants are like when somebody begins to work in them.

use serde_json::Map;
use serde_json::json;

use super::NewOptions;
use super::Object;
use super::Tx;
use super::azure;
use super::directory;

/// The resource group of the vaults that were deleted before the sandbox begins.
const RETIRED: &str = "retired";
const RETIRED_LOCATION: &str = "westeurope";

/// Brings about what `options` want of tenants that are there.
pub fn install(tx: &Tx<'_>, options: &NewOptions) -> rusqlite::Result<()> {
    for tenant in &options.hydrated {
        if let Some(mut organization) = directory::tenant(tx, tenant) {
            organization.set("isDehydrated", false);
            directory::store_tenant(tx, &organization)?;
        }
    }
    for tenant in &options.unregistered_providers {
        for mut subscription in azure::subscriptions(tx, tenant) {
            for provider in azure::PROVIDERS {
                azure::unregister(tx, &mut subscription, provider)?;
            }
        }
    }
    for tenant in &options.rbac_vaults {
        for mut subscription in azure::subscriptions(tx, tenant) {
            subscription.set(azure::RBAC_VAULTS, true);
            tx.update(&subscription)?;
        }
    }
    for (tenant, name) in &options.soft_deleted_vaults {
        retired_vault(tx, tenant, name)?;
    }
    tx.set_replication(options.replication)
}

fn retired_vault(tx: &Tx<'_>, tenant: &str, name: &str) -> rusqlite::Result<()> {
    for subscription in azure::subscriptions(tx, tenant) {
        let id = subscription.text("subscriptionId");
        if azure::group(tx, &subscription, RETIRED).is_none() {
            let mut group = Object::new(tenant, azure::GROUP, Map::new());
            group.set("name", RETIRED);
            group.set("location", RETIRED_LOCATION);
            group.set("tags", json!({}));
            group.set("_subscription", id);
            azure::store_group(tx, &group)?;
        }
        let mut vault = Object::new(tenant, "vault", Map::new());
        vault.set("name", name);
        vault.set("location", RETIRED_LOCATION);
        vault.set("tags", json!({}));
        vault.set(
            "properties",
            json!({
                "tenantId": directory::tenant_id(tx, tenant),
                "sku": {"family": "A", "name": "standard"},
                "accessPolicies": [],
                "enabledForDeployment": false,
                "enableSoftDelete": true,
                "softDeleteRetentionInDays": 90,
                "enableRbacAuthorization": false,
                "publicNetworkAccess": "Enabled",
            }),
        );
        vault.set("_subscription", id);
        vault.set("_resourceGroup", RETIRED);
        vault.set("_readyAt", tx.now().to_string());
        azure::delete_vault(tx, vault)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::sandbox::testing::Desk;

    #[test]
    fn new_vaults_use_roles_where_the_sandbox_was_made_so_unless_they_are_told_otherwise() {
        let desk = Desk::new();
        let options = NewOptions {
            rbac_vaults: vec!["northwind".into()],
            ..NewOptions::default()
        };
        desk.world.store.transaction(|tx| install(tx, &options)).unwrap();
        let tenant_id = desk.tenant("northwind").tenant_id.clone();
        let group = format!("{}/resourceGroups/rg", desk.subscription("northwind"));
        desk.arm("northwind", "PUT", &group, json!({"location": "westeurope"}));
        let uses_roles = |name: &str, given: serde_json::Value| {
            let mut properties = json!({"tenantId": tenant_id, "sku": {"family": "A", "name": "standard"}, "accessPolicies": []});
            if !given.is_null() {
                properties["enableRbacAuthorization"] = given;
            }
            let address = format!("{group}/providers/Microsoft.KeyVault/vaults/{name}");
            let body = json!({"location": "westeurope", "properties": properties});
            let (status, vault) = desk.arm("northwind", "PUT", &address, body);
            assert!(status == 200 || status == 201, "{vault}");
            vault["properties"]["enableRbacAuthorization"].clone()
        };

        assert_eq!(uses_roles("nwt-by-default", json!(null)), true);
        assert_eq!(uses_roles("nwt-as-told", json!(false)), false);
    }
}

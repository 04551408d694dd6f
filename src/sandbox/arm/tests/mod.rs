//! What a client of Resource Manager sees.

mod access;
mod deletion;
mod groups;
mod listing;
mod logs;
mod policies;
mod roles;
mod vaults;

use std::time::Duration;

use serde_json::Value;
use serde_json::json;

use crate::sandbox::testing::Desk;

const TENANT: &str = "northwind";

const ONE: &str = "6c6c6c6c-9999-4ccc-8999-e1e1e1e1e009";
const OTHER: &str = "4a4a4a4a-7777-4aaa-8777-c1c1c1c1c007";

/// A desk with the group `rg-xtmove` in West Europe.
struct Office {
    desk: Desk,
    subscription: String,
    group: String,
}

impl Office {
    fn new() -> Self {
        let desk = Desk::new();
        let subscription = desk.subscription(TENANT);
        let group = format!("{subscription}/resourceGroups/rg-xtmove");
        let office = Self { desk, subscription, group };
        let (status, made) = office.ask("PUT", &office.group, json!({"location": "West Europe"}));
        assert_eq!(status, 201, "{made}");
        office
    }

    fn ask(&self, method: &str, address: &str, body: Value) -> (u16, Value) {
        self.desk.arm(TENANT, method, address, body)
    }

    fn refused(&self, method: &str, address: &str, body: Value) -> (u16, String) {
        let (status, answer) = self.ask(method, address, body);
        (status, answer["error"]["code"].as_str().unwrap_or_default().to_owned())
    }

    fn wait(&self, seconds: u64) {
        self.desk.world.advance(Duration::from_secs(seconds)).unwrap();
    }

    fn vault(&self, name: &str) -> String {
        format!("{}/providers/Microsoft.KeyVault/vaults/{name}", self.group)
    }

    fn account(&self, name: &str) -> String {
        format!("{}/providers/Microsoft.Storage/storageAccounts/{name}", self.group)
    }

    fn tenant_id(&self) -> &str {
        &self.desk.tenant(TENANT).tenant_id
    }

    /// The body of a vault with these policies.
    fn vault_body(&self, policies: Value) -> Value {
        json!({"location": "westeurope", "properties": {
            "tenantId": self.tenant_id(), "sku": {"family": "A", "name": "standard"}, "enableRbacAuthorization": false,
            "accessPolicies": policies,
        }})
    }

    fn policy(&self, object_id: &str, certificates: &[&str]) -> Value {
        json!({"tenantId": self.tenant_id(), "objectId": object_id, "permissions": {"certificates": certificates}})
    }

    fn make_vault(&self, name: &str) -> Value {
        let (status, vault) = self.ask("PUT", &self.vault(name), self.vault_body(json!([])));
        assert_eq!(status, 201, "{vault}");
        vault
    }

    /// An application without any role of Azure: the object id of its principal, and a token for Resource Manager.
    fn stranger(&self) -> (String, String) {
        let desk = &self.desk;
        let (app_id, secret) = desk.migration_application();
        let (status, principal) = desk.graph(TENANT, "POST", "servicePrincipals", json!({"appId": app_id}));
        assert_eq!(status, 201, "{principal}");
        let fields = [
            ("client_id", app_id.as_str()),
            ("client_secret", secret.as_str()),
            ("scope", "https://management.azure.com/.default"),
        ];
        let (_, answer) = desk.sign_in(TENANT, &fields);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        (text(&principal["id"]), text(&answer["access_token"]))
    }
}

fn names(list: &Value) -> Vec<&str> {
    let items = list["value"].as_array().unwrap();
    items.iter().map(|item| item["name"].as_str().unwrap()).collect()
}

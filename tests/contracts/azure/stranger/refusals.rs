//! What the stranger does not get.

use serde_json::Value;
use serde_json::json;

use super::PRINCIPAL;
use super::Stranger;
use super::address;

impl Stranger<'_> {
    /// What no client may have.
    pub fn is_refused(&self) {
        let (subscription, group, vault) = (&self.subscription, self.group(), self.vault());
        let nowhere = "/subscriptions/9d9d9d9d-4444-4ddd-8444-f0f0f0f0f004";
        let vaults = format!("{subscription}/resourceGroups/stranger/providers/Microsoft.KeyVault/vaults");
        let new = |properties: Value| Some(json!({"location": "westeurope", "properties": properties}));
        let sku = json!({"family": "A", "name": "standard"});
        self.arm("GET", nowhere, None);
        self.arm("GET", &format!("{nowhere}/resourcegroups"), None);
        self.arm("GET", &format!("{subscription}/resourcegroups/nothing"), None);
        self.arm("GET", &vault, None);
        self.arm(
            "PUT",
            &format!("{vaults}/x"),
            new(json!({"tenantId": self.tenant, "sku": sku, "accessPolicies": []})),
        );
        self.arm("PUT", &group, Some(json!({"location": "westeurope"})));
        self.arm("PUT", &group, Some(json!({"location": "northeurope"})));
        self.arm(
            "PUT",
            &format!("{subscription}/resourcegroups/other"),
            Some(json!({"location": "atlantis"})),
        );
        self.arm(
            "PUT",
            &format!("{vaults}/x"),
            new(json!({"tenantId": self.tenant, "sku": sku, "accessPolicies": []})),
        );
        self.arm(
            "PUT",
            &format!("{vaults}/stranger-kv"),
            new(json!({"tenantId": self.tenant, "sku": sku})),
        );
        self.arm(
            "PUT",
            &format!("{vaults}/stranger-kv"),
            new(json!({"tenantId": self.tenant, "sku": sku, "shape": "round"})),
        );
        self.arm(
            "PUT",
            &format!("{vaults}/stranger-kv"),
            new(json!({"tenantId": PRINCIPAL, "sku": sku, "accessPolicies": []})),
        );
        self.arm(
            "PUT",
            &format!("{group}/providers/Microsoft.Storage/storageAccounts/NO"),
            Some(json!({
                "location": "westeurope", "kind": "StorageV2", "sku": {"name": "Standard_LRS"},
            })),
        );
        for name in ["x", "two--hyphens", "stranger-kv"] {
            let name = json!({"name": name, "type": "Microsoft.KeyVault/vaults"});
            self.arm(
                "POST",
                &format!("{subscription}/providers/Microsoft.KeyVault/checkNameAvailability"),
                Some(name),
            );
        }
        let name = json!({"name": "No Name", "type": "Microsoft.Storage/storageAccounts"});
        self.arm(
            "POST",
            &format!("{subscription}/providers/Microsoft.Storage/checkNameAvailability"),
            Some(name),
        );
        let grant = json!({"properties": {"roleDefinitionId": "/nothing", "principalId": PRINCIPAL}});
        let assignments = format!("{group}/providers/Microsoft.Authorization/roleAssignments");
        self.arm("PUT", &format!("{assignments}/6d6d6d6d-aaaa-4ddd-8aaa-f1f1f1f1f011"), Some(grant));
        self.arm("GET", &format!("{assignments}/6d6d6d6d-aaaa-4ddd-8aaa-f1f1f1f1f011"), None);
        self.arm(
            "GET",
            &format!("{group}/providers/Microsoft.Insights/diagnosticSettings/nothing"),
            None,
        );
        self.recorder
            .asks_at("northwind", "GET", "https://management.azure.com/subscriptions", None);
        self.recorder.asks_at(
            "northwind",
            "GET",
            "https://management.azure.com/subscriptions?api-version=soon",
            None,
        );
        self.recorder.asks_at("contoso", "GET", &address(&vault), None);
        self.data("GET", "certificates/stranger", None);
    }
}

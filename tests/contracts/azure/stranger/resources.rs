//! The stranger at Azure Resource Manager.

use serde_json::Value;
use serde_json::json;

use super::PRINCIPAL;
use super::Stranger;

const CERTIFICATES_OFFICER: &str = "a4417e6f-fecd-4de8-b567-7b0420556985";

impl Stranger<'_> {
    /// What the subscription is, and where it may be used.
    pub fn looks_around(&self) {
        let subscription = &self.subscription;
        self.arm("GET", "/tenants", None);
        self.arm("GET", subscription, None);
        self.arm("GET", &format!("{subscription}/resources"), None);
        self.arm("GET", &format!("{subscription}/locations"), None);
    }

    /// A group of its own.
    pub fn groups(&self) {
        let group = self.group();
        let body = json!({"location": "West Europe", "tags": {"made": "by hand"}});
        self.arm("HEAD", &group, None);
        self.arm("PUT", &group, Some(body.clone()));
        self.arm("PUT", &group, Some(body));
        self.arm("HEAD", &group, None);
        self.arm("GET", &group.to_uppercase(), None);
        self.arm("GET", &format!("{}/resourcegroups", self.subscription), None);
    }

    /// Providers, registered and not.
    pub fn providers(&self) {
        let providers = format!("{}/providers", self.subscription);
        self.arm("GET", &providers, None);
        self.arm("POST", &format!("{providers}/microsoft.insights/unregister"), None);
        self.waits(60);
        for name in ["Microsoft.KeyVault", "microsoft.insights"] {
            self.arm("POST", &format!("{providers}/{name}/register"), None);
            self.arm("GET", &format!("{providers}/{name}"), None);
        }
        self.waits(60);
        self.arm("GET", &format!("{providers}/microsoft.insights"), None);
    }

    /// A vault, and who may read it.
    pub fn vaults(&self) {
        let (subscription, vault) = (&self.subscription, self.vault());
        let available = format!("{subscription}/providers/Microsoft.KeyVault/checkNameAvailability");
        let name = json!({"name": "stranger-kv", "type": "Microsoft.KeyVault/vaults"});
        self.arm("POST", &available, Some(name.clone()));
        let permissions = json!({"certificates": ["all"], "secrets": ["get", "list", "set", "delete", "recover", "purge"], "keys": []});
        let policy = |id: &str, permissions: &Value| json!({"tenantId": self.tenant, "objectId": id, "permissions": permissions});
        let new = json!({
            "location": "westeurope",
            "tags": {"made": "by hand"},
            "properties": {
                "tenantId": self.tenant, "sku": {"family": "A", "name": "standard"},
                "accessPolicies": [policy(&self.own_id, &permissions)], "enabledForDeployment": true, "enableRbacAuthorization": false,
                "networkAcls": {"bypass": "AzureServices", "defaultAction": "Allow", "ipRules": [{"value": "203.0.113.7"}]},
            },
        });
        self.arm("PUT", &vault, Some(new.clone()));
        self.arm("GET", &vault, None);
        self.waits(60);
        self.arm("PUT", &vault, Some(new));
        self.arm("POST", &available, Some(name));
        let more = json!({"tags": {"changed": "by hand"}, "properties": {"publicNetworkAccess": "Enabled"}});
        self.arm("PATCH", &vault, Some(more));
        let read = json!({"certificates": ["Get", "LIST"], "secrets": ["get"]});
        let another = json!({"properties": {"accessPolicies": [policy(PRINCIPAL, &read)]}});
        for kind in ["add", "remove", "add"] {
            self.arm("PUT", &format!("{vault}/accessPolicies/{kind}"), Some(another.clone()));
        }
        let both = json!({"properties": {"accessPolicies": [policy(&self.own_id, &permissions), policy(PRINCIPAL, &read)]}});
        self.arm("PUT", &format!("{vault}/accessPolicies/replace"), Some(both));
        self.arm("GET", &format!("{}/providers/Microsoft.KeyVault/vaults", self.group()), None);
        self.arm("GET", &format!("{subscription}/providers/Microsoft.KeyVault/vaults"), None);
        self.arm("GET", &vault, None);
    }

    /// Roles, and one that is assigned.
    pub fn grants(&self) {
        let subscription = &self.subscription;
        let roles = format!("{subscription}/providers/Microsoft.Authorization/roleDefinitions");
        self.arm("GET", &roles, None);
        self.arm("GET", &format!("{roles}/{CERTIFICATES_OFFICER}"), None);
        let assignments = format!("{}/providers/Microsoft.Authorization/roleAssignments", self.vault());
        let one = format!("{assignments}/6d6d6d6d-aaaa-4ddd-8aaa-f1f1f1f1f010");
        let body = json!({"properties": {
            "roleDefinitionId": format!("{roles}/{CERTIFICATES_OFFICER}"), "principalId": self.own_id, "principalType": "ServicePrincipal",
        }});
        for (method, body) in [("PUT", Some(body)), ("GET", None)] {
            self.arm(method, &one, body);
        }
        self.arm("GET", &assignments, None);
        self.arm(
            "GET",
            &format!("{subscription}/providers/Microsoft.Authorization/roleAssignments"),
            None,
        );
        self.arm("DELETE", &one, None);
        self.arm("DELETE", &one, None);
    }

    /// A log of the vault in a storage account.
    pub fn logs(&self) {
        let (subscription, account) = (&self.subscription, self.account());
        let available = format!("{subscription}/providers/Microsoft.Storage/checkNameAvailability");
        let name = json!({"name": "strangeraudit", "type": "Microsoft.Storage/storageAccounts"});
        self.arm("POST", &available, Some(name.clone()));
        let new = json!({
            "location": "westeurope", "kind": "StorageV2", "sku": {"name": "Standard_GRS"},
            "properties": {
                "minimumTlsVersion": "TLS1_2", "allowBlobPublicAccess": false, "publicNetworkAccess": "Enabled", "accessTier": "Hot",
                "networkAcls": {"bypass": "AzureServices", "defaultAction": "Allow", "ipRules": [{"value": "203.0.113.7"}]},
            },
        });
        self.arm("PUT", &account, Some(new.clone()));
        self.waits(60);
        self.arm("PUT", &account, Some(new));
        self.arm("POST", &available, Some(name));
        self.arm("GET", &account, None);
        self.arm(
            "GET",
            &format!("{}/providers/Microsoft.Storage/storageAccounts", self.group()),
            None,
        );
        self.arm("GET", &format!("{subscription}/providers/Microsoft.Storage/storageAccounts"), None);

        let insights = format!("{}/providers/Microsoft.Insights", self.vault());
        let setting = format!("{insights}/diagnosticSettings/service");
        let body = json!({"properties": {"storageAccountId": account, "logs": [{"category": "AuditEvent", "enabled": true}]}});
        self.arm("PUT", &setting, Some(body));
        self.arm("GET", &setting, None);
        self.arm("GET", &format!("{insights}/diagnosticSettings"), None);
        self.arm("GET", &format!("{insights}/diagnosticSettingsCategories"), None);
        self.arm("GET", &format!("{insights}/diagnosticSettingsCategories/AuditEvent"), None);
    }

    /// Everything is removed, and the vault recovered once.
    pub fn leaves(&self) {
        let (vault, account) = (self.vault(), self.account());
        let deleted = format!(
            "{}/providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/stranger-kv",
            self.subscription
        );
        self.arm(
            "DELETE",
            &format!("{vault}/providers/Microsoft.Insights/diagnosticSettings/service"),
            None,
        );
        self.arm("DELETE", &vault, None);
        self.arm("DELETE", &vault, None);
        self.arm(
            "GET",
            &format!("{}/providers/Microsoft.KeyVault/deletedVaults", self.subscription),
            None,
        );
        self.arm("GET", &deleted, None);
        let back = json!({"location": "westeurope", "properties": {
            "tenantId": self.tenant, "sku": {"family": "A", "name": "standard"}, "createMode": "recover",
        }});
        self.arm("PUT", &vault, Some(back));
        self.waits(60);
        self.arm("GET", &vault, None);
        self.arm("DELETE", &vault, None);
        self.arm("POST", &format!("{deleted}/purge"), None);
        self.arm("GET", &deleted, None);
        self.arm("DELETE", &account, None);
        self.arm("DELETE", &account, None);
        self.arm("DELETE", &self.group(), None);
    }
}

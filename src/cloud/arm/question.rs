//! `ArmQuestion`: what Resource Manager answers to a POST although nothing changes. The list is closed, as that of the cmdlets
//! that read is: any other POST is a write and needs a permit.

use serde_json::Value;
use serde_json::json;

use crate::cloud::arm::api_version;

/// Whether a name that must be unique in the whole cloud can still be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArmQuestion {
    /// The name of a vault.
    VaultName,
    /// The name of a storage account.
    StorageAccountName,
}

impl ArmQuestion {
    pub(super) fn path(self, subscription: &str) -> String {
        let provider = match self {
            ArmQuestion::VaultName => "Microsoft.KeyVault",
            ArmQuestion::StorageAccountName => "Microsoft.Storage",
        };
        let subscription = subscription.trim_start_matches("/subscriptions/");
        format!("/subscriptions/{subscription}/providers/{provider}/checkNameAvailability")
    }

    pub(super) fn api_version(self) -> &'static str {
        match self {
            ArmQuestion::VaultName => api_version::KEY_VAULT,
            ArmQuestion::StorageAccountName => api_version::STORAGE,
        }
    }

    pub(super) fn body(self, name: &str) -> Value {
        let kind = match self {
            ArmQuestion::VaultName => "Microsoft.KeyVault/vaults",
            ArmQuestion::StorageAccountName => "Microsoft.Storage/storageAccounts",
        };
        json!({"name": name, "type": kind})
    }
}

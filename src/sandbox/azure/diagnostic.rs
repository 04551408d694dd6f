//! Diagnostic settings: which logs of a resource go where.

use super::storage;
use super::vault;
use crate::sandbox::Object;
use crate::sandbox::Tx;

/// The kind of a diagnostic setting.
pub const KIND: &str = "diagnosticSetting";

/// The settings of the resource with that id, in the order they were made. A setting outlives its resource, as in Azure, and
/// holds again for a later one of the same id.
pub fn settings(tx: &Tx<'_>, tenant: &str, resource_id: &str) -> Vec<Object> {
    tx.sound(tx.find(tenant, KIND, resource_id))
}

/// One setting of a resource, by its name without case.
pub fn setting(tx: &Tx<'_>, tenant: &str, resource_id: &str, name: &str) -> Option<Object> {
    let all = settings(tx, tenant, resource_id);
    all.into_iter().find(|setting| setting.text("name").eq_ignore_ascii_case(name))
}

/// Stores a setting: `name`, `_resource` (the id of the resource), `properties`.
pub fn store_setting(tx: &Tx<'_>, setting: &Object) -> rusqlite::Result<()> {
    tx.put(setting, [(KIND, setting.text("_resource").to_owned())])
}

/// Removes a setting.
pub fn remove_setting(tx: &Tx<'_>, setting: &Object) -> rusqlite::Result<()> {
    tx.delete(&setting.id)
}

/// The storage accounts, of those that exist, to which the audit log of `vault` goes.
pub fn audit_accounts(tx: &Tx<'_>, vault: &Object) -> Vec<Object> {
    let settings = settings(tx, &vault.tenant, &vault::vault_id(vault));
    let sends_audit = |setting: &&Object| {
        let logs = setting.body["properties"]["logs"].as_array();
        logs.into_iter().flatten().any(|log| {
            let named = |field: &str, wanted: &str| log[field].as_str().is_some_and(|name| name.eq_ignore_ascii_case(wanted));
            let is_audit = named("category", "AuditEvent") || named("categoryGroup", "audit") || named("categoryGroup", "allLogs");
            is_audit && log["enabled"] == true
        })
    };
    let mut accounts: Vec<Object> = Vec::new();
    for setting in settings.iter().filter(sends_audit) {
        let id = setting.body["properties"]["storageAccountId"].as_str().unwrap_or_default();
        let found = id.rsplit('/').next().and_then(|name| storage::account(tx, name));
        let named = found.filter(|account| storage::account_id(account).eq_ignore_ascii_case(id));
        if let Some(account) = named.filter(|account| accounts.iter().all(|known| known.id != account.id)) {
            accounts.push(account);
        }
    }
    accounts
}

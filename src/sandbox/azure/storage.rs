//! Storage accounts.

use jiff::Timestamp;

use super::assignment;
use super::audit;
use crate::sandbox::Object;
use crate::sandbox::Tx;
use crate::sandbox::directory;

/// The kind of a storage account.
pub const KIND: &str = "storageAccount";

/// The storage account of that name in any tenant, also one that is still being made.
pub fn account(tx: &Tx<'_>, name: &str) -> Option<Object> {
    let tenants = directory::tenants(tx);
    tenants.iter().flat_map(|tenant| tx.sound(tx.find(tenant, KIND, name))).next()
}

/// The tenant's storage accounts, in the order they were made.
pub fn accounts(tx: &Tx<'_>, tenant: &str) -> Vec<Object> {
    tx.sound(tx.list(tenant, KIND))
}

/// `/subscriptions/../resourceGroups/../providers/Microsoft.Storage/storageAccounts/NAME`
pub fn account_id(account: &Object) -> String {
    format!(
        "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.Storage/storageAccounts/{}",
        account.text("_subscription"),
        account.text("_resourceGroup"),
        account.text("name")
    )
}

/// Stores an account: `name`, `location`, `kind`, `_sku`, `tags`, `properties`, `_subscription`, `_resourceGroup`, `_readyAt`,
/// `_operation`.
pub fn store_account(tx: &Tx<'_>, account: &Object) -> rusqlite::Result<()> {
    tx.put(account, [(KIND, account.text("name").to_owned())])
}

/// Whether the account is made by now.
pub fn is_account_ready(tx: &Tx<'_>, account: &Object) -> bool {
    let ready = account.text("_readyAt").parse::<Timestamp>();
    ready.is_ok_and(|ready| ready <= tx.now())
}

/// Removes an account with its logs and the role assignments at it.
pub fn delete_account(tx: &Tx<'_>, account: &Object) -> rusqlite::Result<()> {
    for event in audit::events(tx, account) {
        tx.delete(&event.id)?;
    }
    assignment::remove_assignments_below(tx, &account.tenant, &account_id(account))?;
    tx.delete(&account.id)
}

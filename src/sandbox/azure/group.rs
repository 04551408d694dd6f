//! Resource groups.

use super::assignment;
use super::storage;
use super::vault;
use crate::sandbox::Object;
use crate::sandbox::Tx;

/// The kind of a resource group.
pub const KIND: &str = "resourceGroup";

/// The subscription's group of that name, without case.
pub fn group(tx: &Tx<'_>, subscription: &Object, name: &str) -> Option<Object> {
    let found = tx.sound(tx.find(&subscription.tenant, KIND, name));
    found
        .into_iter()
        .find(|group| group.text("_subscription") == subscription.text("subscriptionId"))
}

/// The subscription's groups, in the order they were made.
pub fn groups(tx: &Tx<'_>, subscription: &Object) -> Vec<Object> {
    let mut all = tx.sound(tx.list(&subscription.tenant, KIND));
    all.retain(|group| group.text("_subscription") == subscription.text("subscriptionId"));
    all
}

/// `/subscriptions/../resourceGroups/NAME`
pub fn group_id(group: &Object) -> String {
    format!(
        "/subscriptions/{}/resourceGroups/{}",
        group.text("_subscription"),
        group.text("name")
    )
}

/// Stores a group: `name`, `location`, `tags`, `_subscription`.
pub fn store_group(tx: &Tx<'_>, group: &Object) -> rusqlite::Result<()> {
    tx.put(group, [(KIND, group.text("name").to_owned())])
}

/// Removes a group with all that is in it; its vaults are soft-deleted.
pub fn delete_group(tx: &Tx<'_>, group: &Object) -> rusqlite::Result<()> {
    let is_inside = |object: &Object| {
        object.text("_subscription") == group.text("_subscription") && object.text("_resourceGroup") == group.text("name")
    };
    for vault in vault::vaults(tx, &group.tenant).into_iter().filter(is_inside) {
        vault::delete_vault(tx, vault)?;
    }
    for account in storage::accounts(tx, &group.tenant).iter().filter(|account| is_inside(account)) {
        storage::delete_account(tx, account)?;
    }
    assignment::remove_assignments_below(tx, &group.tenant, &group_id(group))?;
    tx.delete(&group.id)
}

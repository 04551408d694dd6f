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

/// The live vaults of a group.
pub fn vaults_in(tx: &Tx<'_>, group: &Object) -> Vec<Object> {
    let mut vaults = vault::vaults(tx, &group.tenant);
    vaults.retain(|vault| is_inside(vault, group));
    vaults
}

fn is_inside(object: &Object, group: &Object) -> bool {
    object.text("_subscription") == group.text("_subscription") && object.text("_resourceGroup") == group.text("name")
}

/// Removes a group with all that is in it; its vaults are soft-deleted.
pub fn delete_group(tx: &Tx<'_>, group: &Object) -> rusqlite::Result<()> {
    for vault in vaults_in(tx, group) {
        vault::delete_vault(tx, vault)?;
    }
    for account in storage::accounts(tx, &group.tenant)
        .iter()
        .filter(|account| is_inside(account, group))
    {
        storage::delete_account(tx, account)?;
    }
    assignment::remove_assignments_below(tx, &group.tenant, &group_id(group))?;
    tx.delete(&group.id)
}

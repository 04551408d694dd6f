//! Resource groups.

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

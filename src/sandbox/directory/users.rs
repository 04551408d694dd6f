//! Users, with Graph's property names.

use crate::sandbox::Object;
use crate::sandbox::Tx;

const KIND: &str = "user";
const DELETED: &str = "deletedUser";

/// The user with that object id or user principal name.
pub fn user(tx: &Tx<'_>, tenant: &str, id_or_upn: &str) -> Option<Object> {
    ["id", "upn"]
        .iter()
        .flat_map(|form| tx.sound(tx.find(tenant, form, id_or_upn)))
        .find(|object| object.kind == KIND)
}

/// All users of the tenant, in the order they were made.
pub fn users(tx: &Tx<'_>, tenant: &str) -> Vec<Object> {
    tx.sound(tx.list(tenant, KIND))
}

/// Moves a user to the recycle bin, where it is found by nothing.
pub fn soft_delete_user(tx: &Tx<'_>, object: &Object) -> rusqlite::Result<()> {
    let mut deleted = object.clone();
    deleted.kind = DELETED.to_owned();
    deleted.set("deletedDateTime", tx.now().to_string());
    tx.put(&deleted, [])
}

/// Stores a user: `id`, `userPrincipalName`, `displayName`, `mailNickname`, `userType` (`Member` or `Guest`), `accountEnabled`,
/// `usageLocation`, `assignedLicenses: [{skuId, disabledPlans}]`, `givenName`, `surname`, `department`, ...
pub fn store_user(tx: &Tx<'_>, object: &Object) -> rusqlite::Result<()> {
    tx.put(
        object,
        [
            ("id", object.text("id").to_owned()),
            ("upn", object.text("userPrincipalName").to_owned()),
        ],
    )
}

//! Organization relationships: what one tenant allows another.
//!
//! A row of kind `relationship` holds `Name`, `DomainNames` (GUID texts or domains), `Enabled`, `MailboxMoveEnabled`,
//! `MailboxMoveCapability` (flags joined by `, `, or `None`), `OAuthApplicationId`, and `_Scopes`: the `Guid` of each group in
//! `MailboxMovePublishedScopes`. The other properties are kept as given.

use crate::sandbox::Object;
use crate::sandbox::Tx;
use crate::sandbox::exchange::recipient;

/// The kind of a relationship's row.
pub const KIND: &str = "relationship";

/// All relationships of a tenant, oldest first.
pub fn relationships(tx: &Tx<'_>, tenant: &str) -> rusqlite::Result<Vec<Object>> {
    tx.list(tenant, KIND)
}

/// The relationships of `tenant` whose `DomainNames` hold `entry` (a tenant id or a domain).
pub fn relationships_with(tx: &Tx<'_>, tenant: &str, entry: &str) -> rusqlite::Result<Vec<Object>> {
    let mut found = relationships(tx, tenant)?;
    found.retain(|relationship| {
        relationship
            .list("DomainNames")
            .iter()
            .any(|known| known.eq_ignore_ascii_case(entry))
    });
    Ok(found)
}

/// Whether the relationship holds the capability (`Inbound`, `RemoteOutbound`).
pub fn has_capability(relationship: &Object, capability: &str) -> bool {
    let held = relationship.text("MailboxMoveCapability");
    held.split(',').any(|flag| flag.trim().eq_ignore_ascii_case(capability))
}

/// The groups in `MailboxMovePublishedScopes` that still exist.
pub fn scope_groups(tx: &Tx<'_>, relationship: &Object) -> rusqlite::Result<Vec<Object>> {
    let mut groups = Vec::new();
    for guid in relationship.list("_Scopes") {
        groups.extend(recipient::resolve(tx, &relationship.tenant, &guid)?);
    }
    Ok(groups)
}

//! Vaults, live and soft-deleted. A vault keeps its `Object.id` through deletion and recovery; a new vault of the same name has
//! another, so that what hangs on the id is gone with a purge.

use jiff::Timestamp;
use jiff::ToSpan;
use serde_json::json;

use super::assignment;
use crate::sandbox::Object;
use crate::sandbox::Tx;
use crate::sandbox::directory;

const LIVE: &str = "vault";
const DELETED: &str = "deletedVault";
/// The kind of the event at which a soft-deleted vault's time is over; it names the `vault` by its key.
pub const RETENTION_ENDS: &str = "vault-purge";

/// The vault of that name in any tenant, without case; live ones only.
pub fn vault(tx: &Tx<'_>, name: &str) -> Option<Object> {
    let tenants = directory::tenants(tx);
    tenants
        .iter()
        .flat_map(|tenant| tx.sound(tx.find(tenant, LIVE, name)))
        .find(|object| object.kind == LIVE)
}

/// The tenant's live vaults, in the order they were made.
pub fn vaults(tx: &Tx<'_>, tenant: &str) -> Vec<Object> {
    tx.sound(tx.list(tenant, LIVE))
}

/// The soft-deleted vault of that name in any tenant, until its time is over.
pub fn deleted_vault(tx: &Tx<'_>, name: &str) -> Option<Object> {
    let tenants = directory::tenants(tx);
    let found = tenants.iter().flat_map(|tenant| tx.sound(tx.find(tenant, DELETED, name)));
    found.filter(|vault| is_kept(tx, vault)).last()
}

/// The tenant's soft-deleted vaults.
pub fn deleted_vaults(tx: &Tx<'_>, tenant: &str) -> Vec<Object> {
    let mut all = tx.sound(tx.list(tenant, DELETED));
    all.retain(|vault| is_kept(tx, vault));
    all
}

/// `/subscriptions/../resourceGroups/../providers/Microsoft.KeyVault/vaults/NAME`
pub fn vault_id(vault: &Object) -> String {
    format!(
        "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.KeyVault/vaults/{}",
        vault.text("_subscription"),
        vault.text("_resourceGroup"),
        vault.text("name")
    )
}

/// Stores a vault: `name`, `location`, `tags`, `properties` (as Azure shows it, without `vaultUri` and `provisioningState`),
/// `_subscription`, `_resourceGroup`, `_readyAt`; a soft-deleted one also `_deletedAt` and `_purgeAt`.
pub fn store_vault(tx: &Tx<'_>, vault: &Object) -> rusqlite::Result<()> {
    let form = if vault.kind == DELETED { DELETED } else { LIVE };
    tx.put(vault, [(form, vault.text("name").to_owned())])
}

/// Whether the vault's host name is known by now.
pub fn is_ready(tx: &Tx<'_>, vault: &Object) -> bool {
    time(vault, "_readyAt").is_none_or(|ready| ready <= tx.now())
}

/// Moves a live vault among the soft-deleted ones. Role assignments at the vault go with it and do not come back.
pub fn delete_vault(tx: &Tx<'_>, mut vault: Object) -> rusqlite::Result<()> {
    let days = vault.body["properties"]["softDeleteRetentionInDays"].as_i64().unwrap_or(90);
    let end = tx.now() + (days * 24).hours();
    vault.kind = DELETED.to_owned();
    vault.set("_deletedAt", tx.now().to_string());
    vault.set("_purgeAt", end.to_string());
    assignment::remove_assignments_below(tx, &vault.tenant, &vault_id(&vault))?;
    tx.schedule(end, &vault.tenant, RETENTION_ENDS, &json!({"vault": vault.id}))?;
    store_vault(tx, &vault)
}

/// Brings a soft-deleted vault back, and returns it.
pub fn recover_vault(tx: &Tx<'_>, mut vault: Object) -> rusqlite::Result<Object> {
    vault.kind = LIVE.to_owned();
    vault.body.remove("_deletedAt");
    vault.body.remove("_purgeAt");
    store_vault(tx, &vault)?;
    Ok(vault)
}

/// The soft-deleted vault of that key, when its time is over.
pub fn ended_vault(tx: &Tx<'_>, key: &str) -> Option<Object> {
    let vault = tx.sound(tx.get(key)).filter(|vault| vault.kind == DELETED);
    vault.filter(|vault| !is_kept(tx, vault))
}

fn is_kept(tx: &Tx<'_>, deleted: &Object) -> bool {
    time(deleted, "_purgeAt").is_none_or(|end| tx.now() < end)
}

fn time(object: &Object, name: &str) -> Option<Timestamp> {
    object.text(name).parse().ok()
}

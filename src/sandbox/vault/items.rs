//! What lies in a vault: certificates and secrets with their versions, live or in the recycle bin.
//!
//! A row of kind `vaultCertificate` or `vaultSecret` holds `name` and `_vault`, in the bin `_deletedAt` and `_purgeAt`; its versions
//! are rows of kind `vaultVersion`. All hang on the vault's own key, so that they are there again with a recovered vault.

use jiff::Timestamp;
use jiff::ToSpan;
use serde_json::Map;
use serde_json::Value;
use uuid::Uuid;

use crate::sandbox::Object;
use crate::sandbox::Tx;
use crate::sandbox::azure::Container;

const VERSION: &str = "vaultVersion";
const NAME: &str = "vaultItemName";
const DELETED_AT: &str = "_deletedAt";
const PURGE_AT: &str = "_purgeAt";

fn kind(container: Container) -> &'static str {
    match container {
        Container::Certificates => "vaultCertificate",
        Container::Secrets => "vaultSecret",
    }
}

/// A new item that is not stored yet.
pub fn new(vault: &Object, container: Container, name: &str) -> Object {
    let mut item = Object::new(&vault.tenant, kind(container), Map::new());
    item.set("name", name);
    item.set("_vault", vault.id.as_str());
    item
}

/// Stores an item.
pub fn store(tx: &Tx<'_>, item: &Object) -> rusqlite::Result<()> {
    let vault = item.text("_vault");
    let name = format!("{vault}/{}", item.text("name"));
    tx.put(item, [(NAME, name), (item.kind.as_str(), vault.to_owned())])
}

/// The item of that name, live or in the bin. One whose time in the bin is over is gone.
pub fn find(tx: &Tx<'_>, vault: &Object, container: Container, name: &str) -> rusqlite::Result<Option<Object>> {
    let found = tx.find(&vault.tenant, NAME, &format!("{}/{name}", vault.id))?;
    let item = found.into_iter().find(|item| item.kind == kind(container));
    match item {
        Some(ended) if purge_time(&ended).is_some_and(|end| end <= tx.now()) => purge(tx, &ended).map(|()| None),
        kept => Ok(kept),
    }
}

/// The live items, by name.
pub fn live(tx: &Tx<'_>, vault: &Object, container: Container) -> rusqlite::Result<Vec<Object>> {
    all(tx, vault, container, |item| !is_deleted(item))
}

/// The items in the bin, by name.
pub fn deleted(tx: &Tx<'_>, vault: &Object, container: Container) -> rusqlite::Result<Vec<Object>> {
    let now = tx.now();
    all(tx, vault, container, |item| purge_time(item).is_some_and(|end| now < end))
}

fn all(tx: &Tx<'_>, vault: &Object, container: Container, is_wanted: impl Fn(&Object) -> bool) -> rusqlite::Result<Vec<Object>> {
    let mut items = tx.find(&vault.tenant, kind(container), &vault.id)?;
    items.retain(is_wanted);
    items.sort_by_key(|item| item.text("name").to_lowercase());
    Ok(items)
}

/// Whether the item lies in the bin.
pub fn is_deleted(item: &Object) -> bool {
    !item.text(DELETED_AT).is_empty()
}

/// When the item was put into the bin.
pub fn deletion_time(item: &Object) -> Option<Timestamp> {
    item.text(DELETED_AT).parse().ok()
}

/// When the item in the bin will be gone.
pub fn purge_time(item: &Object) -> Option<Timestamp> {
    item.text(PURGE_AT).parse().ok()
}

/// Puts an item into the bin.
pub fn delete(tx: &Tx<'_>, vault: &Object, item: &mut Object) -> rusqlite::Result<()> {
    let (_, days) = recovery(vault);
    item.set(DELETED_AT, tx.now().to_string());
    item.set(PURGE_AT, (tx.now() + (days * 24).hours()).to_string());
    store(tx, item)
}

/// Takes an item out of the bin.
pub fn recover(tx: &Tx<'_>, item: &mut Object) -> rusqlite::Result<()> {
    item.body.shift_remove(DELETED_AT);
    item.body.shift_remove(PURGE_AT);
    store(tx, item)
}

/// Forgets an item with all its versions.
pub fn purge(tx: &Tx<'_>, item: &Object) -> rusqlite::Result<()> {
    for version in versions(tx, item)? {
        tx.delete(&version.id)?;
    }
    tx.delete(&item.id)
}

/// Forgets all items of a vault.
pub fn purge_all(tx: &Tx<'_>, vault: &Object) -> rusqlite::Result<()> {
    for container in [Container::Certificates, Container::Secrets] {
        for item in all(tx, vault, container, |_| true)? {
            purge(tx, &item)?;
        }
    }
    Ok(())
}

/// A new version of an item; the caller stores it. Its id is in `version`.
pub fn new_version(item: &Object, id: &str, body: Map<String, Value>) -> Object {
    let mut version = Object::new(&item.tenant, VERSION, body);
    version.set("version", id);
    version.set("_item", item.id.as_str());
    version
}

/// Stores a version.
pub fn store_version(tx: &Tx<'_>, version: &Object) -> rusqlite::Result<()> {
    tx.put(version, [(VERSION, version.text("_item").to_owned())])
}

/// The item's versions, oldest first.
pub fn versions(tx: &Tx<'_>, item: &Object) -> rusqlite::Result<Vec<Object>> {
    tx.find(&item.tenant, VERSION, &item.id)
}

/// One version of the item: that of the id, without case, or the newest.
pub fn version(tx: &Tx<'_>, item: &Object, id: Option<&str>) -> rusqlite::Result<Option<Object>> {
    let versions = versions(tx, item)?.into_iter();
    Ok(match id {
        Some(id) => versions
            .into_iter()
            .find(|version| version.text("version").eq_ignore_ascii_case(id)),
        None => versions.last(),
    })
}

/// An id of a version or of a request: 32 hexadecimal digits.
pub fn new_id() -> String {
    Uuid::new_v4().simple().to_string()
}

/// What becomes of deleted things in the vault: the level's name, and for how many days they can be brought back.
pub fn recovery(vault: &Object) -> (String, i64) {
    let properties = vault.body.get("properties").unwrap_or(&Value::Null);
    let days = properties["softDeleteRetentionInDays"].as_i64().unwrap_or(90);
    let kept = if days == 90 { "Recoverable" } else { "CustomizedRecoverable" };
    let level = match properties["enablePurgeProtection"] == true {
        true => kept.to_owned(),
        false => format!("{kept}+Purgeable"),
    };
    (level, days)
}

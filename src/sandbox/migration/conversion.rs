//! The end of a move: the MailUser becomes the mailbox, and the mailbox becomes a MailUser that forwards to it.

use jiff::Timestamp;
use serde_json::Value;
use serde_json::json;

use super::pace;
use super::request;
use super::target_rules;
use super::validation::Pair;
use crate::sandbox::Event;
use crate::sandbox::Object;
use crate::sandbox::Tx;
use crate::sandbox::directory;
use crate::sandbox::exchange::recipient;

/// The event that ends the time in which a moved mailbox may be without licence.
pub const GRACE_EVENT: &str = "migration-grace";

/// What a mailbox holds, which goes with it.
const CONTENT: &[&str] = &[
    "_Size",
    "_Items",
    "_DeletedSize",
    "_DeletedItems",
    "_ArchiveSize",
    "_ArchiveItems",
    "_AuxArchives",
    "_BadItems",
    "ArchiveName",
];

/// Converts both sides, or only the target, which leaves a mailbox behind in the source.
pub fn convert(tx: &Tx<'_>, pair: &Pair, delivery_domain: &str, request: Option<&Object>, converts_source: bool) -> rusqlite::Result<()> {
    let (mut source, mut target) = (pair.source.clone(), pair.target.clone());
    let details = source.text("RecipientTypeDetails").to_owned();
    let guid = source.text("ExchangeGuid").to_owned();
    let now = tx.now().to_string();

    target.set("RecipientTypeDetails", details.as_str());
    target.set("PreviousRecipientTypeDetails", "MailUser");
    target.set("WhenMailboxCreated", now);
    target.body.shift_remove("ExternalEmailAddress");
    for name in CONTENT {
        if let Some(value) = source.body.get(*name) {
            target.set(name, value.clone());
        }
    }
    let permissions = carried_permissions(tx, &source, &target.tenant)?;
    target.set("_MailboxPermissions", permissions);
    request::mark(&mut target, "Completed", request);

    recipient::store(tx, &target)?;
    let due = tx.now() + pace::GRACE;
    tx.schedule(due, &target.tenant, GRACE_EVENT, &json!({"recipient": target.id}))?;
    if !converts_source {
        return Ok(());
    }
    // Without a delivery address the check before would have failed, so there is always one.
    let delivery = target_rules::delivery_address(&target, delivery_domain).unwrap_or_default();
    for name in CONTENT {
        source.body.shift_remove(*name);
    }
    source.set("RecipientTypeDetails", "MailUser");
    source.set("PreviousRecipientTypeDetails", details.as_str());
    source.set("_PreviousExchangeGuid", guid);
    source.set("ExternalEmailAddress", format!("SMTP:{delivery}"));
    let mut proxies = source.list("EmailAddresses");
    let legacy_name = format!("X500:{}", target.text("LegacyExchangeDN"));
    if !proxies.iter().any(|proxy| proxy.eq_ignore_ascii_case(&legacy_name)) {
        proxies.push(legacy_name);
    }
    source.set("EmailAddresses", proxies);
    for name in [
        "_MailboxPermissions",
        "_RecipientPermissions",
        "GrantSendOnBehalfTo",
        "WhenMailboxCreated",
    ] {
        source.body.shift_remove(name);
    }
    recipient::store(tx, &source)
}

/// Full access is kept in the mailbox and travels, for delegates that exist in the target too. Send-as and send-on-behalf are kept
/// in the directory and stay behind.
fn carried_permissions(tx: &Tx<'_>, source: &Object, tenant: &str) -> rusqlite::Result<Vec<Value>> {
    let entries = source.body.get("_MailboxPermissions").and_then(Value::as_array);
    let mut carried = Vec::new();
    for entry in entries.into_iter().flatten() {
        let trustee = entry["_Trustee"].as_str().unwrap_or_default();
        let delegate = recipient::resolve(tx, &source.tenant, trustee)?.into_iter().next();
        let Some(delegate) = delegate.filter(|delegate| !delegate.text("ExchangeGuid").is_empty()) else {
            continue;
        };
        if let Some(found) = recipient::by_exchange_guid(tx, tenant, delegate.text("ExchangeGuid"))? {
            let mut entry = entry.clone();
            entry["_Trustee"] = found.text("Guid").into();
            carried.push(entry);
        }
    }
    Ok(carried)
}

/// A person's mailbox that has no licence when its time is over is lost, and soft-deleted.
pub fn end_grace(tx: &Tx<'_>, event: &Event) -> rusqlite::Result<()> {
    let found = tx.get(event.body["recipient"].as_str().unwrap_or_default())?;
    let Some(mut mailbox) = found.filter(|found| found.text("RecipientTypeDetails") == "UserMailbox") else {
        return Ok(());
    };
    if directory::has_exchange_mailbox_plan(tx, &mailbox.tenant, mailbox.text("ExternalDirectoryObjectId")) {
        return Ok(());
    }
    let now: Timestamp = tx.now();
    mailbox.set("_SoftDeleted", true);
    mailbox.set("WhenSoftDeleted", now.to_string());
    recipient::store(tx, &mailbox)
}

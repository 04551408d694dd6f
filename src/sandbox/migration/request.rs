//! Move requests: what the migration service hands to the replication service, one a user. One that is left over is in the way of
//! the next attempt.
//!
//! A row of kind `move-request` holds `RequestGuid`, `Status`, `BatchName`, `RemoteHostName`, `TargetDatabase`, `_Recipient` (the
//! recipient's row) and `_User` (the migration user's row).

use serde_json::Map;
use uuid::Uuid;

use crate::sandbox::Object;
use crate::sandbox::Tx;
use crate::sandbox::exchange::recipient;

/// The kind of a move request's row.
pub const KIND: &str = "move-request";

/// The requests of a recipient of any tenant, as target or as source.
pub fn of_recipient(tx: &Tx<'_>, recipient: &Object) -> rusqlite::Result<Vec<Object>> {
    let mut found = tx.find(&recipient.tenant, "move-request-recipient", &recipient.id)?;
    found.retain(|object| object.kind == KIND);
    Ok(found)
}

/// The request that a recipient's name or the request's own GUID names.
pub fn find(tx: &Tx<'_>, tenant: &str, identity: &str) -> rusqlite::Result<Option<Object>> {
    let guid = identity.rsplit('\\').next().unwrap_or(identity);
    if let Some(found) = tx.find(tenant, "move-request", guid)?.into_iter().next() {
        return Ok(Some(found));
    }
    for recipient in recipient::resolve(tx, tenant, identity)? {
        if let Some(found) = of_recipient(tx, &recipient)?.into_iter().next() {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// Makes the request of a migration user for its target.
pub fn create(tx: &Tx<'_>, user: &Object, target: &Object, batch: &str, remote_host: &str) -> rusqlite::Result<String> {
    let guid = Uuid::new_v4().to_string();
    let mut request = Object::new(&user.tenant, KIND, Map::new());
    request.set("RequestGuid", guid.as_str());
    request.set("BatchName", format!("MigrationService:{batch}"));
    request.set("RemoteHostName", remote_host);
    request.set("TargetDatabase", "EURPR00DG000-db009");
    request.set("Status", "Queued");
    request.set("_Recipient", target.id.as_str());
    request.set("_User", user.id.as_str());
    tx.put(
        &request,
        [
            ("move-request", guid.clone()),
            ("move-request-recipient", target.id.clone()),
            ("move-request-user", user.id.clone()),
        ],
    )?;
    Ok(guid)
}

/// The request of a migration user.
pub fn of_user(tx: &Tx<'_>, user: &Object) -> rusqlite::Result<Option<Object>> {
    Ok(tx.find(&user.tenant, "move-request-user", &user.id)?.into_iter().next())
}

/// Whether nothing is moved on its behalf any more.
pub fn is_over(request: &Object) -> bool {
    matches!(
        request.text("Status"),
        "Completed" | "CompletedWithWarning" | "Failed" | "Suspended"
    )
}

/// Removes a request and the marks it left on its recipient.
pub fn remove(tx: &Tx<'_>, request: &Object) -> rusqlite::Result<()> {
    if let Some(mut target) = tx.get(request.text("_Recipient"))? {
        mark(&mut target, "None", None);
        recipient::store(tx, &target)?;
    }
    tx.delete(&request.id)
}

/// Shows on a recipient how its move stands: the request's batch and host, or nothing.
pub fn mark(recipient: &mut Object, status: &str, request: Option<&Object>) {
    recipient.set("MailboxMoveStatus", status);
    let flags = if request.is_some() { "CrossOrg, CrossTenant, Pull" } else { "None" };
    recipient.set("MailboxMoveFlags", flags);
    for (shown, kept) in [
        ("MailboxMoveRemoteHostName", "RemoteHostName"),
        ("MailboxMoveBatchName", "BatchName"),
    ] {
        recipient.set(shown, request.map(|request| request.text(kept)).unwrap_or_default());
    }
}

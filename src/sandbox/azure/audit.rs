//! The audit log of vaults, as storage accounts keep it.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Map;

use super::diagnostic;
use super::vault;
use crate::sandbox::Object;
use crate::sandbox::Tx;

const KIND: &str = "auditEvent";
const HOUR: &str = "auditHour";

/// One thing that was done with a vault, or tried.
#[derive(Debug, Clone, Copy)]
pub struct AuditEvent<'a> {
    /// `CertificateGet`, `SecretGet`, `CertificateCreate`, `VaultPut`, ...
    pub operation: &'a str,
    /// The application that called.
    pub app_id: &'a str,
    /// Its service principal.
    pub object_id: &'a str,
    /// The address it called.
    pub request_uri: &'a str,
    /// The HTTP status it got.
    pub status: u16,
}

/// Writes the event to each storage account to which a diagnostic setting of `vault` sends its audit log. Without one, nothing. What
/// was logged lasts, also when the call that led to it is refused and leaves nothing else behind.
pub fn record(tx: &Tx<'_>, vault: &Object, event: &AuditEvent<'_>) -> rusqlite::Result<()> {
    for account in diagnostic::audit_accounts(tx, vault) {
        let mut line = Object::new(&account.tenant, KIND, Map::new());
        line.set("time", tx.now().to_string());
        line.set("vaultId", vault::vault_id(vault));
        line.set("operation", event.operation);
        line.set("appId", event.app_id);
        line.set("objectId", event.object_id);
        line.set("requestUri", event.request_uri);
        line.set("status", event.status);
        let place = format!("{}{}/{}", account.id, line.text("vaultId"), hour(tx.now()));
        tx.put_lasting(line, vec![(KIND, account.id.clone()), (HOUR, place)])?;
    }
    Ok(())
}

/// What a storage account keeps of audit logs, oldest first: `time`, `vaultId`, `operation`, `appId`, `objectId`, `requestUri`,
/// `status`.
pub fn events(tx: &Tx<'_>, account: &Object) -> Vec<Object> {
    tx.sound(tx.find(&account.tenant, KIND, &account.id))
}

/// As [`events`], of one vault in one hour only: `/subscriptions/../vaults/NAME/y=2026/m=01/d=05/h=08/m=00`, without case.
pub fn events_of_hour(tx: &Tx<'_>, account: &Object, place: &str) -> Vec<Object> {
    tx.sound(tx.find(&account.tenant, HOUR, &format!("{}{place}", account.id)))
}

/// The hour of a time as logs name it: `y=2026/m=01/d=05/h=08/m=00`.
pub fn hour(time: Timestamp) -> String {
    TimeZone::UTC.to_datetime(time).strftime("y=%Y/m=%m/d=%d/h=%H/m=00").to_string()
}

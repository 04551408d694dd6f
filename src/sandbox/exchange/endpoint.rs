//! Migration endpoints: how a target tenant reaches a source tenant.
//!
//! A row of kind `endpoint` holds `Name`, `Guid`, `EndpointType` (`ExchangeRemoteMove`), `RemoteServer`, `RemoteTenant`,
//! `ApplicationId`, `AppSecretKeyVaultUrl` (text or missing), `MaxConcurrentMigrations` and `MaxConcurrentIncrementalSyncs`
//! (text), and `_Secret`, the application's secret, which is never rendered.

use crate::sandbox::Object;
use crate::sandbox::Tx;

/// The kind of an endpoint's row.
pub const KIND: &str = "endpoint";

/// All endpoints of a tenant, oldest first.
pub fn endpoints(tx: &Tx<'_>, tenant: &str) -> rusqlite::Result<Vec<Object>> {
    tx.list(tenant, KIND)
}

/// The endpoint with that name or GUID.
pub fn endpoint(tx: &Tx<'_>, tenant: &str, identity: &str) -> rusqlite::Result<Option<Object>> {
    let found = tx.find(tenant, "*", identity)?;
    Ok(found.into_iter().find(|object| object.kind == KIND))
}

//! Tenant ids.

use uuid::Uuid;

use crate::cloud::CloudError;
use crate::cloud::Connection;

impl Connection {
    /// The id of our own tenant.
    pub async fn tenant_id(&self) -> Result<Uuid, CloudError> {
        unimplemented!()
    }

    /// The id of any tenant of this cloud by domain or id, asked without signing in; `None` when there is no such tenant.
    pub async fn resolve_tenant(&self, domain_or_id: &str) -> Result<Option<Uuid>, CloudError> {
        let _ = domain_or_id;
        unimplemented!()
    }
}

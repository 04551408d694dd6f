//! `Connection`: one tenant of one cloud as one application sees it.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;
use std::sync::Mutex;

use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::cloud::Cloud;
use crate::cloud::CloudError;
use crate::cloud::Credential;
use crate::cloud::Route;
use crate::cloud::exchange::SecretKey;
use crate::cloud::sign_in::Proof;
use crate::cloud::sign_in::Tokens;
use crate::platform::Clock;

/// A signed-in tenant. Cheap to clone; clones share tokens and sockets. Nothing is sent before the first call.
#[derive(Clone)]
pub struct Connection(pub(super) Arc<Inner>);

pub(super) struct Inner {
    pub(super) cloud: &'static Cloud,
    pub(super) tenant: String,
    pub(super) credential: Credential,
    pub(super) proof: Proof,
    pub(super) client: reqwest::Client,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) tokens: Tokens,
    pub(super) tenant_id: OnceCell<Uuid>,
    pub(super) secret_key: OnceCell<Option<SecretKey>>,
    /// Hosts of vaults that have named our tenant and Key Vault's own resource.
    pub(super) known_vaults: Mutex<HashSet<String>>,
    /// Names this connection in the logs of Exchange.
    pub(super) session: Uuid,
}

impl Connection {
    /// A connection to `tenant` (a domain or an id) as the application of `credential`. Fails when a certificate, key or trusted
    /// root cannot be used.
    pub fn new(
        cloud: &'static Cloud,
        tenant: &str,
        credential: Credential,
        route: Route,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, CloudError> {
        Ok(Self(Arc::new(Inner {
            cloud,
            tenant: tenant.to_owned(),
            proof: Proof::new(&credential)?,
            credential,
            client: route.client()?,
            clock,
            tokens: Tokens::default(),
            tenant_id: OnceCell::new(),
            secret_key: OnceCell::new(),
            known_vaults: Mutex::default(),
            session: Uuid::new_v4(),
        })))
    }

    /// The same tenant, reached the same way, as the application of `credential`, with tokens of its own.
    pub fn as_application(&self, credential: Credential) -> Result<Self, CloudError> {
        Ok(Self(Arc::new(Inner {
            cloud: self.0.cloud,
            tenant: self.0.tenant.clone(),
            proof: Proof::new(&credential)?,
            credential,
            client: self.0.client.clone(),
            clock: self.0.clock.clone(),
            tokens: Tokens::default(),
            tenant_id: self.0.tenant_id.clone(),
            secret_key: OnceCell::new(),
            known_vaults: Mutex::default(),
            session: Uuid::new_v4(),
        })))
    }

    /// The cloud of the tenant.
    pub fn cloud(&self) -> &'static Cloud {
        self.0.cloud
    }

    /// The clock by which we wait and tokens age.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.0.clock
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} as {:?}", self.0.tenant, self.0.cloud.name, self.0.credential)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::cloud::testing::Reply;
    use crate::cloud::testing::Site;

    #[tokio::test]
    async fn another_application_of_the_tenant_signs_in_with_its_own_credential() {
        let site = Site::start(|_| Reply::value(json!([]))).await;
        let connection = site.connection();
        let credential = Credential::Secret {
            client_id: "move".into(),
            secret: "of the other".into(),
        };

        let other = connection.as_application(credential).unwrap();

        assert_eq!(connection.identity().await.unwrap().app_id, "app");
        assert_eq!(other.identity().await.unwrap().app_id, "move");
        assert_eq!(connection.identity().await.unwrap().app_id, "app");
        assert_eq!(site.token_requests().len(), 2);
    }
}

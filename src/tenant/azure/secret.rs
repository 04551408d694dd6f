//! Secrets of a key vault, and who we are to it.

use secrecy::SecretString;

use crate::cloud::Identity;
use crate::model::Record;
use crate::model::Trouble;
use crate::tenant::Tenant;
use crate::tenant::azure::place;

impl Tenant {
    /// The secret at `url`, apart from what else there is to know of it. The URL of a certificate gives the secret behind it: the
    /// certificate with its private key. Of one that is only planned a placeholder comes back.
    pub async fn vault_secret(&self, url: &str) -> Result<(Record, SecretString), Trouble> {
        let url = place(self.connection().cloud(), "id", url)
            .map_err(|trouble| trouble.in_tenant(&self.tag().name))?
            .replacen("/certificates/", "/secrets/", 1);
        if url.ends_with('›') {
            return Ok((Record::default().with("id", url), "‹secret›".into()));
        }
        let secret = self.wire().vault_secret(&url).await;
        let secret = secret.map_err(|error| Trouble::from(error).in_tenant(&self.tag().name).on_object(&url))?;
        Ok((secret.record, secret.value))
    }

    /// The application that is signed in, and the object id by which this tenant knows it.
    pub async fn caller(&self) -> Result<Identity, Trouble> {
        let identity = self.wire().identity().await;
        identity.map_err(|error| Trouble::from(error).in_tenant(&self.tag().name))
    }
}

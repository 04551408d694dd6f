//! The same tenant in the hands of another application.

use std::time::Duration;

use secrecy::ExposeSecret;
use secrecy::SecretString;

use crate::cloud::Credential;
use crate::cloud::certificate_from_pfx;
use crate::model::Kind;
use crate::model::Trouble;
use crate::model::is_placeholder;
use crate::tenant::Tenant;
use crate::tenant::waiting::SILENT;
use crate::tenant::waiting::Wait;

const EVERY: Duration = Duration::from_secs(5);
/// How long sign-in may not know a key that was just given to an application.
const AT_MOST: Duration = Duration::from_secs(120);

impl Tenant {
    /// This tenant, signed in as the application `app_id` by the certificate in `secret`: the secret of a certificate in a key
    /// vault. While either is only planned, it is this tenant as it is.
    pub async fn as_application(&self, app_id: &str, secret: &SecretString) -> Result<Tenant, Trouble> {
        if is_placeholder(app_id) || is_placeholder(secret.expose_secret()) {
            return Ok(self.clone());
        }
        let named = |trouble: Trouble| trouble.in_tenant(&self.tag().name).on_object(app_id);
        let (certificate_pem, key_pem) = certificate_from_pfx(secret).map_err(|why| {
            named(
                Trouble::new(Kind::Invalid, format!("the secret is no certificate with its private key: {why}"))
                    .with_code("no_certificate")
                    .with_remedy("give the secret behind an exportable certificate of a key vault, as `get_vault_secret` reads it"),
            )
        })?;
        let credential = Credential::Certificate {
            client_id: app_id.to_owned(),
            certificate_pem,
            key_pem,
        };
        let connection = self.connection().as_application(credential).map_err(|error| named(error.into()))?;
        let tenant = self.connected_by(connection);
        let wait = Wait::new("sign-in to know the application", EVERY, AT_MOST);
        let caller = self.wait_out(&wait, SILENT, is_fresh, async || tenant.caller().await).await;
        caller.map(|_| tenant.clone()).map_err(|trouble| trouble.on_object(app_id))
    }
}

/// Whether sign-in does not know the application or its key yet.
fn is_fresh(trouble: &Trouble) -> bool {
    ["AADSTS700027", "AADSTS700016", "AADSTS7000229"]
        .iter()
        .any(|code| trouble.code == *code)
}

//! The certificate of a migration endpoint that has the address of one in place of a secret.

use crate::sandbox::Object;
use crate::sandbox::Tx;
use crate::sandbox::directory;
use crate::sandbox::rule;
use crate::sandbox::vault;
use crate::sandbox::vault::Refused;

/// Why the certificate of an endpoint cannot be used.
#[derive(Debug)]
pub enum NoCertificate {
    /// The service's own words, and those of the vault when it was asked.
    Because {
        /// The text of F-22.
        text: String,
        /// What stood in the way.
        reason: Option<String>,
    },
    /// The state could not be read.
    Store(rusqlite::Error),
}

/// Reads the certificate of an endpoint that has a vault's address in place of a secret. Only the service of 2021 asks the vault.
pub fn read(tx: &Tx<'_>, endpoint: &Object) -> Result<(), NoCertificate> {
    let tenant_id = directory::tenant_id(tx, &endpoint.tenant);
    let url = endpoint.text("AppSecretKeyVaultUrl");
    let failed = |url: &str, reason| NoCertificate::Because {
        text: rule::NO_CERTIFICATE.text(&[url, &tenant_id]),
        reason,
    };
    if url.is_empty() || tx.meta("era").as_deref() != Some("2021") {
        return Err(failed("", None));
    }
    match vault::fetch(tx, &endpoint.tenant, url, endpoint.text("ApplicationId")) {
        Ok(()) => Ok(()),
        Err(Refused::Because(reason)) => Err(failed(url, Some(format!("KeyVaultFailureException: {reason}")))),
        Err(Refused::Store(cause)) => Err(NoCertificate::Store(cause)),
    }
}

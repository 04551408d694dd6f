//! `Credential`: how an application proves who it is.

use std::fmt;

use secrecy::SecretString;

/// The application that signs in, with its secret or certificate.
#[derive(Clone)]
pub enum Credential {
    /// A client secret.
    Secret {
        /// The application id.
        client_id: String,
        /// The secret.
        secret: SecretString,
    },
    /// A certificate whose RSA key signs an assertion.
    Certificate {
        /// The application id.
        client_id: String,
        /// The certificate in PEM.
        certificate_pem: String,
        /// Its key in PEM, PKCS#8 or PKCS#1.
        key_pem: SecretString,
    },
}

impl Credential {
    /// The application id.
    pub fn client_id(&self) -> &str {
        match self {
            Credential::Secret { client_id, .. } | Credential::Certificate { client_id, .. } => client_id,
        }
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self {
            Credential::Secret { .. } => "secret",
            Credential::Certificate { .. } => "certificate",
        };
        write!(f, "{kind} of application {}", self.client_id())
    }
}

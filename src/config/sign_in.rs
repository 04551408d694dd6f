//! How a profile signs in, and reading the secret at the moment it is needed.

use std::path::Path;
use std::path::PathBuf;

use crate::cloud::Credential;
use crate::config::ConfigError;

/// Where the proof of identity is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignIn {
    /// A client secret in an environment variable.
    SecretEnv {
        /// The application's id.
        client_id: String,
        /// The variable.
        variable: String,
    },
    /// A client secret in a file of its own.
    SecretFile {
        /// The application's id.
        client_id: String,
        /// The file.
        path: PathBuf,
    },
    /// A certificate and its private key, both PEM.
    Certificate {
        /// The application's id.
        client_id: String,
        /// The certificate.
        certificate: PathBuf,
        /// The private key.
        key: PathBuf,
    },
}

impl SignIn {
    /// In a word, for `xtenant profiles`.
    pub fn describe(&self) -> String {
        match self {
            SignIn::SecretEnv { variable, .. } => format!("client secret in ${variable}"),
            SignIn::SecretFile { path, .. } => format!("client secret in {}", path.display()),
            SignIn::Certificate { certificate, .. } => format!("certificate {}", certificate.display()),
        }
    }

    /// Reads the secret from where it is kept.
    pub fn credential(&self, profile: &str) -> Result<Credential, ConfigError> {
        Ok(match self {
            SignIn::SecretEnv { client_id, variable } => Credential::Secret {
                client_id: client_id.clone(),
                secret: std::env::var(variable)
                    .map_err(|_| ConfigError::NoSuchVariable {
                        profile: profile.to_owned(),
                        variable: variable.clone(),
                    })?
                    .into(),
            },
            SignIn::SecretFile { client_id, path } => Credential::Secret {
                client_id: client_id.clone(),
                // Editors end a file with a line break, which is no part of the secret.
                secret: read(path)?.trim_end_matches(['\r', '\n']).into(),
            },
            SignIn::Certificate {
                client_id,
                certificate,
                key,
            } => Credential::Certificate {
                client_id: client_id.clone(),
                certificate_pem: read(certificate)?,
                key_pem: read(key)?.into(),
            },
        })
    }

    /// The file with the secret, if it is in a file.
    pub fn secret_file(&self) -> Option<&Path> {
        match self {
            SignIn::SecretEnv { .. } => None,
            SignIn::SecretFile { path, .. } | SignIn::Certificate { key: path, .. } => Some(path),
        }
    }
}

fn read(path: &Path) -> Result<String, ConfigError> {
    std::fs::read_to_string(path).map_err(|cause| ConfigError::Unreadable {
        path: path.to_owned(),
        cause,
    })
}

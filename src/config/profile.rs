//! `Profile`: a name for a tenant, with where it lives and how to sign in.

use crate::config::SignIn;

/// A name for a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Profile {
    /// A tenant of the sandbox; its own administrator application signs in.
    Sandbox {
        /// The profile's name.
        name: String,
        /// The tenant's domain.
        domain: String,
    },
    /// A tenant of Microsoft 365.
    Service {
        /// The profile's name.
        name: String,
        /// The tenant's domain or id.
        domain: String,
        /// The national cloud, by name.
        cloud: String,
        /// How to sign in.
        sign_in: SignIn,
    },
}

impl Profile {
    /// The profile's name.
    pub fn name(&self) -> &str {
        match self {
            Profile::Sandbox { name, .. } | Profile::Service { name, .. } => name,
        }
    }

    /// The tenant's domain or id.
    pub fn domain(&self) -> &str {
        match self {
            Profile::Sandbox { domain, .. } | Profile::Service { domain, .. } => domain,
        }
    }
}

/// The two profiles that exist until the file defines its own, so that everything works before anything is configured.
pub fn built_in() -> Vec<Profile> {
    [
        ("contoso", "contoso.onmicrosoft.com"),
        ("northwind", "northwindtraders.onmicrosoft.com"),
    ]
    .map(|(name, domain)| Profile::Sandbox {
        name: name.into(),
        domain: domain.into(),
    })
    .into()
}

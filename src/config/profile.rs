//! `Profile`: a name for a tenant, with where it lives and how to sign in.

use crate::cloud::CloudName;
use crate::config::SignIn;

/// A name for a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The profile's name, as on the command line.
    pub name: String,
    /// The tenant's domain or id.
    pub domain: String,
    /// The national cloud.
    pub cloud: CloudName,
    /// Whether the tenant lives in the sandbox.
    pub is_sandbox: bool,
    /// How to sign in; a sandbox tenant has an administrator's application of its own for the case that there is none.
    pub sign_in: Option<SignIn>,
}

/// The two profiles that exist until the file defines its own, so that everything works before anything is configured.
pub fn built_in() -> Vec<Profile> {
    [
        ("contoso", "contoso.onmicrosoft.com"),
        ("northwind", "northwindtraders.onmicrosoft.com"),
    ]
    .map(|(name, domain)| Profile {
        name: name.into(),
        domain: domain.into(),
        cloud: CloudName::Worldwide,
        is_sandbox: true,
        sign_in: None,
    })
    .into()
}

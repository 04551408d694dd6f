//! The first part of a sign-in address: one tenant, or any.

use super::refusal::Refusal;
use super::session;
use crate::sandbox::Object;
use crate::sandbox::Tx;
use crate::sandbox::directory;

/// Where somebody signs in.
#[derive(Debug, Clone, PartialEq)]
pub enum Authority {
    /// In this tenant, as a member or a guest.
    Tenant(Object),
    /// At home, whichever tenant that is: `common` and `organizations`.
    Home,
}

const CONSUMERS: &[&str] = &["consumers", "9188040d-6c67-4c5b-b112-36a304b66dad"];

impl Authority {
    /// What `name` means: a tenant's id or domain, or an alias. There are no personal accounts.
    pub fn named(tx: &Tx<'_>, name: &str) -> Result<Self, Refusal> {
        if is_alias(name) {
            return Ok(Self::Home);
        }
        if is_consumers(name) {
            let text = "The client does not exist or is not enabled for consumers. If you are the application developer, configure a new \
                        application through the App Registrations in the Azure Portal at https://go.microsoft.com/fwlink/?linkid=2083908.";
            return Err(Refusal::new(700016, "unauthorized_client", text));
        }
        Ok(Self::Tenant(tenant(tx, name)?))
    }

    /// The person who has the account `home`, as this authority knows it: the same, or the guest that stands for it.
    pub fn user(&self, tx: &Tx<'_>, home: &Object) -> Option<Object> {
        match self {
            Self::Home => Some(home.clone()),
            Self::Tenant(tenant) => session::user_in(tx, home, tenant),
        }
    }
}

/// Whether `name` stands for any tenant.
pub fn is_alias(name: &str) -> bool {
    ["common", "organizations"].iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Whether `name` stands for personal accounts.
pub fn is_consumers(name: &str) -> bool {
    CONSUMERS.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// The tenant with that id or domain. Our own short names are none of the service's.
pub fn tenant(tx: &Tx<'_>, name: &str) -> Result<Object, Refusal> {
    let found = directory::tenant(tx, name).filter(|object| !object.text("name").eq_ignore_ascii_case(name));
    found.ok_or_else(|| Refusal::unknown_tenant(name))
}

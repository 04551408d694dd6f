//! `Sandbox`: what the rest of the program holds of the simulated Microsoft 365.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::error::SandboxError;
use super::open;
use super::open::NewOptions;
use super::open::Role;
use super::open::TenantInfo;
use super::open::tenant_infos;
use super::tls;

/// An open sandbox. The first handle on a folder owns it and listens; further ones, here or in other processes, are its guests.
/// Dropping the owner stops the listener and frees the folder; the state stays.
pub struct Sandbox {
    role: Role,
    ca_pem: String,
    tenants: Vec<TenantInfo>,
}

impl Sandbox {
    /// Fills `folder`, which may be missing, with a new sandbox. A folder that holds one is refused.
    pub fn create(folder: &Path, options: &NewOptions) -> Result<(), SandboxError> {
        open::create(folder, options)
    }

    /// Opens the sandbox in `folder`.
    pub async fn open(folder: &Path) -> Result<Self, SandboxError> {
        let role = open::open(folder).await?;
        let tenants = match &role {
            Role::Owner(owner) => owner.world.store.transaction(|tx| Ok::<_, SandboxError>(tenant_infos(tx)))?,
            Role::Guest(guest) => guest.tenants().await?,
        };
        Ok(Self {
            role,
            ca_pem: tls::ca_pem(folder)?,
            tenants,
        })
    }

    /// Whether this handle owns the folder.
    pub fn is_owner(&self) -> bool {
        matches!(self.role, Role::Owner(_))
    }

    /// Where the simulated services listen.
    pub fn address(&self) -> SocketAddr {
        match &self.role {
            Role::Owner(owner) => owner.listening.address,
            Role::Guest(guest) => guest.address(),
        }
    }

    /// The only certificate a client of the sandbox should trust.
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    /// The tenants and how to sign in to them.
    pub fn tenants(&self) -> &[TenantInfo] {
        &self.tenants
    }

    /// The tenant with that short name.
    pub fn tenant(&self, name: &str) -> Option<&TenantInfo> {
        self.tenants.iter().find(|tenant| tenant.name == name)
    }

    /// The sandbox's time.
    pub async fn now(&self) -> Result<Timestamp, SandboxError> {
        match &self.role {
            Role::Owner(owner) => Ok(owner.world.now()),
            Role::Guest(guest) => guest.now().await,
        }
    }

    /// The sandbox's time as far as this handle knows it without asking: exact for the owner, last heard for a guest.
    pub fn last_known_now(&self) -> Timestamp {
        match &self.role {
            Role::Owner(owner) => owner.world.now(),
            Role::Guest(guest) => guest.last_heard(),
        }
    }

    /// Moves the clock on, lets happen what falls due on the way, and returns the new time.
    pub async fn advance(&self, duration: Duration) -> Result<Timestamp, SandboxError> {
        match &self.role {
            Role::Owner(owner) => {
                let world = Arc::clone(&owner.world);
                let advancing = tokio::task::spawn_blocking(move || world.advance(duration));
                Ok(advancing.await.map_err(|_| SandboxError::Stopped)??)
            }
            Role::Guest(guest) => guest.advance(duration).await,
        }
    }

    /// The requests that the services answered, oldest first: tenant, and method with address and cmdlets.
    pub async fn requests(&self) -> Result<Vec<(String, String)>, SandboxError> {
        match &self.role {
            Role::Owner(owner) => {
                let world = Arc::clone(&owner.world);
                let reading = tokio::task::spawn_blocking(move || world.store.transaction(|tx| tx.requests()));
                Ok(reading.await.map_err(|_| SandboxError::Stopped)??)
            }
            Role::Guest(guest) => guest.requests().await,
        }
    }
}

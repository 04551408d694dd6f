//! What a new sandbox is to hold, and how the service behaves in it.

use std::time::Duration;

use jiff::Timestamp;

use super::population;
use super::population::Person;

/// Which rules of the service are in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Era {
    /// The service as it is.
    #[default]
    Today,
    /// The service as it was when Key Vault endpoints worked and holds did not block.
    Y2021,
}

impl Era {
    /// As the state keeps it under `era`: `today` or `2021`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Today => "today",
            Self::Y2021 => "2021",
        }
    }
}

/// What a new sandbox is to hold.
#[derive(Debug, Clone)]
pub struct NewOptions {
    /// Mailboxes of the source tenant, unless `people` are given.
    pub mailboxes: usize,
    /// The mailboxes of the source tenant, in place of made-up ones.
    pub people: Vec<Person>,
    /// The same seed gives the same people.
    pub seed: u64,
    /// Which rules are in force.
    pub era: Era,
    /// When its time begins.
    pub start: Timestamp,
    /// How long a change in the directory takes to be seen everywhere.
    pub replication: Duration,
    /// The tenants (short names) that were customized long ago.
    pub hydrated: Vec<String>,
    /// The tenants whose subscription is registered for no provider.
    pub unregistered_providers: Vec<String>,
    /// The tenants whose new vaults use roles whatever the version of the interface.
    pub rbac_vaults: Vec<String>,
    /// Vaults that were deleted before the sandbox begins, by tenant and name.
    pub soft_deleted_vaults: Vec<(String, String)>,
}

impl Default for NewOptions {
    fn default() -> Self {
        Self {
            mailboxes: 60,
            people: Vec::new(),
            seed: 1,
            era: Era::Today,
            start: population::START.parse().expect("the time is a constant"),
            replication: Duration::ZERO,
            hydrated: Vec::new(),
            unregistered_providers: Vec::new(),
            rbac_vaults: Vec::new(),
            soft_deleted_vaults: Vec::new(),
        }
    }
}

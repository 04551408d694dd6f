//! `Era`: which rules of the service are in force. Real tenants are of today; a tenant of the sandbox may be of 2021.

/// Which rules of the service are in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Era {
    /// The service as it is.
    #[default]
    Today,
    /// The preview, in which a migration endpoint fetched its certificate from a key vault.
    Y2021,
}

impl Era {
    /// The word that scripts see.
    pub fn as_str(self) -> &'static str {
        match self {
            Era::Today => "today",
            Era::Y2021 => "2021",
        }
    }
}

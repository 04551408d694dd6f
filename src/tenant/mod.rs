//! What one can do to a tenant: read it, make sure of something, and write through the gate. Readings and writes are tables, from
//! which scripts, help and documentation are derived.

mod azure;
mod ensure;
mod era;
mod get;
mod handle;
mod identity;
pub mod operations;
mod pager;
mod partner;
mod readings;
#[cfg(test)]
mod testing;
mod undo;
mod waiting;
mod wire;
mod world;

pub use azure::AuditLog;
pub use ensure::Ensured;
pub use ensure::Outcome;
pub use ensure::ensures;
pub use era::Era;
pub use handle::Tenant;
pub use pager::Pager;
pub use partner::Consent;
pub use partner::ConsentState;
pub use readings::From;
pub use readings::Reading;
pub use readings::reading;
pub use readings::readings;
pub use undo::Note;
pub use undo::Step;
pub use undo::Survey;
pub use undo::undo_permissions;

/// Where the consent page leads back to. Microsoft's procedure registers this address, and nothing of ours listens there.
pub(in crate::tenant) const REDIRECT: &str = "https://office.com";

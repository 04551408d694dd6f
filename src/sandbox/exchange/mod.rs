//! The Exchange admin REST face: protocol, cmdlets and their rules.
//!
//! A request goes through `face` (who calls, which operation), `binding` (parameters by the cmdlet's table), the cmdlet's rule,
//! and `envelope` (what the answer looks like). A rule sees plain values and knows nothing of the wire.

mod address;
mod binding;
mod call;
pub mod certificate;
pub mod endpoint;
mod envelope;
mod face;
mod group;
mod invoke;
mod licence;
mod lookup;
mod mail_user;
mod mailbox;
mod opath;
mod organization;
mod paging;
mod permission;
pub mod recipient;
mod refusal;
mod registry;
pub mod relationship;
pub mod render;
mod role_group;
mod roles;
mod secret;
mod table;
#[cfg(test)]
mod tests;
mod user;

pub use call::Answer;
pub use call::Call;
pub use call::Cmdlet;
pub use call::Output;
pub use call::Parameter;
pub use call::Refusal;
pub use face::handle;
pub use licence::licence_changed;
pub use licence::user_deleted;
pub use registry::cmdlet;
pub use registry::cmdlets;
pub use secret::install;

//! The catalogue of failures F-01 to F-102: what the service, Microsoft's scripts and its checkers say, why, and what to do.
//!
//! Numbers are stable and have gaps. The service answers in the tenant's language, so a type name counts before a text.

mod explain;
mod failure;
mod finishing;
mod key_vault;
mod list;
mod lookup;
mod setup;
mod syncing;
mod validating;

pub use explain::explain;
pub use explain::explain_failure;
pub use failure::Failure;
pub use failure::Side;
pub use failure::Then;
pub use key_vault::worded;
pub use list::all;
pub use list::find;
pub use lookup::about;
pub use lookup::names;

#[cfg(test)]
mod tests;

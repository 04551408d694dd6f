//! Who lives in the two tenants when a sandbox is made: the same number and seed give the same people.
//!
//! [`cast`] lists the people that every sandbox has, each there for a reason, and [`staff`] those who run the tenants.

pub mod cast;
mod dice;
mod names;
mod seed;
mod site;
mod source;
pub mod staff;
mod target;

pub use seed::START;
pub use seed::seed;

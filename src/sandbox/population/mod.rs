//! Who lives in the two tenants when a sandbox is made: the same number and seed give the same people.
//!
//! Somebody may bring people of their own in place of made-up ones.
//!
//! [`cast`] lists the people that every sandbox has, each there for a reason, and [`staff`] those who run the tenants.

pub mod cast;
mod dice;
mod given;
mod names;
mod person;
mod seed;
mod site;
mod source;
pub mod staff;
mod target;

pub use person::BadValue;
pub use person::Person;
pub use seed::START;
pub use seed::seed;

/// The short names of the tenants.
pub const TENANTS: [&str; 2] = ["contoso", "northwind"];
/// The domains of the target tenant.
const TARGET_DOMAINS: [&str; 2] = ["northwind.com", "northwindtraders.onmicrosoft.com"];

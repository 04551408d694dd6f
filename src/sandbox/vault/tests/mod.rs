//! Vaults seen from outside: requests in, time goes by, what callers find.

mod access;
mod audit;
mod certificates;
mod fetch;
mod import;
pub mod room;
mod secrets;

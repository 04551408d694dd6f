//! The engine seen from outside: cmdlets in, time goes by, what an administrator would find.

mod failures;
mod journey;
pub mod lab;
mod later_failures;
mod mishaps;
mod outcome;
mod setup_failures;
mod steps;
mod vault;

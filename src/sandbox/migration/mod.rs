//! The migration engine: batches, migration users and move requests, and the rules that decide the outcome of each user.
//!
//! A user's outcome is never scripted. `validation` holds both tenants against the rules, at the start, at each copy and at the
//! end; `engine` walks the states by the sandbox's clock; `conversion` turns both sides over.
//!
//! Beside what the recipient's row holds for everybody, the rules read `_BadItems` (items that cannot be copied), `_Moving` (the
//! service is moving the mailbox for reasons of its own), `_SubstrateHolds` (leftovers in the archive) and `_PreviousExchangeGuid`
//! (which mailbox a mail user was before a move took it away).

mod authority;
mod batch;
mod cmdlets;
mod conversion;
mod engine;
mod failure;
mod mishap;
mod moment;
mod pace;
mod request;
mod score;
mod size;
mod source_rules;
mod state;
mod target_rules;
#[cfg(test)]
pub mod tests;
mod user;
mod validation;

pub use cmdlets::CMDLETS;
pub use engine::run_event;
pub use mishap::numbers as mishaps;

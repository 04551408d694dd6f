//! Faults on demand: which calls are throttled, refused, slowed or cut off, and what was seen of it.
//!
//! Rules live in the state, so that they survive a restart, and what they draw depends on their seed and on how many calls they have
//! seen, never on the computer: the same calls in the same order meet the same faults.

mod challenge;
mod check;
mod control;
mod effect;
mod inject;
mod items;
mod ledger;
mod pattern;
mod spec;
mod target;
#[cfg(test)]
mod tests;
mod throttle;
mod words;

pub use control::answer;
pub use inject::around;
pub use items::Items;
pub use ledger::EarlyReturn;
pub use ledger::InjectedFault;
pub use ledger::list;
pub use spec::Cut;
pub use spec::Effect;
pub use spec::FaultSpec;
pub use spec::Service;

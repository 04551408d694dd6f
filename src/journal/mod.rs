//! Runs and changes, kept in one SQLite file. A change is written before it is sent and again when its outcome is known, so that
//! after a crash each one is done, not done or to be checked. It knows no service: values come as JSON, and secrets never come.

mod change;
mod crash;
mod fault;
mod id;
mod json;
mod lock;
mod log;
mod open;
mod place;
mod prune;
mod read;
mod record;
mod row;
mod run;
mod store;
mod word;
mod writer;

pub use change::ChangeRow;
pub use change::ChangeState;
pub use change::Intent;
pub use change::Outcome;
pub use id::ChangeId;
pub use id::RunId;
pub use log::RunLog;
pub use prune::Pruned;
pub use prune::Pruning;
pub use run::Counts;
pub use run::Ending;
pub use run::NewRun;
pub use run::RunKind;
pub use run::RunRow;
pub use run::RunState;
pub use run::RunTenant;
pub use store::Journal;

#[cfg(test)]
pub mod testing;
#[cfg(test)]
mod tests;

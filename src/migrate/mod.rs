//! The know-how of a migration: which attributes a MailUser needs, what stands in the way, what an error means. Pure
//! functions over snapshots of objects, so that every rule can be tested without a service.
//!
//! What scripts call takes and gives `Record`, JSON maps and plain values.

mod attributes;
mod domain_map;
mod failures;
mod finding;
mod handoff;
mod holds;
mod mailuser;
mod occupancy;
mod outcome;
mod preflight;
mod seen;
mod setup;

pub use attributes::exported;
pub use attributes::prepared_row;
pub use attributes::source_row;
pub use domain_map::DomainMap;
pub use failures::Failure;
pub use failures::Side;
pub use failures::Then;
pub use failures::about as failures_about;
pub use failures::all as all_failures;
pub use failures::explain;
pub use failures::explain_failure;
pub use failures::find as find_failure;
pub use failures::names as failure_names;
pub use finding::Finding;
pub use finding::State;
pub use finding::verdict;
pub use handoff::open as open_handoff;
pub use handoff::seal as seal_handoff;
pub use mailuser::mailuser_arguments;
pub use mailuser::plan as plan_mailuser;
pub use mailuser::plans as plan_mailusers;
pub use mailuser::refuse_duplicates;
pub use occupancy::judge as judge_occupant;
pub use outcome::outcome_row;
pub use outcome::outcome_rows;
pub use preflight::batch_findings;
pub use preflight::user_findings;
pub use setup::excess_roles;
pub use setup::judged_endpoint;
pub use setup::source_setup;
pub use setup::target_setup;

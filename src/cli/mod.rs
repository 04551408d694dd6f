//! The command line, one file a subcommand; with the test harness the only place that starts a sandbox.

mod app;
mod clock;
mod demo;
mod explain;
mod failure;
mod host;
mod plan;
mod profiles;
mod prompt;
mod run;
mod runs;
mod sandbox;
mod scripts;
mod session;
mod status;
mod tenants;

pub use app::main;
pub use failure::Failure;
pub use host::Host;
pub use host::HostFlags;
pub use status::Status;
pub use tenants::Tenants;

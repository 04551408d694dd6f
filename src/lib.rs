//! xtenant: a scriptable host for cross-tenant Exchange Online mailbox migrations.
//!
//! The layout and who may call whom are drawn in `docs/architecture.md`; a test holds that drawing against the `use` lines.

/// The gate every write passes: descriptor, impact, permission, permit, what-if.
pub mod change;
/// The command line, one file a subcommand.
pub mod cli;
/// The wire, client side: sign-in, HTTP with patience, Exchange admin REST, Microsoft Graph.
pub mod cloud;
/// Profiles and settings.
pub mod config;
/// CSV, PowerShell CLIXML and JSON in and out.
pub mod files;
/// Runs and changes, recorded before they are sent and after.
pub mod journal;
/// The know-how: rules, mapping, the catalogue of failures. Pure functions without I/O.
pub mod migrate;
/// Plain data in the field's terms.
pub mod model;
/// Tables, progress and the renderer of errors.
pub mod output;
/// What differs between systems, and time.
pub mod platform;
/// The simulated Microsoft 365: state and rules, its clock, and its HTTP face.
pub mod sandbox;
/// The language host that runs Rhai scripts.
pub mod script;
/// What one can do to a tenant: reads, ensures, and one descriptor a write.
pub mod tenant;

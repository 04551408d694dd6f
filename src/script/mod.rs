//! The language host: it compiles a script, reads what it declares without running it, and runs it between the tenants.
//!
//! Functions that scripts see live in `api`, one file an object. A run has its own engine, so host functions simply hold the run.

mod api;
mod argument;
mod bundled;
mod captures;
mod console;
mod declaration;
mod engine;
mod failure;
mod host;
mod jail;
mod known;
mod limits;
mod load;
mod param;
mod reference;
mod resolver;
mod run;
mod secret_source;
mod stop;
mod thrown;
mod value;
mod written_order;

pub use argument::ArgValue;
pub use bundled::bundled;
pub use bundled::modules;
pub use console::Console;
pub use console::Progress;
pub use declaration::Writes;
pub use failure::Frame;
pub use failure::Place;
pub use failure::ScriptFailure;
pub use limits::Limits;
pub use load::Help;
pub use load::Script;
pub use load::load;
pub use load::load_source;
pub use param::Param;
pub use param::ParamType;
pub use param::parse_value;
pub use param::parse_values;
pub use reference::FunctionHelp;
pub use reference::functions;
pub use run::Outcome;
pub use run::Run;
pub use run::run;
pub use stop::Stop;

#[cfg(test)]
mod tests;

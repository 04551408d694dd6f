//! The simulated Microsoft 365: two linked tenants with rules instead of canned answers.
//!
//! A request comes in at `listener`, `hosts` says which face answers, and `world` gives it one transaction on the state.

mod answering;
mod arm;
pub mod azure;
mod blob;
mod caller;
mod clock;
mod control;
pub mod directory;
pub mod entra;
mod error;
pub mod exchange;
mod fault;
mod form;
#[cfg(test)]
mod gates;
mod gateway;
mod graph;
mod handle;
mod hosts;
mod http;
pub mod ids;
mod invitation;
mod listener;
mod lock;
pub mod migration;
mod open;
pub mod population;
mod private;
#[cfg(test)]
mod probes;
mod request_log;
mod reset;
mod role_names;
pub mod rule;
pub mod scopes;
mod store;
#[cfg(test)]
mod testing;
mod tls;
mod vault;
mod web;
mod world;

pub use arm::ArmOperation;
pub use arm::arm_operations;
pub use blob::operations as blob_operations;
pub use caller::Caller;
pub use clock::Pace;
pub use entra::operations as entra_operations;
pub use error::SandboxError;
pub use fault::Cut;
pub use fault::EarlyReturn;
pub use fault::Effect;
pub use fault::FaultSpec;
pub use fault::InjectedFault;
pub use fault::MIGRATION;
pub use fault::Service;
pub use graph::GraphOperation;
pub use graph::graph_operations;
pub use handle::Sandbox;
pub use http::Manner;
pub use http::Reply;
pub use http::Request;
pub use open::Era;
pub use open::NewOptions;
pub use open::ServeOptions;
pub use open::TenantInfo;
pub use store::Event;
pub use store::LoggedRequest;
pub use store::Object;
pub use store::Store;
pub use store::Tx;
pub use vault::VaultOperation;
pub use vault::vault_operations;

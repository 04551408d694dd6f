//! The simulated Microsoft 365: two linked tenants with rules instead of canned answers.

mod caller;
pub mod directory;
pub mod entra;
pub mod exchange;
mod form;
mod http;
pub mod ids;
pub mod migration;
pub mod population;
mod store;

pub use caller::Caller;
pub use http::Reply;
pub use http::Request;
pub use store::Event;
pub use store::Object;
pub use store::Store;
pub use store::Tx;

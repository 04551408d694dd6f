//! The wire, client side: sign-in, HTTP with patience, Exchange admin REST, Microsoft Graph, and Azure: resources, vaults, blobs.
//!
//! Reads are open to everyone above. Writes take a `Permit` by value, which only the gate issues: `InvokeCommand` is a POST for
//! reads too, so the raw call is private and reads go through a closed list of reading cmdlets.

mod answer;
mod arm;
mod assertion;
mod blob;
mod challenge;
mod connection;
mod credential;
mod error;
mod exchange;
mod graph;
mod identity;
mod link;
mod linked_page;
mod pace;
mod refusal;
mod request;
mod request_ids;
mod route;
mod service_error;
mod sign_in;
mod table;
mod tenant_id;
#[cfg(test)]
mod testing;
mod vault;

pub use arm::ArmQuestion;
pub use arm::api_version;
pub use connection::Connection;
pub use credential::Credential;
pub use error::CloudError;
pub use error::Fault;
pub use exchange::ExchangePage;
pub use exchange::ExchangePageToken;
pub use exchange::reads;
pub use graph::GUESTS_RESTRICTED;
pub use identity::Identity;
pub use linked_page::LinkedPage;
pub use refusal::SignInRefusal;
pub use route::Route;
pub use table::Cloud;
pub use table::CloudName;
pub use table::cloud;
pub use vault::VaultSecret;
pub use vault::certificate_from_pfx;

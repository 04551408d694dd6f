//! Making sure of something: look, change only what differs, and say whether anything had to change. Running an ensure twice
//! changes nothing the second time.

mod addresses;
mod application;
mod application_key;
mod certificate;
mod certificate_request;
mod consent;
mod customization;
mod diagnostic_setting;
mod endpoint;
mod ensured;
mod group;
mod licence;
mod location;
mod mailuser;
mod relationship;
mod resource_group;
mod resource_provider;
mod role_assignment;
mod storage_account;
mod table;
mod vault;
mod vault_access;
mod vault_role;
mod waiting;

pub use ensured::Ensured;
pub use ensured::Outcome;
pub use table::ensures;

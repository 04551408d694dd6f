//! Each write to a tenant is one descriptor. A file holds the writes on one noun; names and types of the arguments are the
//! service's own.

mod application;
mod azure;
mod base;
mod certificate;
mod defaults;
mod endpoint;
mod entra_user;
mod evidence;
mod group;
mod mailbox;
mod mailuser;
mod migration_batch;
mod migration_user;
mod organization;
mod permission;
mod relationship;
mod service_principal;
mod table;
mod user;
mod vault;

pub use table::all;
pub use table::find;

pub(super) use application::NEW_APPLICATION;
pub(super) use application::SET_APPLICATION;
pub(super) use application::SET_APPLICATION_KEYS;
pub(super) use azure::NEW_DIAGNOSTIC_SETTING;
pub(super) use azure::NEW_RESOURCE_GROUP;
pub(super) use azure::NEW_ROLE_ASSIGNMENT;
pub(super) use azure::NEW_STORAGE_ACCOUNT;
pub(super) use azure::REGISTER_RESOURCE_PROVIDER;
pub(super) use certificate::NEW_CERTIFICATE;
pub(super) use defaults::completed;
pub(super) use defaults::fixed;
pub(super) use endpoint::NEW_MIGRATION_ENDPOINT;
pub(super) use endpoint::REMOVE_MIGRATION_ENDPOINT;
pub(super) use endpoint::SET_MIGRATION_ENDPOINT;
pub(super) use entra_user::SET_ENTRA_USER;
pub(super) use entra_user::SET_LICENCES;
pub(super) use group::ADD_GROUP_MEMBER;
pub(super) use group::NEW_GROUP;
pub(super) use mailuser::NEW_MAILUSER;
pub(super) use mailuser::SET_MAILUSER;
pub(super) use organization::ENABLE_ORGANIZATION_CUSTOMIZATION;
pub(super) use relationship::NEW_ORGANIZATION_RELATIONSHIP;
pub(super) use relationship::SET_ORGANIZATION_RELATIONSHIP;
pub(super) use service_principal::NEW_APP_ROLE_ASSIGNMENT;
pub(super) use service_principal::NEW_SERVICE_PRINCIPAL;
pub(super) use user::SET_USER;
pub(super) use vault::ADD_ACCESS_POLICY;
pub(super) use vault::NEW_VAULT;

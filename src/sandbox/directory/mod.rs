//! The directory of the simulated tenants: tenants, users, applications, service principals, roles and licences.
//!
//! Every face of the sandbox asks here; none keeps a directory of its own. Reads that fail note the failure on the transaction,
//! which then rolls back and reports it, so that the callers' rules stay free of it.

mod applications;
mod delegated;
mod install;
mod licences;
mod principals;
mod tenants;
mod users;

pub use applications::SecretState;
pub use applications::add_secret;
pub use applications::application;
pub use applications::application_by_id;
pub use applications::applications;
pub use applications::check_secret;
pub use applications::keys_in_time;
pub use applications::known_application;
pub use applications::store_application;
pub use delegated::delegated_grant;
pub use delegated::delegated_grants;
pub use delegated::delegated_scopes;
pub use delegated::grant_delegated;
pub use delegated::grant_id;
pub use delegated::store_delegated_grant;
pub use install::Admin;
pub use install::admin;
pub use install::admin_user;
pub use install::install_admin;
pub use install::install_microsoft;
pub use install::set_admin_user;
pub use licences::has_exchange_mailbox_plan;
pub use licences::has_migration_licence;
pub use licences::service_plans;
pub use licences::skus;
pub use licences::store_sku;
pub use principals::add_principal;
pub use principals::app_roles;
pub use principals::assign_directory_role;
pub use principals::assignment;
pub use principals::assignments_of;
pub use principals::assignments_to;
pub use principals::directory_roles;
pub use principals::grant_app_role;
pub use principals::has_app_role;
pub use principals::known_principal;
pub use principals::names_of;
pub use principals::remove_service_principal;
pub use principals::role_assignments;
pub use principals::service_principal;
pub use principals::service_principal_by_id;
pub use principals::service_principals;
pub use principals::store_service_principal;
pub use tenants::accepted_domains;
pub use tenants::default_domain;
pub use tenants::initial_domain;
pub use tenants::partner;
pub use tenants::store_tenant;
pub use tenants::tenant;
pub use tenants::tenant_id;
pub use tenants::tenants;
pub use users::soft_delete_user;
pub use users::store_user;
pub use users::user;
pub use users::users;

//! What Azure adds to a tenant: resource ids and vault URLs, questions about names, secrets, and the audit log.

mod application;
mod audit;
mod certificate;
mod name;
mod place;
mod secret;

pub use audit::AuditLog;
pub(super) use certificate::Certificate;
pub(super) use certificate::written;
pub(super) use name::check_certificate_rule;
pub(super) use name::check_group_rule;
pub(super) use name::check_storage_account_rule;
pub(super) use name::check_vault_rule;
pub(super) use place::last_segment;
pub(super) use place::place;
pub(super) use place::subscription_of;

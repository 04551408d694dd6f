//! What Azure adds to a tenant: resource ids and vault URLs, questions about names, secrets, and the audit log.

mod api_version;
mod place;

pub(super) use api_version::AUTHORIZATION;
pub(super) use api_version::DIAGNOSTICS;
pub(super) use api_version::KEY_VAULT;
pub(super) use api_version::RESOURCES;
pub(super) use api_version::STORAGE;
pub(super) use api_version::SUBSCRIPTIONS;
pub(super) use place::last_segment;
pub(super) use place::place;
pub(super) use place::subscription_of;

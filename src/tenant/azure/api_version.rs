//! The versions in which each part of Azure Resource Manager is asked.

/// Subscriptions and locations.
pub(in crate::tenant) const SUBSCRIPTIONS: &str = "2022-12-01";
/// Resource groups and resource providers.
pub(in crate::tenant) const RESOURCES: &str = "2021-04-01";
/// Key vaults. In all versions a vault says itself whether policies or roles decide, so that their defaults do not matter.
pub(in crate::tenant) const KEY_VAULT: &str = "2023-07-01";
/// Storage accounts.
pub(in crate::tenant) const STORAGE: &str = "2023-05-01";
/// Diagnostic settings; there is no newer version of them.
pub(in crate::tenant) const DIAGNOSTICS: &str = "2021-05-01-preview";
/// Role assignments.
pub(in crate::tenant) const AUTHORIZATION: &str = "2022-04-01";

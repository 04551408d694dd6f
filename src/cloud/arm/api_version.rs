//! The versions in which providers are spoken to. Each provider counts its own; Resource Manager refuses a call without one.

/// Subscriptions and their locations.
pub const SUBSCRIPTIONS: &str = "2022-12-01";
/// Resource groups, and the registration of providers.
pub const RESOURCES: &str = "2021-04-01";
/// `Microsoft.KeyVault`. Older ones retire in February 2027; from this one on a vault uses RBAC unless told otherwise.
pub const KEY_VAULT: &str = "2026-02-01";
/// `Microsoft.Storage`.
pub const STORAGE: &str = "2023-05-01";
/// Diagnostic settings of `Microsoft.Insights`, which never left their preview.
pub const DIAGNOSTICS: &str = "2021-05-01-preview";
/// Role assignments and definitions.
pub const AUTHORIZATION: &str = "2022-04-01";

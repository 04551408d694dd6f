//! Is the set-up of both tenants what the service wants? Findings with stable ids; what was not seen is `not checked`, never ok.
//!
//! The map that scripts hand over may hold: `tenant_id partner_id partner_domain application_id service_principal roles
//! role_assignments relationships accepted_domains partner_domains organization_config`, for the target also `application
//! endpoints endpoint_test remote_server now`, for the source also `scope_groups`. A key that is absent was not looked at; one that
//! is there without a value was looked at and is not there, except `partner_domains` and `endpoint_test`, which are then unknown.
//!
//! With `key_vault_url` the target is judged by the classic flow, whose endpoint uses a certificate in a key vault. The map may then
//! also hold `vault vault_certificate exchange_principal role_assignments_of_vault era`, and no client secret is asked for.

mod application;
mod certificate;
mod common;
mod endpoint;
mod relationship;
mod rights;
mod seen;
mod source;
mod target;
mod vault;

pub use application::excess_roles;
pub use endpoint::judged_endpoint;
pub use source::source_setup;
pub use target::target_setup;

#[cfg(test)]
mod tests;

//! Key Vault's data plane: certificates and secrets, by URL.

mod address;
mod call;
mod challenge;
mod fault;
mod pfx;

pub use call::VaultSecret;
pub use pfx::certificate_from_pfx;

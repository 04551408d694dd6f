//! Profiles and settings: `config.toml` in the config folder. Secrets never stand in it, only where to find them.

mod error;
mod file;
mod profile;
mod sign_in;

pub use error::ConfigError;
pub use file::Config;
pub use profile::Profile;
pub use profile::built_in;
pub use sign_in::SignIn;

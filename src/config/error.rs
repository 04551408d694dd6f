//! Why the configuration could not be used.

use std::io;
use std::path::PathBuf;

use crate::model::Kind;
use crate::model::Trouble;
use crate::model::nearest;

/// Why the configuration could not be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file exists and could not be read.
    #[error("could not read `{}`", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        cause: io::Error,
    },
    /// The file does not say what it should.
    #[error("{}:{line}:{column}: {message}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What is wrong there.
        message: String,
        /// What to write instead.
        remedy: Option<String>,
    },
    /// No such profile.
    #[error("no profile `{name}`")]
    UnknownProfile {
        /// The name asked for.
        name: String,
        /// The profiles there are.
        known: Vec<String>,
    },
    /// The environment variable with the secret is not set.
    #[error("profile `{profile}` takes its client secret from the environment variable `{variable}`, which is not set")]
    NoSuchVariable {
        /// The profile.
        profile: String,
        /// The variable.
        variable: String,
    },
}

impl ConfigError {
    fn remedy(&self) -> Option<String> {
        match self {
            Self::Unreadable { .. } => {
                Some("paths in the settings are looked up from the settings' folder; check the name and who may read it".into())
            }
            Self::Malformed { remedy, .. } => remedy.clone(),
            Self::UnknownProfile { name, known } => Some(match nearest(name, known.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the profiles are {}; see `xtenant profiles`", known.join(", ")),
            }),
            Self::NoSuchVariable { variable, .. } => Some(format!("set `{variable}`, or use `secret_file` in the profile")),
        }
    }
}

impl From<ConfigError> for Trouble {
    fn from(error: ConfigError) -> Self {
        let (kind, code) = match &error {
            ConfigError::Unreadable { .. } => (Kind::Invalid, "unreadable_file"),
            ConfigError::Malformed { .. } => (Kind::Invalid, "malformed_config"),
            ConfigError::UnknownProfile { .. } => (Kind::NotFound, "unknown_profile"),
            ConfigError::NoSuchVariable { .. } => (Kind::SignIn, "no_secret"),
        };
        let mut trouble = Trouble::new(kind, error.to_string()).with_code(code);
        if let Some(cause) = std::error::Error::source(&error) {
            trouble = trouble.caused_by(cause);
        }
        match error.remedy() {
            Some(remedy) => trouble.with_remedy(remedy),
            None => trouble,
        }
    }
}

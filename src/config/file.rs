//! `config.toml`: read whole at the start, so that a mistake in it is reported before anything happens.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::ops::Range;
use std::path::Path;
use std::path::PathBuf;

use serde::Deserialize;
use toml::Spanned;

use crate::cloud::CloudName;
use crate::config::ConfigError;
use crate::config::Profile;
use crate::config::SignIn;
use crate::config::built_in;

/// What the file says, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The file, whether it exists or not.
    pub path: PathBuf,
    /// The profiles in the order of their names.
    pub profiles: Vec<Profile>,
    /// The sandbox's folder, when the file names one.
    pub sandbox_folder: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileText {
    #[serde(default)]
    profiles: BTreeMap<String, Spanned<ProfileText>>,
    #[serde(default)]
    sandbox: SandboxText,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct SandboxText {
    dir: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProfileText {
    domain: String,
    cloud: Option<Spanned<String>>,
    #[serde(default)]
    sandbox: bool,
    client_id: Option<String>,
    secret_env: Option<String>,
    secret_file: Option<PathBuf>,
    certificate_file: Option<PathBuf>,
    key_file: Option<PathBuf>,
}

impl Config {
    /// Reads `config.toml` in `folder`; without that file the built-in profiles are all there is.
    pub fn load(folder: &Path) -> Result<Self, ConfigError> {
        let path = folder.join("config.toml");
        match std::fs::read_to_string(&path) {
            Ok(text) => Self::parse(path, &text),
            Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(Self {
                path,
                profiles: built_in(),
                sandbox_folder: None,
            }),
            Err(cause) => Err(ConfigError::Unreadable { path, cause }),
        }
    }

    /// The profile of that name.
    pub fn profile(&self, name: &str) -> Result<&Profile, ConfigError> {
        self.profiles
            .iter()
            .find(|profile| profile.name == name)
            .ok_or_else(|| ConfigError::UnknownProfile {
                name: name.to_owned(),
                known: self.profiles.iter().map(|profile| profile.name.clone()).collect(),
            })
    }

    fn parse(path: PathBuf, text: &str) -> Result<Self, ConfigError> {
        let at = Place { path: &path, text };
        let file: FileText = toml::from_str(text).map_err(|error| at.error(error.span(), error.message(), None))?;
        let folder = path.parent().unwrap_or(Path::new("."));
        let profiles = file
            .profiles
            .into_iter()
            .map(|(name, profile)| at.profile(folder, name, profile))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            profiles: if profiles.is_empty() { built_in() } else { profiles },
            sandbox_folder: file.sandbox.dir.map(|dir| folder.join(dir)),
            path,
        })
    }
}

struct Place<'a> {
    path: &'a Path,
    text: &'a str,
}

impl Place<'_> {
    fn profile(&self, folder: &Path, name: String, profile: Spanned<ProfileText>) -> Result<Profile, ConfigError> {
        let span = profile.span();
        let text = profile.into_inner();
        let cloud = match text.cloud {
            None => CloudName::Worldwide,
            Some(cloud) => cloud
                .get_ref()
                .parse()
                .map_err(|problem: String| self.error(Some(cloud.span()), &problem, None))?,
        };
        let ways = "`secret_env`, `secret_file`, or `certificate_file` with `key_file`";
        let keys = (text.secret_env, text.secret_file, text.certificate_file, text.key_file);
        let sign_in = match (text.client_id, keys) {
            (None, (None, None, None, None)) if text.sandbox => None,
            (None, _) => {
                let message = format!("profile `{name}` lacks `client_id`");
                let remedy = format!("give `client_id` and one of {ways}; or only `sandbox = true`");
                return Err(self.error(Some(span), &message, Some(&remedy)));
            }
            (Some(client_id), (Some(variable), None, None, None)) => Some(SignIn::SecretEnv { client_id, variable }),
            (Some(client_id), (None, Some(path), None, None)) => Some(SignIn::SecretFile {
                client_id,
                path: folder.join(path),
            }),
            (Some(client_id), (None, None, Some(certificate), Some(key))) => Some(SignIn::Certificate {
                client_id,
                certificate: folder.join(certificate),
                key: folder.join(key),
            }),
            (Some(_), _) => {
                let message = format!("profile `{name}` needs exactly one way to sign in");
                return Err(self.error(Some(span), &message, Some(&format!("give one of {ways}"))));
            }
        };
        Ok(Profile {
            name,
            domain: text.domain,
            cloud,
            is_sandbox: text.sandbox,
            sign_in,
        })
    }

    fn error(&self, span: Option<Range<usize>>, message: &str, remedy: Option<&str>) -> ConfigError {
        let before = span.and_then(|span| self.text.get(..span.start)).unwrap_or_default();
        ConfigError::Malformed {
            path: self.path.to_owned(),
            line: before.matches('\n').count() + 1,
            column: before.rsplit('\n').next().unwrap_or_default().chars().count() + 1,
            message: message.to_owned(),
            remedy: remedy.map(str::to_owned),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<Config, String> {
        Config::parse("conf/config.toml".into(), text).map_err(|error| error.to_string())
    }

    #[test]
    fn without_profiles_of_its_own_the_file_leaves_the_two_sandbox_tenants() {
        let config = parsed("[sandbox]\ndir = \"play\"\n").expect("valid");

        assert_eq!(config.profiles, built_in());
        assert_eq!(config.sandbox_folder, Some("conf/play".into()));
    }

    #[test]
    fn a_file_with_profiles_replaces_the_built_in_ones_and_finds_files_beside_itself() {
        let config = parsed("[profiles.fabrikam]\ndomain = 'fabrikam.com'\nclient_id = 'x'\nsecret_file = 'key.txt'\n").expect("valid");

        assert_eq!(config.profiles.len(), 1);
        assert_eq!(config.profiles[0].cloud, CloudName::Worldwide);
        assert_eq!(
            config.profiles[0].sign_in,
            Some(SignIn::SecretFile {
                client_id: "x".into(),
                path: "conf/key.txt".into()
            })
        );
    }

    #[test]
    fn mistakes_are_shown_with_file_line_and_column() {
        for (text, expected) in [
            ("[profiles.a]\ndomain = 7\n", "conf/config.toml:2:10: invalid type"),
            (
                "[profiles.a]\ndomain = 'a'\nsecret = 'hunter2'\n",
                "conf/config.toml:3:1: unknown field `secret`",
            ),
            (
                "\n[profiles.a]\ndomain = 'a'\n",
                "conf/config.toml:2:1: profile `a` lacks `client_id`",
            ),
            (
                "[profiles.a]\ndomain = 'a'\ncloud = 'moon'\n",
                "conf/config.toml:3:9: `moon` is no cloud",
            ),
        ] {
            let error = parsed(text).expect_err("refused");
            assert!(error.starts_with(expected), "{error}");
        }
    }

    #[test]
    fn a_secret_in_the_file_itself_is_refused_without_repeating_it() {
        let error = parsed("[profiles.a]\ndomain = 'a'\nclient_secret = 'hunter2'\n").expect_err("refused");

        assert!(!error.contains("hunter2"), "{error}");
    }

    #[test]
    fn an_unknown_profile_is_answered_with_the_nearest_or_the_list() {
        let config = parsed("").expect("valid");
        let remedy = |name: &str| {
            crate::model::Trouble::from(config.profile(name).expect_err("unknown"))
                .remedy
                .clone()
        };

        assert_eq!(remedy("contosso").as_deref(), Some("did you mean `contoso`?"));
        assert_eq!(
            remedy("xyz").as_deref(),
            Some("the profiles are contoso, northwind; see `xtenant profiles`")
        );
    }
}

//! The environment variables that lead other programs to the sandbox.

use std::net::SocketAddr;
use std::path::Path;

use clap::ValueEnum;
use serde_json::Map;
use serde_json::Value;

use crate::sandbox::Sandbox;

/// Who reads the variables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    /// A POSIX shell: `eval "$(xtenant sandbox serve --print-env sh)"`
    Sh,
    /// PowerShell: `xtenant sandbox serve --print-env powershell | Invoke-Expression`
    Powershell,
    /// A program: one JSON object
    Json,
}

impl Shell {
    /// The variables as this reader sets them.
    pub fn lines(self, variables: &[(&'static str, String)]) -> String {
        let each = |line: &dyn Fn(&str, &str) -> String| {
            let lines = variables.iter().map(|(name, value)| line(name, value));
            lines.collect::<Vec<_>>().join("\n")
        };
        match self {
            Self::Sh => each(&|name, value| format!("export {name}='{}'", value.replace('\'', r"'\''"))),
            Self::Powershell => each(&|name, value| format!("$env:{name} = '{}'", value.replace('\'', "''"))),
            Self::Json => {
                let pairs = variables.iter().map(|(name, value)| ((*name).to_owned(), value.as_str().into()));
                Value::Object(pairs.collect::<Map<_, _>>()).to_string()
            }
        }
    }
}

/// What leads clients to the sandbox in `folder` that listens at `listen`. No secret is among them.
pub fn variables(folder: &Path, listen: SocketAddr) -> Vec<(&'static str, String)> {
    let proxy = format!("http://{listen}");
    let ca_file = folder.join(Sandbox::CA_FILE).display().to_string();
    vec![
        ("HTTPS_PROXY", proxy.clone()),
        ("https_proxy", proxy),
        ("NO_PROXY", "localhost,127.0.0.1".to_owned()),
        ("no_proxy", "localhost,127.0.0.1".to_owned()),
        // Python's requests and the Azure CLI; OpenSSL, Go and Rust; curl; Node, which asks to be told of proxies.
        ("REQUESTS_CA_BUNDLE", ca_file.clone()),
        ("SSL_CERT_FILE", ca_file.clone()),
        ("CURL_CA_BUNDLE", ca_file.clone()),
        ("NODE_EXTRA_CA_CERTS", ca_file),
        ("NODE_USE_ENV_PROXY", "1".to_owned()),
        // The Azure CLI reports its use elsewhere, and keeps who is signed in: neither may mix with the real one.
        ("AZURE_CORE_COLLECT_TELEMETRY", "false".to_owned()),
        ("AZURE_CONFIG_DIR", folder.join("azure").display().to_string()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_quoted_as_each_shell_reads_them() {
        let variables = [("SSL_CERT_FILE", "/home/o'neil/$(id) \"ca\".pem".to_owned())];

        assert_eq!(
            Shell::Sh.lines(&variables),
            r#"export SSL_CERT_FILE='/home/o'\''neil/$(id) "ca".pem'"#
        );
        assert_eq!(
            Shell::Powershell.lines(&variables),
            r#"$env:SSL_CERT_FILE = '/home/o''neil/$(id) "ca".pem'"#
        );
        assert_eq!(
            Shell::Json.lines(&variables),
            r#"{"SSL_CERT_FILE":"/home/o'neil/$(id) \"ca\".pem"}"#
        );
    }
}

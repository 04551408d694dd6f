//! `CertificateUrl`: a certificate in a key vault with its version, as the `AppSecretKeyVaultUrl` of a migration endpoint names it.

use std::fmt;

use crate::model::is_placeholder;
use crate::model::same_text;

/// What may stand behind a vault's name in its host, and what is meant. The old verification script took `vault.azure.us` for the
/// government cloud; the documented suffix, and the one to ask, is `vault.usgovcloudapi.net`.
const SUFFIXES: [(&str, &str); 4] = [
    ("vault.azure.net", "vault.azure.net"),
    ("vault.usgovcloudapi.net", "vault.usgovcloudapi.net"),
    ("vault.azure.us", "vault.usgovcloudapi.net"),
    ("vault.azure.cn", "vault.azure.cn"),
];

/// A certificate's URL. Two are equal when they mean the same certificate and version: port 443, a trailing slash and case do
/// not matter.
#[derive(Debug, Clone)]
pub struct CertificateUrl {
    vault: String,
    suffix: &'static str,
    name: String,
    version: String,
}

impl CertificateUrl {
    /// Reads `https://VAULT.SUFFIX[:443]/certificates/NAME/VERSION`. The version may be a placeholder.
    ///
    /// # Errors
    ///
    /// A sentence that says what is wrong with `text` and how such a URL looks.
    pub fn parse(text: &str) -> Result<Self, String> {
        parts(text.trim()).map_err(|what| {
            format!("`{text}` is not the URL of a certificate: {what}; it looks like https://VAULT.vault.azure.net:443/certificates/NAME/VERSION")
        })
    }

    /// The vault's name, in lower case.
    pub fn vault(&self) -> &str {
        &self.vault
    }

    /// What the vaults of the cloud have in common, such as `vault.azure.net`.
    pub fn suffix(&self) -> &'static str {
        self.suffix
    }

    /// The certificate's name in the vault.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The version, in lower case; a placeholder while only the service can know it.
    pub fn version(&self) -> &str {
        &self.version
    }
}

impl PartialEq for CertificateUrl {
    fn eq(&self, other: &Self) -> bool {
        self.vault == other.vault && self.suffix == other.suffix && same_text(&self.name, &other.name) && self.version == other.version
    }
}

impl Eq for CertificateUrl {}

/// The form that Azure PowerShell printed and endpoints therefore record: with `:443`, the host in lower case.
impl fmt::Display for CertificateUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            vault,
            suffix,
            name,
            version,
        } = self;
        write!(f, "https://{vault}.{suffix}:443/certificates/{name}/{version}")
    }
}

fn parts(text: &str) -> Result<CertificateUrl, &'static str> {
    let (scheme, rest) = text.split_once("://").ok_or("it is no URL")?;
    if !scheme.eq_ignore_ascii_case("https") {
        return Err("it does not begin with https://");
    }
    let (host, path) = rest.split_once('/').ok_or("it names no certificate")?;
    let host = host.to_ascii_lowercase();
    let (host, port) = host.split_once(':').unwrap_or((&host, "443"));
    let (vault, host_suffix) = host.split_once('.').ok_or("its host is no key vault")?;
    let known = SUFFIXES.iter().find(|(written, _)| *written == host_suffix);
    let (_, suffix) = known.filter(|_| is_name(vault)).ok_or("its host is no key vault")?;
    if port != "443" {
        return Err("its port is wrong: a key vault answers on 443 only");
    }
    let (kind, certificate) = path.split_once('/').ok_or("it names no certificate")?;
    if !same_text(kind, "certificates") {
        return Err("it does not name one of the vault's `certificates`");
    }
    let (name, version) = certificate.split_once('/').unwrap_or((certificate, ""));
    let version = version.strip_suffix('/').unwrap_or(version);
    if !is_name(name) {
        return Err("it names no certificate");
    }
    match version {
        "" => Err("the version is missing"),
        _ if is_placeholder(version) => Ok(version.to_owned()),
        _ if is_name(version) => Ok(version.to_ascii_lowercase()),
        _ => Err("its version is no version"),
    }
    .map(|version| CertificateUrl {
        vault: vault.to_owned(),
        suffix,
        name: name.to_owned(),
        version,
    })
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const VERSION: &str = "4d7b9b3f0a6e4c7f9d1e2a3b4c5d6e7f";

    fn parse(text: &str) -> CertificateUrl {
        CertificateUrl::parse(text).expect("a certificate's URL")
    }

    #[test]
    fn port_slash_and_case_do_not_tell_two_urls_apart_but_version_and_cloud_do() {
        let bare = parse(&format!("https://keys.vault.azure.net/certificates/Move/{VERSION}"));

        for same in [
            format!("https://keys.vault.azure.net:443/certificates/Move/{VERSION}"),
            format!("HTTPS://KEYS.Vault.Azure.net/Certificates/move/{}/", VERSION.to_uppercase()),
        ] {
            assert_eq!(parse(&same), bare, "{same}");
        }
        for other in [
            "https://keys.vault.azure.net/certificates/Move/0",
            "https://keys.vault.azure.cn/certificates/Move/4d7b9b3f0a6e4c7f9d1e2a3b4c5d6e7f",
            "https://keys2.vault.azure.net/certificates/Move/4d7b9b3f0a6e4c7f9d1e2a3b4c5d6e7f",
        ] {
            assert_ne!(parse(other), bare, "{other}");
        }
    }

    #[test]
    fn it_is_written_as_endpoints_record_it() {
        let url = parse(&format!("https://Keys.vault.azure.net/certificates/Move/{VERSION}/"));

        assert_eq!(
            url.to_string(),
            format!("https://keys.vault.azure.net:443/certificates/Move/{VERSION}")
        );
        assert_eq!((url.vault(), url.name(), url.version()), ("keys", "Move", VERSION));
    }

    #[test]
    fn what_the_old_script_took_for_the_government_is_read_as_its_real_host() {
        let url = parse("https://keys.vault.azure.us/certificates/Move/1");

        assert_eq!(url.suffix(), "vault.usgovcloudapi.net");
        assert_eq!(url, parse("https://keys.vault.usgovcloudapi.net:443/certificates/Move/1"));
    }

    #[test]
    fn a_version_that_only_the_service_knows_may_stand_there() {
        let url = parse("https://keys.vault.azure.net/certificates/Move/‹version of Move›");

        assert_eq!(url.version(), "‹version of Move›");
    }

    #[test]
    fn what_is_no_certificate_with_a_version_is_refused_with_the_reason() {
        for (text, reason) in [
            ("", "it is no URL"),
            ("keys/certificates/Move/1", "it is no URL"),
            ("http://keys.vault.azure.net/certificates/Move/1", "https://"),
            ("https://keys.vault.azure.net", "it names no certificate"),
            ("https://keys.vault.azure.net/certificates/Move", "the version is missing"),
            ("https://keys.vault.azure.net/certificates/Move/", "the version is missing"),
            ("https://keys.vault.azure.net/secrets/Move/1", "`certificates`"),
            ("https://keys.vault.azure.net/certificates/Move/1/2", "its version is no version"),
            ("https://keys.vault.azure.net:8443/certificates/Move/1", "its port is wrong"),
            ("https://keys.vault.azure.net:/certificates/Move/1", "its port is wrong"),
            ("https://keys.example.com:8443/certificates/Move/1", "its host is no key vault"),
            (
                "https://keys.vault.azure.net.example.com/certificates/Move/1",
                "its host is no key vault",
            ),
            ("https://a.keys.vault.azure.net/certificates/Move/1", "its host is no key vault"),
            ("https://me@keys.vault.azure.net/certificates/Move/1", "its host is no key vault"),
        ] {
            let refused = CertificateUrl::parse(text).expect_err(text);
            assert!(refused.contains(reason), "{text}: {refused}");
        }
    }
}

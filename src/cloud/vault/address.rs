//! `Address`: where in which vault, checked to be a vault of our cloud before anything is sent there.

use reqwest::Url;

use crate::cloud::Cloud;
use crate::cloud::CloudError;

/// The data-plane version; accepted since 2024, and not among those that retire.
const API_VERSION: &str = "7.5";

/// A URL of a vault.
#[derive(Debug)]
pub(super) struct Address {
    pub(super) host: String,
    pub(super) url: Url,
}

impl Address {
    /// Reads `https://NAME.SUFFIX[:443]/path`, in any case of the host. The government cloud's alias of old scripts leads to its
    /// documented host.
    pub(super) fn parse(cloud: &Cloud, text: &str) -> Result<Self, CloudError> {
        let invalid = |why: String| CloudError::Invalid {
            call: format!("`{}`", text.split(['?', '#']).next().unwrap_or_default()),
            why,
        };
        let mut url = Url::parse(text.trim()).map_err(|error| invalid(format!("it is no URL: {error}")))?;
        let is_plain = url.scheme() == "https" && url.port().is_none() && url.username().is_empty() && url.password().is_none();
        if !is_plain || url.query().is_some() || url.fragment().is_some() {
            return Err(invalid("a vault is reached by `https://`, its host and a path".into()));
        }
        let host = url.host_str().unwrap_or_default();
        let known = [Some(cloud.vault_suffix), cloud.vault_suffix_alias].into_iter().flatten();
        let name = known.filter_map(|suffix| host.strip_suffix(suffix)?.strip_suffix('.')).next();
        let is_name = |name: &&str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        let Some(name) = name.filter(is_name) else {
            let suffix = cloud.vault_suffix;
            return Err(invalid(format!(
                "`{host}` is no vault of the {} cloud: one is called `NAME.{suffix}`",
                cloud.name
            )));
        };
        let host = format!("{name}.{}", cloud.vault_suffix);
        url.set_host(Some(&host)).map_err(|error| invalid(error.to_string()))?;
        url.set_query(Some(&format!("api-version={API_VERSION}")));
        Ok(Self { host, url })
    }

    /// What is asked for, as messages name it.
    pub(super) fn shown(&self) -> String {
        format!("https://{}{}", self.host, self.url.path())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::CloudName;
    use crate::cloud::cloud;

    fn read(name: CloudName, text: &str) -> Option<String> {
        Address::parse(cloud(name), text).ok().map(|address| address.url.to_string())
    }

    #[test]
    fn a_vault_is_found_with_and_without_its_port_in_any_case() {
        let url = Some("https://nwt-kv.vault.azure.net/certificates/x/0a?api-version=7.5".to_owned());

        for text in [
            "https://nwt-kv.vault.azure.net/certificates/x/0a",
            "https://NWT-kv.Vault.Azure.net:443/certificates/x/0a",
        ] {
            assert_eq!(read(CloudName::Worldwide, text), url, "{text}");
        }
    }

    #[test]
    fn the_government_clouds_alias_leads_to_its_documented_host() {
        let url = Some("https://nwt-kv.vault.usgovcloudapi.net/secrets/x?api-version=7.5".to_owned());

        assert_eq!(read(CloudName::Dod, "https://nwt-kv.vault.azure.us/secrets/x"), url);
        assert_eq!(read(CloudName::GccHigh, "https://nwt-kv.vault.usgovcloudapi.net/secrets/x"), url);
    }

    #[test]
    fn what_is_no_vault_of_the_cloud_is_refused() {
        for text in [
            "http://nwt-kv.vault.azure.net/x",
            "https://nwt-kv.vault.azure.net:8443/x",
            "https://user@nwt-kv.vault.azure.net/x",
            "https://nwt-kv.vault.azure.net/x?api-version=7.4",
            "https://vault.azure.net/x",
            "https://evilvault.azure.net/x",
            "https://a.b.vault.azure.net/x",
            "https://nwt-kv.vault.azure.net.evil.example/x",
            "https://nwt-kv.vault.usgovcloudapi.net/x",
            "https://nwt-kv.vault.azure.us/x",
            "nwt-kv.vault.azure.net/x",
        ] {
            assert_eq!(read(CloudName::Worldwide, text), None, "{text}");
        }
    }
}

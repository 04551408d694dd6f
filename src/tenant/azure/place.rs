//! Where an Azure object is found: what people name it by (a GUID, a resource id, a vault's name or URL) brought into the form
//! that a path begins with.

use uuid::Uuid;

use crate::change::keeps_its_place;
use crate::cloud::Cloud;
use crate::model::Kind;
use crate::model::Trouble;

/// The beginning of a path whose first place is `{place}`: `{subscription}`, `{id}`, `{vault}` or `{unversioned}`.
pub(in crate::tenant) fn place(cloud: &Cloud, place: &str, identity: &str) -> Result<String, Trouble> {
    let identity = identity.trim();
    if !keeps_its_place(&identity.replacen(":443", "", 1), true) {
        return Err(invalid(format!("`{identity}` is no name that Azure gives")));
    }
    match place {
        "subscription" => subscription_of(identity),
        "vault" => vault_url(cloud, identity),
        "unversioned" => item_url(identity).map(|(vault, kind, name, _)| format!("{vault}/{kind}/{name}")),
        _ if identity.starts_with('/') => Ok(identity.trim_end_matches('/').to_owned()),
        _ => item_url(identity).map(|(vault, kind, name, version)| match version {
            "" => format!("{vault}/{kind}/{name}"),
            version => format!("{vault}/{kind}/{name}/{version}"),
        }),
    }
}

/// `/subscriptions/GUID` of a subscription's GUID, its id, or the id of anything in it.
pub(in crate::tenant) fn subscription_of(id: &str) -> Result<String, Trouble> {
    let guid = match id.strip_prefix('/') {
        None => Some(id),
        Some(path) => path
            .split_once('/')
            .filter(|(kind, _)| kind.eq_ignore_ascii_case("subscriptions"))
            .map(|(_, rest)| rest.split('/').next().unwrap_or_default()),
    };
    match guid.and_then(|guid| Uuid::parse_str(guid).ok()) {
        Some(guid) => Ok(format!("/subscriptions/{guid}")),
        None => Err(invalid(format!(
            "`{id}` is no Azure subscription; it is given by its GUID, or as an object of `find_subscriptions`"
        ))),
    }
}

/// What stands behind the last slash: the name of a resource.
pub(in crate::tenant) fn last_segment(id: &str) -> &str {
    id.trim_end_matches('/').rsplit('/').next().unwrap_or(id)
}

/// The URL of the vault itself, without a slash at its end.
fn vault_url(cloud: &Cloud, vault: &str) -> Result<String, Trouble> {
    let is_name = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if let Some((base, _)) = split_url(vault) {
        return Ok(base);
    }
    let name = last_segment(vault);
    let is_resource = vault.starts_with('/') && vault.to_ascii_lowercase().contains("/providers/microsoft.keyvault/vaults/");
    match is_name(name) && (is_resource || name == vault) {
        true => Ok(format!("https://{}.{}", name.to_ascii_lowercase(), cloud.vault_suffix)),
        false => Err(invalid(format!("`{vault}` is neither the resource id nor the URL of a key vault"))),
    }
}

/// The vault's URL, the kind, the name and the version (which may be empty) of something in a vault.
fn item_url(url: &str) -> Result<(String, &str, &str, &str), Trouble> {
    let parts = split_url(url).and_then(|(base, path)| {
        let mut segments = path.trim_matches('/').split('/');
        let (kind, name) = (segments.next()?, segments.next()?);
        let version = segments.next().unwrap_or_default();
        (segments.next().is_none() && !kind.is_empty() && !name.is_empty()).then_some((base, kind, name, version))
    });
    parts.ok_or_else(|| invalid(format!("`{url}` is neither a resource id nor the URL of something in a key vault")))
}

/// `https://host` without the default port, and the path.
fn split_url(url: &str) -> Option<(String, &str)> {
    let scheme = url.get(..8).filter(|scheme| scheme.eq_ignore_ascii_case("https://"))?;
    let rest = &url[scheme.len()..];
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = host.to_ascii_lowercase();
    Some((format!("https://{}", host.strip_suffix(":443").unwrap_or(&host)), path))
}

fn invalid(message: String) -> Trouble {
    Trouble::new(Kind::Invalid, message).with_code("invalid_argument")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::CloudName;
    use crate::cloud::cloud;

    const SUBSCRIPTION: &str = "3c3c3c3c-3333-4ccc-8333-e0e0e0e0e003";

    fn placed(of: &str, identity: &str) -> Result<String, String> {
        place(cloud(CloudName::GccHigh), of, identity).map_err(|trouble| trouble.message.clone())
    }

    #[test]
    fn a_subscription_is_known_by_its_guid_and_by_every_id_in_it() {
        let expected = format!("/subscriptions/{SUBSCRIPTION}");

        for identity in [SUBSCRIPTION.to_owned(), expected.clone(), format!("{expected}/resourceGroups/rg")] {
            assert_eq!(placed("subscription", &identity), Ok(expected.clone()));
        }
        assert!(placed("subscription", "Northwind production").is_err());
        assert!(placed("subscription", "/subscriptions/").is_err());
    }

    #[test]
    fn a_vault_is_asked_at_its_own_host_however_it_was_named() {
        let id = format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/Nwt-KV");

        for identity in [id.as_str(), "nwt-kv", "https://nwt-kv.vault.usgovcloudapi.net:443/"] {
            assert_eq!(placed("vault", identity), Ok("https://nwt-kv.vault.usgovcloudapi.net".into()));
        }
        assert!(placed("vault", &format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/rg")).is_err());
        assert!(placed("vault", "http://nwt-kv.vault.azure.net").is_err());
    }

    #[test]
    fn a_certificate_is_read_with_its_version_and_changed_without_where_that_is_meant() {
        let url = "https://KV.vault.azure.net:443/certificates/move/0a1b/";

        assert_eq!(placed("id", url), Ok("https://kv.vault.azure.net/certificates/move/0a1b".into()));
        assert_eq!(
            placed("unversioned", url),
            Ok("https://kv.vault.azure.net/certificates/move".into())
        );
        assert!(placed("id", "https://kv.vault.azure.net/certificates").is_err());
        assert!(placed("id", "move").is_err());
    }
}

//! Ids of Azure resources and URLs of what lies in a key vault: what kind of thing they name, and what lies in what.

/// The type of the resource that `id` names, such as `subscriptions`, `resourceGroups`, `providers` or
/// `Microsoft.KeyVault/vaults`; of a URL the kind of what it names in a key vault, such as `certificates`. `None` when it is neither.
pub fn resource_type(id: &str) -> Option<String> {
    if let Some(rest) = id.strip_prefix("https://") {
        return kind_in_vault(rest);
    }
    let segments: Vec<&str> = id.strip_prefix('/')?.trim_end_matches('/').split('/').collect();
    if segments.iter().any(|segment| segment.is_empty()) {
        return None;
    }
    let is = |at: usize, word: &str| segments.get(at).is_some_and(|segment| segment.eq_ignore_ascii_case(word));
    match segments.iter().rposition(|segment| segment.eq_ignore_ascii_case("providers")) {
        Some(at) => provided(&segments[at + 1..]),
        None if is(0, "subscriptions") && segments.len() == 2 => Some("subscriptions".to_owned()),
        None if is(0, "subscriptions") && is(2, "resourceGroups") && segments.len() == 4 => Some("resourceGroups".to_owned()),
        None => None,
    }
}

/// Whether the resource `id` is `scope` or lies in it. A management group's scope is no prefix of a resource's id; among what is
/// assigned to a resource it stands only because it contains it.
pub fn is_within(id: &str, scope: &str) -> bool {
    let (id, scope) = (id.to_lowercase(), scope.trim_end_matches('/').to_lowercase());
    let is_above = id.strip_prefix(&scope).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    is_above || scope.starts_with("/providers/microsoft.management/managementgroups/")
}

/// What a provider offers: its namespace, then type and name in turn.
fn provided(segments: &[&str]) -> Option<String> {
    let (namespace, rest) = segments.split_first()?;
    match rest.len() {
        0 => Some("providers".to_owned()),
        count if count % 2 == 0 => {
            let types = rest.iter().step_by(2).copied();
            Some(std::iter::once(*namespace).chain(types).collect::<Vec<_>>().join("/"))
        }
        _ => None,
    }
}

/// `certificates/NAME` and `certificates/NAME/VERSION` name a certificate; the words of the service in a version's place do not.
fn kind_in_vault(url: &str) -> Option<String> {
    let (_, path) = url.split_once('/')?;
    let segments: Vec<&str> = path.trim_end_matches('/').split('/').collect();
    match segments[..] {
        [kind, name] if !name.is_empty() => Some(kind.to_owned()),
        [kind, name, version] if !name.is_empty() => {
            let is_part = ["pending", "policy", "versions"]
                .iter()
                .any(|word| version.eq_ignore_ascii_case(word));
            Some(if is_part { format!("{kind}/{version}") } else { kind.to_owned() })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GROUP: &str = "/subscriptions/3c3c/resourceGroups/rg";

    #[test]
    fn an_id_tells_the_type_of_what_it_names() {
        let cases = [
            ("/subscriptions/3c3c", Some("subscriptions")),
            (GROUP, Some("resourceGroups")),
            ("/subscriptions/3c3c/resourcegroups/rg/", Some("resourceGroups")),
            ("/subscriptions/3c3c/providers/Microsoft.KeyVault", Some("providers")),
            (
                "/subscriptions/3c3c/providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/kv",
                Some("Microsoft.KeyVault/locations/deletedVaults"),
            ),
            (
                "/subscriptions/3c3c/resourceGroups/providers/providers/Microsoft.KeyVault/vaults/kv",
                Some("Microsoft.KeyVault/vaults"),
            ),
            (
                "/subscriptions/3c3c/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv/providers/microsoft.insights/diagnosticSettings/service",
                Some("microsoft.insights/diagnosticSettings"),
            ),
            ("https://kv.vault.azure.net/certificates/move", Some("certificates")),
            (
                "https://kv.vault.azure.net/certificates/move/‹version of move›",
                Some("certificates"),
            ),
            ("https://kv.vault.azure.net/certificates/move/pending", Some("certificates/pending")),
            ("https://kv.vault.azure.net/deletedcertificates/move", Some("deletedcertificates")),
            ("https://kv.vault.azure.net/certificates", None),
            ("https://kv.vault.azure.net", None),
            ("/subscriptions/3c3c/resourceGroups", None),
            ("/subscriptions/3c3c//vaults", None),
            ("/subscriptions/3c3c/providers/Microsoft.KeyVault/vaults", None),
            ("move", None),
        ];
        for (id, expected) in cases {
            assert_eq!(resource_type(id).as_deref(), expected, "{id}");
        }
    }

    #[test]
    fn a_scope_holds_what_lies_below_it_and_a_management_group_whatever_shows_it() {
        let vault = format!("{GROUP}/providers/Microsoft.KeyVault/vaults/kv");

        for scope in [
            &vault,
            GROUP,
            "/SUBSCRIPTIONS/3c3c/",
            "/",
            "/providers/Microsoft.Management/managementGroups/all",
        ] {
            assert!(is_within(&vault, scope), "{scope}");
        }
        for scope in [
            "/subscriptions/3c3c/resourceGroups/r",
            "/subscriptions/4d4d",
            &format!("{vault}/secrets/s"),
        ] {
            assert!(!is_within(&vault, scope), "{scope}");
        }
    }
}

//! The operations by method and path, with the action that each of them is.

use super::assignment;
use super::call::Answer;
use super::call::Call;
use super::deleted;
use super::diagnostic;
use super::fault::Fault;
use super::group;
use super::name;
use super::policy;
use super::provider;
use super::resource;
use super::role;
use super::storage;
use super::subscription;
use super::vault;

/// One operation of the Resource Manager face as the documentation names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArmOperation {
    /// `GET`, `PUT`, ...
    pub method: &'static str,
    /// Without the slash in front, with `{name}` for what is open; `{scope}` and `{resource}` stand for a whole resource id.
    pub path: &'static str,
    /// What the caller's roles must permit; empty when the operation asks for none.
    pub action: &'static str,
}

/// All operations.
pub fn operations() -> impl Iterator<Item = ArmOperation> {
    ROUTES.iter().map(|route| ArmOperation {
        method: route.method,
        path: route.path,
        action: route.action,
    })
}

/// One operation.
pub struct Route {
    method: &'static str,
    path: &'static str,
    /// What the caller's roles must permit; empty when it asks for none.
    pub action: &'static str,
    /// Its rule.
    pub run: fn(&Call<'_>) -> Answer,
}

impl Route {
    /// The provider that answers, whose registration a change needs; empty for Resource Manager itself.
    pub fn namespace(&self) -> &'static str {
        let is_own = self.path.ends_with("register") || !self.path.contains("/providers/");
        let after = self.path.rsplit("/providers/").next().unwrap_or_default();
        if is_own { "" } else { after.split('/').next().unwrap_or_default() }
    }
}

const fn route(method: &'static str, path: &'static str, action: &'static str, run: fn(&Call<'_>) -> Answer) -> Route {
    Route { method, path, action, run }
}

macro_rules! below_subscription {
    ($rest:literal) => {
        concat!("subscriptions/{subscriptionId}", $rest)
    };
}
macro_rules! below_group {
    ($rest:literal) => {
        concat!("subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}", $rest)
    };
}
macro_rules! vault {
    ($rest:literal) => {
        concat!(
            "subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.KeyVault/vaults/{vaultName}",
            $rest
        )
    };
}
macro_rules! account {
    () => {
        "subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Storage/storageAccounts/{accountName}"
    };
}
macro_rules! deleted_vault {
    ($rest:literal) => {
        concat!(
            "subscriptions/{subscriptionId}/providers/Microsoft.KeyVault/locations/{location}/deletedVaults/{vaultName}",
            $rest
        )
    };
}

const GROUP_READ: &str = "Microsoft.Resources/subscriptions/resourceGroups/read";
const VAULT_READ: &str = "Microsoft.KeyVault/vaults/read";
const VAULT_WRITE: &str = "Microsoft.KeyVault/vaults/write";
const ACCOUNT_READ: &str = "Microsoft.Storage/storageAccounts/read";
const SETTING_READ: &str = "Microsoft.Insights/diagnosticSettings/read";
const ASSIGNMENT_READ: &str = "Microsoft.Authorization/roleAssignments/read";
const ROLE_READ: &str = "Microsoft.Authorization/roleDefinitions/read";

const ROUTES: &[Route] = &[
    route("GET", "tenants", "", subscription::tenants),
    route("GET", "subscriptions", "", subscription::list),
    route(
        "GET",
        below_subscription!(""),
        "Microsoft.Resources/subscriptions/read",
        subscription::read,
    ),
    route(
        "GET",
        below_subscription!("/locations"),
        "Microsoft.Resources/subscriptions/locations/read",
        subscription::locations,
    ),
    route(
        "GET",
        below_subscription!("/resources"),
        "Microsoft.Resources/subscriptions/resources/read",
        resource::list,
    ),
    route(
        "GET",
        below_subscription!("/providers"),
        "Microsoft.Resources/subscriptions/providers/read",
        provider::list,
    ),
    route(
        "GET",
        below_subscription!("/providers/{resourceProviderNamespace}"),
        "Microsoft.Resources/subscriptions/providers/read",
        provider::read,
    ),
    route(
        "POST",
        below_subscription!("/providers/{resourceProviderNamespace}/register"),
        "",
        provider::register,
    ),
    route(
        "POST",
        below_subscription!("/providers/{resourceProviderNamespace}/unregister"),
        "",
        provider::unregister,
    ),
    route("GET", below_subscription!("/resourceGroups"), GROUP_READ, group::list),
    route("GET", below_group!(""), GROUP_READ, group::read),
    route("HEAD", below_group!(""), GROUP_READ, group::is_there),
    route(
        "PUT",
        below_group!(""),
        "Microsoft.Resources/subscriptions/resourceGroups/write",
        group::put,
    ),
    route(
        "DELETE",
        below_group!(""),
        "Microsoft.Resources/subscriptions/resourceGroups/delete",
        group::delete,
    ),
    route(
        "GET",
        below_subscription!("/providers/Microsoft.KeyVault/vaults"),
        VAULT_READ,
        vault::list,
    ),
    route("GET", below_group!("/providers/Microsoft.KeyVault/vaults"), VAULT_READ, vault::list),
    route("GET", vault!(""), VAULT_READ, vault::read),
    route("PUT", vault!(""), VAULT_WRITE, vault::put),
    route("PATCH", vault!(""), VAULT_WRITE, vault::patch),
    route("DELETE", vault!(""), "Microsoft.KeyVault/vaults/delete", vault::delete),
    route(
        "PUT",
        vault!("/accessPolicies/{operationKind}"),
        "Microsoft.KeyVault/vaults/accessPolicies/write",
        policy::put,
    ),
    route(
        "POST",
        below_subscription!("/providers/Microsoft.KeyVault/checkNameAvailability"),
        "Microsoft.KeyVault/checkNameAvailability/read",
        name::vault,
    ),
    route(
        "GET",
        below_subscription!("/providers/Microsoft.KeyVault/deletedVaults"),
        "Microsoft.KeyVault/deletedVaults/read",
        deleted::list,
    ),
    route(
        "GET",
        deleted_vault!(""),
        "Microsoft.KeyVault/locations/deletedVaults/read",
        deleted::read,
    ),
    route(
        "POST",
        deleted_vault!("/purge"),
        "Microsoft.KeyVault/locations/deletedVaults/purge/action",
        deleted::purge,
    ),
    route(
        "POST",
        below_subscription!("/providers/Microsoft.Storage/checkNameAvailability"),
        "Microsoft.Storage/checkNameAvailability/read",
        name::account,
    ),
    route(
        "GET",
        below_subscription!("/providers/Microsoft.Storage/storageAccounts"),
        ACCOUNT_READ,
        storage::list,
    ),
    route(
        "GET",
        below_group!("/providers/Microsoft.Storage/storageAccounts"),
        ACCOUNT_READ,
        storage::list,
    ),
    route("GET", account!(), ACCOUNT_READ, storage::read),
    route("PUT", account!(), "Microsoft.Storage/storageAccounts/write", storage::put),
    route("DELETE", account!(), "Microsoft.Storage/storageAccounts/delete", storage::delete),
    route(
        "GET",
        below_subscription!("/providers/Microsoft.Storage/locations/{location}/asyncoperations/{operationId}"),
        "",
        storage::operation,
    ),
    route(
        "GET",
        "{resource}/providers/Microsoft.Insights/diagnosticSettings",
        SETTING_READ,
        diagnostic::list,
    ),
    route(
        "GET",
        "{resource}/providers/Microsoft.Insights/diagnosticSettings/{name}",
        SETTING_READ,
        diagnostic::read,
    ),
    route(
        "PUT",
        "{resource}/providers/Microsoft.Insights/diagnosticSettings/{name}",
        "Microsoft.Insights/diagnosticSettings/write",
        diagnostic::put,
    ),
    route(
        "DELETE",
        "{resource}/providers/Microsoft.Insights/diagnosticSettings/{name}",
        "Microsoft.Insights/diagnosticSettings/delete",
        diagnostic::delete,
    ),
    route(
        "GET",
        "{resource}/providers/Microsoft.Insights/diagnosticSettingsCategories",
        "Microsoft.Insights/diagnosticSettingsCategories/read",
        diagnostic::categories,
    ),
    route(
        "GET",
        "{resource}/providers/Microsoft.Insights/diagnosticSettingsCategories/{name}",
        "Microsoft.Insights/diagnosticSettingsCategories/read",
        diagnostic::category,
    ),
    route(
        "GET",
        "{scope}/providers/Microsoft.Authorization/roleAssignments",
        ASSIGNMENT_READ,
        assignment::list,
    ),
    route(
        "GET",
        "{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
        ASSIGNMENT_READ,
        assignment::read,
    ),
    route(
        "PUT",
        "{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
        "Microsoft.Authorization/roleAssignments/write",
        assignment::put,
    ),
    route(
        "DELETE",
        "{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
        "Microsoft.Authorization/roleAssignments/delete",
        assignment::delete,
    ),
    route(
        "GET",
        "{scope}/providers/Microsoft.Authorization/roleDefinitions",
        ROLE_READ,
        role::list,
    ),
    route(
        "GET",
        "{scope}/providers/Microsoft.Authorization/roleDefinitions/{roleDefinitionId}",
        ROLE_READ,
        role::read,
    ),
];

/// The operation at `path` and what stood at its open places. Paths are compared without case.
pub fn find(method: &str, path: &str) -> Result<(&'static Route, Vec<String>), Fault> {
    let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
    let at_path: Vec<_> = ROUTES
        .iter()
        .filter_map(|route| Some((route, captures(route.path, &segments)?)))
        .collect();
    if at_path.is_empty() {
        return Err(unknown(path));
    }
    let found = at_path.into_iter().find(|(route, _)| route.method == method);
    found.ok_or_else(|| {
        let message = format!("The requested resource does not support http method '{method}'.");
        Fault::new(405, "MethodNotAllowed", message)
    })
}

/// The subscription that a path names.
pub fn subscription_id(path: &str) -> Option<&str> {
    let mut segments = path.trim_matches('/').split('/');
    segments.next().filter(|root| root.eq_ignore_ascii_case("subscriptions"))?;
    segments.next()
}

/// The scope at which a call asks for its right: the resource itself, for an action what it is done to.
pub fn scope(method: &str, path: &str) -> String {
    let mut segments: Vec<&str> = path.trim_matches('/').split('/').collect();
    if method == "POST" {
        segments.pop();
        if segments.len() >= 2 && segments[segments.len() - 2].eq_ignore_ascii_case("providers") {
            segments.truncate(segments.len() - 2);
        }
    }
    format!("/{}", segments.join("/"))
}

fn captures(pattern: &str, segments: &[&str]) -> Option<Vec<String>> {
    let mut pattern: Vec<&str> = pattern.split('/').collect();
    let mut captured = Vec::new();
    let mut rest = segments;
    if matches!(pattern.first(), Some(&("{scope}" | "{resource}"))) {
        let length = (segments.len() + 1).checked_sub(pattern.len()).filter(|length| *length > 0)?;
        captured.push(segments[..length].join("/"));
        rest = &segments[length..];
        pattern.remove(0);
    }
    if pattern.len() != rest.len() {
        return None;
    }
    for (wanted, segment) in pattern.iter().zip(rest) {
        match wanted.starts_with('{') {
            true if segment.is_empty() => return None,
            true => captured.push((*segment).to_owned()),
            false if wanted.eq_ignore_ascii_case(segment) => {}
            false => return None,
        }
    }
    Some(captured)
}

fn unknown(path: &str) -> Fault {
    let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
    let provider = segments.iter().rposition(|segment| segment.eq_ignore_ascii_case("providers"));
    match provider.and_then(|at| segments.get(at + 1..)) {
        Some([namespace, types @ ..]) if !types.is_empty() => {
            let kind = types.iter().step_by(2).copied().collect::<Vec<_>>().join("/");
            let message = format!("The resource type '{kind}' could not be found in the namespace '{namespace}'.");
            Fault::new(404, "InvalidResourceType", message)
        }
        _ => Fault::new(
            404,
            "NotFound",
            format!("No HTTP resource was found that matches the path '{path}'."),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_a_whole_resource_id_and_case_does_not_matter() {
        let path =
            "/Subscriptions/s/resourcegroups/g/Providers/microsoft.keyvault/Vaults/v/providers/microsoft.authorization/roleassignments/a";

        let (route, captured) = find("GET", path).unwrap();

        assert_eq!(
            route.path,
            "{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}"
        );
        assert_eq!(
            captured,
            ["Subscriptions/s/resourcegroups/g/Providers/microsoft.keyvault/Vaults/v", "a"]
        );
    }

    #[test]
    fn the_provider_that_must_be_registered_is_the_last_that_the_path_names() {
        let namespace = |method, path| find(method, path).map(|(route, _)| route.namespace()).unwrap();

        assert_eq!(namespace("PUT", "subscriptions/s/resourceGroups/g"), "");
        assert_eq!(namespace("POST", "subscriptions/s/providers/Microsoft.KeyVault/register"), "");
        assert_eq!(
            namespace("PUT", "subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v"),
            "Microsoft.KeyVault"
        );
        assert_eq!(
            namespace("PUT", "subscriptions/s/x/y/providers/Microsoft.Insights/diagnosticSettings/d"),
            "Microsoft.Insights"
        );
    }

    #[test]
    fn a_wrong_method_is_told_from_a_wrong_path() {
        let fault = |method, path| format!("{:?}", find(method, path).map(|_| ()).unwrap_err());

        assert!(fault("POST", "subscriptions/s/resourceGroups/g").contains("405"));
        assert!(fault("GET", "subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/x").contains("InvalidResourceType"));
        assert!(fault("GET", "managementGroups").contains("404"));
    }
}

//! The operations by method and path, with the application permissions of which the caller needs one.

use super::applications;
use super::assignments;
use super::call::Answer;
use super::call::Call;
use super::credentials;
use super::fault::Fault;
use super::groups;
use super::invitations;
use super::licences;
use super::principals;
use super::roles;
use super::tenant;
use super::users;

/// One operation of the Graph face as the documentation names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GraphOperation {
    /// `GET`, `POST`, ...
    pub method: &'static str,
    /// Below the version, with `{}` for what is open. A key in parentheses counts as a segment of its own.
    pub path: &'static str,
    /// The application permissions of which the caller needs one.
    pub permissions: &'static [&'static str],
}

/// All operations but `POST $batch`, which only wraps them.
pub fn operations() -> impl Iterator<Item = GraphOperation> {
    ROUTES.iter().map(|route| GraphOperation {
        method: route.method,
        path: route.path,
        permissions: route.permissions,
    })
}

/// One operation.
pub struct Route {
    method: &'static str,
    path: &'static str,
    /// Any of these permits it.
    pub permissions: &'static [&'static str],
    /// Its rule.
    pub run: fn(&Call<'_>) -> Answer,
}

const ORGANIZATION_READ: &[&str] = &[
    "Organization.Read.All",
    "Organization.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
    "User.Read.All",
];
const DOMAIN_READ: &[&str] = &["Domain.Read.All", "Domain.ReadWrite.All", "Directory.Read.All"];
const CROSS_TENANT: &[&str] = &["CrossTenantInformation.ReadBasic.All"];
const APPLICATION_LIST: &[&str] = &[
    "Application.Read.All",
    "Application.ReadWrite.All",
    "Application.ReadWrite.OwnedBy",
    "Directory.Read.All",
];
const APPLICATION_READ: &[&str] = &[
    "Application.Read.All",
    "Application.ReadWrite.All",
    "Application.ReadWrite.OwnedBy",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
const APPLICATION_WRITE: &[&str] = &["Application.ReadWrite.All", "Application.ReadWrite.OwnedBy"];
const CREDENTIAL_WRITE: &[&str] = &[
    "Application.ReadWrite.All",
    "Application.ReadWrite.OwnedBy",
    "Directory.ReadWrite.All",
];
const CONSENT_WRITE: &[&str] = &["AppRoleAssignment.ReadWrite.All"];
const GRANT_READ: &[&str] = &[
    "DelegatedPermissionGrant.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
const INVITE: &[&str] = &["User.Invite.All", "User.ReadWrite.All", "Directory.ReadWrite.All"];
const USER_READ: &[&str] = &[
    "User.Read.All",
    "User.ReadBasic.All",
    "User.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
const USER_WRITE: &[&str] = &["User.ReadWrite.All", "Directory.ReadWrite.All"];
const USER_CHANGE: &[&str] = &[
    "User.ReadWrite.All",
    "User.EnableDisableAccount.All",
    "User.ManageIdentities.All",
    "Directory.ReadWrite.All",
];
const LICENCE_WRITE: &[&str] = &["LicenseAssignment.ReadWrite.All", "User.ReadWrite.All", "Directory.ReadWrite.All"];
const LICENCE_READ: &[&str] = &[
    "LicenseAssignment.Read.All",
    "User.Read.All",
    "User.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
const SKU_READ: &[&str] = &[
    "LicenseAssignment.Read.All",
    "Organization.Read.All",
    "Organization.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
const GROUP_READ: &[&str] = &[
    "GroupMember.Read.All",
    "Group.Read.All",
    "Group.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
const MEMBER_READ: &[&str] = &[
    "GroupMember.Read.All",
    "GroupMember.ReadWrite.All",
    "Group.Read.All",
    "Group.ReadWrite.All",
    "Directory.Read.All",
];
const DIRECTORY_READ: &[&str] = &["Directory.Read.All", "Directory.ReadWrite.All"];
const ROLE_READ: &[&str] = &[
    "RoleManagement.Read.Directory",
    "RoleManagement.ReadWrite.Directory",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];

const fn route(method: &'static str, path: &'static str, permissions: &'static [&'static str], run: fn(&Call<'_>) -> Answer) -> Route {
    Route {
        method,
        path,
        permissions,
        run,
    }
}

const ROUTES: &[Route] = &[
    route("GET", "organization", ORGANIZATION_READ, tenant::organizations),
    route("GET", "organization/{}", ORGANIZATION_READ, tenant::organization),
    route("GET", "domains", DOMAIN_READ, tenant::domains),
    route("GET", "domains/{}", DOMAIN_READ, tenant::domain),
    route(
        "GET",
        "tenantRelationships/findTenantInformationByDomainName/{}",
        CROSS_TENANT,
        tenant::find,
    ),
    route(
        "GET",
        "tenantRelationships/findTenantInformationByTenantId/{}",
        CROSS_TENANT,
        tenant::find,
    ),
    route("GET", "applications", APPLICATION_LIST, applications::list),
    route("POST", "applications", APPLICATION_WRITE, applications::create),
    route("GET", "applications/{}", APPLICATION_READ, applications::read),
    route("PATCH", "applications/{}", APPLICATION_WRITE, applications::update),
    route("DELETE", "applications/{}", APPLICATION_WRITE, applications::delete),
    route("POST", "applications/{}/addPassword", CREDENTIAL_WRITE, credentials::add_password),
    route(
        "POST",
        "applications/{}/removePassword",
        CREDENTIAL_WRITE,
        credentials::remove_password,
    ),
    route("GET", "servicePrincipals", APPLICATION_LIST, principals::list),
    route("POST", "servicePrincipals", CREDENTIAL_WRITE, principals::create),
    route("GET", "servicePrincipals/{}", APPLICATION_READ, principals::read),
    route("PATCH", "servicePrincipals/{}", CREDENTIAL_WRITE, principals::update),
    route("DELETE", "servicePrincipals/{}", CREDENTIAL_WRITE, principals::delete),
    route(
        "GET",
        "servicePrincipals/{}/appRoleAssignedTo",
        APPLICATION_READ,
        assignments::of_resource,
    ),
    route("POST", "servicePrincipals/{}/appRoleAssignedTo", CONSENT_WRITE, assignments::grant),
    route(
        "DELETE",
        "servicePrincipals/{}/appRoleAssignedTo/{}",
        CONSENT_WRITE,
        assignments::revoke,
    ),
    route(
        "GET",
        "servicePrincipals/{}/appRoleAssignments",
        APPLICATION_READ,
        assignments::of_client,
    ),
    route("POST", "servicePrincipals/{}/appRoleAssignments", CONSENT_WRITE, assignments::grant),
    route(
        "DELETE",
        "servicePrincipals/{}/appRoleAssignments/{}",
        CONSENT_WRITE,
        assignments::revoke,
    ),
    route(
        "GET",
        "servicePrincipals/{}/oauth2PermissionGrants",
        GRANT_READ,
        assignments::delegated,
    ),
    route("GET", "servicePrincipals/{}/memberOf", APPLICATION_READ, roles::of_principal),
    route(
        "GET",
        "servicePrincipals/{}/transitiveMemberOf",
        APPLICATION_READ,
        roles::of_principal,
    ),
    route("GET", "oauth2PermissionGrants", GRANT_READ, assignments::delegated),
    route("GET", "roleManagement/directory/roleAssignments", ROLE_READ, roles::assignments),
    route("GET", "directoryRoles", ROLE_READ, roles::list),
    route("POST", "invitations", INVITE, invitations::create),
    route("GET", "me", &[], users::me),
    route("GET", "users", USER_READ, users::list),
    route("POST", "users", USER_WRITE, users::create),
    route("GET", "users/{}", USER_READ, users::read),
    route("PATCH", "users/{}", USER_CHANGE, users::update),
    route("DELETE", "users/{}", USER_WRITE, users::delete),
    route("POST", "users/{}/assignLicense", LICENCE_WRITE, licences::assign),
    route("GET", "users/{}/licenseDetails", LICENCE_READ, licences::details),
    route("GET", "subscribedSkus", SKU_READ, licences::skus),
    route("GET", "groups", GROUP_READ, groups::list),
    route("GET", "groups/{}", GROUP_READ, groups::read),
    route("GET", "groups/{}/members", MEMBER_READ, groups::members),
    route("GET", "groups/{}/transitiveMembers", MEMBER_READ, groups::transitive_members),
    route("GET", "groups/{}/members/microsoft.graph.user", MEMBER_READ, groups::member_users),
    route(
        "GET",
        "groups/{}/transitiveMembers/microsoft.graph.user",
        MEMBER_READ,
        groups::transitive_member_users,
    ),
    route("POST", "directoryObjects/getByIds", DIRECTORY_READ, groups::directory_objects),
    route("GET", "directoryObjects/{}", DIRECTORY_READ, groups::directory_object),
];

/// The operation at `path` (below the version) and what stood at its open places.
pub fn find(method: &str, path: &str) -> Result<(&'static Route, Vec<String>), Fault> {
    let segments = segments(path);
    let at_path: Vec<_> = ROUTES
        .iter()
        .filter_map(|route| Some((route, captures(route.path, &segments)?)))
        .collect();
    if at_path.is_empty() {
        let last = segments.first().map_or("", String::as_str);
        return Err(Fault::bad_request(format!("Resource not found for the segment '{last}'.")));
    }
    let found = at_path.into_iter().find(|(route, _)| route.method == method);
    found.ok_or_else(|| {
        Fault::new(
            405,
            "Request_BadRequest",
            "Specified HTTP method is not allowed for the request target.",
        )
    })
}

fn captures(pattern: &str, segments: &[String]) -> Option<Vec<String>> {
    let pattern: Vec<&str> = pattern.split('/').collect();
    if pattern.len() != segments.len() {
        return None;
    }
    let mut captured = Vec::new();
    for (wanted, segment) in pattern.iter().zip(segments) {
        match *wanted {
            "{}" => captured.push(segment.clone()),
            name if name.eq_ignore_ascii_case(segment) => {}
            _ => return None,
        }
    }
    Some(captured)
}

/// The segments of a path; a key in parentheses becomes a segment of its own, an alternate key as `name=value`, and an action
/// loses its namespace.
fn segments(path: &str) -> Vec<String> {
    let mut segments = Vec::new();
    for segment in path.split('/') {
        match segment.strip_suffix(')').and_then(|open| open.split_once('(')) {
            Some((name, key)) => {
                segments.push(name.to_owned());
                segments.push(key.replace('\'', ""));
            }
            None => match segment.strip_prefix("microsoft.graph.") {
                Some(action) if action.ends_with("Password") || action == "assignLicense" => segments.push(action.to_owned()),
                _ => segments.push(segment.to_owned()),
            },
        }
    }
    segments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_in_parentheses_and_names_in_any_case_lead_to_the_same_operation() {
        let (route, captured) = find(
            "GET",
            "serviceprincipals(appId='00000002-0000-0ff1-ce00-000000000000')/appRoleAssignedTo",
        )
        .unwrap();

        assert_eq!(route.path, "servicePrincipals/{}/appRoleAssignedTo");
        assert_eq!(captured, ["appId=00000002-0000-0ff1-ce00-000000000000"]);
    }

    #[test]
    fn an_action_may_carry_its_namespace() {
        let (route, _) = find("POST", "applications/1/microsoft.graph.addPassword").unwrap();

        assert_eq!(route.path, "applications/{}/addPassword");
    }

    #[test]
    fn a_wrong_method_is_told_from_a_wrong_path() {
        let method = find("PUT", "users").map(|_| ()).unwrap_err();
        let path = find("GET", "mailboxes").map(|_| ()).unwrap_err();

        assert!(format!("{method:?}").contains("405"));
        assert!(format!("{path:?}").contains("segment 'mailboxes'"));
    }
}

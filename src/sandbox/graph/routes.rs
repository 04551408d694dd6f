//! The operations by method and path, each with the rights it asks for.

use super::applications;
use super::assignments;
use super::call::Answer;
use super::call::Call;
use super::credentials;
use super::fault::Fault;
use super::grants;
use super::groups;
use super::invitations;
use super::licences;
use super::memberships;
use super::needs::APPLICATION_CREATE;
use super::needs::APPLICATION_LIST;
use super::needs::APPLICATION_READ;
use super::needs::APPLICATION_WRITE;
use super::needs::CONSENT_WRITE;
use super::needs::CREDENTIAL_WRITE;
use super::needs::CROSS_TENANT;
use super::needs::DIRECTORY_READ;
use super::needs::DOMAIN_READ;
use super::needs::GRANT_READ;
use super::needs::GRANT_WRITE;
use super::needs::GROUP_READ;
use super::needs::INVITE;
use super::needs::LICENCE_READ;
use super::needs::LICENCE_WRITE;
use super::needs::ME;
use super::needs::MEMBER_READ;
use super::needs::MEMBERSHIP_READ;
use super::needs::MY_MEMBERSHIP;
use super::needs::ORGANIZATION_READ;
use super::needs::PRINCIPAL_CREATE;
use super::needs::ROLE_READ;
use super::needs::ROLE_WRITE;
use super::needs::SKU_READ;
use super::needs::USER_CHANGE;
use super::needs::USER_LIST;
use super::needs::USER_READ;
use super::needs::USER_WRITE;
use super::principals;
use super::rights::Rights;
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
    /// The application permissions of which an application needs one; none where only people may call.
    pub permissions: &'static [&'static str],
    /// The delegated permissions of which a client needs one to call for a person.
    pub delegated: &'static [&'static str],
    /// Those that are enough for the person's own object.
    pub own: &'static [&'static str],
}

/// All operations but `POST $batch`, which only wraps them.
pub fn operations() -> impl Iterator<Item = GraphOperation> {
    ROUTES.iter().map(|route| GraphOperation {
        method: route.method,
        path: route.path,
        permissions: route.rights.application,
        delegated: route.rights.delegated,
        own: route.rights.own,
    })
}

/// One operation.
pub struct Route {
    method: &'static str,
    path: &'static str,
    /// Who may use it.
    pub rights: Rights,
    /// Its rule.
    pub run: fn(&Call<'_>) -> Answer,
}

const fn route(method: &'static str, path: &'static str, rights: Rights, run: fn(&Call<'_>) -> Answer) -> Route {
    Route { method, path, rights, run }
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
    route("POST", "applications", APPLICATION_CREATE, applications::create),
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
    route("POST", "servicePrincipals", PRINCIPAL_CREATE, principals::create),
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
    route("GET", "servicePrincipals/{}/oauth2PermissionGrants", GRANT_READ, grants::of_client),
    route("GET", "servicePrincipals/{}/memberOf", APPLICATION_READ, memberships::of_principal),
    route(
        "GET",
        "servicePrincipals/{}/transitiveMemberOf",
        APPLICATION_READ,
        memberships::of_principal,
    ),
    route("GET", "oauth2PermissionGrants", GRANT_READ, grants::list),
    route("POST", "oauth2PermissionGrants", GRANT_WRITE, grants::create),
    route("GET", "oauth2PermissionGrants/{}", GRANT_READ, grants::read),
    route("PATCH", "oauth2PermissionGrants/{}", GRANT_WRITE, grants::update),
    route("DELETE", "oauth2PermissionGrants/{}", GRANT_WRITE, grants::delete),
    route("GET", "roleManagement/directory/roleAssignments", ROLE_READ, roles::assignments),
    route("POST", "roleManagement/directory/roleAssignments", ROLE_WRITE, roles::assign),
    route("GET", "roleManagement/directory/roleAssignments/{}", ROLE_READ, roles::assignment),
    route("DELETE", "roleManagement/directory/roleAssignments/{}", ROLE_WRITE, roles::revoke),
    route("GET", "roleManagement/directory/roleDefinitions", ROLE_READ, roles::definitions),
    route("GET", "roleManagement/directory/roleDefinitions/{}", ROLE_READ, roles::definition),
    route("GET", "directoryRoles", ROLE_READ, roles::list),
    route("GET", "directoryRoles/{}", ROLE_READ, roles::read),
    route("GET", "directoryRoles/{}/members", ROLE_READ, roles::members),
    route("POST", "invitations", INVITE, invitations::create),
    route("GET", "me", ME, users::me),
    route("GET", "me/memberOf", MY_MEMBERSHIP, memberships::mine),
    route(
        "GET",
        "me/memberOf/microsoft.graph.directoryRole",
        MY_MEMBERSHIP,
        memberships::my_roles,
    ),
    route("GET", "me/transitiveMemberOf", MY_MEMBERSHIP, memberships::mine),
    route(
        "GET",
        "me/transitiveMemberOf/microsoft.graph.directoryRole",
        MY_MEMBERSHIP,
        memberships::my_roles,
    ),
    route("GET", "users", USER_LIST, users::list),
    route("POST", "users", USER_WRITE, users::create),
    route("GET", "users/{}", USER_READ, users::read),
    route("PATCH", "users/{}", USER_CHANGE, users::update),
    route("DELETE", "users/{}", USER_WRITE, users::delete),
    route("GET", "users/{}/memberOf", MEMBERSHIP_READ, memberships::of_user),
    route(
        "GET",
        "users/{}/memberOf/microsoft.graph.directoryRole",
        MEMBERSHIP_READ,
        memberships::roles_of_user,
    ),
    route("GET", "users/{}/transitiveMemberOf", MEMBERSHIP_READ, memberships::of_user),
    route(
        "GET",
        "users/{}/transitiveMemberOf/microsoft.graph.directoryRole",
        MEMBERSHIP_READ,
        memberships::roles_of_user,
    ),
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

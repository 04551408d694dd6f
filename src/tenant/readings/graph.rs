//! What Microsoft Graph can be asked.

use super::Reading;

const USER: &str = "id,userPrincipalName,displayName,givenName,surname,mail,mailNickname,userType,accountEnabled,usageLocation,\
assignedLicenses,assignedPlans,licenseAssignmentStates,proxyAddresses,onPremisesSyncEnabled,onPremisesImmutableId,externalUserState,\
department,jobTitle,companyName,createdDateTime";
const SERVICE_PRINCIPAL: &str = "id,appId,displayName,appOwnerOrganizationId,accountEnabled,servicePrincipalType,appRoles,\
verifiedPublisher,oauth2PermissionScopes";

pub(super) static READINGS: &[Reading] = &[
    Reading::graph_filtered(
        "get_organization",
        "tenant",
        "/organization",
        "Reads name, id and verified domains of the tenant.",
    )
    .only()
    .needing("Organization.Read.All"),
    Reading::graph_filtered("find_domains", "domain", "/domains", "Lists the tenant's domains.").needing("Domain.Read.All"),
    Reading::graph_one(
        "get_application",
        "application",
        "/applications/{id}",
        "Reads one application registration by its application id or object id.",
    )
    .or_by("/applications(appId='{id}')")
    .needing("Application.Read.All"),
    Reading::graph_filtered(
        "find_applications",
        "application",
        "/applications",
        "Finds the application registrations that a filter selects.",
    )
    .paged()
    .needing("Application.Read.All"),
    Reading::graph_one(
        "get_service_principal",
        "service principal",
        "/servicePrincipals/{id}",
        "Reads one service principal by its application id or object id.",
    )
    .or_by("/servicePrincipals(appId='{id}')")
    .selecting(SERVICE_PRINCIPAL)
    .needing("Application.Read.All"),
    Reading::graph_filtered(
        "find_service_principals",
        "service principal",
        "/servicePrincipals",
        "Finds the service principals that a filter selects.",
    )
    .selecting(SERVICE_PRINCIPAL)
    .paged()
    .needing("Application.Read.All"),
    Reading::graph_parts(
        "find_app_role_assignments",
        "app role assignment",
        "/servicePrincipals/{id}/appRoleAssignments",
        "Lists the application permissions that a service principal (by its object id) holds.",
    )
    .needing("Application.Read.All"),
    Reading::graph_parts(
        "find_delegated_grants",
        "delegated grant",
        "/servicePrincipals/{id}/oauth2PermissionGrants",
        "Lists the delegated permissions that a service principal (by its object id) was granted.",
    )
    .needing("Directory.Read.All"),
    Reading::graph_one(
        "get_entra_user",
        "Entra user",
        "/users/{id}",
        "Reads one user as Entra sees it, with licences and user type.",
    )
    .selecting(USER)
    .needing("User.Read.All"),
    Reading::graph_filtered(
        "find_entra_users",
        "Entra user",
        "/users",
        "Finds the Entra users that a filter selects.",
    )
    .selecting(USER)
    .paged()
    .needing("User.Read.All"),
    Reading::graph_parts(
        "find_licence_details",
        "licence",
        "/users/{id}/licenseDetails",
        "Lists a user's licences with their service plans.",
    )
    .needing("User.Read.All"),
    Reading::graph_filtered(
        "find_subscribed_skus",
        "subscription",
        "/subscribedSkus",
        "Lists the licences that the tenant owns, with free and used seats.",
    )
    .plain("")
    .needing("LicenseAssignment.Read.All"),
    Reading::graph_filtered(
        "find_entra_groups",
        "Entra group",
        "/groups",
        "Finds the groups that a filter selects, as Entra sees them.",
    )
    .paged()
    .needing("Group.Read.All"),
    Reading::graph_parts(
        "find_entra_group_members",
        "group member",
        "/groups/{id}/members",
        "Lists the direct members of a group, as Entra sees them.",
    )
    .paged()
    .needing("GroupMember.Read.All"),
];

//! Delegated permissions: what an application may do for a person who signed in to it, resource by resource.

use super::ids;

/// One delegated permission of a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope {
    /// As tokens name it, such as `User.Read`.
    pub value: &'static str,
    /// Its id.
    pub id: &'static str,
    /// Whether only an administrator may consent to it.
    pub needs_admin: bool,
    /// As a consent page shows it.
    pub display_name: &'static str,
}

const fn of_users(value: &'static str, id: &'static str, display_name: &'static str) -> Scope {
    Scope {
        value,
        id,
        needs_admin: false,
        display_name,
    }
}

const fn of_admins(value: &'static str, id: &'static str, display_name: &'static str) -> Scope {
    Scope {
        value,
        id,
        needs_admin: true,
        display_name,
    }
}

const GRAPH: &[Scope] = &[
    of_admins(
        "AppRoleAssignment.ReadWrite.All",
        "84bccea3-f856-4a8a-967b-dbe0a3d53a64",
        "Manage app permission grants and app role assignments",
    ),
    of_admins("Application.Read.All", "c79f8feb-a9db-4090-85f9-90d820caa0eb", "Read applications"),
    of_admins(
        "Application.ReadWrite.All",
        "bdfbf15f-ee85-4955-8675-146e8e5296b5",
        "Read and write all applications",
    ),
    of_admins(
        "CrossTenantInformation.ReadBasic.All",
        "81594d25-e88e-49cf-ac8c-fecbff49f994",
        "Read cross-tenant basic information",
    ),
    of_admins(
        "DelegatedPermissionGrant.ReadWrite.All",
        "41ce6ca6-6826-4807-84f1-1c82854f7ee5",
        "Manage all delegated permission grants",
    ),
    of_admins(
        "Directory.AccessAsUser.All",
        "0e263e50-5827-48a4-b97c-d940288653c7",
        "Access directory as the signed in user",
    ),
    of_admins("Directory.Read.All", "06da0dbc-49e2-44d2-8312-53f166ab848a", "Read directory data"),
    of_admins(
        "Directory.ReadWrite.All",
        "c5366453-9fb0-48a5-a156-24f0c49a4b84",
        "Read and write directory data",
    ),
    of_admins("Domain.Read.All", "2f9ee017-59c1-4f1d-9472-bd5529a7b311", "Read domains"),
    of_admins(
        "Domain.ReadWrite.All",
        "0b5d694c-a244-4bde-86e6-eb5cd07730fe",
        "Read and write domains",
    ),
    of_admins("Group.Read.All", "5f8c59db-677d-491f-a6b8-5f174b11ec1d", "Read all groups"),
    of_admins(
        "Group.ReadWrite.All",
        "4e46008b-f24c-477d-8fff-7bb4ec7aafe0",
        "Read and write all groups",
    ),
    of_admins(
        "GroupMember.Read.All",
        "bc024368-1153-4739-b217-4326f2e966d0",
        "Read group memberships",
    ),
    of_admins(
        "GroupMember.ReadWrite.All",
        "f81125ac-d3b7-4573-a3b2-7099cc39df9e",
        "Read and write group memberships",
    ),
    of_users(
        "LicenseAssignment.Read.All",
        "f395577a-0960-456b-979f-7228de0c5996",
        "Read all license assignments",
    ),
    of_admins(
        "LicenseAssignment.ReadWrite.All",
        "f55016cc-149c-447e-8f21-7cf3ec1d6350",
        "Manage all license assignments",
    ),
    of_admins(
        "Organization.Read.All",
        "4908d5b9-3fb2-4b1e-9336-1888b7937185",
        "Read organization information",
    ),
    of_admins(
        "Organization.ReadWrite.All",
        "46ca0847-7e6b-426e-9775-ea810a948356",
        "Read and write organization information",
    ),
    of_admins(
        "RoleManagement.Read.All",
        "48fec646-b2ba-4019-8681-8eb31435aded",
        "Read role management data for all RBAC providers",
    ),
    of_admins(
        "RoleManagement.Read.Directory",
        "741c54c3-0c1e-44a1-818b-3f97ab4e8c83",
        "Read directory RBAC settings",
    ),
    of_admins(
        "RoleManagement.ReadWrite.Directory",
        "d01b97e9-cbc0-49fe-810a-750afd5527a3",
        "Read and write directory RBAC settings",
    ),
    of_admins(
        "User.EnableDisableAccount.All",
        "f92e74e7-2563-467f-9dd0-902688cb5863",
        "Enable and disable user accounts",
    ),
    of_admins(
        "User.Invite.All",
        "63dd7cd9-b489-4adf-a28c-ac38b9a0f962",
        "Invite guest users to the organization",
    ),
    of_admins(
        "User.ManageIdentities.All",
        "637d7bec-b31e-4deb-acc9-24275642a2c9",
        "Manage user identities",
    ),
    of_users("User.Read", "e1fe6dd8-ba31-4d61-89e7-88639da4683d", "Sign in and read user profile"),
    of_admins(
        "User.Read.All",
        "a154be20-db9c-4678-8ab7-66f6cc099a59",
        "Read all users' full profiles",
    ),
    of_users(
        "User.ReadBasic.All",
        "b340eb25-3456-403f-be2f-af7a0d370277",
        "Read all users' basic profiles",
    ),
    of_users(
        "User.ReadWrite",
        "b4e74841-8e56-480b-be8b-910348b18b4c",
        "Read and write access to user profile",
    ),
    of_admins(
        "User.ReadWrite.All",
        "204e0828-b5ca-4ad8-b9f3-f32a958e7cc4",
        "Read and write all users' full profiles",
    ),
    of_users("email", "64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0", "View users' email address"),
    of_users(
        "offline_access",
        "7427e0e9-2fba-42fe-b0c0-848c9e6a8182",
        "Maintain access to data you have given it access to",
    ),
    of_users("openid", "37f7f235-527c-4136-accd-4a02d197296e", "Sign users in"),
    of_users("profile", "14dad69e-099b-42c9-810b-d002981feec1", "View users' basic profile"),
];

const EXCHANGE: &[Scope] = &[of_admins(
    "Exchange.Manage",
    "ab4f2b77-0b06-4fc1-a9de-02113fc2ab7c",
    "Manage Exchange configuration",
)];

const ARM: &[Scope] = &[of_users(
    "user_impersonation",
    "41094075-9dad-400e-a0bd-54e686782033",
    "Access Azure Resource Manager as organization users",
)];

const KEY_VAULT: &[Scope] = &[of_users(
    "user_impersonation",
    "f53da476-18e3-4152-8e01-aec403e6edc0",
    "Have full access to the Azure Key Vault service",
)];

const STORAGE: &[Scope] = &[of_users(
    "user_impersonation",
    "03e0da56-190b-40ad-a80c-ea378c433f7f",
    "Access Azure Storage",
)];

/// All delegated permissions of the resource application.
pub fn of_resource(resource_app_id: &str) -> &'static [Scope] {
    match resource_app_id {
        ids::GRAPH => GRAPH,
        ids::EXCHANGE => EXCHANGE,
        ids::ARM => ARM,
        ids::KEY_VAULT => KEY_VAULT,
        ids::STORAGE => STORAGE,
        _ => &[],
    }
}

/// The resource's delegated permission of that name, without case, or with that id.
pub fn scope(resource_app_id: &str, value_or_id: &str) -> Option<&'static Scope> {
    let all = of_resource(resource_app_id).iter();
    all.into_iter()
        .find(|scope| scope.id == value_or_id || scope.value.eq_ignore_ascii_case(value_or_id))
}

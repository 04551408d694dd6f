//! What the operations ask of their callers: the published permissions, and who among people may.

use super::rights::People;
use super::rights::People::Everybody;
use super::rights::People::Holders;
use super::rights::People::Owners;
use super::rights::Rights;
use super::rights::both;
use crate::sandbox::ids;

/// To read the organization.
pub const ORGANIZATION_READ: Rights = both(&[
    "Organization.Read.All",
    "Organization.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
    "User.Read.All",
])
.delegated(&[
    "Organization.Read.All",
    "Organization.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
    "User.Read.All",
    "User.Read",
])
.people(Everybody);
/// To read its domains.
pub const DOMAIN_READ: Rights = both(&["Domain.Read.All", "Domain.ReadWrite.All", "Directory.Read.All"]);
/// To look up another tenant.
pub const CROSS_TENANT: Rights = both(&["CrossTenantInformation.ReadBasic.All"]);
/// To list applications and principals.
pub const APPLICATION_LIST: Rights = both(&[
    "Application.Read.All",
    "Application.ReadWrite.All",
    "Application.ReadWrite.OwnedBy",
    "Directory.Read.All",
])
.delegated(APPLICATION_READERS);
/// To read one of them.
pub const APPLICATION_READ: Rights = both(&[
    "Application.Read.All",
    "Application.ReadWrite.All",
    "Application.ReadWrite.OwnedBy",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
])
.delegated(APPLICATION_READERS);
const APPLICATION_READERS: &[&str] = &[
    "Application.Read.All",
    "Application.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
/// To make an application. Whoever does becomes its owner, so that members may make some.
pub const APPLICATION_CREATE: Rights =
    both(&["Application.ReadWrite.All", "Application.ReadWrite.OwnedBy"]).delegated(&["Application.ReadWrite.All"]);
/// To change an application.
pub const APPLICATION_WRITE: Rights = APPLICATION_CREATE.people(Owners(APPLICATION_ADMINISTRATORS));
/// To change secrets, and principals.
pub const CREDENTIAL_WRITE: Rights = both(&[
    "Application.ReadWrite.All",
    "Application.ReadWrite.OwnedBy",
    "Directory.ReadWrite.All",
])
.delegated(&["Application.ReadWrite.All", "Directory.ReadWrite.All"])
.people(Owners(APPLICATION_ADMINISTRATORS));
/// To make a principal; the rule asks whether a member owns the application behind the principal.
pub const PRINCIPAL_CREATE: Rights = CREDENTIAL_WRITE.people(People::Members);
/// To grant and revoke app roles; the rule asks more of who grants permissions of Graph itself.
pub const CONSENT_WRITE: Rights = both(&["AppRoleAssignment.ReadWrite.All"]).people(Holders(CONSENTING));
/// To read delegated grants.
pub const GRANT_READ: Rights = both(&[
    "DelegatedPermissionGrant.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
]);
/// To make and change them.
pub const GRANT_WRITE: Rights = both(&["DelegatedPermissionGrant.ReadWrite.All", "Directory.ReadWrite.All"]).people(Holders(CONSENTING));
/// To invite guests.
pub const INVITE: Rights = both(&["User.Invite.All", "User.ReadWrite.All", "Directory.ReadWrite.All"]).people(Everybody);
/// To list people.
pub const USER_LIST: Rights = both(&[
    "User.Read.All",
    "User.ReadBasic.All",
    "User.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
]);
/// To read one of them.
pub const USER_READ: Rights = USER_LIST.own(&["User.Read", "User.ReadWrite"]);
/// To make and remove people.
pub const USER_WRITE: Rights = both(&["User.ReadWrite.All", "Directory.ReadWrite.All"]).people(Holders(&[ids::USER_ADMINISTRATOR]));
/// To change one of them.
pub const USER_CHANGE: Rights = both(&[
    "User.ReadWrite.All",
    "User.EnableDisableAccount.All",
    "User.ManageIdentities.All",
    "Directory.ReadWrite.All",
])
.people(Holders(&[ids::USER_ADMINISTRATOR]));
/// To give and take licences.
pub const LICENCE_WRITE: Rights = both(&["LicenseAssignment.ReadWrite.All", "User.ReadWrite.All", "Directory.ReadWrite.All"])
    .people(Holders(&[ids::LICENSE_ADMINISTRATOR, ids::USER_ADMINISTRATOR]));
/// To read who has which.
pub const LICENCE_READ: Rights = both(&[
    "LicenseAssignment.Read.All",
    "User.Read.All",
    "User.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
])
.own(&["User.Read"]);
/// To read what was bought.
pub const SKU_READ: Rights = both(&[
    "LicenseAssignment.Read.All",
    "Organization.Read.All",
    "Organization.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
]);
/// To read groups.
pub const GROUP_READ: Rights = both(&[
    "GroupMember.Read.All",
    "Group.Read.All",
    "Group.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
]);
/// To read their members.
pub const MEMBER_READ: Rights = both(&[
    "GroupMember.Read.All",
    "GroupMember.ReadWrite.All",
    "Group.Read.All",
    "Group.ReadWrite.All",
    "Directory.Read.All",
]);
/// To read any object.
pub const DIRECTORY_READ: Rights = both(&["Directory.Read.All", "Directory.ReadWrite.All"]);
/// To read what somebody is a member of.
pub const MEMBERSHIP_READ: Rights = both(&["Directory.Read.All", "Directory.ReadWrite.All"])
    .delegated(&["GroupMember.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"])
    .own(&["User.Read"]);
/// To read directory roles and who holds them.
pub const ROLE_READ: Rights = both(&[
    "RoleManagement.Read.Directory",
    "RoleManagement.ReadWrite.Directory",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
]);
/// To give and take them.
pub const ROLE_WRITE: Rights = both(&["RoleManagement.ReadWrite.Directory"]).people(Holders(&[ids::PRIVILEGED_ROLE_ADMINISTRATOR]));
/// To read oneself.
pub const ME: Rights = both(&[])
    .delegated(&[
        "User.Read",
        "User.ReadWrite",
        "User.Read.All",
        "User.ReadBasic.All",
        "User.ReadWrite.All",
        "Directory.Read.All",
        "Directory.ReadWrite.All",
    ])
    .people(Everybody);
/// To read what oneself is a member of.
pub const MY_MEMBERSHIP: Rights = ME.delegated(&["User.Read", "GroupMember.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"]);

/// Those who may change any application.
const APPLICATION_ADMINISTRATORS: &[&str] = &[ids::APPLICATION_ADMINISTRATOR, ids::CLOUD_APPLICATION_ADMINISTRATOR];
/// Those who may consent for the tenant.
const CONSENTING: &[&str] = &[
    ids::PRIVILEGED_ROLE_ADMINISTRATOR,
    ids::APPLICATION_ADMINISTRATOR,
    ids::CLOUD_APPLICATION_ADMINISTRATOR,
];

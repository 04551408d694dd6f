//! What app roles let an application do, in a line: as consent pages and administrators read it.

use super::ids;

/// App roles of Exchange: value and display name. Published for the first two; the others in our words.
const EXCHANGE: &[(&str, &str)] = &[
    ("Mailbox.Migration", "Move mailboxes between organizations"),
    ("Exchange.ManageAsApp", "Manage Exchange As Application"),
    ("full_access_as_app", "Use Exchange Web Services with full access to all mailboxes"),
    ("MailboxSettings.Read", "Read all user mailbox settings"),
    ("MailboxSettings.ReadWrite", "Read and write all user mailbox settings"),
    ("Organization.Read.All", "Read organization information"),
    ("Organization.ReadWrite.All", "Read and write organization information"),
    ("User.Read.All", "Read all users' full profiles"),
    ("User.ReadBasic.All", "Read all users' basic profiles"),
    ("IMAP.AccessAsApp", "Read and write all mailboxes by IMAP"),
    ("POP.AccessAsApp", "Read and delete mail of all mailboxes by POP"),
];

/// App roles of Graph: value and display name, as published.
const GRAPH: &[(&str, &str)] = &[
    (
        "AppRoleAssignment.ReadWrite.All",
        "Manage app permission grants and app role assignments",
    ),
    ("Application.Read.All", "Read all applications"),
    ("Application.ReadWrite.All", "Read and write all applications"),
    ("Application.ReadWrite.OwnedBy", "Manage apps that this app creates or owns"),
    ("CrossTenantInformation.ReadBasic.All", "Read cross-tenant basic information"),
    ("DelegatedPermissionGrant.ReadWrite.All", "Manage all delegated permission grants"),
    ("Directory.Read.All", "Read directory data"),
    ("Directory.ReadWrite.All", "Read and write directory data"),
    ("Domain.Read.All", "Read domains"),
    ("Domain.ReadWrite.All", "Read and write domains"),
    ("Group.Read.All", "Read all groups"),
    ("Group.ReadWrite.All", "Read and write all groups"),
    ("GroupMember.Read.All", "Read all group memberships"),
    ("GroupMember.ReadWrite.All", "Read and write all group memberships"),
    ("LicenseAssignment.Read.All", "Read all license assignments"),
    ("LicenseAssignment.ReadWrite.All", "Manage all license assignments"),
    ("Organization.Read.All", "Read organization information"),
    ("Organization.ReadWrite.All", "Read and write organization information"),
    ("RoleManagement.Read.All", "Read role management data for all RBAC providers"),
    ("RoleManagement.Read.Directory", "Read all directory RBAC settings"),
    ("RoleManagement.ReadWrite.Directory", "Read and write all directory RBAC settings"),
    ("User.EnableDisableAccount.All", "Enable and disable user accounts"),
    ("User.Invite.All", "Invite guest users to the organization"),
    ("User.ManageIdentities.All", "Manage all users' identities"),
    ("User.Read.All", "Read all users' full profiles"),
    ("User.ReadBasic.All", "Read all users' basic profiles"),
    ("User.ReadWrite.All", "Read and write all users' full profiles"),
];

/// The display name of a resource's app role; its value where it has none.
pub fn of<'a>(resource_app_id: &str, value: &'a str) -> &'a str {
    let names = if resource_app_id == ids::EXCHANGE { EXCHANGE } else { GRAPH };
    names.iter().find(|(known, _)| *known == value).map_or(value, |(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_app_role_is_told_in_words() {
        for (resource, roles) in [(ids::EXCHANGE, ids::EXCHANGE_ROLES), (ids::GRAPH, ids::GRAPH_ROLES)] {
            for (value, _) in roles {
                assert_ne!(of(resource, value), *value);
            }
        }
    }
}

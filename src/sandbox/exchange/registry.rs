//! All cmdlets the sandbox knows.

use crate::sandbox::exchange::Cmdlet;
use crate::sandbox::exchange::endpoint;
use crate::sandbox::exchange::group;
use crate::sandbox::exchange::mail_user;
use crate::sandbox::exchange::mailbox;
use crate::sandbox::exchange::organization;
use crate::sandbox::exchange::permission;
use crate::sandbox::exchange::relationship;
use crate::sandbox::exchange::role_group;
use crate::sandbox::exchange::roles;
use crate::sandbox::exchange::user;
use crate::sandbox::migration;

/// Every cmdlet, noun by noun.
pub fn cmdlets() -> impl Iterator<Item = &'static Cmdlet> {
    let nouns: [&'static [Cmdlet]; 11] = [
        mail_user::CMDLETS,
        mailbox::CMDLETS,
        user::CMDLETS,
        group::CMDLETS,
        permission::CMDLETS,
        organization::CMDLETS,
        relationship::CMDLETS,
        endpoint::CMDLETS,
        roles::CMDLETS,
        role_group::CMDLETS,
        migration::CMDLETS,
    ];
    nouns.into_iter().flatten()
}

/// The cmdlet of that name, without case.
pub fn cmdlet(name: &str) -> Option<&'static Cmdlet> {
    cmdlets().find(|cmdlet| cmdlet.name.eq_ignore_ascii_case(name))
}

/// Whether the cmdlet asks before it acts.
pub fn is_high_impact(name: &str) -> bool {
    const HIGH: &[&str] = &[
        "Remove-MailUser",
        "Set-User",
        "Remove-OrganizationRelationship",
        "Remove-MigrationEndpoint",
        "Stop-MigrationBatch",
        "Complete-MigrationBatch",
        "Remove-MigrationBatch",
        "Remove-MigrationUser",
        "Remove-MoveRequest",
        "Suspend-MoveRequest",
        "Remove-DistributionGroup",
        "Remove-DistributionGroupMember",
        "Remove-MailboxPermission",
        "Add-RecipientPermission",
        "Remove-RecipientPermission",
        "Remove-RoleGroup",
        "Remove-RoleGroupMember",
    ];
    HIGH.contains(&name)
}

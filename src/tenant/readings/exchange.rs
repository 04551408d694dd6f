//! What Exchange can be asked.

use super::Reading;

const ORGANIZATION: &str = "View-Only Configuration";
const MIGRATION: &str = "Migration";

pub(super) static READINGS: &[Reading] = &[
    Reading::one(
        "get_organization_config",
        "organization",
        "Get-OrganizationConfig",
        "Reads the organization's settings, such as `IsDehydrated`.",
    )
    .only()
    .needing(ORGANIZATION),
    Reading::filtered(
        "find_accepted_domains",
        "accepted domain",
        "Get-AcceptedDomain",
        "Lists the accepted domains.",
    )
    .plain("")
    .needing(ORGANIZATION),
    Reading::one("get_mailbox", "mailbox", "Get-Mailbox", "Reads one mailbox."),
    Reading::filtered(
        "find_mailboxes",
        "mailbox",
        "Get-Mailbox",
        "Finds the mailboxes that an OPATH filter selects.",
    ),
    Reading::filtered(
        "find_soft_deleted_mailboxes",
        "mailbox",
        "Get-Mailbox",
        "Finds mailboxes that were deleted and can still be restored.",
    )
    .switched(&["SoftDeletedMailbox"]),
    Reading::filtered(
        "find_inactive_mailboxes",
        "mailbox",
        "Get-Mailbox",
        "Finds deleted mailboxes that a hold keeps.",
    )
    .switched(&["InactiveMailboxOnly"]),
    Reading::one(
        "get_mailbox_statistics",
        "mailbox statistics",
        "Get-MailboxStatistics",
        "Reads sizes and item counts of one mailbox.",
    )
    .unverifiable(),
    Reading::one(
        "get_archive_statistics",
        "mailbox statistics",
        "Get-MailboxStatistics",
        "Reads sizes and item counts of one mailbox's archive.",
    )
    .switched(&["Archive"])
    .unverifiable(),
    Reading::one("get_mailuser", "MailUser", "Get-MailUser", "Reads one MailUser."),
    Reading::filtered(
        "find_mailusers",
        "MailUser",
        "Get-MailUser",
        "Finds the MailUsers that an OPATH filter selects.",
    ),
    Reading::filtered(
        "find_soft_deleted_mailusers",
        "MailUser",
        "Get-MailUser",
        "Finds MailUsers that were deleted and can still be restored.",
    )
    .switched(&["SoftDeletedMailUser"]),
    Reading::one("get_recipient", "recipient", "Get-Recipient", "Reads one recipient of any type."),
    Reading::filtered(
        "find_recipients",
        "recipient",
        "Get-Recipient",
        "Finds the recipients of any type that an OPATH filter selects.",
    ),
    Reading::filtered(
        "find_recipients_and_soft_deleted",
        "recipient",
        "Get-Recipient",
        "Finds recipients of any type, those included that were deleted and still hold their addresses.",
    )
    .switched(&["IncludeSoftDeletedRecipients"]),
    Reading::one(
        "get_user",
        "user",
        "Get-User",
        "Reads one user as Exchange sees it, with first and last name.",
    ),
    Reading::filtered(
        "find_users",
        "user",
        "Get-User",
        "Finds the users that an OPATH filter selects, as Exchange sees them.",
    ),
    Reading::one(
        "get_group",
        "group",
        "Get-DistributionGroup",
        "Reads one distribution or mail-enabled security group.",
    ),
    Reading::filtered(
        "find_groups",
        "group",
        "Get-DistributionGroup",
        "Finds the distribution and mail-enabled security groups that an OPATH filter selects.",
    ),
    Reading::parts(
        "find_group_members",
        "group member",
        "Get-DistributionGroupMember",
        "Lists the direct members of a group.",
    ),
    Reading::parts(
        "find_mailbox_permissions",
        "mailbox permission",
        "Get-MailboxPermission",
        "Lists who may open a mailbox.",
    ),
    Reading::parts(
        "find_recipient_permissions",
        "recipient permission",
        "Get-RecipientPermission",
        "Lists who may send as a recipient.",
    ),
    Reading::one(
        "get_organization_relationship",
        "organization relationship",
        "Get-OrganizationRelationship",
        "Reads one organization relationship.",
    )
    .needing(ORGANIZATION),
    Reading::filtered(
        "find_organization_relationships",
        "organization relationship",
        "Get-OrganizationRelationship",
        "Lists the organization relationships.",
    )
    .unbounded()
    .plain("")
    .needing(ORGANIZATION),
    Reading::one(
        "get_migration_endpoint",
        "migration endpoint",
        "Get-MigrationEndpoint",
        "Reads one migration endpoint.",
    )
    .needing(MIGRATION),
    Reading::filtered(
        "find_migration_endpoints",
        "migration endpoint",
        "Get-MigrationEndpoint",
        "Lists the migration endpoints.",
    )
    .unbounded()
    .plain("")
    .needing(MIGRATION),
    Reading::one(
        "get_migration_batch",
        "migration batch",
        "Get-MigrationBatch",
        "Reads one migration batch.",
    )
    .needing(MIGRATION),
    Reading::filtered(
        "find_migration_batches",
        "migration batch",
        "Get-MigrationBatch",
        "Lists the migration batches; a plain text selects those of that endpoint.",
    )
    .plain("Endpoint")
    .needing(MIGRATION),
    Reading::one(
        "get_migration_user",
        "migration user",
        "Get-MigrationUser",
        "Reads one migration user.",
    )
    .needing(MIGRATION),
    Reading::filtered(
        "find_migration_users",
        "migration user",
        "Get-MigrationUser",
        "Lists the migration users; a plain text selects those of that batch.",
    )
    .plain("BatchId")
    .needing(MIGRATION),
    Reading::one(
        "get_migration_user_statistics",
        "migration user statistics",
        "Get-MigrationUserStatistics",
        "Reads progress, skipped items and the full error of one migration user.",
    )
    .needing(MIGRATION)
    .unverifiable(),
    Reading::one("get_move_request", "move request", "Get-MoveRequest", "Reads one move request.")
        .needing("Move Mailboxes")
        .unverifiable(),
    Reading::filtered(
        "find_move_requests",
        "move request",
        "Get-MoveRequest",
        "Lists the move requests; a plain text selects those of that batch (`MigrationService:NAME`).",
    )
    .plain("BatchName")
    .needing("Move Mailboxes"),
    Reading::one(
        "get_move_request_statistics",
        "move request statistics",
        "Get-MoveRequestStatistics",
        "Reads progress and report of one move request.",
    )
    .needing("Move Mailboxes")
    .unverifiable(),
    Reading::filtered(
        "find_management_role_assignments",
        "management role assignment",
        "Get-ManagementRoleAssignment",
        "Lists which roles are assigned to whom; a plain text selects those of that assignee.",
    )
    .plain("RoleAssignee")
    .unbounded()
    .needing("View-Only Configuration"),
];

//! The refusals that a migration meets, by the number they have in the list of failures that this sandbox was written from.
//!
//! Where the literal text of a failure is known it stands here as it is, misspellings included; where only the type is known, the
//! sentence is ours. What has no number (a name that is taken, a parameter that is missing) is said where it happens.

/// One numbered refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Its number, such as `F-55`.
    pub id: &'static str,
    /// The exception's type, with its namespace where the service shows one, or the number of the sign-in service.
    pub exception: &'static str,
    /// The text; `{}` stands for what differs.
    pub text: &'static str,
}

impl Rule {
    /// The type without its namespace.
    pub fn short_type(&self) -> &'static str {
        self.exception.rsplit('.').next().unwrap_or(self.exception)
    }

    /// The text about these things, in their order.
    pub fn text(&self, things: &[&str]) -> String {
        let mut parts = self.text.split("{}");
        let mut text = parts.next().unwrap_or_default().to_owned();
        for (at, part) in parts.enumerate() {
            text.push_str(things.get(at).unwrap_or(&""));
            text.push_str(part);
        }
        text
    }
}

/// Each rule as a constant, and all of them as `RULES`, so that none can be left out of the list.
macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident = $id:literal, $exception:expr, $text:expr;)*) => {
        $($(#[$doc])* pub const $name: Rule = Rule { id: $id, exception: $exception, text: $text };)*

        /// All rules.
        pub const RULES: &[Rule] = &[$($name),*];
    };
}

const PERMANENT: &str = "Microsoft.Exchange.Data.Storage.Management.MigrationPermanentException";

rules! {
    /// A write that changes the organization, before it is open for that.
    DEHYDRATED = "F-03", "Microsoft.Exchange.Configuration.Tasks.InvalidOperationInDehydratedContextException",
        "The command you tried to run isn't currently allowed in your organization. To run this command, you first need to run the \
         command: Enable-OrganizationCustomization.";
    /// The organization is open already, or on its way.
    CUSTOMIZED_ALREADY = "F-04", "System.InvalidOperationException",
        "This operation is not required. Organization is already enabled for customization.";
    /// The sign-in service knows no such tenant.
    NO_TENANT = "F-14", "AADSTS90002",
        "Tenant '{}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.";
    /// The caller's roles hold the cmdlet without this parameter.
    NO_PARAMETER = "F-16", "System.Management.Automation.ParameterBindingException",
        "A parameter cannot be found that matches parameter name '{}'.";
    /// An endpoint of a tenant for itself.
    SAME_TENANT = "F-20", PERMANENT, "ASSERT: The resource tenant and the accessing tenant cannot be equal.";
    /// All endpoints together may run so many moves.
    TOO_MANY_MIGRATIONS = "F-21", "Microsoft.Exchange.Data.Storage.Management.MaximumConcurrentMigrationLimitExceededException",
        "This endpoint would make the maximum concurrent migrations '{}', which would exceed the allowed limit of '{}' for endpoints \
         of type 'ExchangeRemoteMove'.";
    /// The service no longer reads vaults: whatever the address, it looks for a certificate without a name. When it did, it named
    /// the address, and the reason followed.
    NO_CERTIFICATE = "F-22", "Microsoft.Exchange.Security.KeyVault.KeyVaultFailureErrorException",
        "Error finding certificate '{}' from azure key vault for tenant '{}'.";
    /// The source has no service principal of the application.
    NOT_INSTALLED = "F-23", "AADSTS700016",
        "Application with identifier '{}' was not found in the directory '{}'. This can happen if the application has not been \
         installed by the administrator of the tenant or consented to by any user in the tenant.";
    /// The source has one, without the permission.
    NOT_CONSENTED = "F-23", "AADSTS65001",
        "The administrator of '{}' has not consented to use the application with ID '{}' and its permission Mailbox.Migration.";
    /// The endpoint's secret is none of the application's.
    WRONG_SECRET = "F-24", "AADSTS7000215",
        "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client \
         secret ID, for a secret added to app '{}'.";
    /// It was one.
    EXPIRED_SECRET = "F-24", "AADSTS7000222", "The provided client secret keys for app '{}' are expired.";
    /// No endpoint has the name.
    NO_ENDPOINT = "F-26", "Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException",
        "The migration endpoint '{}' couldn't be found.";
    /// A warning: the scope is dropped.
    NO_SECURITY_GROUP = "F-27", "",
        "Access scope specified '{}' is not a security group. This scope will not be added to the organization relationship.";
    /// The target has not consented to its own application.
    NO_ROLE_IN_TARGET = "F-29", "MRSRemotePermanentException",
        "App [{}] does not have [Mailbox.Migration] permission on Exchange setup or the permission is not consented by an \
         Administrator";
    /// Only some columns may be in the list of a batch.
    UNKNOWN_COLUMN = "F-34", PERMANENT,
        "The CSV file contains unknown columns: '{}'. Use the parameter AllowUnknownColumnsInCsv to ignore them.";
    /// Moves into the tenant need one.
    NO_DELIVERY_DOMAIN = "F-35", PERMANENT, "The TargetDeliveryDomain parameter is required for onboarding remote moves.";
    /// A user moves once at a time.
    IN_OTHER_BATCH = "F-37", "UserDuplicateInOtherBatchException",
        "The user '{}' is already included in the migration batch '{}'.";
    /// What any cmdlet says of an object that is not there; in the test of an endpoint, of the mailbox.
    NOT_FOUND = "F-40", "Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException",
        "The operation couldn't be performed because object '{}' couldn't be found on 'NAM00A00DC001.NAMPRD00.PROD.OUTLOOK.COM'.";
    /// What arrives of any refusal of the source; the reason follows it.
    CONNECTION_FAILED = "F-41", "Microsoft.Exchange.Data.Storage.Management.MigrationServerConnectionFailedException",
        "The connection to the server '{}' could not be completed.";
    /// The source's relationship does not let this application take the mailbox.
    NOT_AUTHORIZED = "F-41", "MRSRemotePermanentException",
        "The source tenant does not authorize the mailbox for migration. Mailbox: '{}', tenant: '{}'.";
    /// A second relationship, keyed by a domain, is in the way.
    MOVES_DISABLED = "F-42", "MigrationPermanentException",
        "The organization relationship '{}' does not have mailbox move enabled.";
    /// The endpoint's server is no Exchange Online.
    UNREACHABLE = "F-43", "Microsoft.Exchange.Data.Storage.Management.MigrationTransientException",
        "We weren't able to connect to the remote server. Please verify that the migration endpoint settings are correct and your \
         certificate is valid, and then try again.";
    /// The target's relationship does not let mailboxes in.
    NOT_INBOUND = "F-45", "MigrationPermanentException",
        "Your organization does not authorize 'pull' or Inbound moves from the remote organization. Contact your administrator to \
         confirm organization relationships are configured correctly.";
    /// Nobody in the target who could become the mailbox.
    NO_RECIPIENT = "F-50", "MigrationRecipientNotFoundException",
        "A recipient wasn't found for \"{}\" on the target. Create a recipient of the appropriate type for this migration on the \
         target and try again.";
    /// The source has not published the mailbox.
    NOT_IN_SCOPE = "F-51", "MailboxNotInCrossTenantMigrationScopeException",
        "The mailbox '{}' isn't in the scope that the source tenant '{}' published for cross-tenant migration.";
    /// The MailUser was not stamped.
    NO_EXCHANGE_GUID = "F-52", "MissingExchangeGuidException", "The mail user '{}' doesn't have an ExchangeGuid.";
    /// The MailUser was stamped with nobody's GUID.
    NO_SUCH_GUID = "F-53", "MigrationPermanentException", "Cannot find a recipient that has mailbox GUID '{}'.";
    /// The target is a mailbox, or was another one.
    HAS_MAILBOX = "F-54", "MigrationPermanentException", "Target user '{}' already has a primary mailbox.";
    /// An address lies in a domain that is not the organization's.
    FOREIGN_DOMAIN = "F-55", "Microsoft.Exchange.Management.Tasks.NotAcceptedDomainException",
        "You can't use the domain because it's not an accepted domain for your organization.";
    /// No address that the source could forward to.
    NO_DELIVERY_ADDRESS = "F-56", "MigrationPermanentException", "The target mailbox doesn't have an SMTP proxy matching '{}'.";
    /// The migration licence is on neither side.
    NO_LICENCE = "F-57", "CrossTenantMigrationWithoutLicensePermanentException",
        "No license was found for the source recipient, '{}', or the target recipient, '{}'. A Cross-tenant User Data Migration \
         license is required to move a mailbox between tenants.";
    /// Another move of the mailbox is under way.
    MOVING_ALREADY = "F-59", "SourceMailboxAlreadyBeingMovedPermanentException", "The source mailbox '{}' is already being moved.";
    /// A request of another attempt is left in the target.
    PENDING_REQUEST = "F-59b", "UserAlreadyBeingMigratedException",
        "The user '{}' already has a pending request. Please remove the existing request and resume the current batch or start a new \
         batch for this user. --> Mailbox '{}' is already being moved to '{}'.";
    /// A request of another attempt is left in the source.
    PENDING_IN_SOURCE = "F-59c", "MigrationPermanentException",
        "The onboarding move could not be created because user '{}' is already being moved.";
    /// Several objects answer to the identity.
    AMBIGUOUS = "F-60", "Microsoft.Exchange.Configuration.Tasks.ManagementObjectAmbiguousException",
        "The operation couldn't be performed because '{}' matches multiple entries.";
    /// Auxiliary archives have to be in scope from the start.
    AUX_ARCHIVE_UNKNOWN = "F-61", "AuxArchiveNotFoundInTargetRecipientException",
        "The auxiliary archives of mailbox '{}' weren't found on the target recipient.";
    /// An archive was disabled once.
    DISABLED_ARCHIVE = "F-62", "UserAlreadyHasDemotedArchiveException", "The user '{}' already has a demoted archive.";
    /// A litigation hold.
    LITIGATION_HOLD = "F-63", "MigrationPermanentException",
        "SOURCE mailbox is under Litigation Hold and this is not a supported scenario";
    /// What stays of a hold for a month.
    DELAY_HOLD = "F-63", "MigrationPermanentException",
        "SOURCE mailbox has a Delay Hold Applied and this is not a supported scenario";
    /// The same for items of other services.
    DELAY_RELEASE_HOLD = "F-63", "MigrationPermanentException",
        "SOURCE mailbox is under a Delay Release Hold and this is not a supported scenario";
    /// Items with a label that retains them.
    RETENTION_LABEL = "F-63", "MigrationPermanentException",
        "SOURCE mailbox has labeled items with a Retention Label and this is not a supported scenario";
    /// A hold of a policy or of a case.
    IN_PLACE_HOLD = "F-63", "MigrationPermanentException",
        "SOURCE mailbox is under an In-PlaceHold Hold and this is not a supported scenario";
    /// A hold of the kind before that.
    LEGACY_HOLD = "F-63", "MigrationPermanentException",
        "SOURCE mailbox is under a legacy In-PlaceHold and this is not a supported scenario";
    /// What was deleted does not fit into the target.
    TOO_MUCH_DELETED = "F-64", "MigrationPermanentException",
        "Dumpster size on SOURCE mailbox is bigger than TARGET MailUser RecoverableItemsQuota. This might cause the migration to fail";
    /// More auxiliary archives than a move takes.
    TOO_MANY_AUX_ARCHIVES = "F-65", "MigrationPermanentException",
        "The SOURCE mailbox has more than 12 auxArchive present and we can't migrate that much.";
    /// What another product left in the archive.
    SUBSTRATE_HOLDS = "F-66", "MigrationPermanentException",
        "SOURCE Archive mailbox has items within the SubstrateHolds folder and this will cause the migration to fail.";
    /// Replies to old mail would bounce.
    NO_LEGACY_NAME = "F-68", "MigrationPermanentException",
        "LegacyExchangeDN not found as an X500 ProxyAddress on Target Object. LegacyExchangeDN expected on target object: {}";
    /// The archive in the target is not the one of the source.
    OTHER_ARCHIVE = "F-69", "MigrationPermanentException", "ArchiveGuid mismatch. Expected Value: {} , Current value: {}";
    /// The source has no archive at all.
    ARCHIVE_IN_TARGET_ONLY = "F-69", "MigrationPermanentException",
        "The TARGET MailUser {} has an archive present while source doesn't";
    /// An auxiliary archive that was added on the way.
    NEW_AUX_ARCHIVE = "F-71", "SourceAuxArchiveIsProvisionedDuringCrossTenantMovePermanentException",
        "An auxiliary archive of mailbox '{}' was provisioned during the cross-tenant move.";
    /// The mailbox is fuller than it may be.
    OVER_QUOTA = "F-72", "MigrationPermanentException", "The source mailbox '{}' has exceeded its quota: {} of {}.";
    /// Somebody has to look at what was left behind.
    SCORE_INVESTIGATE = "F-90", "MigrationPermanentException",
        "The data consistency score (Investigate) for this request is too low";
    /// Too much was left behind.
    SCORE_POOR = "F-91", "MigrationPermanentException", "The data consistency score (Poor) for this request is too low";
    /// What the replication service says of F-56 at the end.
    NO_DELIVERY_ADDRESS_AT_END = "F-92", "TargetDeliveryDomainMismatchPermanentException",
        "Error: The target mailbox doesn't have an SMTP proxy matching '{}'.";
    /// A mail user goes with its account, not before it.
    HAS_ENTRA_USER = "F-100", "Microsoft.Exchange.Management.Tasks.RecipientTaskException",
        "This mail enabled user cannot be permanently deleted since there is a user associated with this mail enabled user in Azure \
         Active Directory.";
    /// What a mail user holds for others stays.
    MAIL_USER_ON_HOLD = "F-101", "Microsoft.Exchange.Management.Tasks.RecipientTaskException",
        "Unable to permanently delete mail enabled user. The mail enabled user has litigation hold or In-Place hold applied on it. \
         Please remove the hold before trying to delete";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_names_what_it_is_about() {
        let text = TOO_MANY_MIGRATIONS.text(&["322", "300"]);

        assert_eq!(
            text,
            "This endpoint would make the maximum concurrent migrations '322', which would exceed the allowed limit of '300' for \
             endpoints of type 'ExchangeRemoteMove'."
        );
        assert_eq!(TOO_MANY_MIGRATIONS.short_type(), "MaximumConcurrentMigrationLimitExceededException");
    }
}

//! Writes on MailUsers.

use super::base::ASKING;
use super::base::CUSTOM_ATTRIBUTES;
use super::base::EXCHANGE;
use super::base::flag;
use super::base::guid;
use super::base::holding;
use super::base::joined;
use super::base::list;
use super::base::releasing;
use super::base::secret;
use super::base::text;
use crate::change::Argument;
use crate::change::Call;
use crate::change::Descriptor;
use crate::change::Impact;
use crate::change::Inverse;
use crate::change::Retry;
use crate::change::Verb;
use crate::model::Arguments;
use crate::model::Record;

const FOR_SET: [Argument; 60] = joined(
    &[
        guid("ExchangeGuid"),
        guid("ArchiveGuid"),
        list("EmailAddresses"),
        text("ExternalEmailAddress"),
        text("PrimarySmtpAddress"),
        text("WindowsEmailAddress"),
        text("MicrosoftOnlineServicesID"),
        text("Alias"),
        text("DisplayName"),
        text("Name"),
        text("SimpleDisplayName"),
        text("MailTip"),
        flag("HiddenFromAddressListsEnabled"),
        flag("RequireSenderAuthenticationEnabled"),
        list("GrantSendOnBehalfTo"),
        list("AcceptMessagesOnlyFrom"),
        list("AcceptMessagesOnlyFromDLMembers"),
        list("AcceptMessagesOnlyFromSendersOrMembers"),
        list("RejectMessagesFrom"),
        list("RejectMessagesFromSendersOrMembers"),
        flag("ModerationEnabled"),
        list("ModeratedBy"),
        flag("ForceUpgrade"),
        secret("Password"),
        text("ImmutableId"),
        text("FederatedIdentity"),
        text("MailboxRegion"),
        text("RecipientLimits"),
        text("MaxSendSize"),
        text("MaxReceiveSize"),
        flag("EnableLitigationHoldForMigration"),
        flag("RemoveLitigationHoldEnabled"),
        flag("RemoveDelayHoldApplied"),
        flag("RemoveDelayReleaseHoldApplied"),
        flag("RemoveComplianceTagHoldApplied"),
        flag("RecalculateInactiveMailUser"),
        flag("RemoveDisabledArchive"),
        flag("ExcludeFromAllOrgHolds"),
        list("ExcludeFromOrgHolds"),
        list("RemoveOrphanedHolds"),
    ],
    &CUSTOM_ATTRIBUTES,
);

pub static NEW_MAILUSER: Descriptor = Descriptor {
    name: "new_mailuser",
    noun: "MailUser",
    verb: Verb::Create,
    help: "Makes a MailUser together with its Entra user; GUIDs and X500 addresses are stamped afterwards with `set_mailuser`.",
    call: Call::Cmdlet("New-MailUser"),
    identity: None,
    label: "MicrosoftOnlineServicesID",
    arguments: &[
        text("Name").required(),
        text("MicrosoftOnlineServicesID"),
        secret("Password"),
        text("ExternalEmailAddress"),
        text("PrimarySmtpAddress"),
        text("Alias"),
        text("DisplayName"),
        text("FirstName"),
        text("LastName"),
        text("Initials"),
        text("MailboxRegion"),
        text("ImmutableId"),
        text("FederatedIdentity"),
        flag("ModerationEnabled"),
        list("ModeratedBy"),
        text("OrganizationalUnit"),
    ],
    before: None,
    made: Some(("get_mailuser", "MicrosoftOnlineServicesID")),
    inverse: Inverse::Remove("remove_mailuser"),
    permission: "Mail Recipient Creation",
    retry: Retry::ReadBack,
    ..EXCHANGE
};

pub static SET_MAILUSER: Descriptor = Descriptor {
    name: "set_mailuser",
    noun: "MailUser",
    verb: Verb::Update,
    help: "Changes a MailUser.",
    call: Call::Cmdlet("Set-MailUser"),
    arguments: &FOR_SET,
    impact: holding,
    loses: releasing,
    before: Some("get_mailuser"),
    inverse: Inverse::Restore,
    permission: "Mail Recipients",
    ..EXCHANGE
};

fn removing(arguments: &Arguments, _: Option<&Record>) -> Impact {
    match arguments.is_on("PermanentlyDelete") {
        true => Impact::Irreversible,
        false => Impact::High,
    }
}

fn gone(arguments: &Arguments, _: Option<&Record>) -> Option<&'static str> {
    Some(match arguments.is_on("PermanentlyDelete") {
        true => "its Entra user goes too, and neither can be brought back",
        false => "its Entra user goes too, with its licences and memberships; it can be restored for 30 days",
    })
}

pub static REMOVE_MAILUSER: Descriptor = Descriptor {
    name: "remove_mailuser",
    noun: "MailUser",
    verb: Verb::Remove,
    help: "Removes a MailUser and its Entra user.",
    call: Call::Cmdlet("Remove-MailUser"),
    arguments: &[flag("PermanentlyDelete")],
    impact: removing,
    loses: gone,
    before: Some("get_mailuser"),
    inverse: Inverse::None("a removed MailUser comes back only by restoring its Entra user within 30 days"),
    permission: "Mail Recipient Creation",
    retry: Retry::ReadBack,
    powershell: ASKING,
    ..EXCHANGE
};

//! Writes on mailboxes.

use super::base::CUSTOM_ATTRIBUTES;
use super::base::EXCHANGE;
use super::base::choice;
use super::base::flag;
use super::base::holding;
use super::base::joined;
use super::base::list;
use super::base::releasing;
use super::base::text;
use crate::change::Argument;
use crate::change::Call;
use crate::change::Descriptor;
use crate::change::Inverse;
use crate::change::Verb;

const FOR_SET: [Argument; 45] = joined(
    &[
        list("EmailAddresses"),
        text("WindowsEmailAddress"),
        text("Alias"),
        text("DisplayName"),
        text("Name"),
        text("ForwardingSmtpAddress"),
        text("ForwardingAddress"),
        flag("DeliverToMailboxAndForward"),
        flag("HiddenFromAddressListsEnabled"),
        list("GrantSendOnBehalfTo"),
        choice("Type", &["Regular", "Shared", "Room", "Equipment"]),
        flag("LitigationHoldEnabled"),
        text("LitigationHoldDuration"),
        flag("SingleItemRecoveryEnabled"),
        flag("RetentionHoldEnabled"),
        text("RetentionPolicy"),
        flag("MessageCopyForSentAsEnabled"),
        flag("MessageCopyForSendOnBehalfEnabled"),
        flag("RemoveDelayHoldApplied"),
        flag("RemoveDelayReleaseHoldApplied"),
        flag("ExcludeFromAllOrgHolds"),
        list("ExcludeFromOrgHolds"),
        list("RemoveOrphanedHolds"),
        flag("RemoveDisabledArchive"),
        flag("RecalculateInactiveMailbox"),
    ],
    &CUSTOM_ATTRIBUTES,
);

pub static SET_MAILBOX: Descriptor = Descriptor {
    name: "set_mailbox",
    noun: "mailbox",
    verb: Verb::Update,
    help: "Changes a mailbox.",
    call: Call::Cmdlet("Set-Mailbox"),
    arguments: &FOR_SET,
    impact: holding,
    loses: releasing,
    before: Some("get_mailbox"),
    inverse: Inverse::Restore,
    permission: "Mail Recipients",
    ..EXCHANGE
};

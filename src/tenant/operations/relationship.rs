//! Writes on organization relationships.

use super::base::ASKING;
use super::base::EXCHANGE;
use super::base::choice;
use super::base::flag;
use super::base::flags;
use super::base::high;
use super::base::joined;
use super::base::list;
use super::base::text;
use crate::change::Argument;
use crate::change::Call;
use crate::change::Descriptor;
use crate::change::Inverse;
use crate::change::Retry;
use crate::change::Verb;

const CAPABILITIES: &[&str] = &["Inbound", "Outbound", "RemoteInbound", "RemoteOutbound", "None"];

const PROPERTIES: [Argument; 19] = [
    flag("Enabled"),
    flag("MailboxMoveEnabled"),
    flags("MailboxMoveCapability", CAPABILITIES),
    text("OAuthApplicationId"),
    list("MailboxMovePublishedScopes"),
    flag("FreeBusyAccessEnabled"),
    choice("FreeBusyAccessLevel", &["None", "AvailabilityOnly", "LimitedDetails"]),
    text("FreeBusyAccessScope"),
    flag("MailTipsAccessEnabled"),
    choice("MailTipsAccessLevel", &["None", "Limited", "All"]),
    text("MailTipsAccessScope"),
    flag("PhotosEnabled"),
    flag("ArchiveAccessEnabled"),
    flag("DeliveryReportEnabled"),
    text("OrganizationContact"),
    text("TargetApplicationUri"),
    text("TargetAutodiscoverEpr"),
    text("TargetOwaURL"),
    text("TargetSharingEpr"),
];

const FOR_NEW: [Argument; 21] = joined(&[text("Name").required(), list("DomainNames").required()], &PROPERTIES);
const FOR_SET: [Argument; 22] = joined(&[text("Name"), list("DomainNames"), flag("Force")], &PROPERTIES);

const PERMISSION: &str = "Federated Sharing";

pub static NEW_ORGANIZATION_RELATIONSHIP: Descriptor = Descriptor {
    name: "new_organization_relationship",
    noun: "organization relationship",
    verb: Verb::Create,
    help: "Makes a relationship with another tenant; for mailbox moves `DomainNames` is that tenant's id.",
    call: Call::Cmdlet("New-OrganizationRelationship"),
    identity: None,
    arguments: &FOR_NEW,
    impact: high,
    loses: |_, _| Some("mailboxes can be moved between this tenant and the other one, in the direction of its capability"),
    before: None,
    made: Some(("get_organization_relationship", "Name")),
    inverse: Inverse::Remove("remove_organization_relationship"),
    permission: PERMISSION,
    retry: Retry::ReadBack,
    ..EXCHANGE
};

pub static SET_ORGANIZATION_RELATIONSHIP: Descriptor = Descriptor {
    name: "set_organization_relationship",
    noun: "organization relationship",
    verb: Verb::Update,
    help: "Changes a relationship with another tenant; capabilities and scopes replace the ones before.",
    call: Call::Cmdlet("Set-OrganizationRelationship"),
    arguments: &FOR_SET,
    impact: high,
    loses: |_, _| Some("moves that rely on the values from before fail, and the new ones may let other mailboxes in or out"),
    before: Some("get_organization_relationship"),
    inverse: Inverse::Restore,
    permission: PERMISSION,
    ..EXCHANGE
};

pub static REMOVE_ORGANIZATION_RELATIONSHIP: Descriptor = Descriptor {
    name: "remove_organization_relationship",
    noun: "organization relationship",
    verb: Verb::Remove,
    help: "Removes a relationship with another tenant; moves that rely on it fail.",
    call: Call::Cmdlet("Remove-OrganizationRelationship"),
    arguments: &[],
    impact: high,
    loses: |_, _| Some("moves between the two tenants fail, those under way too"),
    before: Some("get_organization_relationship"),
    keeps: &[
        "Name",
        "DomainNames",
        "Enabled",
        "MailboxMoveEnabled",
        "MailboxMoveCapability",
        "OAuthApplicationId",
        "MailboxMovePublishedScopes",
        "FreeBusyAccessEnabled",
        "FreeBusyAccessLevel",
        "MailTipsAccessEnabled",
        "MailTipsAccessLevel",
    ],
    inverse: Inverse::Opposite("new_organization_relationship"),
    permission: PERMISSION,
    retry: Retry::ReadBack,
    powershell: ASKING,
    ..EXCHANGE
};

//! Writes on distribution and mail-enabled security groups.

use super::base::ASKING;
use super::base::EXCHANGE;
use super::base::choice;
use super::base::flag;
use super::base::high;
use super::base::list;
use super::base::text;
use super::evidence::MEMBER_ADDED;
use super::evidence::MEMBER_REMOVED;
use crate::change::Argument;
use crate::change::Call;
use crate::change::Descriptor;
use crate::change::Inverse;
use crate::change::Retry;
use crate::change::Verb;

const MEMBER: &[Argument] = &[text("Member").required(), flag("BypassSecurityGroupManagerCheck")];
const JOINING: &[&str] = &["Open", "Closed", "ApprovalRequired"];

pub static NEW_GROUP: Descriptor = Descriptor {
    name: "new_group",
    noun: "group",
    verb: Verb::Create,
    help: "Makes a distribution group, or with `Type` `Security` a mail-enabled security group.",
    call: Call::Cmdlet("New-DistributionGroup"),
    identity: None,
    arguments: &[
        text("Name").required(),
        choice("Type", &["Distribution", "Security"]),
        text("Alias"),
        text("DisplayName"),
        text("PrimarySmtpAddress"),
        list("Members"),
        list("ManagedBy"),
        choice("MemberJoinRestriction", JOINING),
        choice("MemberDepartRestriction", JOINING),
        flag("RequireSenderAuthenticationEnabled"),
        flag("CopyOwnerToMember"),
        flag("HiddenGroupMembershipEnabled"),
        flag("IgnoreNamingPolicy"),
        flag("RoomList"),
        text("Notes"),
        text("Description"),
    ],
    before: None,
    made: Some(("get_group", "Name")),
    inverse: Inverse::Remove("remove_group"),
    permission: "Security Group Creation and Membership",
    retry: Retry::ReadBack,
    ..EXCHANGE
};

pub static REMOVE_GROUP: Descriptor = Descriptor {
    name: "remove_group",
    noun: "group",
    verb: Verb::Remove,
    help: "Removes a distribution or mail-enabled security group.",
    call: Call::Cmdlet("Remove-DistributionGroup"),
    arguments: &[flag("BypassSecurityGroupManagerCheck")],
    impact: high,
    loses: |_, _| Some("its members lose whatever the group gave them; the members of a scope group can no longer be moved"),
    before: Some("get_group"),
    inverse: Inverse::None("a new group would have another identity, and its access rights would not come back"),
    permission: "Security Group Creation and Membership",
    retry: Retry::ReadBack,
    powershell: ASKING,
    ..EXCHANGE
};

pub static ADD_GROUP_MEMBER: Descriptor = Descriptor {
    name: "add_group_member",
    noun: "group",
    verb: Verb::Act("given a member"),
    help: "Adds a recipient to a group; in a scope group that lets the mailbox be moved away.",
    call: Call::Cmdlet("Add-DistributionGroupMember"),
    arguments: MEMBER,
    before: Some("get_group"),
    evidence: Some(MEMBER_ADDED),
    inverse: Inverse::Opposite("remove_group_member"),
    permission: "Security Group Creation and Membership",
    ..EXCHANGE
};

pub static REMOVE_GROUP_MEMBER: Descriptor = Descriptor {
    name: "remove_group_member",
    noun: "group",
    verb: Verb::Act("relieved of a member"),
    help: "Takes a recipient out of a group.",
    call: Call::Cmdlet("Remove-DistributionGroupMember"),
    arguments: MEMBER,
    before: Some("get_group"),
    evidence: Some(MEMBER_REMOVED),
    inverse: Inverse::Opposite("add_group_member"),
    permission: "Security Group Creation and Membership",
    retry: Retry::ReadBack,
    powershell: ASKING,
    ..EXCHANGE
};

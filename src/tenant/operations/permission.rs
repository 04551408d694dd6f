//! Writes on the permissions of mailboxes and recipients.

use super::base::ASKING;
use super::base::EXCHANGE;
use super::base::choice;
use super::base::flag;
use super::base::flags;
use super::base::high;
use super::base::text;
use super::evidence::MAILBOX_CLOSED;
use super::evidence::MAILBOX_OPENED;
use super::evidence::RECIPIENT_CLOSED;
use super::evidence::RECIPIENT_OPENED;
use crate::change::Argument;
use crate::change::Call;
use crate::change::Descriptor;
use crate::change::Inverse;
use crate::change::Verb;

const RIGHTS: &[&str] = &[
    "FullAccess",
    "ReadPermission",
    "ChangePermission",
    "ChangeOwner",
    "DeleteItem",
    "ExternalAccount",
];
const INHERITANCE: &[&str] = &["None", "All", "Children", "Descendents", "SelfAndChildren"];

const ON_MAILBOX: &[Argument] = &[
    text("User").required(),
    flags("AccessRights", RIGHTS).required(),
    choice("InheritanceType", INHERITANCE),
    flag("AutoMapping"),
    flag("Deny"),
];
const ON_RECIPIENT: &[Argument] = &[text("Trustee").required(), flags("AccessRights", &["SendAs"]).required()];

pub static ADD_MAILBOX_PERMISSION: Descriptor = Descriptor {
    name: "add_mailbox_permission",
    noun: "mailbox",
    verb: Verb::Act("opened to another user"),
    help: "Lets a user open a mailbox.",
    call: Call::Cmdlet("Add-MailboxPermission"),
    arguments: ON_MAILBOX,
    impact: high,
    loses: |_, _| Some("the user gets to see what is in the mailbox, as far as the rights go"),
    before: None,
    evidence: Some(MAILBOX_OPENED),
    inverse: Inverse::Opposite("remove_mailbox_permission"),
    permission: "Mail Recipients",
    ..EXCHANGE
};

pub static REMOVE_MAILBOX_PERMISSION: Descriptor = Descriptor {
    name: "remove_mailbox_permission",
    noun: "mailbox",
    verb: Verb::Act("closed to a user"),
    help: "Takes a user's permission to open a mailbox away.",
    call: Call::Cmdlet("Remove-MailboxPermission"),
    arguments: ON_MAILBOX,
    before: None,
    evidence: Some(MAILBOX_CLOSED),
    inverse: Inverse::Opposite("add_mailbox_permission"),
    permission: "Mail Recipients",
    powershell: ASKING,
    ..EXCHANGE
};

pub static ADD_RECIPIENT_PERMISSION: Descriptor = Descriptor {
    name: "add_recipient_permission",
    noun: "recipient",
    verb: Verb::Act("opened to another sender"),
    help: "Lets a user send as a recipient.",
    call: Call::Cmdlet("Add-RecipientPermission"),
    arguments: ON_RECIPIENT,
    impact: high,
    loses: |_, _| Some("the trustee can write in the name of the recipient, and nobody sees the difference"),
    before: None,
    evidence: Some(RECIPIENT_OPENED),
    inverse: Inverse::Opposite("remove_recipient_permission"),
    permission: "Mail Recipients",
    powershell: ASKING,
    ..EXCHANGE
};

pub static REMOVE_RECIPIENT_PERMISSION: Descriptor = Descriptor {
    name: "remove_recipient_permission",
    noun: "recipient",
    verb: Verb::Act("closed to a sender"),
    help: "Takes a user's permission to send as a recipient away.",
    call: Call::Cmdlet("Remove-RecipientPermission"),
    arguments: ON_RECIPIENT,
    before: None,
    evidence: Some(RECIPIENT_CLOSED),
    inverse: Inverse::Opposite("add_recipient_permission"),
    permission: "Mail Recipients",
    powershell: ASKING,
    ..EXCHANGE
};

//! Writes on Entra users: invitations, accounts, licences.

use super::base::GRAPH;
use super::base::flag;
use super::base::high;
use super::base::is_off;
use super::base::object;
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

// Graph wants `password` and `forceChangePasswordNextSignIn` inside `passwordProfile`; apart from each other the password keeps
// the form that cannot be printed.
const PROPERTIES: [Argument; 15] = [
    flag("accountEnabled"),
    text("displayName"),
    text("mailNickname"),
    text("userPrincipalName"),
    secret("password"),
    flag("forceChangePasswordNextSignIn"),
    text("givenName"),
    text("surname"),
    text("usageLocation"),
    text("userType"),
    text("department"),
    text("jobTitle"),
    text("companyName"),
    text("officeLocation"),
    text("preferredLanguage"),
];
const FOR_NEW: [Argument; 15] = {
    let mut arguments = PROPERTIES;
    let mut at = 0;
    while at < 5 {
        arguments[at] = arguments[at].required();
        at += 1;
    }
    arguments
};

pub static NEW_INVITATION: Descriptor = Descriptor {
    name: "new_invitation",
    noun: "invitation",
    verb: Verb::Create,
    help: "Invites a person of another tenant as a guest; with `sendInvitationMessage` the service writes to them.",
    call: Call::Http {
        method: "POST",
        path: "/invitations",
    },
    identity: None,
    label: "invitedUserEmailAddress",
    arguments: &[
        text("invitedUserEmailAddress").required(),
        text("inviteRedirectUrl").required(),
        flag("sendInvitationMessage"),
        object("invitedUserMessageInfo"),
        text("invitedUserDisplayName"),
        text("invitedUserType"),
    ],
    impact: high,
    loses: |_, _| Some("the person gets a guest account in this tenant"),
    before: None,
    inverse: Inverse::None("the message is sent; the guest it made is removed with `remove_entra_user`"),
    permission: "User.Invite.All",
    batchable: false,
    retry: Retry::ReadBack,
    ..GRAPH
};

pub static NEW_ENTRA_USER: Descriptor = Descriptor {
    name: "new_entra_user",
    noun: "Entra user",
    verb: Verb::Create,
    help: "Makes an Entra user without mailbox or MailUser.",
    call: Call::Http {
        method: "POST",
        path: "/users",
    },
    identity: None,
    label: "userPrincipalName",
    arguments: &FOR_NEW,
    before: None,
    inverse: Inverse::Remove("remove_entra_user"),
    permission: "User.ReadWrite.All",
    retry: Retry::ReadBack,
    ..GRAPH
};

/// Who gets another password or is blocked can no longer sign in.
fn locking(arguments: &Arguments, _: Option<&Record>) -> Impact {
    match arguments.get("password").is_some() || is_off(arguments, "accountEnabled") {
        true => Impact::High,
        false => Impact::Medium,
    }
}

fn locked_out(arguments: &Arguments, _: Option<&Record>) -> Option<&'static str> {
    Some(match arguments.get("password").is_some() {
        true => "the password from before no longer lets anybody in",
        false => "the person can no longer sign in",
    })
}

pub static SET_ENTRA_USER: Descriptor = Descriptor {
    name: "set_entra_user",
    noun: "Entra user",
    verb: Verb::Update,
    help: "Changes an Entra user; addresses are Exchange's business, and the password from before cannot be put back.",
    call: Call::Http {
        method: "PATCH",
        path: "/users/{id}",
    },
    arguments: &PROPERTIES,
    impact: locking,
    loses: locked_out,
    before: Some("get_entra_user"),
    inverse: Inverse::Restore,
    permission: "User.ReadWrite.All",
    ..GRAPH
};

pub static REMOVE_ENTRA_USER: Descriptor = Descriptor {
    name: "remove_entra_user",
    noun: "Entra user",
    verb: Verb::Remove,
    help: "Removes an Entra user, and its mailbox if it has one; both can be restored for 30 days.",
    call: Call::Http {
        method: "DELETE",
        path: "/users/{id}",
    },
    arguments: &[],
    impact: high,
    loses: |_, _| Some("its mailbox goes with it, if it has one; both can be restored for 30 days"),
    before: Some("get_entra_user"),
    inverse: Inverse::None("it is restored from the deleted items of the directory, within 30 days"),
    permission: "User.ReadWrite.All",
    retry: Retry::ReadBack,
    ..GRAPH
};

/// Taking a licence away can cost a mailbox; giving one cannot.
fn licensing(arguments: &Arguments, _: Option<&Record>) -> Impact {
    let removed = arguments.get("removeLicenses").and_then(|value| value.plain());
    match removed.and_then(|value| value.as_array()).is_some_and(|list| !list.is_empty()) {
        true => Impact::High,
        false => Impact::Medium,
    }
}

pub static SET_LICENCES: Descriptor = Descriptor {
    name: "set_licences",
    noun: "Entra user",
    verb: Verb::Act("licensed"),
    help: "Assigns and removes licences; an Exchange plan on a MailUser without ExchangeGuid makes a new mailbox.",
    call: Call::Http {
        method: "POST",
        path: "/users/{id}/assignLicense",
    },
    arguments: &[object("addLicenses"), object("removeLicenses")],
    impact: licensing,
    loses: |_, _| Some("without a plan for Exchange the mailbox is cut off, and deleted with its content after 30 days"),
    before: Some("get_entra_user"),
    inverse: Inverse::None("the licences before are in the change; a mailbox that a licence made stays"),
    permission: "LicenseAssignment.ReadWrite.All",
    ..GRAPH
};

//! Writes on Entra users: invitations, accounts, licences.

use serde_json::Value;

use super::base::GRAPH;
use super::base::flag;
use super::base::high;
use super::base::is_off;
use super::base::mg;
use super::base::object;
use super::base::secret;
use super::base::text;
use super::evidence::INVITED;
use super::evidence::LICENSED;
use crate::change::Argument;
use crate::change::Call;
use crate::change::Descriptor;
use crate::change::Impact;
use crate::change::Inverse;
use crate::change::Mg;
use crate::change::PowerShell;
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

const USERS: &str = "Microsoft.Graph.Users";
const PLACES: &[(&str, &str)] = &[("UserId", "id")];
const PROFILE: &[(&str, &str)] = &[
    ("password", "passwordProfile"),
    ("forceChangePasswordNextSignIn", "passwordProfile"),
];

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
    evidence: Some(INVITED),
    inverse: Inverse::None("the message is sent; the guest it made is removed with `remove_entra_user`"),
    permission: "User.Invite.All",
    batchable: false,
    retry: Retry::ReadBack,
    powershell: PowerShell::Mg(mg("New-MgInvitation", "Microsoft.Graph.Identity.SignIns", &[])),
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
    made: Some(("get_entra_user", "userPrincipalName")),
    inverse: Inverse::Remove("remove_entra_user"),
    permission: "User.ReadWrite.All",
    retry: Retry::ReadBack,
    powershell: PowerShell::Mg(Mg {
        within: PROFILE,
        ..mg("New-MgUser", USERS, &[])
    }),
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
    powershell: PowerShell::Mg(Mg {
        within: PROFILE,
        ..mg("Update-MgUser", USERS, PLACES)
    }),
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
    powershell: PowerShell::Mg(mg("Remove-MgUser", USERS, PLACES)),
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

/// The licences as they were: what was added and is new goes, what was there before comes back with its plans.
fn licences_back(arguments: &Arguments, recorded: &[(String, Value, Value)]) -> Arguments {
    let list = |value: Option<&Value>| value.and_then(Value::as_array).cloned().unwrap_or_default();
    let given = |name: &str| list(arguments.get(name).and_then(|given| given.plain()));
    let before = list(
        recorded
            .iter()
            .find(|(name, _, _)| name == "assignedLicenses")
            .map(|(_, old, _)| old),
    );
    let was = |sku: &Value| before.iter().find(|licence| licence["skuId"] == *sku);
    let added: Vec<_> = given("addLicenses").iter().map(|licence| licence["skuId"].clone()).collect();
    let gone: Vec<_> = added.iter().filter(|sku| was(sku).is_none()).cloned().collect();
    let again = given("removeLicenses").into_iter().chain(added);
    let back: Vec<_> = again.filter_map(|sku| was(&sku).cloned()).collect();
    Arguments::new().with("addLicenses", back).with("removeLicenses", gone)
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
    evidence: Some(LICENSED),
    keeps: &["assignedLicenses"],
    inverse: Inverse::Opposite("set_licences"),
    reversed: Some(licences_back),
    permission: "LicenseAssignment.ReadWrite.All",
    powershell: PowerShell::Mg(mg("Set-MgUserLicense", "Microsoft.Graph.Users.Actions", PLACES)),
    ..GRAPH
};

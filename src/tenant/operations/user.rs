//! Writes on users as Exchange sees them.

use super::base::ASKING;
use super::base::EXCHANGE;
use super::base::flag;
use super::base::irreversible;
use super::base::text;
use super::evidence::PREVIOUS_MAILBOX_CLEARED;
use crate::change::Call;
use crate::change::Descriptor;
use crate::change::Inverse;
use crate::change::Retry;
use crate::change::Verb;

pub static SET_USER: Descriptor = Descriptor {
    name: "set_user",
    noun: "user",
    verb: Verb::Update,
    help: "Changes names and organisational fields of a user.",
    call: Call::Cmdlet("Set-User"),
    arguments: &[
        text("FirstName"),
        text("LastName"),
        text("Initials"),
        text("DisplayName"),
        text("Name"),
        text("Manager"),
        text("Department"),
        text("Title"),
        text("Company"),
        text("Office"),
        text("Phone"),
        text("MobilePhone"),
        text("HomePhone"),
        text("Fax"),
        text("Pager"),
        text("Notes"),
        text("StreetAddress"),
        text("City"),
        text("StateOrProvince"),
        text("PostalCode"),
        text("CountryOrRegion"),
        text("WindowsEmailAddress"),
    ],
    before: Some("get_user"),
    inverse: Inverse::Restore,
    permission: "Mail Recipients",
    powershell: ASKING,
    ..EXCHANGE
};

pub static CLEAR_PREVIOUS_MAILBOX_INFO: Descriptor = Descriptor {
    name: "clear_previous_mailbox_info",
    noun: "user",
    verb: Verb::Act("cleared of its previous mailbox"),
    help: "Forgets the mailbox that a user once had here, so that another ExchangeGuid can be stamped; a soft-deleted mailbox is lost.",
    call: Call::Cmdlet("Set-User"),
    arguments: &[flag("PermanentlyClearPreviousMailboxInfo")],
    impact: irreversible,
    loses: |_, _| Some("the mailbox that the user had here before can no longer be brought back, and its archive is lost with it"),
    before: Some("get_user"),
    evidence: Some(PREVIOUS_MAILBOX_CLEARED),
    inverse: Inverse::None("the pointers to the previous mailbox are wiped"),
    permission: "Mail Recipients",
    retry: Retry::Safe,
    powershell: ASKING,
    ..EXCHANGE
};

//! What stands already where a MailUser is to be made, and what to do about it.

use std::cmp::Reverse;

use serde_json::Value;

use crate::model::ProxyAddress;
use crate::model::Record;
use crate::model::same_text;
use crate::model::without_prefix;

/// What an object in the target is. The order is that of gravity: of several occupants the last one here is reported first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    Free,
    OwnMailUser,
    Migrated,
    SoftDeleted,
    MailUser,
    PlainUser,
    Guest,
    ExternalMember,
    Contact,
    Group,
    Other,
    Mailbox,
}

impl State {
    fn as_str(self) -> &'static str {
        match self {
            State::Free => "free",
            State::OwnMailUser | State::MailUser => "mailuser",
            State::Migrated => "migrated",
            State::SoftDeleted => "soft-deleted",
            State::PlainUser => "plain user",
            State::Guest => "guest",
            State::ExternalMember => "external member",
            State::Contact => "contact",
            State::Group => "group",
            State::Other => "other",
            State::Mailbox => "mailbox",
        }
    }

    fn remedy(self) -> &'static str {
        match self {
            State::Free | State::OwnMailUser => "",
            State::Migrated => "nothing to do: the mailbox has moved already",
            State::SoftDeleted => "purge the soft-deleted object, or give the user another address; a twin makes names ambiguous (F-60)",
            State::MailUser => {
                "it is another person's MailUser, or was stamped from another mailbox: set its ExchangeGuid, remove it, or map to another address"
            }
            State::PlainUser => {
                "Exchange Online cannot turn an existing user into a MailUser: rename or delete the user, or have directory sync mail-enable it"
            }
            State::Guest => "remove the guest, or convert it to an internal user and mail-enable it by directory sync",
            State::ExternalMember => {
                "convert the external member to an internal one and strip the addresses of foreign domains, or remove it"
            }
            State::Contact => "remove the mail contact; the MailUser takes its place in the address book",
            State::Group => "take the address off the group, or map to another one",
            State::Other => "take the address off the object, or map to another one",
            State::Mailbox => {
                "somebody has a mailbox there: if it is a mailbox made by a licence, take the licence away and clear it (F-54), else map to another address"
            }
        }
    }
}

/// One object in the way.
struct Occupant {
    state: State,
    identity: String,
    matched: Vec<&'static str>,
}

/// What occupies the UPN, alias and addresses of a plan: `{state, usable, identity, matched, remedy, others}`. `recipients` are hits
/// of Get-Recipient, Get-Mailbox and Get-MailUser, soft-deleted ones too; `users` are Entra users. What does not touch the plan
/// is passed over. `state` is one of `free`, `mailuser`, `migrated`, `soft-deleted`, `plain user`, `guest`, `external member`,
/// `contact`, `group`, `other`, `mailbox`; `usable` when a MailUser can be made or brought up to date. `identity` is nothing when the place is
/// free.
pub fn judge(plan: &Record, recipients: &[Record], users: &[Record]) -> Record {
    let mut occupants: Vec<Occupant> = Vec::new();
    for recipient in recipients {
        let user = recipient.text("ExternalDirectoryObjectId").and_then(|id| by_id(users, id));
        push(&mut occupants, occupant(plan, recipient, user));
    }
    for user in users {
        let is_seen = user.text("id").is_some_and(|id| {
            recipients
                .iter()
                .any(|recipient| recipient.text("ExternalDirectoryObjectId") == Some(id))
        });
        if !is_seen {
            push(&mut occupants, occupant(plan, user, Some(user)));
        }
    }
    occupants.sort_by_key(|occupant| Reverse(occupant.state));
    let others = occupants
        .iter()
        .skip(1)
        .map(|other| format!("{}: {}", other.state.as_str(), other.identity));
    let others: Vec<String> = others.collect();
    let worst = occupants.first();
    let state = worst.map_or(State::Free, |worst| worst.state);
    Record::default()
        .with("state", state.as_str())
        .with("usable", matches!(state, State::Free | State::OwnMailUser))
        .with("identity", worst.map_or(Value::Null, |worst| worst.identity.as_str().into()))
        .with("matched", worst.map(|worst| worst.matched.join(", ")).unwrap_or_default())
        .with("remedy", state.remedy())
        .with("others", others)
}

/// The same object may be found by several look-ups.
fn push(occupants: &mut Vec<Occupant>, occupant: Option<Occupant>) {
    if let Some(occupant) = occupant
        && !occupants
            .iter()
            .any(|known| known.identity == occupant.identity && known.state == occupant.state)
    {
        occupants.push(occupant);
    }
}

fn by_id<'a>(users: &'a [Record], id: &str) -> Option<&'a Record> {
    users.iter().find(|user| user.text("id").is_some_and(|known| same_text(known, id)))
}

fn occupant(plan: &Record, object: &Record, user: Option<&Record>) -> Option<Occupant> {
    let matched = matches(plan, object);
    let identity = ["ExternalDirectoryObjectId", "id", "Guid", "PrimarySmtpAddress", "Identity"];
    (!matched.is_empty()).then(|| Occupant {
        state: state_of(plan, object, user),
        identity: identity.iter().find_map(|name| object.text(name)).unwrap_or_default().to_owned(),
        matched,
    })
}

/// Which names of the plan the object has.
fn matches(plan: &Record, object: &Record) -> Vec<&'static str> {
    let is_same = |name: &str, others: &[&str]| {
        let wanted = plan.text(name);
        others
            .iter()
            .any(|other| wanted.zip(object.text(other)).is_some_and(|(one, other)| same_text(one, other)))
    };
    let mut matched = Vec::new();
    if is_same(
        "UserPrincipalName",
        &["UserPrincipalName", "MicrosoftOnlineServicesID", "WindowsLiveID"],
    ) {
        matched.push("UserPrincipalName");
    }
    if is_same("ExchangeGuid", &["ExchangeGuid"]) {
        matched.push("ExchangeGuid");
    }
    if is_same("Alias", &["Alias", "mailNickname"]) {
        matched.push("Alias");
    }
    let own = smtp_addresses(object);
    if smtp_addresses(plan)
        .iter()
        .any(|address| own.iter().any(|known| same_text(known, address)))
    {
        matched.push("EmailAddresses");
    }
    matched
}

fn smtp_addresses(object: &Record) -> Vec<String> {
    let lists = ["EmailAddresses", "proxyAddresses"].iter().flat_map(|name| object.list(name));
    let singles = ["PrimarySmtpAddress", "WindowsEmailAddress", "mail"]
        .iter()
        .filter_map(|name| object.text(name));
    let parsed = lists
        .chain(singles.map(str::to_owned))
        .filter_map(|entry| ProxyAddress::parse(&entry));
    parsed
        .filter(ProxyAddress::is_smtp)
        .map(|address| address.address().to_owned())
        .collect()
}

fn state_of(plan: &Record, object: &Record, user: Option<&Record>) -> State {
    let is_external = user.is_some_and(|user| {
        user.text("userPrincipalName")
            .is_some_and(|upn| upn.to_uppercase().contains("#EXT#"))
    });
    let is_guest = user.is_some_and(|user| user.text("userType").is_some_and(|kind| kind.eq_ignore_ascii_case("Guest")));
    if is_soft_deleted(object) {
        return State::SoftDeleted;
    }
    let kind = object.text("RecipientTypeDetails").unwrap_or("User").to_lowercase();
    match kind.as_str() {
        "guestmailuser" => State::Guest,
        "mailuser" | "sharedwithmailuser" | "user" | "disableduser" if is_guest => State::Guest,
        "mailuser" | "user" if is_external => State::ExternalMember,
        "mailuser" if is_own(plan, object) => State::OwnMailUser,
        "mailuser" | "sharedwithmailuser" => State::MailUser,
        "user" | "disableduser" => State::PlainUser,
        "mailcontact" | "mailforestcontact" => State::Contact,
        _ if kind.contains("group") || kind == "roomlist" => State::Group,
        _ if kind.ends_with("mailbox") && has_planned_guid(plan, object) => State::Migrated,
        _ if kind.ends_with("mailbox") => State::Mailbox,
        _ => State::Other,
    }
}

/// A MailUser is ours when it has the UPN and was stamped from the same mailbox or from none yet.
fn is_own(plan: &Record, object: &Record) -> bool {
    let upn = plan.text("UserPrincipalName").zip(
        object
            .text("UserPrincipalName")
            .or_else(|| object.text("MicrosoftOnlineServicesID")),
    );
    // Get-Recipient shows no UPN; the address book name and the address to the source tell as much.
    let is_same_user = match upn {
        Some((wanted, found)) => same_text(wanted, found),
        None => same_external_address(plan, object) || has_planned_guid(plan, object),
    };
    is_same_user && (object.guid("ExchangeGuid").is_none() || has_planned_guid(plan, object))
}

fn same_external_address(plan: &Record, object: &Record) -> bool {
    let both = plan.text("ExternalEmailAddress").zip(object.text("ExternalEmailAddress"));
    both.is_some_and(|(one, other)| same_text(without_prefix(one), without_prefix(other)))
}

fn has_planned_guid(plan: &Record, object: &Record) -> bool {
    plan.guid("ExchangeGuid")
        .is_some_and(|guid| object.guid("ExchangeGuid") == Some(guid))
}

fn is_soft_deleted(object: &Record) -> bool {
    let has_date = ["WhenSoftDeleted", "deletedDateTime"]
        .iter()
        .any(|name| object.text(name).is_some());
    let has_status = object.number("RecipientSoftDeletedStatus").is_some_and(|status| status != 0);
    let is_flagged = [
        "IsSoftDeleted",
        "IsSoftDeletedByRemove",
        "IsSoftDeletedByDisable",
        "IsInactiveMailbox",
    ]
    .iter();
    let lies_there = object
        .get("DistinguishedName")
        .and_then(Value::as_str)
        .is_some_and(|name| name.contains("Soft Deleted Objects"));
    has_date || has_status || is_flagged.clone().any(|name| object.flag(name) == Some(true)) || lies_there
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn record(value: Value) -> Record {
        value.as_object().cloned().expect("an object").into()
    }

    fn plan() -> Record {
        record(json!({
            "UserPrincipalName": "Lara.Newton@northwind.com", "Alias": "LaraN", "ExternalEmailAddress": "LaraN@contoso.onmicrosoft.com",
            "ExchangeGuid": "1ec059c7-8396-4d0b-af4e-d6bd4c12a8d8", "PrimarySmtpAddress": "Lara.Newton@northwind.com",
            "EmailAddresses": ["SMTP:Lara.Newton@northwind.com", "smtp:LaraN@northwindtraders.onmicrosoft.com", "X500:/o=x"],
        }))
    }

    fn judged(recipients: Value, users: Value) -> (String, bool) {
        let list = |value: Value| -> Vec<Record> { value.as_array().expect("an array").iter().cloned().map(record).collect() };
        let found = judge(&plan(), &list(recipients), &list(users));
        (
            found.text("state").expect("a state").to_owned(),
            found.flag("usable").expect("usable"),
        )
    }

    #[test]
    fn everything_that_can_occupy_a_place_is_told_apart() {
        let address = ["smtp:lara.newton@NORTHWIND.com"];
        let recipient = |kind: &str| json!([{"RecipientTypeDetails": kind, "EmailAddresses": address, "Identity": "x"}]);
        let user = |extra: Value| {
            let mut user = json!({"id": "u1", "userPrincipalName": "lara.newton@northwind.com", "userType": "Member"});
            user.as_object_mut()
                .expect("an object")
                .extend(extra.as_object().cloned().expect("an object"));
            json!([user])
        };

        assert_eq!(judged(json!([]), json!([])), ("free".into(), true));
        for (kind, state) in [
            ("UserMailbox", "mailbox"),
            ("SharedMailbox", "mailbox"),
            ("MailContact", "contact"),
            ("GuestMailUser", "guest"),
            ("MailUniversalSecurityGroup", "group"),
            ("PublicFolder", "other"),
            ("MailUser", "mailuser"),
        ] {
            assert_eq!(judged(recipient(kind), json!([])), (state.into(), false), "{kind}");
        }
        assert_eq!(judged(json!([]), user(json!({}))), ("plain user".into(), false));
        assert_eq!(judged(json!([]), user(json!({"userType": "Guest"}))), ("guest".into(), false));
        let external = json!({"userPrincipalName": "lara_contoso.com#EXT#@northwind.com", "mail": "Lara.Newton@northwind.com"});
        assert_eq!(judged(json!([]), user(external)), ("external member".into(), false));
        let deleted =
            json!([{"RecipientTypeDetails": "UserMailbox", "EmailAddresses": address, "WhenSoftDeleted": "2026-01-01T00:00:00Z"}]);
        assert_eq!(judged(deleted, json!([])), ("soft-deleted".into(), false));
    }

    #[test]
    fn our_own_mailuser_is_used_and_another_ones_is_not() {
        let mailuser = |upn: &str, guid: &str| json!([{"RecipientTypeDetails": "MailUser", "UserPrincipalName": upn, "ExchangeGuid": guid, "Alias": "LaraN"}]);
        let none = "00000000-0000-0000-0000-000000000000";
        let same = "1EC059C7-8396-4d0b-af4e-d6bd4c12a8d8";

        assert_eq!(
            judged(mailuser("lara.newton@northwind.com", none), json!([])),
            ("mailuser".into(), true)
        );
        assert_eq!(
            judged(mailuser("lara.newton@northwind.com", same), json!([])),
            ("mailuser".into(), true)
        );
        assert_eq!(judged(mailuser("other@northwind.com", none), json!([])), ("mailuser".into(), false));
        let foreign = mailuser("lara.newton@northwind.com", "7f3c2a10-9d44-4c1b-8a52-2b6a1f0e7701");
        assert_eq!(judged(foreign, json!([])), ("mailuser".into(), false));
    }

    #[test]
    fn a_mailbox_that_has_moved_already_is_no_stranger() {
        let moved = json!([{
            "RecipientTypeDetails": "UserMailbox", "ExchangeGuid": "1ec059c7-8396-4d0b-af4e-d6bd4c12a8d8", "Alias": "LaraN",
        }]);

        assert_eq!(judged(moved, json!([])), ("migrated".into(), false));
    }

    #[test]
    fn the_same_user_seen_by_both_services_counts_once_and_strangers_not_at_all() {
        let recipients = [record(json!({
            "RecipientTypeDetails": "MailUser", "UserPrincipalName": "lara.newton@northwind.com", "ExternalDirectoryObjectId": "u1",
        }))];
        let users = [
            record(json!({"id": "u1", "userPrincipalName": "lara.newton@northwind.com", "userType": "Member"})),
            record(json!({"id": "u2", "userPrincipalName": "bob@northwind.com"})),
        ];

        let found = judge(&plan(), &recipients, &users);

        assert_eq!((found.text("state"), found.text("identity")), (Some("mailuser"), Some("u1")));
        assert!(found.list("others").is_empty());
    }
}

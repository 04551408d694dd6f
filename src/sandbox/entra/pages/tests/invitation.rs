use serde_json::json;

use super::*;

const MAIL: &str = "https://outlook.office.com/mail/";
const ADMIN: &str = "cleo@contoso.onmicrosoft.com";

fn invite(desk: &Desk, address: &str, text: &str) -> Value {
    let body = json!({
        "invitedUserEmailAddress": address, "inviteRedirectUrl": "https://office.com/?from=invitation", "sendInvitationMessage": true,
        "invitedUserMessageInfo": {"customizedMessageBody": text},
    });
    let (status, invitation) = desk.graph("northwind", "POST", "invitations", body);
    assert_eq!(status, 201, "{invitation}");
    invitation
}

fn state(desk: &Desk, invitation: &Value) -> Value {
    user(desk, "northwind", invitation["invitedUser"]["id"].as_str().unwrap())["externalUserState"].clone()
}

#[test]
fn an_invitation_lies_in_the_mailbox_and_makes_a_guest_of_whoever_accepts_it() {
    let desk = Desk::new();
    let invitation = invite(&desk, ADMIN, "Please let us <b>move</b> mailboxes.");
    let mut browser = Browser::new(&desk);

    browser.open(MAIL).sign_in(ADMIN);
    assert_eq!(browser.address, MAIL);
    browser.follow("invited you to access");
    assert!(
        browser.shown.contains("Please let us &lt;b&gt;move&lt;/b&gt; mailboxes."),
        "{}",
        browser.shown
    );
    browser.follow("Accept invitation");
    assert!(browser.shown.contains("Review permissions"), "{}", browser.shown);
    assert_eq!(state(&desk, &invitation), "PendingAcceptance");
    browser.press("Accept", &[]);

    assert_eq!(browser.address, "https://office.com/?from=invitation");
    assert_eq!(state(&desk, &invitation), "Accepted");
    // Who accepted already is only led on.
    browser.open(invitation["inviteRedeemUrl"].as_str().unwrap());
    assert_eq!(browser.address, "https://office.com/?from=invitation");
}

#[test]
fn only_the_invited_account_accepts_and_may_say_no() {
    let desk = Desk::new();
    let invitation = invite(&desk, ADMIN, "");
    let link = invitation["inviteRedeemUrl"].as_str().unwrap();
    let mut browser = Browser::new(&desk);

    browser.open(link).sign_in("ulla@contoso.onmicrosoft.com");
    assert!(
        browser.shown.contains(&format!("this invitation is for {ADMIN}")),
        "{}",
        browser.shown
    );
    browser.follow("another account");
    assert!(
        browser.shown.contains(&format!("value=\"{ADMIN}\"")),
        "the account is filled in: {}",
        browser.shown
    );
    browser.press("Sign in", &[]).press("Cancel", &[]);

    assert!(browser.shown.contains("did not accept"), "{}", browser.shown);
    assert_eq!(state(&desk, &invitation), "PendingAcceptance");
}

#[test]
fn a_link_with_another_ticket_is_no_invitation() {
    let desk = Desk::new();
    let invitation = invite(&desk, ADMIN, "");
    let link = invitation["inviteRedeemUrl"].as_str().unwrap();
    let (front, _) = link.split_once("ticket").unwrap();
    let mut browser = Browser::new(&desk);

    browser.open(&format!("{front}ticket%3Dguess%26ver%3D2.0"));

    assert_eq!(browser.status, 400);
    assert!(browser.shown.contains("not valid any more"), "{}", browser.shown);
}

#[test]
fn the_address_of_the_invitation_service_leads_to_the_same_page() {
    let desk = Desk::new();
    let invitation = invite(&desk, ADMIN, "");
    let own = form::decode(invitation["inviteRedeemUrl"].as_str().unwrap().split_once("rd=").unwrap().1);
    assert!(own.starts_with("https://invitations.microsoft.com/redeem/?tenant="), "{own}");
    let mut browser = Browser::new(&desk);

    browser.open(&own).sign_in(ADMIN);

    assert!(browser.shown.contains("Review permissions"), "{}", browser.shown);
}

#[test]
fn everybody_reads_their_own_messages_only() {
    let desk = Desk::new();
    invite(&desk, ADMIN, "for Cleo");
    let mut browser = Browser::new(&desk);
    browser.open(MAIL).sign_in(ADMIN).follow("invited you to access");
    let message = browser.address.clone();
    let mut other = Browser::new(&desk);

    other.open(MAIL).sign_in("ulla@contoso.onmicrosoft.com");
    assert!(other.shown.contains("There are no messages."), "{}", other.shown);
    other.open(&message);
    assert_eq!(other.status, 404);
    // A ticket of the sign-in is used once.
    other.open(&format!("{MAIL}?code=00000000-0000-4000-8000-000000000000"));
    assert!(other.shown.contains("ulla@contoso"), "{}", other.shown);
    other.follow("Sign out");
    other.open(MAIL);
    assert!(other.shown.contains("<label for=\"login\">"), "{}", other.shown);
}

#[test]
fn a_message_goes_to_every_address_of_a_mailbox_and_only_when_one_is_sent() {
    let desk = Desk::new();
    let (_, found) = desk.cmdlet("contoso", "Get-Mailbox", json!({"ResultSize": 1}), false);
    let mailbox = &found["value"][0];
    let name = mailbox["UserPrincipalName"].as_str().unwrap();
    let other = mailbox["EmailAddresses"]
        .as_array()
        .unwrap()
        .iter()
        .find_map(|proxy| proxy.as_str()?.strip_prefix("smtp:"));
    invite(&desk, other.unwrap(), "to another address");
    let quiet = json!({"invitedUserEmailAddress": name, "inviteRedirectUrl": "https://office.com"});
    assert_eq!(desk.graph("northwind", "POST", "invitations", quiet).0, 201);
    let mut browser = Browser::new(&desk);

    browser.open(MAIL).sign_in(name);

    assert_eq!(browser.shown.matches("/mail/id/").count(), 1, "{}", browser.shown);
}

use super::*;
use crate::sandbox::entra::consent;
use crate::sandbox::entra::consent::Asked;

const HERE: &str = "https://login.microsoftonline.com/common/oauth2/v2.0/authorize?client_id=one&prompt=consent&state=s";

/// The dialog as the authorize address shows it to somebody who is signed in.
fn asked<'a>(desk: &'a Desk, account: &str, app_id: &str, scopes: &[&str]) -> Browser<'a> {
    let mut browser = Browser::new(desk);
    browser
        .open(&format!("{LOGIN}/common/login?return={LOGIN}/common/oauth2/deviceauth"))
        .sign_in(account);
    let scopes: Vec<_> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    let mut request = request("GET", "login.microsoftonline.com", "/common/oauth2/v2.0/authorize");
    request.query = form::pairs(HERE.split_once('?').unwrap().1);
    request
        .headers
        .push(("cookie".into(), browser.cookies["login.microsoftonline.com"].clone()));
    let reply = desk.world.store.transaction(|tx| {
        let asked = Asked {
            client: &directory::application(tx, app_id).unwrap(),
            tenant: &directory::tenant(tx, "contoso").unwrap(),
            user: &directory::user(tx, "contoso", account).unwrap(),
            scopes: &scopes,
            admin: false,
        };
        Ok::<_, rusqlite::Error>(consent::ask(tx, &request, &asked))
    });
    browser.shown = String::from_utf8(reply.unwrap().body).unwrap();
    browser
}

/// For whom the grant of these scopes in `contoso` is.
fn grant(desk: &Desk, scopes: &str) -> String {
    let all = desk
        .world
        .store
        .transaction(|tx| Ok::<_, rusqlite::Error>(directory::delegated_grants(tx, "contoso")));
    let all = all.unwrap();
    let found = all.iter().find(|grant| grant.text("scope") == scopes);
    found
        .unwrap_or_else(|| panic!("no grant of `{scopes}`: {all:?}"))
        .text("consentType")
        .to_owned()
}

#[test]
fn a_person_consents_for_themselves_and_comes_back_without_being_asked_again() {
    let desk = Desk::new();
    let app_id = application(&desk, "Reader", &[]);
    let mut browser = asked(&desk, "ulla@contoso.onmicrosoft.com", &app_id, &["openid", "User.Read"]);
    assert!(browser.shown.contains("Sign in and read user profile"), "{}", browser.shown);
    assert!(!browser.shown.contains("on behalf of your organization"), "{}", browser.shown);

    browser.press("Accept", &[]);

    assert_eq!(value(&browser.landed(), "state"), Some("s"));
    assert_eq!(value(&browser.landed(), "prompt"), None);
    assert_eq!(value(&browser.landed(), "consent_declined"), None);
    assert!(delegated(&desk, &app_id).is_empty(), "it is for nobody else");
    assert_eq!(grant(&desk, "openid User.Read"), "Principal");
}

#[test]
fn an_administrator_may_consent_for_all() {
    let desk = Desk::new();
    let app_id = application(&desk, "Reader", &[]);
    let mut browser = asked(
        &desk,
        "cleo@contoso.onmicrosoft.com",
        &app_id,
        &["https://graph.microsoft.com/User.Read.All"],
    );

    browser.press("Accept", &[("for_all", "1")]);

    assert_eq!(grant(&desk, "User.Read.All"), "AllPrincipals");
}

#[test]
fn what_concerns_others_needs_an_administrator_and_forging_the_form_does_not_help() {
    let desk = Desk::new();
    let app_id = application(&desk, "Reader", &[]);
    let browser = asked(&desk, "ulla@contoso.onmicrosoft.com", &app_id, &["User.Read.All"]);
    assert!(
        browser.shown.contains("Need admin approval") && browser.shown.contains("AADSTS90094"),
        "{}",
        browser.shown
    );

    for forged in [("scope", "User.Read.All"), ("for_all", "1")] {
        let mut browser = asked(&desk, "ulla@contoso.onmicrosoft.com", &app_id, &["User.Read"]);
        browser.press("Accept", &[forged]);
        assert!(browser.shown.contains("Need admin approval"), "{forged:?}: {}", browser.shown);
    }
    let (status, _) = desk.graph("contoso", "GET", &format!("servicePrincipals(appId='{app_id}')"), Value::Null);
    assert_eq!(status, 404);
}

#[test]
fn who_cancels_comes_back_and_the_application_can_be_told() {
    let desk = Desk::new();
    let app_id = application(&desk, "Reader", &[]);
    let mut browser = asked(&desk, "ulla@contoso.onmicrosoft.com", &app_id, &["User.Read"]);

    browser.press("Cancel", &[]);

    assert_eq!(value(&browser.landed(), "consent_declined"), Some("1"));
}

#[test]
fn consent_for_all_grants_what_the_dialog_showed_and_no_more() {
    let desk = Desk::new();
    let manage = "ab4f2b77-0b06-4fc1-a9de-02113fc2ab7c";
    let required = [(ids::EXCHANGE, manage, "Scope"), (ids::EXCHANGE, ids::MAILBOX_MIGRATION, "Role")];
    let app_id = application(&desk, "Both", &required);
    let scope = "https://outlook.office365.com/.default";
    let mut browser = asked(&desk, "cleo@contoso.onmicrosoft.com", &app_id, &[scope]);
    assert!(!browser.shown.contains("without a signed-in user"), "{}", browser.shown);

    browser.press("Accept", &[("for_all", "1")]);

    assert_eq!(grant(&desk, "Exchange.Manage"), "AllPrincipals");
    let roles = format!("servicePrincipals(appId='{app_id}')/appRoleAssignments");
    assert_eq!(desk.graph("contoso", "GET", &roles, Value::Null).1["value"], json!([]));
}

#[test]
fn an_application_of_one_tenant_is_not_installed_in_another_by_a_forged_form() {
    let desk = Desk::new();
    let shown = application(&desk, "Reader", &[]);
    let body = json!({"displayName": "Own", "signInAudience": "AzureADMyOrg"});
    let (_, own) = desk.graph("northwind", "POST", "applications", body);
    let own = own["appId"].as_str().unwrap();
    let mut browser = asked(&desk, "ulla@contoso.onmicrosoft.com", &shown, &["User.Read"]);

    browser.press("Accept", &[("client_id", own)]);

    assert!(browser.shown.contains("AADSTS700016"), "{}", browser.shown);
    let (status, _) = desk.graph("contoso", "GET", &format!("servicePrincipals(appId='{own}')"), Value::Null);
    assert_eq!(status, 404);
}

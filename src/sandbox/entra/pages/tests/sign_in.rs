use std::time::Duration;

use serde_json::json;

use super::*;

const HERE: &str = "https://login.microsoftonline.com/common/oauth2/deviceauth?otc=none";

fn picker() -> String {
    format!("{LOGIN}/common/login?return={}", form::encode(HERE))
}

#[test]
fn the_picker_offers_administrators_takes_any_account_and_says_that_nobody_has_a_password() {
    let desk = Desk::new();
    let mut browser = Browser::new(&desk);

    browser.open(&picker());

    for part in [
        "<label for=\"login\">",
        "id=\"login\"",
        "cleo@contoso.onmicrosoft.com",
        "nils@northwindtraders.onmicrosoft.com",
        "password",
    ] {
        assert!(browser.shown.contains(part), "{part}: {}", browser.shown);
    }
    assert!(!browser.shown.contains("ulla@contoso"), "who holds no role is not offered");
    browser.sign_in("ulla@contoso.onmicrosoft.com");
    assert_eq!(browser.address, HERE);
    // A second visit asks nobody.
    browser.open(&picker());
    assert_eq!(browser.address, HERE);
}

#[test]
fn an_account_that_is_not_there_or_disabled_is_refused_on_the_page() {
    let desk = Desk::new();
    let disabled = "users/edgar@contoso.onmicrosoft.com";
    assert_eq!(desk.graph("contoso", "PATCH", disabled, json!({"accountEnabled": false})).0, 204);
    for (account, why) in [
        ("nobody@contoso.com", "AADSTS50034"),
        ("<b>@contoso.com", "&lt;b&gt;@contoso.com"),
        ("edgar@contoso.onmicrosoft.com", "AADSTS50057"),
        ("", "Enter the account"),
    ] {
        let mut browser = Browser::new(&desk);

        browser.open(&picker()).sign_in(account);

        assert!(
            browser.shown.contains("role=\"alert\"") && browser.shown.contains(why),
            "{account}: {}",
            browser.shown
        );
    }
}

#[test]
fn nobody_is_sent_to_a_stranger() {
    let desk = Desk::new();
    for address in [
        "https://evil.example/",
        "https://login.microsoftonline.com@evil.example/",
        "https://login.microsoftonline.com\\@evil.example/",
        "http://login.microsoftonline.com/",
        "//evil.example",
        "https://login.microsoftonline.com/\r\nset-cookie: a=b",
        "https://graph.microsoft.com/v1.0/me",
        "",
    ] {
        let mut browser = Browser::new(&desk);

        browser.open(&format!("{LOGIN}/common/login?return={}", form::encode(address)));
        assert_eq!(browser.status, 400, "{address}");
        browser.go(
            "POST",
            &format!("{LOGIN}/common/login"),
            &[("return", address), ("login", "cleo@contoso.onmicrosoft.com")],
        );
        assert_eq!(browser.status, 400, "{address}");
    }
}

#[test]
fn a_session_ends_with_its_time_its_account_and_the_sign_out() {
    let desk = Desk::new();
    let asked_again = |browser: &mut Browser<'_>| browser.open(&picker()).shown.contains("<label for=\"login\">");
    let mut browser = Browser::new(&desk);
    browser.open(&picker()).sign_in("ulla@contoso.onmicrosoft.com");
    assert!(!asked_again(&mut browser));

    browser.open(&format!("{LOGIN}/common/oauth2/v2.0/logout"));
    assert!(asked_again(&mut browser));

    browser.sign_in("ulla@contoso.onmicrosoft.com");
    assert!(!asked_again(&mut browser));
    desk.world.advance(Duration::from_secs(25 * 3600)).unwrap();
    assert!(asked_again(&mut browser));

    browser.sign_in("ulla@contoso.onmicrosoft.com");
    assert!(!asked_again(&mut browser));
    desk.graph(
        "contoso",
        "PATCH",
        "users/ulla@contoso.onmicrosoft.com",
        json!({"accountEnabled": false}),
    );
    assert!(asked_again(&mut browser));
}

#[test]
fn what_is_no_page_is_not_found() {
    let desk = Desk::new();
    let mut browser = Browser::new(&desk);

    browser.open(&format!("{LOGIN}/contoso.com/nowhere"));

    assert_eq!(browser.status, 404);
    assert!(browser.shown.contains("Page not found"));
}

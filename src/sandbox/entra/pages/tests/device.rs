use std::time::Duration;

use super::*;
use crate::sandbox::entra::device;
use crate::sandbox::entra::device::Decision;

const PAGE: &str = "https://login.microsoftonline.com/common/oauth2/deviceauth";
const AZURE_CLI: &str = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

fn start(desk: &Desk, tenant: &str) -> Object {
    let made = desk
        .world
        .store
        .transaction(|tx| device::start(tx, tenant, AZURE_CLI, "https://management.core.windows.net//.default"));
    made.unwrap()
}

fn now(desk: &Desk, code: &Object) -> Object {
    desk.world.store.transaction(|tx| tx.get(&code.id)).unwrap().unwrap()
}

#[test]
fn a_program_signs_in_when_its_code_was_entered_and_its_name_confirmed() {
    let desk = Desk::new();
    let code = start(&desk, "organizations");
    let mut browser = Browser::new(&desk);

    browser.open("https://microsoft.com/devicelogin");
    assert_eq!(browser.address, PAGE);
    assert!(browser.shown.contains("<label for=\"otc\">"), "{}", browser.shown);
    let typed = code.text("user_code").to_lowercase();
    browser.press("Next", &[("otc", &typed)]).sign_in("cleo@contoso.onmicrosoft.com");
    assert!(
        browser.shown.contains("Are you trying to sign in to Microsoft Azure CLI?"),
        "{}",
        browser.shown
    );
    assert_eq!(Decision::on(&now(&desk, &code)), Decision::Pending);
    browser.press("Continue", &[]);

    assert!(
        browser.shown.contains("You have signed in to the Microsoft Azure CLI application"),
        "{}",
        browser.shown
    );
    let decided = now(&desk, &code);
    assert_eq!(
        (Decision::on(&decided), decided.text("user_tenant")),
        (Decision::Approved, "contoso")
    );
}

#[test]
fn a_code_that_is_wrong_used_or_expired_is_told_on_the_page() {
    let desk = Desk::new();
    let code = start(&desk, "common");
    let mut browser = Browser::new(&desk);
    let refused = |browser: &Browser<'_>| browser.shown.contains("role=\"alert\"") && browser.shown.contains("That code didn&#39;t work");

    browser.open(PAGE).press("Next", &[("otc", "NOSUCHONE")]);
    assert!(refused(&browser), "{}", browser.shown);

    browser
        .press("Next", &[("otc", code.text("user_code"))])
        .sign_in("cleo@contoso.onmicrosoft.com");
    browser.press("Cancel", &[]);
    assert_eq!(Decision::on(&now(&desk, &code)), Decision::Declined);
    browser.open(PAGE).press("Next", &[("otc", code.text("user_code"))]);
    assert!(refused(&browser), "{}", browser.shown);

    let late = start(&desk, "common");
    desk.world.advance(Duration::from_secs(901)).unwrap();
    browser.open(PAGE).press("Next", &[("otc", late.text("user_code"))]);
    assert!(refused(&browser), "{}", browser.shown);
}

#[test]
fn a_link_with_a_code_approves_nothing_by_itself() {
    let desk = Desk::new();
    let code = start(&desk, "common");
    let address = format!("{PAGE}?otc={}", code.text("user_code"));
    let mut browser = Browser::new(&desk);

    browser.open(&address);
    assert!(
        browser.shown.contains("Enter code"),
        "a link does not skip the question: {}",
        browser.shown
    );
    browser.press("Next", &[]).sign_in("cleo@contoso.onmicrosoft.com");
    browser.open(&address);
    browser.go("POST", PAGE, &[("otc", code.text("user_code")), ("decision", "continue")]);

    assert_eq!(browser.status, 400);
    assert_eq!(Decision::on(&now(&desk, &code)), Decision::Pending);
}

#[test]
fn a_code_of_one_tenant_is_for_its_people() {
    let desk = Desk::new();
    let code = start(&desk, "contoso.com");
    let mut browser = Browser::new(&desk);

    browser.open(PAGE).press("Next", &[("otc", code.text("user_code"))]);
    browser.sign_in("nils@northwindtraders.onmicrosoft.com");
    assert!(browser.shown.contains("AADSTS50020"), "{}", browser.shown);
}

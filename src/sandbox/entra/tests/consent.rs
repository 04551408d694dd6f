//! Signing in to what nobody has consented to yet.

use serde_json::Value;
use serde_json::json;

use super::CLEO;
use super::GRAPH_TOOLS;
use super::browse;
use super::claims;
use super::location;
use super::post;
use super::refused;
use super::value;
use crate::sandbox::directory;
use crate::sandbox::entra::device;
use crate::sandbox::ids;
use crate::sandbox::testing::Desk;

const BACK: (&str, &str) = ("redirect_uri", "http://localhost:49152");
const SCOPE: &str = "https://graph.microsoft.com/User.Read.All openid offline_access";

fn ask<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let own = [("client_id", GRAPH_TOOLS), ("response_type", "code"), BACK, ("scope", SCOPE)];
    own.iter().chain(more).copied().collect()
}

fn consent(desk: &Desk) {
    let granted = desk.world.store.transaction(|tx| {
        let tools = directory::add_principal(tx, "contoso", &super::super::first_party::find(GRAPH_TOOLS).unwrap().application())?;
        let graph = directory::service_principal(tx, "contoso", ids::GRAPH).unwrap();
        directory::grant_delegated(tx, "contoso", &tools, &graph, &["User.Read.All".into(), "openid".into()], None)
    });
    granted.unwrap();
}

#[test]
fn a_person_is_asked_and_a_silent_program_is_told() {
    let desk = Desk::new();
    let path = "/organizations/oauth2/v2.0/authorize";

    let asked = browse(&desk, CLEO, "GET", path, &ask(&[]));
    let page = String::from_utf8_lossy(&asked.body).into_owned();
    assert!(
        page.contains("Permissions requested") && page.contains("Microsoft Graph Command Line Tools"),
        "{page}"
    );
    let (_, silent) = location(&browse(&desk, CLEO, "GET", path, &ask(&[("prompt", "none")])));
    assert_eq!(value(&silent, "error"), "consent_required");
    let (_, declined) = location(&browse(&desk, CLEO, "GET", path, &ask(&[("consent_declined", "1")])));
    assert_eq!(value(&declined, "error"), "access_denied");
    assert!(value(&declined, "error_description").starts_with("AADSTS65004:"));

    consent(&desk);

    let (_, parameters) = location(&browse(&desk, CLEO, "GET", path, &ask(&[])));
    let code = value(&parameters, "code");
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", GRAPH_TOOLS),
        ("code", code.as_str()),
        BACK,
    ];
    let (status, answer) = post(&desk, "/organizations/oauth2/v2.0/token", &form);
    assert_eq!(status, 200, "{answer}");
    assert_eq!(claims(&answer["access_token"])["scp"], "User.Read.All");
    let again = browse(&desk, CLEO, "GET", path, &ask(&[("prompt", "consent")]));
    assert!(String::from_utf8_lossy(&again.body).contains("Permissions requested"));
}

#[test]
fn a_device_code_does_not_stand_for_consent() {
    let desk = Desk::new();
    let fields = [("client_id", GRAPH_TOOLS), ("scope", SCOPE)];
    let (_, code) = post(&desk, "/organizations/oauth2/v2.0/devicecode", &fields);
    desk.world
        .store
        .transaction(|tx| {
            let code = device::pending(tx, code["user_code"].as_str().unwrap()).unwrap();
            device::approve(tx, &code, &directory::user(tx, "contoso", CLEO).unwrap())
        })
        .unwrap();
    let poll = || {
        let fields = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("client_id", GRAPH_TOOLS),
            ("device_code", code["device_code"].as_str().unwrap()),
        ];
        post(&desk, "/organizations/oauth2/v2.0/token", &fields)
    };

    let other = post(&desk, "/organizations/oauth2/v2.0/devicecode", &fields).1;
    let typed = [("otc", other["user_code"].as_str().unwrap())];
    let page = browse(&desk, CLEO, "POST", "/common/oauth2/deviceauth", &typed);
    assert!(String::from_utf8_lossy(&page.body).contains("Permissions requested"));
    assert_eq!(refused(&poll()), (65001, "invalid_grant"));
    consent(&desk);
    assert_eq!(poll().0, 200);
    let page = browse(&desk, CLEO, "POST", "/common/oauth2/deviceauth", &typed);
    assert!(String::from_utf8_lossy(&page.body).contains("Are you trying to sign in to Microsoft Graph Command Line Tools?"));
}

#[test]
fn a_permission_that_the_resource_does_not_have_cannot_be_asked_for() {
    let desk = Desk::new();
    let fields = [("scope", "https://graph.microsoft.com/Odd.Read")];
    let asked: Vec<_> = ask(&[]).into_iter().filter(|(name, _)| *name != "scope").chain(fields).collect();

    let (_, parameters) = location(&browse(&desk, CLEO, "GET", "/common/oauth2/v2.0/authorize", &asked));

    assert!(value(&parameters, "error_description").starts_with("AADSTS650053:"));
}

#[test]
fn a_guest_signs_in_to_the_tenant_that_invited_it_once_it_has_accepted() {
    let desk = Desk::new();
    let body = json!({"invitedUserEmailAddress": CLEO, "inviteRedirectUrl": "https://office.com"});
    let (status, invitation) = desk.graph("northwind", "POST", "invitations", body);
    assert_eq!(status, 201, "{invitation}");
    let guest = invitation["invitedUser"]["id"].as_str().unwrap();
    let path = "/northwind.com/oauth2/v2.0/authorize";
    let asked = [
        ("client_id", super::AZURE_CLI),
        ("response_type", "code"),
        BACK,
        ("scope", "https://graph.microsoft.com/.default"),
    ];
    assert!(String::from_utf8_lossy(&browse(&desk, CLEO, "GET", path, &asked).body).contains("AADSTS50020"));

    desk.world
        .store
        .transaction(|tx| {
            let mut user = directory::user(tx, "northwind", guest).unwrap();
            user.set("externalUserState", "Accepted");
            directory::store_user(tx, &user)
        })
        .unwrap();

    let (_, parameters) = location(&browse(&desk, CLEO, "GET", path, &asked));
    let code = value(&parameters, "code");
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", super::AZURE_CLI),
        ("code", code.as_str()),
        BACK,
    ];
    let (_, answer) = post(&desk, "/northwind.com/oauth2/v2.0/token", &form);
    let token: Value = claims(&answer["access_token"]);
    assert_eq!((&token["oid"], &token["acct"]), (&json!(guest), &json!(1)));
    assert_eq!((&token["unique_name"], &token["upn"]), (&json!(CLEO), &Value::Null));
    assert_eq!(token["tid"], desk.tenant("northwind").tenant_id.as_str());
}

//! Signing in with a device code.

use std::time::Duration;

use serde_json::Value;
use serde_json::json;

use super::AZURE_CLI;
use super::CLEO;
use super::application;
use super::claims;
use super::post;
use super::refused;
use crate::sandbox::directory;
use crate::sandbox::entra::device;
use crate::sandbox::ids;
use crate::sandbox::testing::Desk;
use crate::sandbox::testing::read;
use crate::sandbox::testing::request;

const SCOPE: &str = "https://graph.microsoft.com/.default openid profile offline_access";

fn start(desk: &Desk, client_id: &str) -> Value {
    let (status, code) = post(
        desk,
        "/organizations/oauth2/v2.0/devicecode",
        &[("client_id", client_id), ("scope", SCOPE)],
    );
    assert_eq!(status, 200, "{code}");
    code
}

fn poll(desk: &Desk, client_id: &str, code: &Value) -> (u16, Value) {
    let fields = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
        ("client_id", client_id),
        ("device_code", code["device_code"].as_str().unwrap()),
        ("client_info", "1"),
    ];
    post(desk, "/organizations/oauth2/v2.0/token", &fields)
}

fn decide(desk: &Desk, code: &Value, is_approved: bool) {
    let decided = desk.world.store.transaction(|tx| {
        let typed = code["user_code"].as_str().unwrap().to_lowercase();
        let code = device::pending(tx, &typed).unwrap();
        let user = directory::user(tx, "contoso", CLEO).unwrap();
        match is_approved {
            true => device::approve(tx, &code, &user),
            false => device::decline(tx, &code),
        }
    });
    decided.unwrap();
}

#[test]
fn a_program_polls_until_a_person_approves_and_gets_its_tokens_once() {
    let desk = Desk::new();
    let code = start(&desk, AZURE_CLI);
    assert_eq!(
        (&code["expires_in"], &code["interval"], &code["verification_uri"]),
        (&json!(900), &json!(5), &json!("https://microsoft.com/devicelogin"))
    );
    assert_eq!(code["user_code"].as_str().unwrap().len(), 9);

    assert_eq!(refused(&poll(&desk, AZURE_CLI, &code)), (70016, "authorization_pending"));
    assert_eq!(refused(&poll(&desk, AZURE_CLI, &code)).1, "slow_down");
    desk.world.advance(Duration::from_secs(5)).unwrap();
    assert_eq!(refused(&poll(&desk, AZURE_CLI, &code)).1, "authorization_pending");
    decide(&desk, &code, true);
    let (status, answer) = poll(&desk, AZURE_CLI, &code);

    assert_eq!(status, 200, "{answer}");
    let token = claims(&answer["access_token"]);
    let tenant_id = desk.tenant("contoso").tenant_id.as_str();
    assert_eq!(
        (&token["aud"], &token["tid"]),
        (&json!("https://graph.microsoft.com"), &json!(tenant_id))
    );
    assert_eq!(
        (&token["appid"], &token["appidacr"], &token["idtyp"]),
        (&json!(AZURE_CLI), &json!("0"), &json!("user"))
    );
    assert_eq!(
        (&token["upn"], &token["unique_name"], &token["acct"]),
        (&json!(CLEO), &json!(CLEO), &json!(0))
    );
    assert_eq!(token["wids"], json!([ids::GLOBAL_ADMINISTRATOR, ids::ORDINARY_USER]));
    let permissions: Vec<_> = token["scp"].as_str().unwrap().split(' ').collect();
    assert!(
        permissions.contains(&"Directory.AccessAsUser.All") && !permissions.contains(&"Mail.Read"),
        "{permissions:?}"
    );
    let shown = answer["scope"].as_str().unwrap();
    assert!(
        shown.contains("https://graph.microsoft.com/.default") && shown.contains("https://graph.microsoft.com/User.Read.All"),
        "{shown}"
    );
    let id_token = claims(&answer["id_token"]);
    let issuer = format!("https://login.microsoftonline.com/{tenant_id}/v2.0");
    assert_eq!(
        (&id_token["aud"], &id_token["iss"], &id_token["ver"]),
        (&json!(AZURE_CLI), &json!(issuer), &json!("2.0"))
    );
    assert_eq!((&id_token["oid"], &id_token["preferred_username"]), (&token["oid"], &json!(CLEO)));
    assert!(answer["refresh_token"].is_string() && answer["client_info"].is_string());
    assert_eq!(refused(&poll(&desk, AZURE_CLI, &code)), (54005, "invalid_grant"));
}

#[test]
fn what_comes_of_no_is_told_apart_from_what_came_too_late_and_what_never_was() {
    let desk = Desk::new();
    let (declined, late) = (start(&desk, AZURE_CLI), start(&desk, AZURE_CLI));

    decide(&desk, &declined, false);
    assert_eq!(refused(&poll(&desk, AZURE_CLI, &declined)).1, "authorization_declined");
    desk.world.advance(Duration::from_secs(899)).unwrap();
    assert_eq!(refused(&poll(&desk, AZURE_CLI, &late)).1, "authorization_pending");
    desk.world.advance(Duration::from_secs(1)).unwrap();
    assert_eq!(refused(&poll(&desk, AZURE_CLI, &late)), (70020, "expired_token"));
    let typed = late["user_code"].as_str().unwrap();
    let pending = desk
        .world
        .store
        .transaction(|tx| Ok::<_, rusqlite::Error>(device::pending(tx, typed)));
    assert_eq!(pending.unwrap(), None);
    let unknown = json!({"device_code": "1.unknown"});
    assert_eq!(refused(&poll(&desk, AZURE_CLI, &unknown)), (70018, "bad_verification_code"));
    desk.world.advance(Duration::from_secs(31 * 24 * 3600)).unwrap();
    assert_eq!(refused(&poll(&desk, AZURE_CLI, &late)), (70018, "bad_verification_code"));
}

#[test]
fn an_application_of_ones_own_must_be_public_or_prove_itself() {
    let desk = Desk::new();
    let private = application(&desk, json!({"signInAudience": "AzureADMultipleOrgs"}));
    let at_home = application(&desk, json!({"isFallbackPublicClient": true}));

    let code = start(&desk, &private);
    assert_eq!(refused(&poll(&desk, &private, &code)), (7000218, "invalid_client"));
    let fields = [("client_id", at_home.as_str()), ("scope", SCOPE)];
    assert_eq!(
        refused(&post(&desk, "/common/oauth2/v2.0/devicecode", &fields)),
        (50194, "invalid_request")
    );
    assert_eq!(
        refused(&post(&desk, "/contoso.com/oauth2/v2.0/devicecode", &fields)),
        (700016, "unauthorized_client")
    );
    assert_eq!(post(&desk, "/northwind.com/oauth2/v2.0/devicecode", &fields).0, 200);
}

#[test]
fn answers_can_be_found_again_by_their_ids() {
    let desk = Desk::new();
    let mut request = request("POST", "login.microsoftonline.com", "/common/oauth2/v2.0/token");
    let own = "0d0d0d0d-0002-4000-8000-000000000002";
    request.headers.push(("client-request-id".into(), own.into()));

    let reply = desk.world.answer(&request);

    let header = |name: &str| {
        reply
            .headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.clone())
    };
    let (_, body) = read(&reply);
    assert_eq!(header("client-request-id").as_deref(), Some(own));
    assert_eq!(body["correlation_id"], own);
    assert_eq!(header("x-ms-request-id").as_deref(), body["trace_id"].as_str());
    assert!(header("x-ms-ests-server").is_some());
    assert_eq!(header("cache-control").as_deref(), Some("no-store, no-cache"));
}

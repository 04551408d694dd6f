//! Signing in by a browser that carries a code back.

use std::time::Duration;

use serde_json::Value;
use serde_json::json;

use super::AZURE_CLI;
use super::CLEO;
use super::NILS;
use super::application;
use super::browse;
use super::claims;
use super::location;
use super::post;
use super::refused;
use super::value;
use crate::sandbox::Reply;
use crate::sandbox::testing::Desk;

const AUTHORIZE: &str = "/organizations/oauth2/v2.0/authorize";
const BACK: &str = "http://localhost:49152";
/// The pair that RFC 7636 shows in its appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// The request of a program, with some fields replaced or, when empty, left out.
fn ask(desk: &Desk, who: &str, path: &str, fields: &[(&str, &str)]) -> Reply {
    let mut all = vec![
        ("client_id", AZURE_CLI),
        ("response_type", "code"),
        ("redirect_uri", BACK),
        (
            "scope",
            "https://management.core.windows.net//.default openid profile offline_access",
        ),
        ("state", "a b&c"),
        ("nonce", "n-1"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    for (name, value) in fields {
        all.retain(|(known, _)| known != name);
        all.push((name, value));
    }
    browse(desk, who, "GET", path, &all)
}

fn redeem(desk: &Desk, code: &str, fields: &[(&str, &str)]) -> (u16, Value) {
    let mut all = vec![
        ("grant_type", "authorization_code"),
        ("client_id", AZURE_CLI),
        ("code", code),
        ("redirect_uri", BACK),
        ("code_verifier", VERIFIER),
    ];
    for (name, value) in fields {
        all.retain(|(known, _)| known != name);
        all.push((name, value));
    }
    post(desk, "/organizations/oauth2/v2.0/token", &all)
}

fn code(desk: &Desk) -> String {
    let (address, parameters) = location(&ask(desk, CLEO, AUTHORIZE, &[]));
    assert_eq!(
        (address.as_str(), value(&parameters, "state").as_str()),
        ("http://localhost:49152/", "a b&c")
    );
    value(&parameters, "code")
}

fn text(reply: &Reply) -> String {
    String::from_utf8_lossy(&reply.body).into_owned()
}

#[test]
fn a_code_is_good_once_for_the_program_that_knows_the_verifier() {
    let desk = Desk::new();
    let code = code(&desk);

    assert_eq!(
        refused(&redeem(
            &desk,
            &code,
            &[("code_verifier", "another-verifier-of-at-least-forty-three-letters")]
        )),
        (501481, "invalid_grant")
    );
    assert_eq!(refused(&redeem(&desk, &code, &[("code_verifier", "")])).1, "invalid_grant");
    assert_eq!(
        refused(&redeem(&desk, &code, &[("redirect_uri", "http://localhost:49153")])).0,
        500112
    );
    assert_eq!(
        refused(&redeem(&desk, &code, &[("client_secret", "s")])),
        (700025, "invalid_client")
    );
    let (status, answer) = redeem(&desk, &code, &[]);

    assert_eq!(status, 200, "{answer}");
    let token = claims(&answer["access_token"]);
    assert_eq!(
        (&token["aud"], &token["scp"]),
        (&json!("https://management.core.windows.net/"), &json!("user_impersonation"))
    );
    assert_eq!(claims(&answer["id_token"])["nonce"], "n-1");
    assert_eq!(
        answer["scope"],
        "https://management.core.windows.net//user_impersonation https://management.core.windows.net//.default openid profile"
    );
    assert_eq!(refused(&redeem(&desk, &code, &[])), (54005, "invalid_grant"));
}

#[test]
fn a_code_ends_after_ten_minutes() {
    let desk = Desk::new();
    let code = code(&desk);

    desk.world.advance(Duration::from_secs(600)).unwrap();

    assert_eq!(refused(&redeem(&desk, &code, &[])), (70008, "invalid_grant"));
}

#[test]
fn nobody_is_sent_to_an_address_that_is_not_registered() {
    let desk = Desk::new();
    let bare = application(&desk, json!({}));
    let at_home = application(&desk, json!({"publicClient": {"redirectUris": ["http://localhost"]}}));
    let cases = [
        (AUTHORIZE, "redirect_uri", "https://evil.example/", "AADSTS50011"),
        (AUTHORIZE, "client_id", "9d9d9d9d-4444-4ddd-8444-f0f0f0f0f004", "AADSTS700016"),
        (AUTHORIZE, "client_id", "", "AADSTS900144"),
        (AUTHORIZE, "client_id", at_home.as_str(), "AADSTS50194"),
        ("/northwind.com/oauth2/v2.0/authorize", "client_id", bare.as_str(), "AADSTS500113"),
        ("/fabrikam.com/oauth2/v2.0/authorize", "state", "s", "AADSTS90002"),
        ("/consumers/oauth2/v2.0/authorize", "state", "s", "AADSTS700016"),
        ("/northwind.com/oauth2/v2.0/authorize", "state", "s", "AADSTS50020"),
    ];
    for (path, name, value, expected) in cases {
        let reply = ask(&desk, CLEO, path, &[(name, value)]);

        assert!(text(&reply).contains(expected), "{path} {name}={value}: {}", text(&reply));
        assert_eq!(reply.status, 400);
    }
}

#[test]
fn what_else_is_wrong_is_told_to_the_program() {
    let desk = Desk::new();
    let cases = [
        ("response_type", "id_token", "unsupported_response_type", "AADSTS700054"),
        ("response_type", "", "invalid_request", "AADSTS900144"),
        ("response_mode", "pigeon", "unsupported_response_mode", "AADSTS70007"),
        (
            "scope",
            "https://vault.azure.net/.default User.Read",
            "invalid_scope",
            "AADSTS700022",
        ),
        ("scope", "Mail.Read", "invalid_grant", "AADSTS65002"),
        ("scope", "https://nowhere.example/.default", "invalid_resource", "AADSTS500011"),
        ("prompt", "loudly", "invalid_request", "AADSTS90023"),
        ("code_challenge", "short", "invalid_request", "AADSTS501491"),
    ];
    for (name, given, error, number) in cases {
        let (address, parameters) = location(&ask(&desk, CLEO, AUTHORIZE, &[(name, given)]));

        let seen = (value(&parameters, "error"), value(&parameters, "error_description"));
        assert_eq!(address, "http://localhost:49152/");
        assert!(
            seen.0 == error && seen.1.starts_with(&format!("{number}:")),
            "{name}={given}: {seen:?}"
        );
        assert_eq!(value(&parameters, "state"), "a b&c");
    }
}

#[test]
fn who_is_not_signed_in_is_asked_unless_the_program_wants_silence() {
    let desk = Desk::new();
    let silent = |who: &str, fields: &[(&str, &str)]| {
        let all: Vec<_> = fields.iter().copied().chain([("prompt", "none")]).collect();
        let (_, parameters) = location(&ask(&desk, who, AUTHORIZE, &all));
        (value(&parameters, "error"), value(&parameters, "code").is_empty())
    };

    assert!(text(&ask(&desk, "", AUTHORIZE, &[])).contains("<form"));
    assert!(text(&ask(&desk, CLEO, AUTHORIZE, &[("prompt", "select_account")])).contains("<form"));
    assert!(text(&ask(&desk, CLEO, AUTHORIZE, &[("login_hint", NILS)])).contains(NILS));
    assert_eq!(silent("", &[]), ("login_required".to_owned(), true));
    assert_eq!(silent(CLEO, &[("login_hint", NILS)]), ("login_required".to_owned(), true));
    assert_eq!(silent(CLEO, &[("login_hint", CLEO)]), (String::new(), false));
}

#[test]
fn an_answer_travels_as_the_program_asked() {
    let desk = Desk::new();

    let posted = ask(&desk, CLEO, AUTHORIZE, &[("response_mode", "form_post"), ("client_info", "1")]);
    let page = text(&posted);
    assert_eq!(posted.status, 200);
    assert!(
        page.contains("action=\"http://localhost:49152\"") && page.contains("<button"),
        "{page}"
    );
    for part in [
        "name=\"code\"",
        "name=\"state\" value=\"a b&amp;c\"",
        "name=\"client_info\"",
        "name=\"session_state\"",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let in_fragment = ask(&desk, CLEO, AUTHORIZE, &[("response_mode", "fragment")]);
    let address = &in_fragment.headers.iter().find(|(name, _)| name == "location").unwrap().1;
    assert!(address.starts_with("http://localhost:49152/#code="), "{address}");
}

#[test]
fn the_old_addresses_take_a_resource_and_answer_in_texts() {
    let desk = Desk::new();
    let fields = [
        ("client_id", AZURE_CLI),
        ("response_type", "code"),
        ("redirect_uri", "https://login.microsoftonline.com/common/oauth2/nativeclient"),
        ("resource", "https://vault.azure.net"),
    ];
    let (address, parameters) = location(&browse(&desk, CLEO, "GET", "/common/oauth2/authorize", &fields));
    assert_eq!(address, fields[2].1);
    let code = value(&parameters, "code");
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", AZURE_CLI),
        ("code", code.as_str()),
        fields[2],
    ];

    let (status, answer) = post(&desk, "/common/oauth2/token", &form);

    assert_eq!(status, 200, "{answer}");
    assert_eq!(
        (&answer["expires_in"], &answer["resource"], &answer["scope"]),
        (&json!("3599"), &json!("https://vault.azure.net"), &json!("user_impersonation"))
    );
    assert_eq!(claims(&answer["access_token"])["aud"], "https://vault.azure.net");
    assert!(answer["refresh_token"].is_string());
}

#[test]
fn a_server_proves_itself_and_a_program_on_a_device_does_not() {
    let desk = Desk::new();
    let both = json!({
        "web": {"redirectUris": ["https://tool.example/back"]},
        "publicClient": {"redirectUris": ["http://localhost"]},
        "spa": {"redirectUris": ["https://spa.example/"]},
    });
    let app = application(&desk, both);
    desk.graph("northwind", "POST", "servicePrincipals", json!({"appId": app}));
    let redeem = |back: &str, fields: &[(&str, &str)]| {
        let asked = [("client_id", app.as_str()), ("redirect_uri", back), ("scope", "openid")];
        let (_, parameters) = location(&ask(&desk, NILS, "/northwind.com/oauth2/v2.0/authorize", &asked));
        let code = value(&parameters, "code");
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("client_id", app.as_str()),
            ("code", code.as_str()),
            ("redirect_uri", back),
            ("code_verifier", VERIFIER),
        ];
        form.extend(fields);
        post(&desk, "/northwind.com/oauth2/v2.0/token", &form)
    };

    assert_eq!(refused(&redeem("https://tool.example/back", &[])), (7000218, "invalid_client"));
    assert_eq!(
        refused(&redeem("https://tool.example/back", &[("client_secret", "no")])),
        (7000215, "invalid_client")
    );
    assert_eq!(refused(&redeem("https://spa.example/", &[])), (9002327, "invalid_request"));
    let (status, answer) = redeem(BACK, &[]);
    assert_eq!(status, 200, "{answer}");
    assert_eq!(claims(&answer["access_token"])["scp"], "openid");
    assert!(answer["refresh_token"].is_null());
}

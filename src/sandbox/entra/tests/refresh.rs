//! Coming back without the person.

use std::time::Duration;

use serde_json::Value;
use serde_json::json;

use super::AZURE_CLI;
use super::CLEO;
use super::browse;
use super::claims;
use super::location;
use super::post;
use super::refused;
use super::value;
use crate::sandbox::testing::Desk;

const DAY: Duration = Duration::from_secs(24 * 3600);

fn sign_in(desk: &Desk) -> Value {
    let back = ("redirect_uri", "http://localhost:49152");
    let scope = "https://management.core.windows.net//.default offline_access openid profile";
    let asked = [("client_id", AZURE_CLI), ("response_type", "code"), back, ("scope", scope)];
    let (_, parameters) = location(&browse(desk, CLEO, "GET", "/common/oauth2/v2.0/authorize", &asked));
    let code = value(&parameters, "code");
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", AZURE_CLI),
        ("code", code.as_str()),
        back,
    ];
    let (status, answer) = post(desk, "/common/oauth2/v2.0/token", &form);
    assert_eq!(status, 200, "{answer}");
    answer
}

fn refresh(desk: &Desk, tenant: &str, token: &Value, scope: &str) -> (u16, Value) {
    let fields = [
        ("grant_type", "refresh_token"),
        ("client_id", AZURE_CLI),
        ("refresh_token", token.as_str().unwrap()),
        ("scope", scope),
    ];
    post(desk, &format!("/{tenant}/oauth2/v2.0/token"), &fields)
}

#[test]
fn one_sign_in_serves_each_resource_that_the_client_may_use() {
    let desk = Desk::new();
    let first = sign_in(&desk)["refresh_token"].clone();
    let tenant = desk.tenant("contoso").tenant_id.as_str();

    let (status, answer) = refresh(
        &desk,
        tenant,
        &first,
        "https://vault.azure.net/.default openid profile offline_access",
    );
    assert_eq!(status, 200, "{answer}");
    assert_eq!(claims(&answer["access_token"])["aud"], "https://vault.azure.net");
    assert_ne!(answer["refresh_token"], first);
    let second = &answer["refresh_token"];
    assert_eq!(refresh(&desk, "common", second, "https://graph.microsoft.com//.default").0, 200);
    assert_eq!(
        refused(&refresh(&desk, tenant, second, "https://outlook.office365.com/.default")),
        (65002, "invalid_grant")
    );
    assert_eq!(
        refused(&refresh(&desk, "northwind.com", second, "https://vault.azure.net/.default")),
        (50020, "invalid_grant")
    );
    assert_eq!(
        refused(&refresh(&desk, tenant, &json!("1.unknown"), "User.Read")),
        (70000, "invalid_grant")
    );
}

#[test]
fn a_refresh_token_dies_when_it_lies_unused_for_ninety_days() {
    let desk = Desk::new();
    let first = sign_in(&desk)["refresh_token"].clone();
    let scope = "https://vault.azure.net/.default";

    desk.world.advance(DAY * 89).unwrap();
    let second = refresh(&desk, "common", &first, scope).1["refresh_token"].clone();
    desk.world.advance(DAY).unwrap();

    assert_eq!(refused(&refresh(&desk, "common", &first, scope)), (700082, "invalid_grant"));
    assert_eq!(refresh(&desk, "common", &second, scope).0, 200);
}

#[test]
fn a_refresh_token_dies_with_its_account() {
    let desk = Desk::new();
    let token = sign_in(&desk)["refresh_token"].clone();
    let scope = "https://vault.azure.net/.default";
    let user = format!("users/{CLEO}");

    assert_eq!(desk.graph("contoso", "PATCH", &user, json!({"accountEnabled": false})).0, 204);
    assert_eq!(refused(&refresh(&desk, "common", &token, scope)), (50057, "invalid_grant"));
    assert_eq!(desk.graph("contoso", "DELETE", &user, Value::Null).0, 204);
    assert_eq!(refused(&refresh(&desk, "common", &token, scope)), (50173, "invalid_grant"));
}

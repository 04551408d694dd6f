//! Tokens, versions and rights.

use serde_json::Value;
use serde_json::json;

use super::Office;
use super::TENANT;
use crate::sandbox::testing::read;

const HOST: &str = "management.azure.com";

#[test]
fn a_token_is_asked_for_and_the_refusal_names_the_tenant_of_the_subscription() {
    let office = Office::new();

    let reply = office.desk.arm_as("", HOST, "GET", &office.subscription, Value::Null);

    let challenge = reply.headers.iter().find(|(name, _)| name == "www-authenticate").unwrap();
    assert!(
        challenge.1.contains(&format!("https://login.windows.net/{}", office.tenant_id())),
        "{challenge:?}"
    );
    let (status, answer) = read(&reply);
    assert_eq!((status, answer["error"]["code"].as_str()), (401, Some("AuthenticationFailed")));
}

#[test]
fn a_token_for_another_resource_or_past_its_time_is_refused_by_name() {
    let office = Office::new();
    let ask = |token: &str| {
        let (status, answer) = read(&office.desk.arm_as(token, HOST, "GET", &office.subscription, Value::Null));
        (status, answer["error"]["code"].as_str().unwrap_or_default().to_owned())
    };
    let for_graph = office.desk.token(TENANT, "https://graph.microsoft.com/.default");
    let for_arm = office.desk.token(TENANT, "https://management.core.windows.net//.default");

    assert_eq!(ask(&for_graph), (401, "InvalidAuthenticationTokenAudience".into()));
    assert_eq!(ask("nonsense"), (401, "InvalidAuthenticationToken".into()));
    assert_eq!(ask(&for_arm).0, 200);
    office.wait(3600);
    assert_eq!(ask(&for_arm), (401, "ExpiredAuthenticationToken".into()));
}

#[test]
fn a_token_is_good_in_its_own_cloud_only() {
    let office = Office::new();
    let audience = |azure_resource: &str, host: &str| {
        let token = office.desk.token(TENANT, &format!("{azure_resource}/.default"));
        let (_, answer) = read(&office.desk.arm_as(&token, host, "GET", &office.subscription, Value::Null));
        answer["error"]["message"].as_str().unwrap_or_default().to_owned()
    };

    let public = audience("https://management.core.usgovcloudapi.net", HOST);
    assert!(public.contains("resource 'https://management.core.usgovcloudapi.net'"), "{public}");
    assert!(public.contains("audiences 'https://management.core.windows.net/,https://management.core.windows.net,"));
    let gov = audience("https://management.azure.com", "management.usgovcloudapi.net");
    assert!(gov.contains("audiences 'https://management.core.usgovcloudapi.net/,"), "{gov}");
    for (resource, host) in [
        ("https://management.core.windows.net/", HOST),
        ("https://management.core.usgovcloudapi.net", "management.usgovcloudapi.net"),
        ("https://management.chinacloudapi.cn", "management.chinacloudapi.cn"),
    ] {
        assert_eq!(audience(resource, host), "", "{resource}");
    }
}

#[test]
fn a_subscription_is_known_to_its_own_tenant_only() {
    let office = Office::new();

    let (status, answer) = office.desk.arm("contoso", "GET", &office.subscription, Value::Null);

    assert_eq!(
        (status, answer["error"]["code"].as_str()),
        (401, Some("InvalidAuthenticationTokenTenant"))
    );
    assert!(answer["error"]["message"].as_str().unwrap().contains(office.tenant_id()));
    let unknown = "/subscriptions/3c3c3c3c-3333-4ccc-8333-e0e0e0e0e003";
    assert_eq!(office.refused("GET", unknown, Value::Null), (404, "SubscriptionNotFound".into()));
    assert_eq!(
        office.refused("GET", "/subscriptions/mine", Value::Null),
        (400, "InvalidSubscriptionId".into())
    );
}

#[test]
fn a_version_is_needed_and_any_date_will_do() {
    let office = Office::new();
    let ask = |version: &str| office.refused("GET", &format!("{}?api-version={version}", office.subscription), Value::Null);

    assert_eq!(ask(""), (400, "MissingApiVersionParameter".into()));
    assert_eq!(ask("latest"), (400, "InvalidApiVersionParameter".into()));
    assert_eq!(ask("2023-13-01"), (400, "InvalidApiVersionParameter".into()));
    assert_eq!(ask("2016-02-01").0, 200);
    assert_eq!(ask("2031-05-01-preview").0, 200);
}

#[test]
fn who_has_no_role_is_told_who_he_is_and_what_he_lacks() {
    let office = Office::new();
    let (object_id, token) = office.stranger();
    let ask = |method: &str, address: &str, body: Value| read(&office.desk.arm_as(&token, HOST, method, address, body));

    let (status, answer) = ask("PUT", &office.vault("nwt-xtmove-kv"), office.vault_body(json!([])));

    let message = answer["error"]["message"].as_str().unwrap();
    assert_eq!((status, answer["error"]["code"].as_str()), (403, Some("AuthorizationFailed")));
    for part in [
        object_id.as_str(),
        "Microsoft.KeyVault/vaults/write",
        &office.vault("nwt-xtmove-kv"),
    ] {
        assert!(message.contains(part), "{message}");
    }
    assert_eq!(ask("GET", "/subscriptions", Value::Null).1["count"]["value"], 0);
    let register = format!("{}/providers/Microsoft.KeyVault/register", office.subscription);
    let (status, answer) = ask("POST", &register, Value::Null);
    assert_eq!(status, 403);
    assert!(
        answer["error"]["message"]
            .as_str()
            .unwrap()
            .contains("Microsoft.KeyVault/register/action")
    );
}

#[test]
fn what_is_not_known_is_refused() {
    let office = Office::new();
    let mut body = office.vault_body(json!([]));
    body["properties"]["colour"] = json!("blue");

    assert_eq!(
        office.refused("PUT", &office.vault("nwt-xtmove-kv"), body),
        (400, "InvalidRequestContent".into())
    );
    assert_eq!(office.refused("POST", &office.group, json!({})), (405, "MethodNotAllowed".into()));
    let site = format!("{}/providers/Microsoft.Web/sites/one", office.group);
    assert_eq!(office.refused("GET", &site, Value::Null), (404, "InvalidResourceType".into()));
}

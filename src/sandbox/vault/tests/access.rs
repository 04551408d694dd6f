//! Who gets in.

use serde_json::Value;
use serde_json::json;

use super::room::HOST;
use super::room::Room;
use super::room::self_signed;
use crate::sandbox::Reply;
use crate::sandbox::azure;
use crate::sandbox::directory;
use crate::sandbox::testing::read;
use crate::sandbox::testing::request;

fn challenge(reply: &Reply) -> &str {
    let header = reply.headers.iter().find(|(name, _)| name == "www-authenticate");
    header.map_or("", |(_, value)| value)
}

fn message(reply: &Reply) -> String {
    read(reply).1["error"]["message"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_caller_without_a_token_is_told_where_to_get_one() {
    let room = Room::new();
    let tenant_id = &room.desk.tenant("northwind").tenant_id;

    let reply = room.reply("", "GET", "certificates/move/", Value::Null);

    assert_eq!(reply.status, 401);
    let expected = format!("Bearer authorization=\"https://login.microsoftonline.com/{tenant_id}\", resource=\"https://vault.azure.net\"");
    assert_eq!(challenge(&reply), expected);
    assert_eq!(message(&reply), "AKV10000: Request is missing a Bearer or PoP token.");
    assert!(
        reply
            .headers
            .iter()
            .any(|(name, value)| name == "x-ms-keyvault-region" && value == "westeurope")
    );

    let abroad = room
        .desk
        .world
        .answer(&request("GET", "nwt-move-kv.vault.usgovcloudapi.net", "/certificates/move"));
    let expected =
        format!("Bearer authorization=\"https://login.microsoftonline.us/{tenant_id}\", resource=\"https://vault.usgovcloudapi.net\"");
    assert_eq!(challenge(&abroad), expected);
}

#[test]
fn a_token_for_something_else_or_of_another_tenant_is_no_good() {
    let room = Room::new();
    let refused = |token: &str, why: &str| {
        let reply = room.reply(token, "GET", "certificates", Value::Null);
        assert_eq!(reply.status, 401);
        assert!(message(&reply).contains(why), "{}", message(&reply));
        assert!(challenge(&reply).contains("resource="));
    };

    refused(&room.desk.token("northwind", "https://graph.microsoft.com/.default"), "AKV10022");
    refused(&room.desk.token("contoso", "https://vault.azure.net/.default"), "AKV10032");
    refused(
        &room.desk.token("northwind", "https://vault.usgovcloudapi.net/.default"),
        "AKV10022: Invalid audience. Expected https://vault.azure.net, found: https://vault.usgovcloudapi.net.",
    );
    let token = room.desk.token("northwind", "https://vault.azure.net/.default");
    refused(&format!("{}AAAA", &token[..token.len() - 4]), "AKV10046");
    room.seconds(3600);
    refused(&token, "expired");
}

#[test]
fn the_policies_of_the_vault_decide_and_the_refusal_says_what_is_missing() {
    let room = Room::new();
    let token = room.desk.token("northwind", "https://vault.azure.net/.default");
    room.set(json!({"accessPolicies": []}));

    let reply = room.reply(&token, "POST", "certificates/move/create", self_signed(json!({})));

    let (status, answer) = read(&reply);
    assert_eq!((status, &answer["error"]["innererror"]["code"]), (403, &json!("ForbiddenByPolicy")));
    let text = message(&reply);
    assert!(
        text.contains("does not have certificates create permission on key vault 'nwt-move-kv;location=westeurope'"),
        "{text}"
    );
    assert!(text.contains("appid=") && text.contains("iss=https://sts.windows.net/"), "{text}");
}

#[test]
fn in_a_vault_with_roles_the_roles_decide() {
    let room = Room::new();
    room.set(json!({"enableRbacAuthorization": true}));
    let (status, code, inner) = room.code("GET", "certificates", Value::Null);
    assert_eq!((status, code.as_str(), inner.as_str()), (403, "Forbidden", "ForbiddenByRbac"));

    room.desk
        .world
        .store
        .transaction(|tx| {
            let vault = azure::vault(tx, "nwt-move-kv").unwrap();
            let admin = directory::admin(tx, "northwind").unwrap();
            let admin = directory::service_principal(tx, "northwind", &admin.client_id).unwrap();
            let officer = "a4417e6f-fecd-4de8-b567-7b0420556985";
            azure::assign(
                tx,
                "northwind",
                "one",
                &azure::vault_id(&vault),
                officer,
                admin.text("id"),
                "ServicePrincipal",
            )
            .map(|_| ())
        })
        .unwrap();

    room.make("move", json!({}));
    assert_eq!(room.code("GET", "secrets/move", Value::Null).2, "ForbiddenByRbac");
}

#[test]
fn a_policy_that_names_an_application_is_for_callers_by_way_of_it_only() {
    let room = Room::new();
    let info = room.desk.tenant("northwind");
    let policy = |application: Value| {
        let read = room.desk.world.store.transaction(|tx| {
            let admin = directory::service_principal(tx, "northwind", &info.admin_client_id).unwrap();
            Ok::<_, rusqlite::Error>(admin.text("id").to_owned())
        });
        json!({"accessPolicies": [{
            "tenantId": info.tenant_id, "objectId": read.unwrap(), "applicationId": application, "permissions": {"secrets": ["list"]},
        }]})
    };
    for (application, status) in [
        (json!("0b0b0b0b-0000-4000-8000-00000000000b"), 403),
        (json!(info.admin_client_id.to_uppercase()), 200),
        (Value::Null, 200),
    ] {
        room.set(policy(application.clone()));

        assert_eq!(room.call("GET", "secrets", Value::Null).0, status, "{application}");
    }
}

#[test]
fn a_closed_vault_lets_in_the_addresses_of_its_rules() {
    let room = Room::new();
    let ask = |access: &str, ranges: &[&str]| {
        let rules: Vec<Value> = ranges.iter().map(|range| json!({"value": range})).collect();
        room.set(json!({"publicNetworkAccess": access, "networkAcls": {"defaultAction": "Deny", "ipRules": rules}}));
        room.code("GET", "certificates", Value::Null)
    };
    let refused = (403, "Forbidden".to_owned(), "ForbiddenByFirewall".to_owned());

    assert_eq!(ask("Enabled", &["203.0.113.0/24"]), refused);
    assert_eq!(ask("Enabled", &["203.0.113.0/24", "127.0.0.1"]).0, 200);
    assert_eq!(ask("Enabled", &["127.0.0.0/8"]).0, 200);
    assert_eq!(ask("Disabled", &["127.0.0.1"]), refused);
}

#[test]
fn a_vault_that_is_not_there_or_closed_is_not_reached() {
    let room = Room::new();
    let elsewhere = room.desk.world.answer(&request("GET", "nobody.vault.azure.net", "/certificates"));
    assert_eq!(
        (elsewhere.status, &read(&elsewhere).1["error"]["code"]),
        (404, &json!("UnknownHost"))
    );
    room.set(json!({"publicNetworkAccess": "Disabled"}));
    assert_eq!(room.code("GET", "certificates", Value::Null).2, "ForbiddenByFirewall");

    let store = &room.desk.world.store;
    let later = (room.desk.world.now() + jiff::SignedDuration::from_secs(10)).to_string();
    store
        .transaction(|tx| {
            let mut vault = azure::vault(tx, "nwt-move-kv").unwrap();
            vault.set("_readyAt", later.as_str());
            azure::store_vault(tx, &vault)
        })
        .unwrap();
    let early = room.desk.world.answer(&request("GET", HOST, "/certificates"));
    assert_eq!(early.status, 404);
    room.seconds(10);
    assert_eq!(room.desk.world.answer(&request("GET", HOST, "/certificates")).status, 401);
}

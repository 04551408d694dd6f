//! The access policies of vaults, and who gets in by them.

use serde_json::Value;
use serde_json::json;

use super::ONE;
use super::OTHER;
use super::Office;
use crate::sandbox::Caller;
use crate::sandbox::azure;
use crate::sandbox::azure::Access;
use crate::sandbox::azure::Container;

#[test]
fn put_replaces_all_policies_and_add_keeps_those_of_others() {
    let office = Office::new();
    let vault = office.vault("nwt-xtmove-kv");
    let policies = |answer: &Value| -> Vec<(String, Value)> {
        let entries = answer["properties"]["accessPolicies"].as_array().unwrap().iter();
        let pair = |entry: &Value| {
            (
                entry["objectId"].as_str().unwrap().to_owned(),
                entry["permissions"]["certificates"].clone(),
            )
        };
        entries.map(pair).collect()
    };
    let change = |kind: &str, entry: Value| {
        let body = json!({"properties": {"accessPolicies": [entry]}});
        let (status, answer) = office.ask("PUT", &format!("{vault}/accessPolicies/{kind}"), body);
        assert_eq!(status, 200, "{answer}");
        policies(&answer)
    };
    office.ask("PUT", &vault, office.vault_body(json!([office.policy(ONE, &["get"])])));

    let added = change("add", office.policy(OTHER, &["get", "list"]));
    assert_eq!(
        added,
        [(ONE.to_owned(), json!(["get"])), (OTHER.to_owned(), json!(["get", "list"]))]
    );
    let merged = change("add", office.policy(ONE, &["GET", "create"]));
    assert_eq!(merged[0], (ONE.to_owned(), json!(["get", "create"])));
    let replaced = change("replace", office.policy(ONE, &["list"]));
    assert_eq!(replaced[0], (ONE.to_owned(), json!(["list"])));
    assert_eq!(change("remove", office.policy(ONE, &["list"])), added[1..]);

    let (status, put) = office.ask("PUT", &vault, office.vault_body(json!([office.policy(ONE, &["get"])])));
    assert_eq!((status, policies(&put)), (200, vec![(ONE.to_owned(), json!(["get"]))]));
}

#[test]
fn a_policy_of_another_tenant_an_unknown_word_or_one_too_many_is_refused() {
    let office = Office::new();
    office.make_vault("nwt-xtmove-kv");
    let add = |policies: Vec<Value>| {
        let address = format!("{}/accessPolicies/add", office.vault("nwt-xtmove-kv"));
        office.ask("PUT", &address, json!({"properties": {"accessPolicies": policies}}))
    };
    let mut foreign = office.policy(ONE, &["get"]);
    foreign["tenantId"] = json!(office.desk.tenant("contoso").tenant_id);
    let many = (0..1024).map(|number| office.policy(&format!("00000000-0000-4000-8000-{number:012}"), &["get"]));

    assert_eq!(add(vec![foreign]).0, 400);
    assert_eq!(add(vec![office.policy(ONE, &["gett"])]).0, 400);
    assert_eq!(add(many.collect()).0, 200);
    let (status, refused) = add(vec![office.policy(ONE, &["get"])]);
    assert_eq!(status, 400);
    assert!(refused["error"]["message"].as_str().unwrap().contains("1024"), "{refused}");
}

#[test]
fn access_follows_the_policies_or_the_roles() {
    let office = Office::new();
    let vault = office.vault("nwt-xtmove-kv");
    office.ask("PUT", &vault, office.vault_body(json!([office.policy(ONE, &["Get"])])));
    let access = |id: &str, container: Container, operation: &str| {
        let caller = Caller {
            tenant: "northwind".into(),
            app_id: "an application".into(),
            object_id: id.into(),
            roles: Vec::new(),
            directory_roles: Vec::new(),
            scopes: None,
        };
        let decided = office.desk.world.store.transaction(|tx| {
            let vault = azure::vault(tx, "nwt-xtmove-kv").unwrap();
            Ok::<_, rusqlite::Error>(azure::access(tx, &vault, &caller, container, operation))
        });
        decided.unwrap()
    };

    assert_eq!(access(ONE, Container::Certificates, "get"), Access::Allowed);
    assert_eq!(access(ONE, Container::Certificates, "list"), Access::DeniedByPolicy);
    assert_eq!(access(ONE, Container::Secrets, "get"), Access::DeniedByPolicy);

    let (status, _) = office.ask("PATCH", &vault, json!({"properties": {"enableRbacAuthorization": true}}));
    assert_eq!(status, 200);
    assert_eq!(access(ONE, Container::Certificates, "get"), Access::DeniedByRbac);
    let assignment = format!("{vault}/providers/Microsoft.Authorization/roleAssignments/0d0d0d0d-000e-4000-8000-00000000000e");
    let body = json!({"properties": {
        "roleDefinitionId": "/providers/Microsoft.Authorization/roleDefinitions/db79e9a7-68ee-4b58-9aeb-b90e7c24fcba",
        "principalId": ONE, "principalType": "ServicePrincipal"}});
    assert_eq!(office.ask("PUT", &assignment, body).0, 201);
    assert_eq!(access(ONE, Container::Secrets, "get"), Access::Allowed);
    assert_eq!(access(ONE, Container::Certificates, "create"), Access::DeniedByRbac);
}

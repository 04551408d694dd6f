//! Vaults: making, replacing, policies, deleting and recovering.

use serde_json::Value;
use serde_json::json;

use super::Office;
use super::TENANT;
use super::names;
use crate::sandbox::Caller;
use crate::sandbox::azure;
use crate::sandbox::azure::Access;
use crate::sandbox::azure::Container;
use crate::sandbox::testing::read;

const ONE: &str = "6c6c6c6c-9999-4ccc-8999-e1e1e1e1e009";
const OTHER: &str = "4a4a4a4a-7777-4aaa-8777-c1c1c1c1c007";

#[test]
fn a_vault_registers_its_name_for_a_while_and_is_then_done() {
    let office = Office::new();

    let made = office.make_vault("nwt-xtmove-kv");

    assert_eq!(made["id"], office.vault("nwt-xtmove-kv"));
    assert_eq!(made["properties"]["provisioningState"], "RegisteringDns");
    assert_eq!(made["properties"]["vaultUri"], "https://nwt-xtmove-kv.vault.azure.net/");
    assert_eq!(made["properties"]["softDeleteRetentionInDays"], 90);
    office.wait(10);
    let (_, read) = office.ask("GET", &office.vault("NWT-XTMOVE-KV"), Value::Null);
    assert_eq!(read["properties"]["provisioningState"], "Succeeded");
    let (_, listed) = office.ask("GET", &office.vault("").replace("/vaults/", "/vaults"), Value::Null);
    assert_eq!(names(&listed), ["nwt-xtmove-kv"]);
}

#[test]
fn the_address_of_a_vault_is_of_the_cloud_that_was_asked() {
    let office = Office::new();
    office.make_vault("nwt-xtmove-kv");
    let token = office.desk.token(TENANT, "https://management.core.usgovcloudapi.net/.default");
    let uri = |host: &str| {
        let (_, vault) = read(&office.desk.arm_as(&token, host, "GET", &office.vault("nwt-xtmove-kv"), Value::Null));
        vault["properties"]["vaultUri"].as_str().unwrap().to_owned()
    };

    assert_eq!(
        uri("management.usgovcloudapi.net"),
        "https://nwt-xtmove-kv.vault.usgovcloudapi.net/"
    );
    assert_eq!(uri("management.chinacloudapi.cn"), "https://nwt-xtmove-kv.vault.azure.cn/");
}

#[test]
fn roles_are_the_default_of_new_vaults_from_2026_on() {
    let office = Office::new();
    let mut body = office.vault_body(json!([]));
    body["properties"].as_object_mut().unwrap().remove("enableRbacAuthorization");
    let uses_roles = |name: &str, version: &str| {
        let (_, vault) = office.ask("PUT", &format!("{}?api-version={version}", office.vault(name)), body.clone());
        vault["properties"]["enableRbacAuthorization"].as_bool()
    };

    assert_eq!(uses_roles("nwt-old", "2023-07-01"), Some(false));
    assert_eq!(uses_roles("nwt-new", "2026-02-01"), Some(true));
    assert_eq!(
        uses_roles("nwt-old", "2026-02-01"),
        Some(false),
        "an existing vault keeps its model"
    );
}

#[test]
fn a_vault_that_cannot_be_is_refused() {
    let office = Office::new();
    let put = |name: &str, change: &dyn Fn(&mut Value)| {
        let mut body = office.vault_body(json!([]));
        change(&mut body);
        office.refused("PUT", &office.vault(name), body)
    };
    let bad = || (400, "BadRequest".to_owned());

    for name in ["kv", "1vault", "two--hyphens", "ends-", "a-name-of-twenty-five-char", "under_score"] {
        assert_eq!(put(name, &|_| ()), (400, "VaultNameNotValid".into()), "{name}");
    }
    let elsewhere = put("nwt-kv", &|body| body["location"] = json!("Atlantis"));
    assert_eq!(elsewhere, (400, "LocationNotAvailableForResourceType".into()));
    assert_eq!(put("nwt-kv", &|body| body["properties"]["accessPolicies"] = Value::Null), bad());
    assert_eq!(put("nwt-kv", &|body| body["properties"]["tenantId"] = json!(ONE)), bad());
    assert_eq!(put("nwt-kv", &|body| body["properties"]["enableSoftDelete"] = json!(false)), bad());
    assert_eq!(
        put("nwt-kv", &|body| body["properties"]["softDeleteRetentionInDays"] = json!(5)),
        bad()
    );
    assert_eq!(put("nwt-kv", &|body| body["properties"]["sku"]["name"] = json!("gold")), bad());
    for rules in [json!({"bypass": "some"}), json!({"hosts": []}), json!({"ipRules": [{}]}), json!([])] {
        let refused = put("nwt-kv", &|body| body["properties"]["networkAcls"] = rules.clone());
        assert_eq!(refused, (400, "InvalidRequestContent".into()), "{rules}");
    }
    let group = office.vault("nwt-kv").replace("rg-xtmove", "rg-none");
    assert_eq!(
        office.refused("PUT", &group, office.vault_body(json!([]))),
        (404, "ResourceGroupNotFound".into())
    );
    assert_eq!(
        office.refused("GET", &office.vault("nwt-kv"), Value::Null),
        (404, "ResourceNotFound".into())
    );
}

#[test]
fn a_name_is_taken_in_the_whole_cloud() {
    let office = Office::new();
    let theirs = format!("{}/resourceGroups/rg", office.desk.subscription("contoso"));
    office.desk.arm("contoso", "PUT", &theirs, json!({"location": "westeurope"}));
    let body = json!({"location": "westeurope", "properties": {
        "tenantId": office.desk.tenant("contoso").tenant_id, "sku": {"family": "A", "name": "standard"}, "accessPolicies": []}});
    let (status, made) = office.desk.arm(
        "contoso",
        "PUT",
        &format!("{theirs}/providers/Microsoft.KeyVault/vaults/shared-name"),
        body,
    );
    assert_eq!(status, 201, "{made}");
    let check = |name: &str| {
        let address = format!("{}/providers/Microsoft.KeyVault/checkNameAvailability", office.subscription);
        let (_, answer) = office.ask("POST", &address, json!({"name": name, "type": "Microsoft.KeyVault/vaults"}));
        answer["reason"].as_str().map(str::to_owned)
    };

    let taken = office.refused("PUT", &office.vault("Shared-Name"), office.vault_body(json!([])));

    assert_eq!(taken, (409, "VaultAlreadyExists".into()));
    assert_eq!(check("shared-name").as_deref(), Some("AlreadyExists"));
    assert_eq!(check("x").as_deref(), Some("AccountNameInvalid"));
    assert_eq!(check("still-free"), None);
}

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
fn a_deleted_vault_keeps_its_name_until_it_is_recovered_or_purged() {
    let office = Office::new();
    let vault = office.vault("nwt-xtmove-kv");
    office.ask("PUT", &vault, office.vault_body(json!([office.policy(ONE, &["get"])])));
    let bin = format!(
        "{}/providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/nwt-xtmove-kv",
        office.subscription
    );
    let recovery = |office: &Office| {
        let mut body = office.vault_body(json!([]));
        body["properties"]["createMode"] = json!("recover");
        office.ask("PUT", &office.vault("nwt-xtmove-kv"), body)
    };

    assert_eq!(office.ask("DELETE", &vault, Value::Null).0, 200);
    assert_eq!(office.ask("DELETE", &vault, Value::Null).0, 204);
    let (_, deleted) = office.ask("GET", &bin, Value::Null);
    assert_eq!(deleted["properties"]["vaultId"], vault.as_str());
    assert_eq!(deleted["properties"]["scheduledPurgeDate"], "2026-04-05T08:00:00Z");
    assert_eq!(
        office.refused("PUT", &vault, office.vault_body(json!([]))),
        (409, "ConflictError".into())
    );
    let mut whose = office.vault_body(json!([]));
    whose["properties"] = json!({"createMode": "recover"});
    assert_eq!(office.refused("PUT", &vault, whose), (400, "BadRequest".into()));
    let (status, recovered) = recovery(&office);
    assert_eq!(
        (status, &recovered["properties"]["accessPolicies"][0]["objectId"]),
        (200, &json!(ONE))
    );

    office.ask("DELETE", &vault, Value::Null);
    assert_eq!(office.ask("POST", &format!("{bin}/purge"), Value::Null).0, 200);
    assert_eq!(office.ask("GET", &bin, Value::Null).0, 404);
    assert_eq!(recovery(&office).0, 404);
    office.make_vault("nwt-xtmove-kv");
}

#[test]
fn a_deleted_vault_is_gone_when_its_time_is_over_and_purge_protection_waits_for_that() {
    let office = Office::new();
    let vault = office.vault("nwt-xtmove-kv");
    let mut body = office.vault_body(json!([]));
    body["properties"]["softDeleteRetentionInDays"] = json!(7);
    body["properties"]["enablePurgeProtection"] = json!(true);
    office.ask("PUT", &vault, body);
    office.ask("DELETE", &vault, Value::Null);
    let bin = format!(
        "{}/providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/nwt-xtmove-kv",
        office.subscription
    );

    assert_eq!(
        office.refused("POST", &format!("{bin}/purge"), Value::Null),
        (405, "MethodNotAllowed".into())
    );
    office.wait(7 * 24 * 3600);

    assert_eq!(office.ask("GET", &bin, Value::Null).0, 404);
    office.make_vault("nwt-xtmove-kv");
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

//! Vaults that were deleted: what is kept, for how long, and what is forgotten.

use serde_json::Value;
use serde_json::json;

use super::ONE;
use super::Office;
use super::TENANT;
use crate::sandbox::directory;
use crate::sandbox::testing::request;
use crate::sandbox::testing::set_json;

/// A vault with a secret and a certificate, another of which is being made, that was deleted; with the address of its remains.
fn deleted_with_content(office: &Office) -> String {
    let admin = office.desk.world.store.transaction(|tx| {
        let admin = directory::admin(tx, TENANT).unwrap();
        Ok::<_, rusqlite::Error>(directory::service_principal(tx, TENANT, &admin.client_id).unwrap())
    });
    let mut policy = office.policy(admin.unwrap().text("id"), &["create"]);
    policy["permissions"]["secrets"] = json!(["set"]);
    let mut body = office.vault_body(json!([policy]));
    body["properties"]["softDeleteRetentionInDays"] = json!(7);
    office.ask("PUT", &office.vault("nwt-xtmove-kv"), body);
    office.wait(10);
    let token = office.desk.token(TENANT, "https://vault.azure.net/.default");
    let tell = |method: &str, path: &str, body: Value| {
        let mut request = request(method, "nwt-xtmove-kv.vault.azure.net", path);
        request.query = vec![("api-version".into(), "7.5".into())];
        request.headers.push(("authorization".into(), format!("Bearer {token}")));
        set_json(&mut request, &body);
        assert!(office.desk.world.answer(&request).status < 300, "{path}");
    };
    let certificate = json!({"policy": {"issuer": {"name": "Self"}, "x509_props": {"subject": "CN=x"}}});
    tell("PUT", "/secrets/word", json!({"value": "hush"}));
    tell("POST", "/certificates/move/create", certificate.clone());
    office.wait(10);
    tell("POST", "/certificates/late/create", certificate);
    office.ask("DELETE", &office.vault("nwt-xtmove-kv"), Value::Null);
    assert_eq!(rows(office), [2, 2, 1, 1]);
    let bin = "providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/nwt-xtmove-kv";
    format!("{}/{bin}", office.subscription)
}

/// How many versions, certificates, secrets and deleted vaults are kept.
fn rows(office: &Office) -> [usize; 4] {
    let kinds = ["vaultVersion", "vaultCertificate", "vaultSecret", "deletedVault"];
    kinds.map(|kind| {
        let rows = office.desk.world.store.transaction(|tx| tx.list(TENANT, kind));
        rows.unwrap().len()
    })
}

#[test]
fn a_purge_leaves_no_key_behind_and_what_was_being_made_is_not_made() {
    let office = Office::new();
    let bin = deleted_with_content(&office);

    assert_eq!(office.ask("POST", &format!("{bin}/purge"), Value::Null).0, 200);

    assert_eq!(rows(&office), [0; 4]);
    office.wait(20);
    assert_eq!(rows(&office), [0; 4]);
}

#[test]
fn the_end_of_its_time_leaves_nothing_of_a_vault_unless_it_was_recovered() {
    let office = Office::new();
    deleted_with_content(&office);
    let mut body = office.vault_body(json!([]));
    body["properties"]["createMode"] = json!("recover");
    office.wait(5 * 24 * 3600);
    assert_eq!(office.ask("PUT", &office.vault("nwt-xtmove-kv"), body).0, 200);
    office.ask("DELETE", &office.vault("nwt-xtmove-kv"), Value::Null);

    office.wait(7 * 24 * 3600 - 1);
    assert_eq!(rows(&office), [3, 2, 1, 1]);
    office.wait(1);

    assert_eq!(rows(&office), [0; 4]);
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

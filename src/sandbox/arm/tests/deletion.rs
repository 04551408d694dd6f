//! Vaults that were deleted: what is kept, for how long, and what is forgotten.

use serde_json::Value;
use serde_json::json;

use super::ONE;
use super::Office;

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

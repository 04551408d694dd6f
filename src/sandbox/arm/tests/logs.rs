//! Storage accounts, diagnostic settings and the log that comes of both.

use serde_json::Value;
use serde_json::json;

use super::ONE;
use super::Office;
use super::TENANT;
use super::names;
use crate::sandbox::azure;
use crate::sandbox::testing::read;

fn account_body(location: &str) -> Value {
    json!({"location": location, "kind": "StorageV2", "sku": {"name": "Standard_GRS"},
        "properties": {"minimumTlsVersion": "TLS1_2", "allowBlobPublicAccess": false}})
}

fn setting_body(account: &str) -> Value {
    json!({"properties": {"storageAccountId": account, "logs": [{"category": "AuditEvent", "enabled": true}]}})
}

fn setting(vault: &str) -> String {
    format!("{vault}/providers/Microsoft.Insights/diagnosticSettings/service")
}

fn events(office: &Office, account: &str) -> Vec<String> {
    let read = office.desk.world.store.transaction(|tx| {
        let account = azure::account(tx, account).unwrap();
        Ok::<_, rusqlite::Error>(azure::events(tx, &account))
    });
    read.unwrap().iter().map(|event| event.text("operation").to_owned()).collect()
}

#[test]
fn an_account_is_polled_until_it_is_made() {
    let office = Office::new();
    let token = office.desk.token(TENANT, "https://management.azure.com/.default");
    let ask = |method: &str, address: &str, body: Value| office.desk.arm_as(&token, "management.azure.com", method, address, body);
    let header = |reply: &crate::sandbox::Reply, name: &str| reply.headers.iter().find(|(known, _)| known == name).unwrap().1.clone();

    let accepted = ask("PUT", &office.account("nwtxtaudit"), account_body("West Europe"));

    assert_eq!((accepted.status, accepted.body.len()), (202, 0));
    assert_eq!(header(&accepted, "retry-after"), "17");
    let location = header(&accepted, "location");
    let poll = location.strip_prefix("https://management.azure.com").unwrap().to_owned();
    assert!(poll.contains("/asyncoperations/") && poll.contains("monitor=true"), "{poll}");
    office.wait(17);
    assert_eq!(ask("GET", &poll, Value::Null).status, 202);
    assert_eq!(
        office.ask("GET", &office.account("nwtxtaudit"), Value::Null).1["properties"]["provisioningState"],
        "Creating"
    );
    office.wait(17);
    let (status, account) = read(&ask("GET", &poll, Value::Null));
    assert_eq!((status, &account["properties"]["provisioningState"]), (200, &json!("Succeeded")));
    assert_eq!(
        account["properties"]["primaryEndpoints"]["blob"],
        "https://nwtxtaudit.blob.core.windows.net/"
    );
    assert_eq!(ask("PUT", &office.account("nwtxtaudit"), account_body("westeurope")).status, 200);
    let (_, listed) = office.ask("GET", office.account("").trim_end_matches('/'), Value::Null);
    assert_eq!(names(&listed), ["nwtxtaudit"]);
}

#[test]
fn an_account_that_is_put_again_has_what_was_put() {
    let office = Office::new();
    let address = office.account("nwtxtaudit");
    let mut body = account_body("westeurope");
    body["tags"] = json!({"for": "moves"});
    body["properties"] = json!({"minimumTlsVersion": "TLS1_0", "allowBlobPublicAccess": false});
    office.ask("PUT", &address, body.clone());
    office.wait(30);

    body["tags"] = json!({"for": "audits"});
    body["properties"] = json!({"minimumTlsVersion": "TLS1_2"});
    let (status, put) = office.ask("PUT", &address, body);

    let (_, read) = office.ask("GET", &address, Value::Null);
    assert_eq!((status, &put), (200, &read));
    assert_eq!(read["tags"], json!({"for": "audits"}));
    assert_eq!(
        (
            &read["properties"]["minimumTlsVersion"],
            &read["properties"]["allowBlobPublicAccess"]
        ),
        (&json!("TLS1_2"), &json!(false))
    );
}

#[test]
fn an_account_that_cannot_be_is_refused() {
    let office = Office::new();
    let theirs = format!("{}/resourceGroups/rg", office.desk.subscription("contoso"));
    office.desk.arm("contoso", "PUT", &theirs, json!({"location": "westeurope"}));
    let taken = format!("{theirs}/providers/Microsoft.Storage/storageAccounts/taken");
    office.desk.arm("contoso", "PUT", &taken, account_body("westeurope"));
    office.ask("PUT", &office.account("nwtxtaudit"), account_body("westeurope"));
    let put = |name: &str, body: Value| office.refused("PUT", &office.account(name), body);
    let mut gold = account_body("westeurope");
    gold["sku"]["name"] = json!("Gold");

    assert_eq!(put("Nwt-Audit", account_body("westeurope")), (400, "AccountNameInvalid".into()));
    assert_eq!(put("taken", account_body("westeurope")), (409, "StorageAccountAlreadyTaken".into()));
    assert_eq!(
        put("nwtxtaudit", account_body("northeurope")),
        (409, "StorageAccountAlreadyExists".into())
    );
    assert_eq!(put("another", gold), (400, "InvalidValuesForRequestParameters".into()));
    let check = format!("{}/providers/Microsoft.Storage/checkNameAvailability", office.subscription);
    let (_, answer) = office.ask(
        "POST",
        &check,
        json!({"name": "taken", "type": "Microsoft.Storage/storageAccounts"}),
    );
    assert_eq!(
        (&answer["nameAvailable"], &answer["reason"]),
        (&json!(false), &json!("AlreadyExists"))
    );
}

#[test]
fn a_setting_sends_what_happens_to_a_vault_to_its_account_until_it_is_removed() {
    let office = Office::new();
    let vault = office.vault("nwt-xtmove-kv");
    office.make_vault("nwt-xtmove-kv");
    office.ask("PUT", &office.account("nwtxtaudit"), account_body("westeurope"));
    office.ask("GET", &vault, Value::Null);
    assert!(events(&office, "nwtxtaudit").is_empty());

    let (status, made) = office.ask("PUT", &setting(&vault), setting_body(&office.account("nwtxtaudit")));

    assert_eq!(status, 200, "{made}");
    assert_eq!(
        (&made["name"], &made["properties"]["workspaceId"]),
        (&json!("service"), &Value::Null)
    );
    office.ask("PUT", &vault, office.vault_body(json!([])));
    office.ask("PATCH", &vault, json!({"tags": {"for": "moves"}}));
    assert_eq!(events(&office, "nwtxtaudit"), ["VaultPut", "VaultPatch"]);
    assert_eq!(office.ask("DELETE", &setting(&vault), Value::Null).0, 200);
    assert_eq!(office.ask("DELETE", &setting(&vault), Value::Null).0, 204);
    office.ask("GET", &vault, Value::Null);
    assert_eq!(events(&office, "nwtxtaudit").len(), 2);
}

#[test]
fn who_gets_in_and_what_is_deleted_is_logged() {
    let office = Office::new();
    let (vault, elsewhere) = (office.vault("nwt-xtmove-kv"), office.group.replace("rg-xtmove", "rg-logs"));
    let account = format!("{elsewhere}/providers/Microsoft.Storage/storageAccounts/nwtxtaudit");
    office.ask("PUT", &elsewhere, json!({"location": "westeurope"}));
    office.ask("PUT", &account, account_body("westeurope"));
    office.make_vault("nwt-xtmove-kv");
    office.ask("PUT", &setting(&vault), setting_body(&account));
    let policies = json!({"properties": {"accessPolicies": [office.policy(ONE, &["get"])]}});

    office.ask("PUT", &format!("{vault}/accessPolicies/add"), policies.clone());
    office.ask("PUT", &format!("{vault}/accessPolicies/add"), policies);
    office.ask("PUT", &vault, office.vault_body(json!([])));
    office.ask("PATCH", &vault, json!({"properties": {"enableRbacAuthorization": true}}));
    assert_eq!(office.ask("DELETE", &office.group, Value::Null).0, 200);
    let bin = "providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/nwt-xtmove-kv";
    office.ask("POST", &format!("{}/{bin}/purge", office.subscription), Value::Null);

    let notified = "VaultAccessPolicyChangedEventGridNotification";
    let expected = [
        "VaultPatch",
        notified,
        "VaultPatch",
        "VaultPut",
        notified,
        "VaultPatch",
        notified,
        "VaultDelete",
        "VaultPurge",
    ];
    assert_eq!(events(&office, "nwtxtaudit"), expected);
}

#[test]
fn a_setting_needs_a_known_category_and_an_account_in_the_region_of_the_vault() {
    let office = Office::new();
    let vault = office.vault("nwt-xtmove-kv");
    office.make_vault("nwt-xtmove-kv");
    office.ask("PUT", &office.account("nwtaway"), account_body("northeurope"));
    let mut unknown = setting_body(&office.account("nwtaway"));
    unknown["properties"]["logs"][0]["category"] = json!("Everything");

    let put = |body: Value| office.refused("PUT", &setting(&vault), body);

    assert_eq!(put(unknown), (400, "BadRequest".into()));
    assert_eq!(put(setting_body(&office.account("nwtaway"))), (400, "BadRequest".into()));
    assert_eq!(put(setting_body(&office.account("nwtnone"))), (404, "ResourceNotFound".into()));
    let categories = format!("{vault}/providers/microsoft.insights/diagnosticSettingsCategories");
    assert_eq!(
        names(&office.ask("GET", &categories, Value::Null).1),
        ["AuditEvent", "AzurePolicyEvaluationDetails", "AllMetrics"]
    );
}

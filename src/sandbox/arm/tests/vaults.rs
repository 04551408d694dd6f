//! Vaults: making, replacing and naming them.

use serde_json::Value;
use serde_json::json;

use super::ONE;
use super::Office;
use super::TENANT;
use super::names;
use crate::sandbox::testing::read;

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
fn a_vault_tells_when_it_was_changed_last() {
    let office = Office::new();
    let made = office.make_vault("nwt-xtmove-kv");
    assert_eq!(made["systemData"]["lastModifiedAt"], made["systemData"]["createdAt"]);
    let vault = office.vault("nwt-xtmove-kv");
    let changes = [
        ("PATCH", vault.clone(), json!({"tags": {"for": "moves"}})),
        ("PUT", vault.clone(), office.vault_body(json!([]))),
        (
            "PUT",
            format!("{vault}/accessPolicies/add"),
            json!({"properties": {"accessPolicies": []}}),
        ),
    ];
    for (method, address, body) in changes {
        office.wait(60);
        office.ask(method, &address, body);

        let (_, read) = office.ask("GET", &vault, Value::Null);
        let now = office.desk.world.now().to_string();
        assert_eq!(read["systemData"]["lastModifiedAt"], now, "{method} {address}");
        assert_eq!(read["systemData"]["createdAt"], made["systemData"]["createdAt"]);
    }
}

#[test]
fn the_address_of_a_vault_is_of_the_cloud_that_was_asked() {
    let office = Office::new();
    office.make_vault("nwt-xtmove-kv");
    let uri = |host: &str| {
        let token = office.desk.token(TENANT, &format!("https://{host}/.default"));
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
    let anywhere = json!({"defaultAction": "Deny", "ipRules": [{"value": "anywhere"}]});
    assert_eq!(put("nwt-kv", &|body| body["properties"]["networkAcls"] = anywhere.clone()), bad());
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

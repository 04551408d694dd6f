//! What a client finds without knowing where it is: its tenant, and resources by type and name.

use serde_json::Value;
use serde_json::json;

use super::Office;
use super::names;

#[test]
fn a_caller_is_told_the_tenant_of_its_token() {
    let office = Office::new();

    let (status, all) = office.ask("GET", "/tenants", Value::Null);

    assert_eq!((status, all["value"].as_array().map(Vec::len)), (200, Some(1)));
    assert_eq!(all["value"][0]["tenantId"], office.tenant_id());
    assert_eq!(all["value"][0]["tenantCategory"], "Home");
    let domains = &all["value"][0]["domains"];
    assert!(domains.as_array().unwrap().contains(&json!("northwindtraders.onmicrosoft.com")));
}

#[test]
fn a_resource_is_found_by_type_and_name() {
    let office = Office::new();
    office.ask("PUT", &office.vault("nwt-xtmove-kv"), office.vault_body(json!([])));
    let account = json!({"location": "westeurope", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}});
    office.ask("PUT", &office.account("nwtxtmovelogs"), account);
    let ask = |filter: &str| {
        let filter = crate::sandbox::form::encode(filter);
        office.ask("GET", &format!("{}/resources?$filter={filter}", office.subscription), Value::Null)
    };

    let (_, all) = office.ask("GET", &format!("{}/resources", office.subscription), Value::Null);
    let (_, vaults) = ask("resourceType eq 'microsoft.keyvault/Vaults'");
    let (_, other) = ask("resourceType eq 'Microsoft.KeyVault/vaults' and name eq 'nowhere'");
    let (status, refused) = ask("tagName eq 'x'");

    assert_eq!(names(&all), ["nwt-xtmove-kv", "nwtxtmovelogs"]);
    assert_eq!(names(&vaults), ["nwt-xtmove-kv"]);
    assert_eq!(vaults["value"][0]["id"], office.vault("nwt-xtmove-kv"));
    assert_eq!(names(&other), Vec::<&str>::new());
    assert_eq!((status, &refused["error"]["code"]), (400, &json!("BadRequest")));
    let contoso = office.desk.subscription("contoso");
    let (_, elsewhere) = office.desk.arm("contoso", "GET", &format!("{contoso}/resources"), Value::Null);
    assert_eq!(names(&elsewhere), Vec::<&str>::new());
}

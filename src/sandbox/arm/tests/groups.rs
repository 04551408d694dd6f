//! Subscriptions, regions, providers and groups.

use serde_json::Value;
use serde_json::json;

use super::Office;
use super::TENANT;
use super::names;
use crate::sandbox::testing::read;

#[test]
fn a_tenant_sees_its_one_subscription_which_a_new_sandbox_has_again() {
    let office = Office::new();

    let (_, all) = office.ask("GET", "/subscriptions", Value::Null);

    assert_eq!(all["count"]["value"], 1);
    assert_eq!(all["value"][0]["id"], office.subscription.as_str());
    assert_eq!(all["value"][0]["tenantId"], office.tenant_id());
    assert_ne!(office.subscription, office.desk.subscription("contoso"));
    assert_eq!(office.subscription, Office::new().subscription);
}

#[test]
fn each_cloud_has_its_own_regions() {
    let office = Office::new();
    let token = office.desk.token(TENANT, "https://management.core.usgovcloudapi.net/.default");
    let address = format!("{}/locations", office.subscription);

    let (_, public) = office.ask("GET", &address, Value::Null);
    let (_, gov) = read(
        &office
            .desk
            .arm_as(&token, "management.usgovcloudapi.net", "GET", &address, Value::Null),
    );

    let brazil = public["value"]
        .as_array()
        .unwrap()
        .iter()
        .find(|region| region["displayName"] == "Brazil Southeast");
    assert_eq!(brazil.unwrap()["name"], "brazilsoutheast");
    assert_eq!(brazil.unwrap()["metadata"]["pairedRegion"][0]["name"], "brazilsouth");
    assert!(names(&gov).contains(&"usgovvirginia") && !names(&public).contains(&"usgovvirginia"));
}

#[test]
fn a_provider_is_registered_after_half_a_minute_and_nothing_is_made_before() {
    let office = Office::new();
    let provider = format!("{}/providers/microsoft.keyvault", office.subscription);
    let make = || office.ask("PUT", &office.vault("nwt-xtmove-kv"), office.vault_body(json!([])));
    office.ask("POST", &format!("{provider}/unregister"), Value::Null);

    let (status, refused) = make();
    assert_eq!(
        (status, &refused["error"]["details"][0]["target"]),
        (409, &json!("Microsoft.KeyVault"))
    );
    assert_eq!(refused["error"]["code"], "MissingSubscriptionRegistration");
    let (status, registering) = office.ask("POST", &format!("{provider}/register"), Value::Null);
    assert_eq!((status, &registering["registrationState"]), (200, &json!("Registering")));
    assert_eq!(make().0, 409);
    office.wait(30);

    assert_eq!(office.ask("GET", &provider, Value::Null).1["registrationState"], "Registered");
    assert_eq!(make().0, 201);
}

#[test]
fn a_group_is_made_once_stays_where_it_is_and_goes_with_what_is_in_it() {
    let office = Office::new();
    office.make_vault("nwt-xtmove-kv");
    let (status, again) = office.ask(
        "PUT",
        &office.group.to_uppercase(),
        json!({"location": "westeurope", "tags": {"for": "moves"}}),
    );

    assert_eq!((status, &again["id"]), (200, &json!(office.group)));
    assert_eq!(again["tags"], json!({"for": "moves"}));
    let moved = office.refused("PUT", &office.group, json!({"location": "North Europe"}));
    assert_eq!(moved, (409, "InvalidResourceGroupLocation".into()));
    let nowhere = office.refused("PUT", &format!("{}2", office.group), json!({"location": "Atlantis"}));
    assert_eq!(nowhere, (400, "LocationNotAvailableForResourceGroup".into()));
    assert_eq!(office.ask("HEAD", &office.group, Value::Null).0, 204);

    assert_eq!(office.ask("DELETE", &office.group, Value::Null).0, 200);

    assert_eq!(office.ask("HEAD", &office.group, Value::Null).0, 404);
    assert_eq!(
        office.refused("GET", &office.group, Value::Null),
        (404, "ResourceGroupNotFound".into())
    );
    let (_, deleted) = office.ask(
        "GET",
        &format!("{}/providers/Microsoft.KeyVault/deletedVaults", office.subscription),
        Value::Null,
    );
    assert_eq!(names(&deleted), ["nwt-xtmove-kv"]);
}

#[test]
fn a_list_comes_in_pages() {
    let office = Office::new();
    for number in 2..=5 {
        office.ask("PUT", &format!("{}{number}", office.group), json!({"location": "westeurope"}));
    }
    let mut address = format!("{}/resourceGroups?api-version=2021-04-01&$top=2", office.subscription);
    let mut sizes = Vec::new();
    loop {
        let (_, page) = office.ask("GET", &address, Value::Null);
        sizes.push(names(&page).len());
        match page["nextLink"].as_str() {
            Some(next) => address = next.strip_prefix("https://management.azure.com").unwrap().to_owned(),
            None => break,
        }
    }

    assert_eq!(sizes, [2, 2, 1]);
}

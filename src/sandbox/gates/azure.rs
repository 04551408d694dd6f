//! Resource Manager and storage: the token, its tenant, and the roles of Azure.

use serde_json::Value;
use serde_json::json;

use super::Answered;
use super::House;
use super::Operation;
use super::each;
use super::let_in;
use super::state;
use crate::sandbox::arm_operations;
use crate::sandbox::blob_operations;

const ARM: &str = "https://management.azure.com";
const STORAGE: &str = "https://storage.azure.com";
/// Answered to everybody: the list of subscriptions is empty for who has no role, that of tenants has the token's own, and the id of an
/// operation is known to who began it.
const TO_EVERYBODY: [&str; 3] = [
    "GET subscriptions",
    "GET tenants",
    "GET subscriptions/{subscriptionId}/providers/Microsoft.Storage/locations/{location}/asyncoperations/{operationId}",
];

fn operations(house: &House) -> Vec<Operation> {
    let subscription = house.desk().subscription("northwind");
    let subscription = subscription.trim_start_matches('/').to_owned();
    let vault = format!("{subscription}/resourceGroups/rg-move/providers/Microsoft.KeyVault/vaults/nwt-move-kv");
    let known = arm_operations().map(|known| {
        let path = known
            .path
            .replace("subscriptions/{subscriptionId}", &subscription)
            .replace("{scope}", &subscription)
            .replace("{resource}", &vault)
            .replace("{resourceGroupName}", "rg-move")
            .replace("{vaultName}", "nwt-move-kv")
            .replace("{accountName}", "nwtaudit")
            .replace("{location}", "westeurope")
            .replace("{resourceProviderNamespace}", "Microsoft.KeyVault")
            .replace("{operationKind}", "add")
            .replace("{roleDefinitionId}", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635");
        let open = path
            .find('{')
            .map_or(path.clone(), |at| format!("{}6c6c6c6c-9999-4ccc-8999-e1e1e1e1e009", &path[..at]));
        let body = if ["GET", "HEAD"].contains(&known.method) {
            Value::Null
        } else {
            json!({})
        };
        let name = format!("{} {}", known.method, known.path);
        Operation::new(name, known.method, "management.azure.com", &format!("/{open}"), &body).with_query(&[("api-version", "2023-07-01")])
    });
    known.collect()
}

fn blobs() -> Vec<Operation> {
    let known = blob_operations().map(|name| {
        let (method, address) = name.split_once(' ').unwrap();
        let address = address
            .replace("{container}", "insights-logs-auditevent")
            .replace("{blob}", "x/PT1H.json");
        let (path, query) = address.split_once('?').unwrap_or((&address, ""));
        let mut operation = Operation::new(name.to_owned(), method, "nwtaudit.blob.core.windows.net", path, &Value::Null);
        operation.request.query = crate::sandbox::form::pairs(query);
        operation.request.headers.push(("x-ms-version".into(), "2023-11-03".into()));
        operation
    });
    known.collect()
}

#[test]
fn resource_manager_wants_a_token_for_itself_of_the_right_tenant() {
    let house = House::new();
    let operations = operations(&house);
    let (for_graph, foreign) = (house.token("northwind", "https://graph.microsoft.com"), house.token("contoso", ARM));
    let refused = |code: &'static str| move |_: &Operation, answered: &Answered| answered.is(401, code) && answered.challenge;

    each(
        &operations,
        "no token",
        |operation| house.ask(operation, None),
        refused("AuthenticationFailed"),
    );
    each(
        &operations,
        "wrong audience",
        |operation| house.ask(operation, Some(&for_graph)),
        refused("InvalidAuthenticationTokenAudience"),
    );
    each(
        &operations,
        "another tenant",
        |operation| house.ask(operation, Some(&foreign)),
        |operation, answered| TO_EVERYBODY[..2].contains(&operation.name.as_str()) || answered.is(401, "InvalidAuthenticationTokenTenant"),
    );
}

#[test]
fn a_role_of_azure_decides_for_applications_and_for_people() {
    let house = House::new();
    let operations = operations(&house);
    let person = |name: &str| house.desk().person_token("northwind", name, ARM, "user_impersonation");
    let refused = |operation: &Operation, answered: &Answered| {
        TO_EVERYBODY.contains(&operation.name.as_str())
            || answered.is(403, "AuthorizationFailed")
            || (operation.request.method == "HEAD" && answered.status == 403)
    };

    let (application, plain) = (house.stranger(ARM), person("ulf"));
    each(
        &operations,
        "an application without a role",
        |operation| house.ask(operation, Some(&application)),
        refused,
    );
    each(
        &operations,
        "a person without a role",
        |operation| house.ask(operation, Some(&plain)),
        refused,
    );
    let (admin, owner) = (house.token("northwind", ARM), person("nils"));
    each(
        &operations,
        "the Owner in person",
        |operation| house.ask(operation, Some(&owner)),
        let_in,
    );
    each(
        &operations,
        "the Owner's application",
        |operation| house.ask(operation, Some(&admin)),
        let_in,
    );
}

#[test]
fn blobs_are_for_those_who_hold_a_role_on_the_data() {
    let house = House::new();
    let (for_arm, foreign) = (house.token("northwind", ARM), house.token("contoso", STORAGE));
    let plain = house.desk().person_token("northwind", "ulf", STORAGE, "user_impersonation");
    let reader = house.desk().person_token("northwind", "greger", STORAGE, "user_impersonation");
    let granted = house.desk().world.store.transaction(|tx| {
        let account = state::account(tx, "nwtaudit").unwrap();
        let user = crate::sandbox::directory::user(tx, "northwind", "greger@northwindtraders.onmicrosoft.com").unwrap();
        let role = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1";
        state::assign(
            tx,
            "northwind",
            "reads",
            &state::account_id(&account),
            role,
            user.text("id"),
            "User",
        )
    });
    granted.unwrap();
    let is = |status: u16, code: &'static str| move |_: &Operation, answered: &Answered| answered.is(status, code);

    each(
        &blobs(),
        "no token",
        |operation| house.ask(operation, None),
        is(401, "NoAuthenticationInformation"),
    );
    each(
        &blobs(),
        "wrong audience",
        |operation| house.ask(operation, Some(&for_arm)),
        is(401, "InvalidAuthenticationInfo"),
    );
    each(
        &blobs(),
        "another tenant",
        |operation| house.ask(operation, Some(&foreign)),
        is(401, "InvalidAuthenticationInfo"),
    );
    each(
        &blobs(),
        "no role",
        |operation| house.ask(operation, Some(&plain)),
        is(403, "AuthorizationPermissionMismatch"),
    );
    each(&blobs(), "a reader", |operation| house.ask(operation, Some(&reader)), let_in);
}

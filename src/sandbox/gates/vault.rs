//! Vaults: the challenge, the tenant, and the access policies.

use serde_json::Value;
use serde_json::json;

use super::Answered;
use super::House;
use super::Operation;
use super::each;
use super::let_in;
use crate::sandbox::directory;
use crate::sandbox::vault::tests::room::ALL;
use crate::sandbox::vault::tests::room::HOST;
use crate::sandbox::vault::tests::room::SECRETS;
use crate::sandbox::vault_operations;

const VAULT: &str = "https://vault.azure.net";

fn operations() -> Vec<Operation> {
    let known = vault_operations().map(|known| {
        let path = known
            .path
            .replacen("{}", "move", 1)
            .replace("{}", "0a1b2c3d4e5f60718293a4b5c6d7e8f9");
        let body = if known.method == "GET" { Value::Null } else { json!({}) };
        Operation::new(
            format!("{} {}", known.method, known.path),
            known.method,
            HOST,
            &format!("/{path}"),
            &body,
        )
        .with_query(&[("api-version", "7.5")])
    });
    known.collect()
}

#[test]
fn a_vault_challenges_everybody_who_is_not_of_its_tenant() {
    let house = House::new();
    let (for_graph, foreign) = (
        house.token("northwind", "https://graph.microsoft.com"),
        house.token("contoso", VAULT),
    );
    let challenged = |_: &Operation, answered: &Answered| answered.is(401, "Unauthorized") && answered.challenge;

    each(&operations(), "no token", |operation| house.ask(operation, None), challenged);
    each(
        &operations(),
        "wrong audience",
        |operation| house.ask(operation, Some(&for_graph)),
        challenged,
    );
    each(
        &operations(),
        "another tenant",
        |operation| house.ask(operation, Some(&foreign)),
        challenged,
    );
}

#[test]
fn a_policy_decides_for_applications_and_for_people_and_ownership_does_not() {
    let house = House::new();
    let person = |name: &str| house.desk().person_token("northwind", name, VAULT, "user_impersonation");
    let (application, owner, reader) = (house.stranger(VAULT), person("nils"), person("greger"));
    let denied = |_: &Operation, answered: &Answered| answered.is(403, "ForbiddenByPolicy");

    each(
        &operations(),
        "an application without a policy",
        |operation| house.ask(operation, Some(&application)),
        denied,
    );
    each(
        &operations(),
        "the Owner of the subscription",
        |operation| house.ask(operation, Some(&owner)),
        denied,
    );

    let greger =
        house.desk().world.store.transaction(|tx| {
            Ok::<_, rusqlite::Error>(directory::user(tx, "northwind", "greger@northwindtraders.onmicrosoft.com").unwrap())
        });
    let greger = greger.unwrap();
    let policy = |certificates: &[&str], secrets: &[&str]| json!({"objectId": greger.text("id"), "permissions": {"certificates": certificates, "secrets": secrets}});
    house.room.set(json!({"accessPolicies": [policy(ALL, SECRETS)]}));
    each(
        &operations(),
        "a person with a policy",
        |operation| house.ask(operation, Some(&reader)),
        let_in,
    );
    house.room.set(json!({"accessPolicies": [policy(&[], &[])]}));
    each(
        &operations(),
        "a person with an empty policy",
        |operation| house.ask(operation, Some(&reader)),
        denied,
    );
}

#[test]
fn roles_decide_where_the_vault_uses_them() {
    let house = House::new();
    house.room.set(json!({"enableRbacAuthorization": true}));
    let owner = house.desk().person_token("northwind", "nils", VAULT, "user_impersonation");

    each(
        &operations(),
        "an Owner, whose role is not about data",
        |operation| house.ask(operation, Some(&owner)),
        |_, answered| answered.is(403, "ForbiddenByRbac"),
    );
}

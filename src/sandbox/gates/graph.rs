//! Graph: the token, the permission, and what the person is.

use serde_json::Value;
use serde_json::json;

use super::House;
use super::Operation;
use super::each;
use super::let_in;
use crate::sandbox::graph_operations;

const GRAPH: &str = "https://graph.microsoft.com";
/// What members may do without any directory role, besides what `GET` reads.
const OF_MEMBERS: [&str; 3] = ["POST applications", "POST directoryObjects/getByIds", "POST invitations"];
/// The id of nobody.
const NOBODY: &str = "6c6c6c6c-9999-4ccc-8999-e1e1e1e1e009";

fn operations() -> Vec<Operation> {
    let operation = |method: &str, path: &str| {
        let body = if method == "GET" { Value::Null } else { json!({}) };
        Operation::new(
            format!("{method} {path}"),
            method,
            "graph.microsoft.com",
            &format!("/v1.0/{}", path.replace("{}", NOBODY)),
            &body,
        )
    };
    graph_operations().map(|known| operation(known.method, known.path)).collect()
}

fn is_of_people(operation: &Operation) -> bool {
    operation.name.split('/').next() == Some("GET me")
}

#[test]
fn nobody_gets_in_without_a_token_or_with_one_for_another_service() {
    let house = House::new();
    let for_exchange = house.token("northwind", "https://outlook.office365.com");
    let refused = |_: &Operation, answered: &super::Answered| answered.is(401, "InvalidAuthenticationToken") && answered.challenge;

    each(&operations(), "no token", |operation| house.ask(operation, None), refused);
    each(
        &operations(),
        "wrong audience",
        |operation| house.ask(operation, Some(&for_exchange)),
        refused,
    );
}

#[test]
fn an_application_needs_a_permission_and_one_that_has_all_gets_in() {
    let house = House::new();
    let (stranger, admin) = (house.stranger(GRAPH), house.token("northwind", GRAPH));

    each(
        &operations(),
        "nothing granted",
        |operation| house.ask(operation, Some(&stranger)),
        |operation, answered| match is_of_people(operation) {
            true => answered.is(400, "BadRequest"),
            false => answered.is(403, "Authorization_RequestDenied"),
        },
    );
    each(
        &operations(),
        "everything granted",
        |operation| house.ask(operation, Some(&admin)),
        let_in,
    );
}

#[test]
fn a_client_needs_a_permission_whoever_signs_in() {
    let house = House::new();
    let token = house.desk().person_token("northwind", "nils", GRAPH, "openid profile");

    each(
        &operations(),
        "Global Administrator in a client without permissions",
        |operation| house.ask(operation, Some(&token)),
        |_, answered| answered.is(403, "Authorization_RequestDenied"),
    );
}

#[test]
fn a_person_without_a_role_reads_and_changes_nothing_of_others() {
    let house = House::new();
    let person = |name: &str| house.desk().person_token("northwind", name, GRAPH, "Directory.AccessAsUser.All");
    let (plain, admin) = (person("ulf"), person("nils"));
    let is_member_s = |operation: &Operation| operation.request.method == "GET" || OF_MEMBERS.contains(&operation.name.as_str());

    let may_be_owned = |operation: &Operation| {
        let path = operation.name.split_once(' ').map_or("", |(_, path)| path);
        let is_object = path.starts_with("applications/") || path.starts_with("servicePrincipals");
        is_object && !path.contains("appRole")
    };
    each(
        &operations(),
        "a member without a role",
        |operation| house.ask(operation, Some(&plain)),
        |operation, answered| match is_member_s(operation) {
            true => let_in(operation, answered),
            // That there is no such application is told before who owns it.
            false if may_be_owned(operation) => answered.is(404, "Request_ResourceNotFound") || answered.is(400, "Request_BadRequest"),
            false => answered.is(403, "Authorization_RequestDenied"),
        },
    );
    each(
        &operations(),
        "a Global Administrator",
        |operation| house.ask(operation, Some(&admin)),
        let_in,
    );
}

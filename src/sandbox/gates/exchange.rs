//! Exchange: the token, its tenant, the right to run cmdlets at all, and the roles that hold each of them.

use serde_json::json;

use super::Answered;
use super::House;
use super::Operation;
use super::each;
use super::let_in;
use crate::sandbox::directory;
use crate::sandbox::exchange::cmdlets;
use crate::sandbox::ids;

const EXCHANGE: &str = "https://outlook.office365.com";
const SCOPE: &str = "AdminApi.AccessAsUser.All";

fn operations(house: &House) -> Vec<Operation> {
    let path = format!("/adminapi/beta/{}/InvokeCommand", house.desk().tenant("northwind").tenant_id);
    let known = cmdlets().map(|cmdlet| {
        let body = json!({"CmdletInput": {"CmdletName": cmdlet.name, "Parameters": {}}});
        Operation::new(cmdlet.name.to_owned(), "POST", "outlook.office365.com", &path, &body)
    });
    known.collect()
}

fn role_of(operation: &Operation) -> &'static str {
    let found = cmdlets().find(|cmdlet| cmdlet.name == operation.name);
    found.unwrap().role
}

fn person(house: &House, name: &str, scope: &str) -> String {
    house.desk().person_token("northwind", name, EXCHANGE, scope)
}

#[test]
fn exchange_wants_a_token_for_itself_of_the_tenant_in_the_address() {
    let house = House::new();
    let operations = operations(&house);
    let (for_graph, foreign) = (
        house.token("northwind", "https://graph.microsoft.com"),
        house.token("contoso", EXCHANGE),
    );
    let refused = |_: &Operation, answered: &Answered| answered.status == 401 && answered.challenge;

    each(&operations, "no token", |operation| house.ask(operation, None), refused);
    each(
        &operations,
        "wrong audience",
        |operation| house.ask(operation, Some(&for_graph)),
        refused,
    );
    each(
        &operations,
        "another tenant",
        |operation| house.ask(operation, Some(&foreign)),
        refused,
    );
}

#[test]
fn an_application_needs_the_app_role_and_then_a_directory_role() {
    let house = House::new();
    let operations = operations(&house);
    let without = house.stranger(EXCHANGE);
    each(
        &operations,
        "without Exchange.ManageAsApp",
        |operation| house.ask(operation, Some(&without)),
        |_, answered| answered.status == 401,
    );

    let desk = house.desk();
    let (app_id, secret) = desk.migration_application();
    desk.graph("northwind", "POST", "servicePrincipals", json!({"appId": app_id}));
    let granted = desk.world.store.transaction(|tx| {
        let client = directory::service_principal(tx, "northwind", &app_id).unwrap();
        let resource = directory::service_principal(tx, "northwind", ids::EXCHANGE).unwrap();
        directory::grant_app_role(tx, &client, &resource, ids::EXCHANGE_MANAGE_AS_APP)
    });
    granted.unwrap();
    let scope = format!("{EXCHANGE}/.default");
    let (_, answer) = desk.sign_in(
        "northwind",
        &[("client_id", &app_id), ("client_secret", &secret), ("scope", &scope)],
    );
    let token = answer["access_token"].as_str().unwrap();
    each(
        &operations,
        "without a directory role",
        |operation| house.ask(operation, Some(token)),
        |_, answered| answered.status == 403,
    );
    let admin = house.token("northwind", EXCHANGE);
    each(&operations, "with both", |operation| house.ask(operation, Some(&admin)), let_in);
}

#[test]
fn a_person_needs_a_client_that_may_run_cmdlets_and_a_role_that_holds_them() {
    let house = House::new();
    let operations = operations(&house);
    let narrow = person(&house, "nils", "EWS.AccessAsUser.All");
    each(
        &operations,
        "a client that may only read mail",
        |operation| house.ask(operation, Some(&narrow)),
        |_, answered| answered.status == 401,
    );
    let plain = person(&house, "ulf", SCOPE);
    each(
        &operations,
        "a person without a role",
        |operation| house.ask(operation, Some(&plain)),
        |_, answered| answered.status == 403,
    );
    for name in ["nils", "edda"] {
        let token = person(&house, name, SCOPE);
        each(&operations, name, |operation| house.ask(operation, Some(&token)), let_in);
    }
}

#[test]
fn each_role_group_holds_its_own_cmdlets() {
    let house = House::new();
    let operations = operations(&house);
    let of_recipients = [
        "Move Mailboxes",
        "Migration",
        "Mail Recipients",
        "Mail Recipient Creation",
        "Distribution Groups",
    ];
    let may_read = |operation: &Operation| role_of(operation) == "View";
    let may_recipients = |operation: &Operation| {
        let role = role_of(operation);
        may_read(operation) || of_recipients.contains(&role) || role == "Security Group Creation and Membership"
    };
    let fits = |may: bool, answered: &Answered| may == (answered.status != 403) && answered.status != 401;

    let reader = person(&house, "greger", SCOPE);
    each(
        &operations,
        "a Global Reader",
        |operation| house.ask(operation, Some(&reader)),
        |operation, answered| fits(may_read(operation), answered),
    );
    let recipients = person(&house, "runa", SCOPE);
    each(
        &operations,
        "an Exchange Recipient Administrator",
        |operation| house.ask(operation, Some(&recipients)),
        |operation, answered| fits(may_recipients(operation), answered),
    );
}

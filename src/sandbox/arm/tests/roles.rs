//! Role assignments and definitions.

use serde_json::Value;
use serde_json::json;

use super::Office;
use super::names;
use crate::sandbox::testing::read;

const FIRST: &str = "0d0d0d0d-000e-4000-8000-00000000000e";
const SECOND: &str = "0e0e0e0e-000e-4000-8000-00000000000e";
const CONTRIBUTOR: &str = "b24988ac-6180-42a0-ab88-20f7382dd24c";

fn address(scope: &str, name: &str) -> String {
    format!("{scope}/providers/Microsoft.Authorization/roleAssignments/{name}")
}

fn body(role: &str, principal: &str) -> Value {
    let id = format!("/providers/Microsoft.Authorization/roleDefinitions/{role}");
    json!({"properties": {"roleDefinitionId": id, "principalId": principal}})
}

#[test]
fn a_role_holds_at_its_scope_and_below_from_the_next_call_on() {
    let office = Office::new();
    let (principal, token) = office.stranger();
    let ask = |method: &str, address: &str, body: Value| read(&office.desk.arm_as(&token, "management.azure.com", method, address, body)).0;

    let (status, made) = office.ask("PUT", &address(&office.group, FIRST), body(CONTRIBUTOR, &principal));

    assert_eq!((status, &made["properties"]["principalType"]), (201, &json!("ServicePrincipal")));
    assert_eq!(ask("PUT", &office.vault("nwt-xtmove-kv"), office.vault_body(json!([]))), 201);
    assert_eq!(ask("PUT", &format!("{}2", office.group), json!({"location": "westeurope"})), 403);
    assert_eq!(
        ask("PUT", &address(&office.group, SECOND), body(CONTRIBUTOR, &principal)),
        403,
        "it gives no rights"
    );
    assert_eq!(office.ask("DELETE", &address(&office.group, FIRST), Value::Null).0, 200);
    assert_eq!(office.ask("DELETE", &address(&office.group, FIRST), Value::Null).0, 204);
    assert_eq!(ask("GET", &office.vault("nwt-xtmove-kv"), Value::Null), 403);
}

#[test]
fn what_cannot_be_assigned_is_refused() {
    let office = Office::new();
    let (principal, _) = office.stranger();
    let put = |name: &str, body: Value| office.refused("PUT", &address(&office.group, name), body);
    let nobody = "4a4a4a4a-7777-4aaa-8777-c1c1c1c1c007";
    assert_eq!(put(FIRST, body(CONTRIBUTOR, &principal)).0, 201);
    let mut user = body(CONTRIBUTOR, &principal);
    user["properties"]["principalType"] = json!("User");
    let mut too_new = body(CONTRIBUTOR, nobody);
    too_new["properties"]["principalType"] = json!("ServicePrincipal");

    assert_eq!(put(SECOND, body(CONTRIBUTOR, &principal)), (409, "RoleAssignmentExists".into()));
    assert_eq!(put("mine", body(CONTRIBUTOR, &principal)), (400, "InvalidRoleAssignmentId".into()));
    assert_eq!(put(FIRST, body(CONTRIBUTOR, &principal)).0, 200);
    assert_eq!(put(SECOND, body(FIRST, &principal)), (400, "RoleDefinitionDoesNotExist".into()));
    assert_eq!(put(SECOND, body(CONTRIBUTOR, nobody)), (400, "PrincipalNotFound".into()));
    assert_eq!(put(SECOND, user), (400, "UnmatchedPrincipalType".into()));
    assert_eq!(put(SECOND, too_new).0, 201);
    let nowhere = address(&office.vault("nwt-none"), SECOND);
    assert_eq!(
        office.refused("PUT", &nowhere, body(CONTRIBUTOR, &principal)),
        (404, "ResourceNotFound".into())
    );
}

#[test]
fn assignments_are_listed_with_those_above_and_by_principal() {
    let office = Office::new();
    let (principal, _) = office.stranger();
    office.make_vault("nwt-xtmove-kv");
    office.ask(
        "PUT",
        &address(&office.vault("nwt-xtmove-kv"), FIRST),
        body(CONTRIBUTOR, &principal),
    );
    let list = |scope: &str, filter: &str| {
        let (status, found) = office.ask(
            "GET",
            &format!("{}?$filter={filter}", address(scope, "").trim_end_matches('/')),
            Value::Null,
        );
        assert_eq!(status, 200, "{found}");
        names(&found).len()
    };

    assert_eq!(
        list(&office.vault("nwt-xtmove-kv"), ""),
        3,
        "the Owners of the subscription and ours"
    );
    assert_eq!(list(&office.group, "atScope()"), 2);
    assert_eq!(list(&office.subscription, &format!("principalId eq '{principal}'")), 1);
    assert_eq!(list(&office.subscription, &format!("atScope() and assignedTo('{principal}')")), 0);
}

#[test]
fn a_role_is_found_by_its_name() {
    let office = Office::new();
    let definitions = format!("{}/providers/Microsoft.Authorization/roleDefinitions", office.subscription);

    let (_, found) = office.ask(
        "GET",
        &format!("{definitions}?$filter=roleName eq 'Key Vault Certificate User'"),
        Value::Null,
    );

    assert_eq!(names(&found), ["db79e9a7-68ee-4b58-9aeb-b90e7c24fcba"]);
    let (_, one) = office.ask("GET", &format!("{definitions}/{CONTRIBUTOR}"), Value::Null);
    assert_eq!(one["properties"]["roleName"], "Contributor");
}

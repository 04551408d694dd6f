//! People at the Graph face: what their client was granted, within what they are in the directory.

use serde_json::Value;
use serde_json::json;

use crate::sandbox::ids;
use crate::sandbox::testing::Desk;

const GRAPH: &str = "https://graph.microsoft.com";
/// What the Azure CLI is granted for whoever signs in to it.
const AZURE_CLI: &str = "Application.ReadWrite.All AppRoleAssignment.ReadWrite.All DelegatedPermissionGrant.ReadWrite.All \
    Directory.AccessAsUser.All Group.ReadWrite.All User.Read.All User.ReadWrite.All";

/// A person of northwind, with what their client was granted.
struct Person<'d> {
    desk: &'d Desk,
    token: String,
}

impl<'d> Person<'d> {
    fn of(desk: &'d Desk, name: &str, scopes: &str) -> Self {
        let token = desk.person_token("northwind", name, GRAPH, scopes);
        Self { desk, token }
    }

    fn ask(&self, method: &str, address: &str, body: Value) -> (u16, Value) {
        self.desk.graph_as(&self.token, method, address, body)
    }

    fn status(&self, method: &str, address: &str, body: Value) -> u16 {
        self.ask(method, address, body).0
    }
}

fn principal(desk: &Desk, app_id: &str) -> String {
    let (_, found) = desk.graph("northwind", "GET", &format!("servicePrincipals(appId='{app_id}')"), Value::Null);
    found["id"].as_str().unwrap().to_owned()
}

fn role(app_id: &str, value: &str) -> &'static str {
    ids::app_role(app_id, value).unwrap()
}

#[test]
fn a_person_is_known_with_name_and_roles() {
    let desk = Desk::new();
    let nils = Person::of(&desk, "nils", "User.Read");

    let (_, me) = nils.ask("GET", "me", Value::Null);
    let (_, roles) = nils.ask(
        "GET",
        "me/memberOf/microsoft.graph.directoryRole?$select=roleTemplateId",
        Value::Null,
    );

    assert_eq!(me["userPrincipalName"], "nils@northwindtraders.onmicrosoft.com");
    assert_eq!(roles["value"][0]["roleTemplateId"], ids::GLOBAL_ADMINISTRATOR);
    let by_id = format!("users/{}", me["id"].as_str().unwrap());
    assert_eq!(nils.status("GET", &by_id, Value::Null), 200, "one's own with User.Read");
    assert_eq!(nils.status("GET", "users", Value::Null), 403);
    assert_eq!(desk.graph("northwind", "GET", "me", Value::Null).0, 400, "an application is nobody");
}

#[test]
fn with_user_read_the_organization_is_its_name_and_domains() {
    let desk = Desk::new();
    let seen = |scopes: &str| {
        let (_, body) = Person::of(&desk, "ulf", scopes).ask("GET", "organization", Value::Null);
        body["value"][0].as_object().unwrap().keys().cloned().collect::<Vec<_>>()
    };

    assert_eq!(seen("User.Read openid"), ["id", "displayName", "verifiedDomains"]);
    assert!(seen("Organization.Read.All").contains(&"tenantType".to_owned()));
}

#[test]
fn the_permission_of_the_client_and_the_role_of_the_person_both_count() {
    let desk = Desk::new();
    let body = || {
        json!({
            "accountEnabled": true, "displayName": "Nina New", "mailNickname": "NinaN",
            "userPrincipalName": "Nina.New@northwind.com", "passwordProfile": {"password": "correct horse"},
        })
    };
    let create = |name: &str, scopes: &str| Person::of(&desk, name, scopes).status("POST", "users", body());

    assert_eq!(create("nils", "User.Read.All"), 403, "the client lacks the permission");
    assert_eq!(create("alma", "User.ReadWrite.All"), 403, "the person lacks the role");
    assert_eq!(create("alma", "Directory.AccessAsUser.All"), 403, "the person lacks the role");
    assert_eq!(create("nils", "Directory.AccessAsUser.All"), 201);
}

#[test]
fn whoever_makes_an_application_owns_it_and_others_need_a_role() {
    let desk = Desk::new();
    let (status, made) = Person::of(&desk, "ulf", AZURE_CLI).ask("POST", "applications", json!({"displayName": "Ulf's own"}));
    assert_eq!(status, 201, "{made}");
    let address = format!("applications/{}", made["id"].as_str().unwrap());
    let rename = |name: &str| Person::of(&desk, name, AZURE_CLI).status("PATCH", &address, json!({"displayName": "renamed"}));

    assert_eq!(rename("ulf"), 204);
    assert_eq!(rename("greger"), 403);
    assert_eq!(rename("alma"), 204);

    let principal = |name: &str| Person::of(&desk, name, AZURE_CLI).status("POST", "servicePrincipals", json!({"appId": made["appId"]}));
    assert_eq!(principal("greger"), 403);
    assert_eq!(principal("ulf"), 201);
}

#[test]
fn an_application_administrator_consents_to_all_but_permissions_of_graph() {
    let desk = Desk::new();
    let (app_id, _) = desk.migration_application();
    desk.graph("northwind", "POST", "servicePrincipals", json!({"appId": app_id}));
    let client = principal(&desk, &app_id);
    let grant = |name: &str, resource_app: &str, value: &str| {
        let resource = principal(&desk, resource_app);
        let body = json!({"principalId": client, "resourceId": resource, "appRoleId": role(resource_app, value)});
        Person::of(&desk, name, AZURE_CLI).status("POST", &format!("servicePrincipals/{resource}/appRoleAssignedTo"), body)
    };

    assert_eq!(grant("ulf", ids::EXCHANGE, "Mailbox.Migration"), 403);
    assert_eq!(grant("alma", ids::EXCHANGE, "Mailbox.Migration"), 201);
    assert_eq!(grant("alma", ids::GRAPH, "User.Invite.All"), 403);
    assert_eq!(grant("nils", ids::GRAPH, "User.Invite.All"), 201);
}

#[test]
fn delegated_grants_are_made_once_changed_and_taken_back() {
    let desk = Desk::new();
    let (app_id, _) = desk.migration_application();
    desk.graph("northwind", "POST", "servicePrincipals", json!({"appId": app_id}));
    let nils = Person::of(&desk, "nils", AZURE_CLI);
    let body = json!({
        "clientId": principal(&desk, &app_id), "consentType": "AllPrincipals", "resourceId": principal(&desk, ids::GRAPH),
        "scope": "User.Read",
    });
    let (status, made) = nils.ask("POST", "oauth2PermissionGrants", body.clone());
    assert_eq!((status, made["scope"].as_str()), (201, Some("User.Read")));
    let address = format!("oauth2PermissionGrants/{}", made["id"].as_str().unwrap());

    assert_eq!(nils.status("POST", "oauth2PermissionGrants", body.clone()), 409);
    assert_eq!(Person::of(&desk, "ulf", AZURE_CLI).status("DELETE", &address, Value::Null), 403);
    assert_eq!(nils.status("PATCH", &address, json!({"scope": "User.Read openid"})), 204);
    let listed = nils.ask(
        "GET",
        &format!(
            "oauth2PermissionGrants?$filter=clientId eq '{}'",
            body["clientId"].as_str().unwrap()
        ),
        Value::Null,
    );
    assert_eq!(listed.1["value"][0]["scope"], "User.Read openid");
    assert_eq!(nils.status("DELETE", &address, Value::Null), 204);
    assert_eq!(nils.status("GET", &address, Value::Null), 404);
}

#[test]
fn a_directory_role_is_given_and_taken_and_counts_in_the_next_token() {
    let desk = Desk::new();
    let nils = Person::of(&desk, "nils", "RoleManagement.ReadWrite.Directory User.Read.All");
    let (_, ulf) = nils.ask("GET", "users/ulf@northwindtraders.onmicrosoft.com", Value::Null);
    let body = json!({"principalId": ulf["id"], "roleDefinitionId": ids::USER_ADMINISTRATOR, "directoryScopeId": "/"});
    let assignments = "roleManagement/directory/roleAssignments";
    let alma = Person::of(&desk, "alma", "RoleManagement.ReadWrite.Directory");
    assert_eq!(alma.status("POST", assignments, body.clone()), 403);

    let (status, made) = nils.ask("POST", assignments, body.clone());
    assert_eq!(status, 201, "{made}");
    assert_eq!(nils.status("POST", assignments, body), 400, "once is enough");
    let members = format!("directoryRoles(roleTemplateId='{}')/members", ids::USER_ADMINISTRATOR);
    assert_eq!(nils.ask("GET", &members, Value::Null).1["value"][0]["id"], ulf["id"]);
    let change = |desk: &Desk| {
        let greger = "users/greger@northwindtraders.onmicrosoft.com";
        Person::of(desk, "ulf", "User.ReadWrite.All").status("PATCH", greger, json!({"jobTitle": "Reader"}))
    };
    assert_eq!(change(&desk), 204);

    let address = format!("{assignments}/{}", made["id"].as_str().unwrap());
    assert_eq!(nils.status("DELETE", &address, Value::Null), 204);
    assert_eq!(change(&desk), 403);
    assert_eq!(
        nils.status("GET", &members, Value::Null),
        404,
        "a role that nobody holds does not exist"
    );
}

#[test]
fn a_guest_sees_no_more_than_themselves_and_the_organization() {
    let desk = Desk::new();
    let guest = "Greta.Gantt_contoso.com#EXT#@northwindtraders.onmicrosoft.com";
    let greta = Person::of(&desk, guest, "User.Read Directory.Read.All");

    assert_eq!(greta.status("GET", "me", Value::Null), 200);
    assert_eq!(greta.status("GET", "organization", Value::Null), 200);
    for list in ["users", "groups", "applications"] {
        assert_eq!(greta.status("GET", list, Value::Null), 403, "{list}");
    }
}

#[test]
fn a_caller_who_was_removed_is_not_known_any_more() {
    let desk = Desk::new();
    let ulf = Person::of(&desk, "ulf", "User.Read");
    assert_eq!(
        desk.graph("northwind", "DELETE", "users/ulf@northwindtraders.onmicrosoft.com", Value::Null)
            .0,
        204
    );

    let (status, refused) = ulf.ask("GET", "me", Value::Null);

    assert_eq!(
        (status, refused["error"]["code"].as_str()),
        (403, Some("Authorization_IdentityNotFound"))
    );
}

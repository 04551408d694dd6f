//! The Graph face as a client meets it.

use serde_json::Value;
use serde_json::json;

use crate::sandbox::ids;
use crate::sandbox::testing::Desk;

fn code(body: &Value) -> &str {
    body["error"]["code"].as_str().unwrap_or_default()
}

fn names(body: &Value, property: &str) -> Vec<String> {
    let items = body["value"].as_array().unwrap();
    items.iter().map(|item| item[property].as_str().unwrap().to_owned()).collect()
}

const PERSON: &str = "Nina.New@northwind.com";

fn new_person(desk: &Desk) -> String {
    let body = json!({
        "accountEnabled": true,
        "displayName": "Nina New",
        "mailNickname": "NinaN",
        "userPrincipalName": PERSON,
        "passwordProfile": {"password": "correct horse"},
    });
    let (status, user) = desk.graph("northwind", "POST", "users", body);
    assert_eq!(status, 201, "{user}");
    assert!(user.get("passwordProfile").is_none());
    user["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_tenant_looks_up_another_by_domain_and_by_id() {
    let desk = Desk::new();
    let id = &desk.tenant("contoso").tenant_id;
    for address in [
        "tenantRelationships/findTenantInformationByDomainName(domainName='contoso.com')".to_owned(),
        format!("tenantRelationships/findTenantInformationByTenantId(tenantId='{id}')"),
    ] {
        let (status, found) = desk.graph("northwind", "GET", &address, Value::Null);

        assert_eq!((status, found["tenantId"].as_str()), (200, Some(id.as_str())));
        assert_eq!(found["defaultDomainName"], "contoso.com");
    }
    let unknown = "tenantRelationships/findTenantInformationByDomainName(domainName='fabrikam.com')";
    assert_eq!(desk.graph("northwind", "GET", unknown, Value::Null).0, 404);
}

#[test]
fn an_application_is_found_by_name_and_key_changed_and_removed() {
    let desk = Desk::new();
    let wanted = json!({
        "displayName": "O'Brien moves",
        "signInAudience": "AzureADMultipleOrgs",
        "web": {"redirectUris": ["https://office.com"]},
        "requiredResourceAccess": [
            {"resourceAppId": ids::EXCHANGE, "resourceAccess": [{"id": ids::MAILBOX_MIGRATION, "type": "Role"}]}
        ],
    });
    let (status, made) = desk.graph("northwind", "POST", "applications", wanted.clone());
    assert_eq!(status, 201, "{made}");
    assert_eq!(made["requiredResourceAccess"], wanted["requiredResourceAccess"]);
    assert_eq!(made["publisherDomain"], "northwindtraders.onmicrosoft.com");

    let by_name = "applications?$filter=displayName eq 'O''Brien moves'&$select=id,appId";
    let (_, found) = desk.graph("northwind", "GET", by_name, Value::Null);
    assert_eq!(found["value"], json!([{"id": made["id"], "appId": made["appId"]}]));
    let key = format!("applications(appId='{}')", made["appId"].as_str().unwrap());
    assert_eq!(desk.graph("northwind", "PATCH", &key, json!({"displayName": "moves"})).0, 204);
    assert_eq!(desk.graph("northwind", "GET", &key, Value::Null).1["displayName"], "moves");
    assert_eq!(desk.graph("contoso", "GET", &key, Value::Null).0, 404);
    assert_eq!(desk.graph("northwind", "DELETE", &key, Value::Null).0, 204);
    let (status, gone) = desk.graph("northwind", "GET", &key, Value::Null);
    assert_eq!((status, code(&gone)), (404, "Request_ResourceNotFound"));
}

#[test]
fn a_secret_is_shown_once_and_can_be_removed() {
    let desk = Desk::new();
    let (_, application) = desk.graph("northwind", "POST", "applications", json!({"displayName": "tool"}));
    let address = format!("applications/{}", application["id"].as_str().unwrap());
    let credential = json!({"passwordCredential": {"displayName": "contoso move"}});

    let (status, added) = desk.graph("northwind", "POST", &format!("{address}/addPassword"), credential);

    assert_eq!((status, added["secretText"].as_str().unwrap().len()), (200, 40));
    assert!(
        added["endDateTime"].as_str().unwrap().starts_with("2028-01-05T"),
        "two years of the sandbox's clock: {added}"
    );
    let (_, shown) = desk.graph("northwind", "GET", &address, Value::Null);
    let listed = &shown["passwordCredentials"][0];
    assert_eq!(
        (&listed["displayName"], &listed["secretText"]),
        (&json!("contoso move"), &Value::Null)
    );
    assert!(listed.as_object().unwrap().keys().all(|name| !name.starts_with('_')));
    let removal = json!({"keyId": added["keyId"]});
    assert_eq!(
        desk.graph("northwind", "POST", &format!("{address}/removePassword"), removal.clone())
            .0,
        204
    );
    assert_eq!(
        desk.graph("northwind", "POST", &format!("{address}/removePassword"), removal).0,
        400
    );
}

#[test]
fn a_principal_needs_an_application_and_a_grant_a_role_it_does_not_hold() {
    let desk = Desk::new();
    let (status, refused) = desk.graph(
        "contoso",
        "POST",
        "servicePrincipals",
        json!({"appId": "9d9d9d9d-4444-4ddd-8444-f0f0f0f0f004"}),
    );
    assert_eq!(
        (status, &refused["error"]["details"][0]["code"]),
        (400, &json!("NoBackingApplicationObject"))
    );
    let (app_id, _) = desk.migration_application();
    let (_, principal) = desk.graph("contoso", "POST", "servicePrincipals", json!({"appId": app_id}));
    assert_eq!(principal["appOwnerOrganizationId"], desk.tenant("northwind").tenant_id);
    let (status, twice) = desk.graph("contoso", "POST", "servicePrincipals", json!({"appId": app_id}));
    assert_eq!((status, code(&twice)), (409, "Request_MultipleObjectsWithSameKeyValue"));

    let address = format!("servicePrincipals(appId='{}')", ids::EXCHANGE);
    let (_, exchange) = desk.graph("contoso", "GET", &address, Value::Null);
    let grant = |role: &str| {
        let body = json!({"principalId": principal["id"], "resourceId": exchange["id"], "appRoleId": role});
        desk.graph("contoso", "POST", &format!("{address}/appRoleAssignedTo"), body)
    };
    assert_eq!(grant("00000000-0000-0000-0000-000000000001").0, 400);
    let (status, granted) = grant(ids::MAILBOX_MIGRATION);
    assert_eq!(status, 201, "{granted}");
    let (status, again) = grant(ids::MAILBOX_MIGRATION);
    assert_eq!((status, code(&again)), (400, "Request_BadRequest"));
    assert_eq!(desk.app_roles("contoso", &app_id, ids::EXCHANGE), ["Mailbox.Migration"]);

    let held = format!("servicePrincipals/{}/appRoleAssignments", principal["id"].as_str().unwrap());
    let (_, listed) = desk.graph("contoso", "GET", &held, Value::Null);
    assert_eq!(names(&listed, "id"), [granted["id"].as_str().unwrap()]);
    let revoke = format!("{address}/appRoleAssignedTo/{}", granted["id"].as_str().unwrap());
    assert_eq!(desk.graph("contoso", "DELETE", &revoke, Value::Null).0, 204);
    assert!(desk.app_roles("contoso", &app_id, ids::EXCHANGE).is_empty());
}

#[test]
fn a_token_without_the_permission_is_denied_and_one_of_another_kind_is_no_token() {
    let desk = Desk::new();
    let (app_id, secret) = desk.migration_application();
    desk.graph("northwind", "POST", "servicePrincipals", json!({"appId": app_id}));
    let (_, signed_in) = desk.sign_in("northwind", &[("client_id", &app_id), ("client_secret", &secret)]);
    let without_roles = signed_in["access_token"].as_str().unwrap();
    let for_exchange = desk.token("northwind", "https://outlook.office365.com/.default");

    let (status, denied) = desk.graph_as(without_roles, "GET", "users", Value::Null);
    assert_eq!((status, code(&denied)), (403, "Authorization_RequestDenied"));
    let (status, refused) = desk.graph_as(&for_exchange, "GET", "users", Value::Null);
    assert_eq!((status, code(&refused)), (401, "InvalidAuthenticationToken"));
}

#[test]
fn users_come_in_pages_that_hold_each_of_them_once() {
    let desk = Desk::new();
    let (_, all) = desk.graph("contoso", "GET", "users?$top=999", Value::Null);
    let mut seen = Vec::new();
    let mut address = "users?$top=4&$select=id,userPrincipalName".to_owned();
    loop {
        let (status, page) = desk.graph("contoso", "GET", &address, Value::Null);
        assert_eq!(status, 200, "{page}");
        assert!(page["value"].as_array().unwrap().len() <= 4);
        seen.extend(names(&page, "id"));
        let Some(next) = page["@odata.nextLink"].as_str() else { break };
        address = next.strip_prefix("https://graph.microsoft.com/v1.0/").unwrap().to_owned();
    }

    assert_eq!(seen, names(&all, "id"));
}

#[test]
fn what_the_service_does_not_know_is_refused() {
    let desk = Desk::new();
    let cases = [
        ("GET", "users?$select=shoeSize", Value::Null, 400, "BadRequest"),
        ("GET", "users?$filter=shoeSize eq 44", Value::Null, 400, "BadRequest"),
        (
            "GET",
            "users?$filter=endsWith(mail,'@contoso.com')",
            Value::Null,
            400,
            "Request_UnsupportedQuery",
        ),
        ("GET", "users?$top=1000", Value::Null, 400, "BadRequest"),
        ("GET", "subscribedSkus?$top=1", Value::Null, 400, "BadRequest"),
        (
            "POST",
            "applications",
            json!({"displayName": "a", "colour": "red"}),
            400,
            "Request_BadRequest",
        ),
        (
            "POST",
            "applications",
            json!({"displayName": "a", "appId": "1"}),
            400,
            "Request_BadRequest",
        ),
        ("POST", "applications", json!({}), 400, "Request_BadRequest"),
        ("GET", "mailboxes", Value::Null, 400, "BadRequest"),
        ("PUT", "users", json!({}), 405, "Request_BadRequest"),
        ("GET", "me", Value::Null, 400, "BadRequest"),
    ];
    for (method, address, body, status, expected) in cases {
        let (answered, refused) = desk.graph("contoso", method, address, body);

        assert_eq!((answered, code(&refused)), (status, expected), "{method} {address}: {refused}");
    }
}

#[test]
fn a_user_name_is_unique_and_in_a_domain_of_the_tenant() {
    let desk = Desk::new();
    let id = new_person(&desk);
    let (_, shown) = desk.graph(
        "northwind",
        "GET",
        &format!("users/{PERSON}?$select=id,proxyAddresses,userType"),
        Value::Null,
    );
    assert_eq!(
        (&shown["id"], &shown["proxyAddresses"], &shown["userType"]),
        (&json!(id), &json!([]), &json!("Member"))
    );
    let again = |principal_name: &str| {
        let body = json!({
            "accountEnabled": true, "displayName": "Nina", "mailNickname": "nina", "userPrincipalName": principal_name,
            "passwordProfile": {"password": "correct horse"},
        });
        desk.graph("northwind", "POST", "users", body)
    };

    let (status, taken) = again(PERSON);
    assert_eq!((status, &taken["error"]["details"][0]["code"]), (400, &json!("ObjectConflict")));
    let (status, foreign) = again("nina@contoso.com");
    assert_eq!((status, code(&foreign)), (400, "Request_BadRequest"));
    assert_eq!(desk.graph("northwind", "DELETE", &format!("users/{id}"), Value::Null).0, 204);
    assert_eq!(again(PERSON).0, 201);
}

#[test]
fn a_licence_needs_a_place_a_product_and_a_seat() {
    let desk = Desk::new();
    let id = new_person(&desk);
    let (_, skus) = desk.graph("northwind", "GET", "subscribedSkus", Value::Null);
    let bought = skus["value"]
        .as_array()
        .unwrap()
        .iter()
        .find(|sku| sku["skuId"] == ids::MIGRATION_SKU_ID)
        .unwrap();
    assert_eq!(bought["skuPartNumber"], ids::MIGRATION_SKU);
    let before = bought["consumedUnits"].as_u64().unwrap();
    let assign = |sku: &str| {
        let body = json!({"addLicenses": [{"skuId": sku, "disabledPlans": []}], "removeLicenses": []});
        desk.graph("northwind", "POST", &format!("users/{id}/assignLicense"), body)
    };

    let (status, refused) = assign(ids::MIGRATION_SKU_ID);
    assert_eq!(status, 400);
    assert!(refused["error"]["message"].as_str().unwrap().contains("invalid usage location"));
    assert_eq!(
        desk.graph("northwind", "PATCH", &format!("users/{id}"), json!({"usageLocation": "DE"}))
            .0,
        204
    );
    let (status, refused) = assign("00000000-0000-0000-0000-000000000001");
    assert_eq!(status, 400);
    assert!(refused["error"]["message"].as_str().unwrap().contains("valid company License"));
    let (status, assigned) = assign(ids::MIGRATION_SKU_ID);
    assert_eq!(status, 200, "{assigned}");

    let (_, details) = desk.graph("northwind", "GET", &format!("users/{id}/licenseDetails"), Value::Null);
    assert_eq!(names(&details, "skuPartNumber"), [ids::MIGRATION_SKU]);
    let (_, skus) = desk.graph("northwind", "GET", "subscribedSkus", Value::Null);
    let bought = skus["value"]
        .as_array()
        .unwrap()
        .iter()
        .find(|sku| sku["skuId"] == ids::MIGRATION_SKU_ID)
        .unwrap();
    assert_eq!(bought["consumedUnits"], before + 1);
}

#[test]
fn an_invitation_makes_one_guest_however_often_it_is_sent() {
    let desk = Desk::new();
    let body = json!({
        "invitedUserEmailAddress": "admin@contoso.onmicrosoft.com",
        "inviteRedirectUrl": "https://login.microsoftonline.com/contoso.onmicrosoft.com/adminconsent?client_id=1",
        "sendInvitationMessage": true,
    });

    let (status, first) = desk.graph("northwind", "POST", "invitations", body.clone());
    let (_, second) = desk.graph("northwind", "POST", "invitations", body);

    assert_eq!(status, 201, "{first}");
    assert_eq!(first["invitedUser"]["id"], second["invitedUser"]["id"]);
    let name = "users/admin_contoso.onmicrosoft.com%23EXT%23@northwindtraders.onmicrosoft.com?$select=id,userType,externalUserState";
    let (_, guest) = desk.graph("northwind", "GET", &name.replace("%23", "#"), Value::Null);
    assert_eq!(
        (&guest["userType"], &guest["externalUserState"]),
        (&json!("Guest"), &json!("PendingAcceptance"))
    );
    let own = json!({"invitedUserEmailAddress": "a@northwind.com", "inviteRedirectUrl": "https://office.com"});
    assert_eq!(desk.graph("northwind", "POST", "invitations", own).0, 400);
}

#[test]
fn groups_of_exchange_are_read_with_their_members() {
    let desk = Desk::new();
    let (_, groups) = desk.graph("contoso", "GET", "groups?$filter=displayName eq 'Kermit Scope'", Value::Null);
    let group = &groups["value"][0];
    assert_eq!((&group["mailEnabled"], &group["securityEnabled"]), (&json!(true), &json!(true)));
    let address = format!("groups/{}/members", group["id"].as_str().unwrap());

    let (status, members) = desk.graph("contoso", "GET", &address, Value::Null);

    assert_eq!(status, 200, "{members}");
    assert_eq!(members["value"][0]["@odata.type"], "#microsoft.graph.user");
    let (_, users) = desk.graph(
        "contoso",
        "GET",
        &format!("{address}/microsoft.graph.user?$select=userPrincipalName"),
        Value::Null,
    );
    let nested = names(&members, "@odata.type")
        .iter()
        .filter(|kind| *kind == "#microsoft.graph.group")
        .count();
    assert_eq!(nested, 1);
    assert_eq!(
        users["value"].as_array().unwrap().len() + nested,
        members["value"].as_array().unwrap().len()
    );
}

#[test]
fn a_batch_answers_each_step_and_keeps_what_succeeded() {
    let desk = Desk::new();
    let body = json!({"requests": [
        {"id": "1", "method": "POST", "url": "/applications", "body": {"displayName": "batched"}, "headers": {"Content-Type": "application/json"}},
        {"id": "2", "method": "GET", "url": "/users/nobody@contoso.com"},
        {"id": "3", "method": "GET", "url": "/organization?$select=id", "dependsOn": ["2"]},
    ]});

    let (status, answered) = desk.graph("contoso", "POST", "$batch", body);

    assert_eq!(status, 200, "{answered}");
    let statuses: Vec<_> = answered["responses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["status"].as_u64().unwrap())
        .collect();
    assert_eq!(statuses, [201, 404, 424]);
    let (_, kept) = desk.graph("contoso", "GET", "applications?$filter=displayName eq 'batched'", Value::Null);
    assert_eq!(kept["value"].as_array().unwrap().len(), 1);
}

#[test]
fn objects_are_resolved_by_their_ids_each_with_its_type() {
    let desk = Desk::new();
    let person = new_person(&desk);
    let (_, graph) = desk.graph(
        "northwind",
        "GET",
        &format!("servicePrincipals(appId='{}')", ids::GRAPH),
        Value::Null,
    );
    let resolve = |body: Value| desk.graph("northwind", "POST", "directoryObjects/getByIds", body);
    let unknown = "6c6c6c6c-9999-4ccc-8999-e1e1e1e1e009";

    let (status, found) = resolve(json!({"ids": [person, unknown, graph["id"]]}));
    let (_, users) = resolve(json!({"ids": [person, graph["id"]], "types": ["user", "group"]}));

    assert_eq!(
        (status, names(&found, "id")),
        (200, vec![person.clone(), graph["id"].as_str().unwrap().into()])
    );
    assert_eq!(
        names(&found, "@odata.type"),
        ["#microsoft.graph.user", "#microsoft.graph.servicePrincipal"]
    );
    assert_eq!(names(&users, "id"), [person]);
    assert_eq!(resolve(json!({"ids": []})).0, 400);
}

#[test]
fn a_service_principal_is_found_by_any_of_its_names() {
    let desk = Desk::new();
    let (_, application) = desk.graph("northwind", "POST", "applications", json!({"displayName": "known by many"}));
    let (_, principal) = desk.graph("northwind", "POST", "servicePrincipals", json!({"appId": application["appId"]}));
    let address = format!("applications/{}", application["id"].as_str().unwrap());
    desk.graph("northwind", "PATCH", &address, json!({"identifierUris": ["api://known-by-many"]}));
    for name in [application["appId"].as_str().unwrap(), "api://known-by-many"] {
        let filter = crate::sandbox::form::encode(&format!("servicePrincipalNames/any(c:c eq '{name}')"));

        let (_, found) = desk.graph("northwind", "GET", &format!("servicePrincipals?$filter={filter}"), Value::Null);

        assert_eq!(found["value"][0]["id"], principal["id"], "{name}");
    }
}

#[test]
fn a_slash_too_many_after_the_version_does_no_harm() {
    let desk = Desk::new();

    let (status, found) = desk.graph("northwind", "GET", "/organization", Value::Null);

    assert_eq!((status, &found["value"][0]["displayName"]), (200, &json!("Northwind Traders")));
}

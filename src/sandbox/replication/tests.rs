//! What servers answer that have not caught up, as the service's documentation and administrators tell it.

use std::time::Duration;

use serde_json::Value;
use serde_json::json;

use crate::sandbox::directory;
use crate::sandbox::ids;
use crate::sandbox::testing::Desk;

const DELAY: u64 = 40;

/// A desk where a change takes 40 seconds to be seen everywhere, and so 10 to be seen by id where it was made.
fn slow_desk() -> Desk {
    let desk = Desk::new();
    let set = desk.world.store.transaction(|tx| tx.set_replication(Duration::from_secs(DELAY)));
    set.unwrap();
    desk
}

impl Desk {
    fn after(&self, seconds: u64) -> &Self {
        self.world.advance(Duration::from_secs(seconds)).unwrap();
        self
    }

    fn made(&self, tenant: &str, address: &str, body: Value) -> Value {
        let (status, made) = self.graph(tenant, "POST", address, body);
        assert!(status == 200 || status == 201, "{status} {made}");
        made
    }

    fn answers(&self, address: &str) -> u16 {
        self.graph("contoso", "GET", address, Value::Null).0
    }

    fn count(&self, address: &str) -> usize {
        self.graph("contoso", "GET", address, Value::Null).1["value"]
            .as_array()
            .unwrap()
            .len()
    }
}

fn id(object: &Value) -> &str {
    object["id"].as_str().unwrap()
}

#[test]
fn a_new_application_is_found_by_its_id_first_and_by_other_ways_later() {
    let desk = slow_desk();
    let application = desk.made("contoso", "applications", json!({"displayName": "young"}));
    let app_id = application["appId"].as_str().unwrap();
    let by_id = format!("applications/{}", id(&application));
    let by_key = format!("applications(appId='{app_id}')");
    let listed = "applications?$filter=displayName eq 'young'";

    assert_eq!((desk.answers(&by_id), desk.answers(&by_key), desk.count(listed)), (404, 404, 0));
    desk.after(DELAY / 4);
    assert_eq!((desk.answers(&by_id), desk.answers(&by_key), desk.count(listed)), (200, 404, 0));
    desk.after(DELAY);
    assert_eq!((desk.answers(&by_id), desk.answers(&by_key), desk.count(listed)), (200, 200, 1));
}

#[test]
fn a_principal_waits_for_its_application_a_grant_for_its_principal_and_a_token_for_the_grant() {
    let desk = slow_desk();
    let application = desk.made("contoso", "applications", json!({"displayName": "young"}));
    let app_id = application["appId"].as_str().unwrap();

    let (status, refused) = desk.graph("contoso", "POST", "servicePrincipals", json!({"appId": app_id}));
    assert_eq!(status, 400);
    assert_eq!(refused["error"]["details"][0]["code"], "NoBackingApplicationObject");
    desk.after(DELAY);
    let principal = desk.made("contoso", "servicePrincipals", json!({"appId": app_id}));
    // What is unique is unique at once.
    assert_eq!(desk.graph("contoso", "POST", "servicePrincipals", json!({"appId": app_id})).0, 409);

    let exchange = desk
        .graph(
            "contoso",
            "GET",
            &format!("servicePrincipals(appId='{}')", ids::EXCHANGE),
            Value::Null,
        )
        .1;
    let grant = json!({"principalId": id(&principal), "resourceId": id(&exchange), "appRoleId": ids::MAILBOX_MIGRATION});
    let address = format!("servicePrincipals/{}/appRoleAssignedTo", id(&exchange));
    assert_eq!(desk.graph("contoso", "POST", &address, grant.clone()).0, 404);
    desk.after(DELAY);
    let secret = desk.made("contoso", &format!("applications/{}/addPassword", id(&application)), json!({}));
    desk.made("contoso", &address, grant);

    let roles = || desk.app_roles("contoso", app_id, ids::EXCHANGE);
    let sign_in = || {
        let fields = [("client_id", app_id), ("client_secret", secret["secretText"].as_str().unwrap())];
        let (status, body) = desk.sign_in("contoso", &fields);
        (status, body["error_codes"][0].as_u64())
    };
    assert_eq!((sign_in(), roles().len()), ((401, Some(7_000_215)), 0));
    desk.after(DELAY);
    assert_eq!((sign_in().0, roles()), (200, vec!["Mailbox.Migration".to_owned()]));
}

#[test]
fn an_application_that_was_just_made_is_unknown_to_sign_in() {
    let desk = slow_desk();
    let application = desk.made("contoso", "applications", json!({"displayName": "young"}));

    let (status, body) = desk.sign_in("contoso", &[("client_id", application["appId"].as_str().unwrap())]);

    assert_eq!((status, &body["error_codes"][0]), (400, &json!(700_016)));
}

#[test]
fn a_change_is_seen_at_once_where_it_was_made_and_late_in_lists() {
    let desk = slow_desk();
    let address = format!(
        "users/{}",
        id(&desk.graph("contoso", "GET", "users/Lara.Newton@contoso.com", Value::Null).1)
    );

    for department in ["Sales", "Finance"] {
        assert_eq!(desk.graph("contoso", "PATCH", &address, json!({"department": department})).0, 204);
        desk.after(1);
    }

    let lara = desk.graph("contoso", "GET", &address, Value::Null).1;
    let listed = "users?$filter=userPrincipalName eq 'Lara.Newton@contoso.com'&$select=department,id,userPrincipalName";
    let in_list = |desk: &Desk| desk.graph("contoso", "GET", listed, Value::Null).1["value"][0]["department"].clone();
    let kept = |desk: &Desk| {
        let read = desk
            .world
            .store
            .transaction(|tx| Ok::<_, rusqlite::Error>(directory::user(tx, "contoso", id(&lara))));
        read.unwrap().unwrap().text("department").to_owned()
    };
    assert_eq!(kept(&desk), "Finance");
    assert_eq!(in_list(&desk), "Legal");
    desk.after(DELAY);
    assert_eq!(in_list(&desk), "Finance");
}

#[test]
fn exchange_and_graph_learn_late_of_what_the_other_made() {
    let desk = slow_desk();
    let new = json!({"Name": "Young", "MicrosoftOnlineServicesID": "young@contoso.com", "Password": "Correct-Horse-1",
        "ExternalEmailAddress": "young@northwind.com"});
    let (status, made) = desk.cmdlet("contoso", "New-MailUser", new, false);
    assert_eq!(status, 200, "{made}");

    let get = |desk: &Desk| desk.cmdlet("contoso", "Get-MailUser", json!({"Identity": "Young"}), false).0;
    let user = "users/young@contoso.com";
    assert_eq!((get(&desk), desk.answers(user)), (404, 404));
    desk.after(DELAY / 4);
    assert_eq!((get(&desk), desk.answers(user)), (200, 404));
    desk.after(DELAY);
    assert_eq!((get(&desk), desk.answers(user)), (200, 200));
}

#[test]
fn azure_asks_for_the_type_of_a_principal_that_it_does_not_know_yet_and_a_role_counts_late() {
    let desk = slow_desk();
    let application = desk.made("northwind", "applications", json!({"displayName": "young"}));
    desk.after(DELAY);
    let principal = desk.made("northwind", "servicePrincipals", json!({"appId": application["appId"]}));
    let secret = desk.made("northwind", &format!("applications/{}/addPassword", id(&application)), json!({}));
    let scope = desk.subscription("northwind");
    let reader = format!("{scope}/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7");
    let address = format!("{scope}/providers/Microsoft.Authorization/roleAssignments/1a1a1a1a-0001-4000-8000-000000000001");
    let body = |kind: Value| {
        let mut properties = json!({"roleDefinitionId": reader, "principalId": id(&principal)});
        if !kind.is_null() {
            properties["principalType"] = kind;
        }
        json!({"properties": properties})
    };

    let (status, refused) = desk.arm("northwind", "PUT", &address, body(Value::Null));
    assert_eq!((status, &refused["error"]["code"]), (400, &json!("PrincipalNotFound")));
    // Sign-in knows the application and its secret by the time that the role is given.
    desk.after(DELAY);
    assert_eq!(desk.arm("northwind", "PUT", &address, body(json!("ServicePrincipal"))).0, 201);
    let fields = [
        ("client_id", application["appId"].as_str().unwrap()),
        ("client_secret", secret["secretText"].as_str().unwrap()),
        ("scope", "https://management.azure.com/.default"),
    ];
    let token = desk.sign_in("northwind", &fields).1["access_token"].as_str().unwrap().to_owned();
    let groups = |desk: &Desk| {
        let reply = desk.arm_as(
            &token,
            "management.azure.com",
            "GET",
            &format!("{scope}/resourceGroups"),
            Value::Null,
        );
        reply.status
    };
    assert_eq!(groups(&desk), 403);
    desk.after(DELAY);
    assert_eq!(groups(&desk), 200);
}

#[test]
fn a_delay_of_ages_is_counted_back_like_any_other() {
    let desk = Desk::new();
    let set = desk
        .world
        .store
        .transaction(|tx| tx.set_replication(Duration::from_secs(7_000_000 * 86_400)));
    set.unwrap();

    let made = desk.made("contoso", "applications", json!({"displayName": "late"}));

    assert_eq!(desk.answers(&format!("applications/{}", id(&made))), 404);
}

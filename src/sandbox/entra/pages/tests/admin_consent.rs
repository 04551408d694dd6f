use serde_json::Value;
use serde_json::json;

use super::*;

const ADMIN: &str = "cleo@contoso.onmicrosoft.com";

fn address(app_id: &str, more: &str) -> String {
    format!("{LOGIN}/contoso.onmicrosoft.com/adminconsent?client_id={app_id}&redirect_uri=https://office.com{more}")
}

fn second(app_id: &str) -> String {
    let scope = "https%3A%2F%2Fgraph.microsoft.com%2F.default";
    format!("{LOGIN}/contoso.com/v2.0/adminconsent?client_id={app_id}&scope={scope}&redirect_uri=http://localhost:49152&state=xt-42")
}

#[test]
fn accepting_makes_principal_and_grant_and_goes_back_with_the_parameters_of_the_first_version() {
    let desk = Desk::new();
    let app_id = mover(&desk);
    let mut browser = Browser::new(&desk);

    browser.open(&address(&app_id, "&state=xt-42")).sign_in(ADMIN);
    for part in [
        "Permissions requested",
        "Mover",
        "northwindtraders.onmicrosoft.com",
        "(unverified)",
        "Mailbox.Migration",
        ADMIN,
    ] {
        assert!(browser.shown.contains(part), "{part}: {}", browser.shown);
    }
    assert!(desk.app_roles("contoso", &app_id, ids::EXCHANGE).is_empty());
    browser.press("Accept", &[]);

    let tenant_id = &desk.tenant("contoso").tenant_id;
    assert_eq!(
        browser.address,
        format!("https://office.com/?admin_consent=True&tenant={tenant_id}&state=xt-42")
    );
    assert_eq!(desk.app_roles("contoso", &app_id, ids::EXCHANGE), ["Mailbox.Migration"]);
}

#[test]
fn the_second_version_tells_the_scope_and_grants_what_people_delegate_too() {
    let desk = Desk::new();
    let read_all = ids::app_role(ids::GRAPH, "User.Read.All").unwrap();
    let invite = "63dd7cd9-b489-4adf-a28c-ac38b9a0f962";
    let app_id = application(&desk, "Reader", &[(ids::GRAPH, read_all, "Role"), (ids::GRAPH, invite, "Scope")]);
    let mut browser = Browser::new(&desk);

    browser.open(&second(&app_id)).sign_in(ADMIN).press("Accept", &[]);

    let tenant_id = &desk.tenant("contoso").tenant_id;
    let scope = "https%3A%2F%2Fgraph.microsoft.com%2F.default";
    assert_eq!(
        browser.address,
        format!("http://localhost:49152/?admin_consent=True&tenant={tenant_id}&scope={scope}&state=xt-42")
    );
    assert_eq!(desk.app_roles("contoso", &app_id, ids::GRAPH), ["User.Read.All"]);
    assert_eq!(delegated(&desk, &app_id), ["User.Invite.All"]);
}

#[test]
fn refusing_grants_nothing_and_each_version_has_its_words_for_it() {
    let desk = Desk::new();
    let app_id = mover(&desk);
    let mut browser = Browser::new(&desk);

    browser.open(&address(&app_id, "")).sign_in(ADMIN).press("Cancel", &[]);
    assert_eq!(
        browser.address,
        "https://office.com/?error=permission_denied&error_description=The+admin+canceled+the+request"
    );
    browser.open(&second(&app_id)).press("Cancel", &[]);
    let landed = browser.landed();
    assert_eq!(value(&landed, "admin_consent"), Some("True"));
    assert_eq!(value(&landed, "error"), Some("consent_required"));
    assert!(value(&landed, "error_description").unwrap().starts_with("AADSTS65004: "));
    assert_eq!(value(&landed, "state"), Some("xt-42"));
    let (status, _) = desk.graph("contoso", "GET", &format!("servicePrincipals(appId='{app_id}')"), Value::Null);
    assert_eq!(status, 404);
}

#[test]
fn consenting_again_adds_what_is_new_and_nothing_twice() {
    let desk = Desk::new();
    let app_id = mover(&desk);
    let mut browser = Browser::new(&desk);
    browser.open(&address(&app_id, "")).sign_in(ADMIN).press("Accept", &[]);
    let full_access = ids::app_role(ids::EXCHANGE, "full_access_as_app").unwrap();
    let access = [ids::MAILBOX_MIGRATION, full_access].map(|id| json!({"id": id, "type": "Role"}));
    let change = json!({"requiredResourceAccess": [{"resourceAppId": ids::EXCHANGE, "resourceAccess": access}]});
    let (_, found) = desk.graph(
        "northwind",
        "GET",
        &format!("applications?$filter=appId eq '{app_id}'"),
        Value::Null,
    );
    let own = format!("applications/{}", found["value"][0]["id"].as_str().unwrap());
    assert_eq!(desk.graph("northwind", "PATCH", &own, change).0, 204);

    browser.open(&address(&app_id, "")).press("Accept", &[]);

    assert_eq!(
        desk.app_roles("contoso", &app_id, ids::EXCHANGE),
        ["Mailbox.Migration", "full_access_as_app"]
    );
}

#[test]
fn who_may_consent_depends_on_the_role_and_on_what_is_asked() {
    let desk = Desk::new();
    let of_exchange = mover(&desk);
    let read_all = ids::app_role(ids::GRAPH, "User.Read.All").unwrap();
    let of_graph = application(&desk, "Reader", &[(ids::GRAPH, read_all, "Role")]);
    for (account, app_id, expected) in [
        (ADMIN, &of_graph, "Permissions requested"),
        ("arno@contoso.onmicrosoft.com", &of_exchange, "Permissions requested"),
        ("arno@contoso.onmicrosoft.com", &of_graph, "AADSTS90094"),
        ("edgar@contoso.onmicrosoft.com", &of_exchange, "AADSTS90094"),
        ("ulla@contoso.onmicrosoft.com", &of_exchange, "AADSTS90094"),
        ("nils@northwindtraders.onmicrosoft.com", &of_exchange, "AADSTS50020"),
    ] {
        let mut browser = Browser::new(&desk);

        browser.open(&address(app_id, "")).sign_in(account);

        assert!(browser.shown.contains(expected), "{account}: {}", browser.shown);
    }
    // The page that turns somebody away leads to another account.
    let mut browser = Browser::new(&desk);
    browser.open(&address(&of_exchange, "")).sign_in("ulla@contoso.onmicrosoft.com");
    browser.follow("Have an admin account?").sign_in(ADMIN);
    assert!(browser.shown.contains("Permissions requested"), "{}", browser.shown);
}

#[test]
fn what_cannot_be_asked_is_told_on_a_page_and_sent_nowhere() {
    let desk = Desk::new();
    let app_id = mover(&desk);
    let (_, bare) = desk.graph(
        "northwind",
        "POST",
        "applications",
        json!({"displayName": "Bare", "signInAudience": "AzureADMultipleOrgs"}),
    );
    let single = json!({"displayName": "Own", "signInAudience": "AzureADMyOrg", "web": {"redirectUris": ["https://office.com"]}});
    let (_, single) = desk.graph("northwind", "POST", "applications", single);
    let stray = address(&app_id, "").replace("https://office.com", "https://evil.example");
    let unknown = address("9d9d9d9d-4444-4ddd-8444-f0f0f0f0f004", "");
    for (address, number) in [
        (stray, 50011),
        (address(bare["appId"].as_str().unwrap(), ""), 500113),
        (unknown, 700016),
        (address(single["appId"].as_str().unwrap(), ""), 700016),
        (format!("{LOGIN}/contoso.com/adminconsent?redirect_uri=https://office.com"), 900144),
        (format!("{LOGIN}/fabrikam.com/adminconsent?client_id={app_id}"), 90002),
        (
            second(&app_id).replace("graph.microsoft.com%2F.default", "graph.microsoft.com%2FNo.Such"),
            650053,
        ),
    ] {
        let mut browser = Browser::new(&desk);
        browser
            .open(&format!("{LOGIN}/common/login?return={LOGIN}/common/oauth2/deviceauth"))
            .sign_in(ADMIN);

        browser.open(&address);

        assert_eq!(browser.status, 400, "{address}");
        assert!(browser.shown.contains(&format!("AADSTS{number}: ")), "{number}: {}", browser.shown);
    }
}

#[test]
fn the_tenant_of_common_is_the_one_of_whoever_signs_in() {
    let desk = Desk::new();
    let app_id = mover(&desk);
    let mut browser = Browser::new(&desk);

    let common = address(&app_id, "").replace("contoso.onmicrosoft.com", "organizations");
    browser.open(&common).sign_in(ADMIN).press("Accept", &[]);

    assert_eq!(value(&browser.landed(), "tenant"), Some(desk.tenant("contoso").tenant_id.as_str()));
    assert_eq!(desk.app_roles("contoso", &app_id, ids::EXCHANGE), ["Mailbox.Migration"]);
}

#[test]
fn a_button_counts_only_for_the_session_that_was_shown_it() {
    let desk = Desk::new();
    let app_id = mover(&desk);
    let mut victim = Browser::new(&desk);
    victim.open(&address(&app_id, "")).sign_in(ADMIN);
    let mut other = Browser::new(&desk);
    other.open(&address(&app_id, "")).sign_in(ADMIN);
    let (action, fields) = other.filled("Accept", &[]);
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();

    victim.go("POST", &action, &fields);
    assert_eq!(victim.status, 400, "{}", victim.shown);
    victim.go("POST", &action, &[("decision", "accept")]);
    assert_eq!(victim.status, 400, "{}", victim.shown);

    assert!(desk.app_roles("contoso", &app_id, ids::EXCHANGE).is_empty());
}

#[test]
fn a_hostile_name_stays_text_in_the_dialog() {
    let desk = Desk::new();
    let name = "<script>alert(1)</script>\"><img src=x onerror=alert(1)>";
    let app_id = application(&desk, name, &[(ids::EXCHANGE, ids::MAILBOX_MIGRATION, "Role")]);
    let mut browser = Browser::new(&desk);

    browser.open(&address(&app_id, "&state=%22%3E%3Cscript%3E")).sign_in(ADMIN);

    assert!(browser.shown.contains("&lt;script&gt;alert(1)"), "{}", browser.shown);
    assert!(
        !browser.shown.contains("<script") && !browser.shown.contains("<img"),
        "{}",
        browser.shown
    );
}

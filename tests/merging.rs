//! What the two set-up scripts make of what is there already.

use crate::common::ADMIT;
use serde_json::Value;
use serde_json::json;

use crate::common::Administrator;
use crate::common::Ran;
use crate::common::Site;

const CONTOSO_ID: &str = "0c0c0c0c-1111-4111-8111-c0ffee000001";
const NORTHWIND_ID: &str = "0d0d0d0d-2222-4222-8222-c0ffee000002";
const NAME: &str = "northwindtraders_contoso";
const APPLICATION: &str = "tenant.find_applications(\"displayName eq 'northwindtraders_contoso'\").first()";
const ENDPOINT: &str = "tenant.get_migration_endpoint(\"northwindtraders_contoso\")";

fn setup_target(northwind: &Administrator, more: &[&str]) -> Ran {
    northwind.runs(&[&["run", "setup-target", "--target", "northwind"], more].concat())
}

fn setup_source(contoso: &Administrator) -> Ran {
    contoso.types(ADMIT)
}

/// A site where the target has asked and the source has a relationship of its own making, with these properties.
fn asked_with_relationship(properties: &str) -> (Site, Administrator, Administrator) {
    let site = Site::new();
    let (contoso, northwind) = (site.contoso(), site.northwind());
    setup_target(&northwind, &["--source-domain", "contoso.onmicrosoft.com"]).succeeds();
    northwind.sends("to-source.json", &contoso);
    contoso.makes(&format!(
        "tenant.ensure_customization(); tenant.new_organization_relationship(#{{ {properties} }}); 0"
    ));
    (site, contoso, northwind)
}

fn relationships(who: &Administrator) -> Value {
    who.sees("tenant.find_organization_relationships().to_array()")
}

/// The client secrets of the migration application: names and ids.
fn secrets(northwind: &Administrator) -> Vec<(String, String)> {
    let application = northwind.sees(APPLICATION);
    let all = application["passwordCredentials"].as_array().expect("a list").iter();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    all.map(|secret| (text(&secret["displayName"]), text(&secret["keyId"]))).collect()
}

#[test]
fn capabilities_and_scopes_of_a_relationship_that_is_there_are_united() {
    let properties = format!(
        "Name: \"old friends\", DomainNames: [\"{NORTHWIND_ID}\"], Enabled: true, MailboxMoveEnabled: false, \
         MailboxMoveCapability: \"Inbound\", MailboxMovePublishedScopes: [\"Kermit Resources\"]"
    );
    let (_site, contoso, northwind) = asked_with_relationship(&properties);

    setup_source(&contoso)
        .succeeds()
        .says("updated organization relationship `old friends`");

    let all = relationships(&contoso);
    assert_eq!(all.as_array().expect("a list").len(), 1);
    let relationship = &all[0];
    assert_eq!(
        (&relationship["Name"], &relationship["MailboxMoveEnabled"]),
        (&json!("old friends"), &json!(true))
    );
    assert_eq!(
        relationship["MailboxMovePublishedScopes"],
        json!(["Kermit Resources", "Kermit Scope"])
    );
    let capability = relationship["MailboxMoveCapability"].as_str().expect("a text");
    assert!(
        capability.contains("Inbound") && capability.contains("RemoteOutbound"),
        "{capability}"
    );

    // The same in the target, where mailboxes may go out already.
    contoso.sends("to-target.json", &northwind);
    northwind.makes(&format!(
        "tenant.new_organization_relationship(#{{ Name: \"way out\", DomainNames: [\"{CONTOSO_ID}\"], Enabled: true, \
         MailboxMoveEnabled: true, MailboxMoveCapability: \"RemoteOutbound\" }}); 0"
    ));
    setup_target(&northwind, &["--continue", "to-target.json"]).succeeds();
    let all = relationships(&northwind);
    let capability = all[0]["MailboxMoveCapability"].as_str().expect("a text");
    assert!(all.as_array().expect("a list").len() == 1 && capability.contains("Inbound") && capability.contains("RemoteOutbound"));
}

#[test]
fn a_relationship_for_another_application_stops_and_names_both() {
    let other = "9d9d9d9d-4444-4ddd-8444-f0f0f0f0f004";
    let properties = format!(
        "Name: \"old friends\", DomainNames: [\"{NORTHWIND_ID}\"], Enabled: true, MailboxMoveEnabled: true, \
         MailboxMoveCapability: \"RemoteOutbound\", OAuthApplicationId: \"{other}\", MailboxMovePublishedScopes: [\"Kermit Scope\"]"
    );
    let (_site, contoso, northwind) = asked_with_relationship(&properties);
    let before = relationships(&contoso);
    let ours = northwind.sees(&format!("{APPLICATION}.appId"));

    let ran = setup_source(&contoso);

    ran.ends_with(1).says(other).says(ours.as_str().expect("an id")).says("remedy: ");
    assert_eq!(relationships(&contoso), before);
}

#[test]
fn a_relationship_keyed_by_a_domain_is_reported_and_never_edited() {
    let properties = "Name: \"free busy\", DomainNames: [\"northwind.com\"], Enabled: true, FreeBusyAccessEnabled: true";
    let (_site, contoso, _northwind) = asked_with_relationship(properties);
    let before = relationships(&contoso)[0].clone();

    let ran = setup_source(&contoso);

    ran.succeeds().says("`free busy`").says("F-42");
    let after = relationships(&contoso);
    let names: Vec<&Value> = after.as_array().expect("a list").iter().map(|one| &one["Name"]).collect();
    assert_eq!(names.len(), 2, "{names:?}");
    assert!(after.as_array().expect("a list").contains(&before), "{after}");
}

#[test]
fn consent_that_is_lacking_means_waiting_and_leaves_no_secret() {
    let site = Site::new();
    let (contoso, northwind) = (site.contoso(), site.northwind());
    let ask: &[&str] = &["--source-domain", "contoso.onmicrosoft.com", "--json"];

    // Nobody there has heard of the application.
    let unknown = setup_target(&northwind, ask).succeeds().json();
    assert_eq!(unknown["state"], "waiting for contoso.onmicrosoft.com");
    assert_eq!((secrets(&northwind), relationships(&northwind)), (vec![], json!([])));

    // It is known there, and was granted nothing; only a secret can tell.
    let application = unknown["application_id"].as_str().expect("an id");
    contoso.makes(&format!("tenant.ensure_service_principal(\"{application}\"); 0"));
    let granted_nothing = setup_target(&northwind, ask);
    assert_eq!(granted_nothing.succeeds().json()["state"], "waiting for contoso.onmicrosoft.com");
    granted_nothing.says("Mailbox.Migration");
    assert_eq!(secrets(&northwind), vec![]);
    assert_eq!(northwind.sees("tenant.find_migration_endpoints().count()"), 0);
}

#[test]
fn what_if_shows_what_would_be_made_and_makes_nothing() {
    let site = Site::new();
    let northwind = site.northwind();

    let writes = site.writes_during(|| {
        setup_target(&northwind, &["--source-domain", "contoso.onmicrosoft.com", "--what-if"])
            .succeeds()
            .prints("4 changes planned, none made");
    });

    assert_eq!(writes, [""; 0]);
    assert!(!northwind.has("to-source.json"));
}

#[test]
fn a_run_without_endpoint_makes_a_new_secret_and_removes_the_orphan_by_its_name() {
    let site = Site::set_up();
    let northwind = site.northwind();
    let orphan = secrets(&northwind);
    northwind.makes(&format!(
        "tenant.remove_migration_endpoint(\"{NAME}\");
         tenant.new_application_password({APPLICATION}, #{{ passwordCredential: #{{ displayName: \"made by hand\" }} }}); 0"
    ));

    setup_target(&northwind, &["--continue", "to-target.json"])
        .succeeds()
        .prints("ready");

    let left = secrets(&northwind);
    let names: Vec<&str> = left.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["made by hand", "xtenant northwindtraders_contoso"]);
    assert!(!left.contains(&orphan[0]), "the orphan is gone");
}

#[test]
fn a_new_secret_replaces_the_old_one() {
    let site = Site::set_up();
    let northwind = site.northwind();
    let before = secrets(&northwind);

    setup_target(&northwind, &["--continue", "to-target.json", "--new-secret"])
        .succeeds()
        .says("application `northwindtraders_contoso` given a client secret")
        .says("updated migration endpoint")
        .says("relieved of a client secret");

    let after = secrets(&northwind);
    assert_eq!((before.len(), after.len()), (1, 1));
    assert_ne!(before, after);
    let test = format!("tenant.test_migration_endpoint(\"{NAME}\").Result");
    assert_eq!(northwind.sees(&test), "Success");
}

#[test]
fn the_number_of_moves_at_once_is_changed_when_asked_for_and_only_then() {
    let site = Site::set_up();
    let northwind = site.northwind();
    let at_once = format!("{ENDPOINT}.MaxConcurrentMigrations.to_string()");
    assert_eq!(northwind.sees(&at_once), "100");

    let fewer = setup_target(&northwind, &["--continue", "to-target.json", "--max-concurrent-migrations", "40"]);
    let again = setup_target(&northwind, &["--continue", "to-target.json"]);

    fewer.succeeds().says("updated migration endpoint");
    again.succeeds().says("unchanged migration endpoint");
    assert_eq!(northwind.sees(&at_once), "40");
}

#[test]
fn an_endpoint_that_is_there_is_judged_by_the_services_own_test() {
    let site = Site::set_up();
    let northwind = site.northwind();
    northwind.makes(
        "let app = tenant.find_applications(\"displayName eq 'northwindtraders_contoso'\").first();
         for password in app.passwordCredentials { tenant.remove_application_password(app, #{ keyId: password.keyId }); } 0",
    );

    let ran = setup_target(&northwind, &["--continue", "to-target.json"]);

    ran.ends_with(1)
        .says("test of migration endpoint")
        .says("F-24")
        .says("--new-secret");
    assert_eq!(secrets(&northwind).len(), 0, "no second secret");
}

#[test]
fn consent_that_was_taken_back_is_waited_for_again() {
    let site = Site::set_up();
    let (contoso, northwind) = (site.contoso(), site.northwind());
    contoso.makes(
        "let principal = tenant.find_service_principals(\"displayName eq 'northwindtraders_contoso'\").first();
         tenant.remove_service_principal(principal); 0",
    );

    let ran = setup_target(&northwind, &["--continue", "to-target.json"]);

    ran.succeeds().says("Waiting for contoso.onmicrosoft.com");
    assert_eq!(secrets(&northwind).len(), 1, "no second secret");
}

/// Another application that both tenants have consented to. Gives its id.
fn second_application(contoso: &Administrator, northwind: &Administrator) -> String {
    let id = northwind.makes(
        "let app = tenant.ensure_application(#{ displayName: \"second\", requires: [\"Mailbox.Migration\"] });
         tenant.ensure_consent(app.appId, [\"Mailbox.Migration\"]);
         app.appId",
    );
    let id = id.as_str().expect("an id").to_owned();
    contoso.makes(&format!("tenant.ensure_consent(\"{id}\", [\"Mailbox.Migration\"]); 0"));
    id
}

#[test]
fn an_endpoint_that_leads_elsewhere_is_replaced_only_while_no_batch_uses_it() {
    let site = Site::set_up();
    let (contoso, northwind) = (site.contoso(), site.northwind());
    let second = second_application(&contoso, &northwind);
    let with_second: &[&str] = &["--continue", "to-target.json", "--existing-application-id", &second];
    northwind.write("users.csv", "EmailAddress\r\nnobody@northwind.com\r\n");
    northwind.makes(&format!(
        "tenant.new_migration_batch(#{{ Name: \"wave1\", SourceEndpoint: \"{NAME}\", TargetDeliveryDomain: tenant.domain,
            CSVData: csv_bytes([#{{ EmailAddress: \"nobody@northwind.com\" }}]) }}); 0"
    ));
    let before = northwind.sees(ENDPOINT);

    let in_use = setup_target(&northwind, with_second);
    let kept = northwind.sees(ENDPOINT);
    let secrets_left = northwind.sees(&format!("tenant.get_application(\"{second}\").passwordCredentials"));
    northwind.makes("tenant.remove_migration_batch(\"wave1\"); 0");
    northwind.runs(&["sandbox", "advance", "1h"]).succeeds();
    let free = setup_target(&northwind, with_second);

    in_use.ends_with(1).says("wave1 uses it").says(&second).says("remedy: ");
    assert_eq!(kept, before);
    assert_eq!(secrets_left, json!([]), "the secret that nothing uses is gone");
    free.succeeds().says("led elsewhere and was replaced");
    assert_eq!(northwind.sees(&format!("{ENDPOINT}.ApplicationId")), second.as_str());
}

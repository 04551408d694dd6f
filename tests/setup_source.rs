//! `setup-source`: what it refuses, and that it changes nothing then.

use serde_json::Value;
use serde_json::json;

use crate::common::Administrator;
use crate::common::Ran;
use crate::common::Site;

/// A site where the target's administrator has made the application and sent the hand-off.
fn asked() -> (Site, Administrator, Administrator) {
    let site = Site::new();
    let (contoso, northwind) = (site.contoso(), site.northwind());
    ask(&northwind, &contoso, &[]);
    (site, contoso, northwind)
}

fn ask(northwind: &Administrator, contoso: &Administrator, more: &[&str]) {
    let setup = [
        "run",
        "setup-target",
        "--target",
        "northwind",
        "--source-domain",
        "contoso.onmicrosoft.com",
    ];
    northwind.runs(&[&setup, more].concat()).succeeds();
    northwind.sends("to-source.json", contoso);
}

fn set_up(contoso: &Administrator, more: &[&str]) -> Ran {
    contoso.runs(&[&["run", "setup-source", "--source", "contoso"], more].concat())
}

/// Runs and expects a refusal after which the tenant is as it was.
#[track_caller]
fn refused(contoso: &Administrator, more: &[&str], because: &[&str]) {
    const SEEN: &str = "#{
        principals: tenant.find_service_principals().map(|p| p.appId).to_array(),
        relationships: tenant.find_organization_relationships().to_array().len(),
        is_dehydrated: tenant.get_organization_config().IsDehydrated,
    }";
    let before = contoso.sees(SEEN);

    let ran = set_up(contoso, more);

    ran.ends_with(1).says("remedy: ");
    for text in because {
        ran.says(text);
    }
    assert_eq!(contoso.sees(SEEN), before);
    assert!(!contoso.has("to-target.json"));
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

#[test]
fn an_application_of_another_publisher_is_refused() {
    let (_site, contoso, _northwind) = asked();
    let own = contoso.makes("tenant.new_application(#{ displayName: \"phishing\", signInAudience: \"AzureADMultipleOrgs\" }).appId");
    let own = text(&own);
    let exchange_online = "00000002-0000-0ff1-ce00-000000000000";

    for (application, publisher) in [
        (own.as_str(), "0c0c0c0c-1111-4111-8111-c0ffee000001"),
        (exchange_online, "f8cdef31-a31e-4b4a-93e4-5f571e91255a"),
    ] {
        let named = [
            "--target-domain",
            "northwindtraders.onmicrosoft.com",
            "--application-id",
            application,
            "--scope-group",
            "Kermit Scope",
        ];
        refused(
            &contoso,
            &named,
            &[application, publisher, "not by northwindtraders.onmicrosoft.com", "do not consent"],
        );
    }
}

#[test]
fn an_application_that_asks_for_more_than_the_move_needs_is_refused() {
    let (_site, contoso, northwind) = asked();
    northwind.makes("tenant.ensure_application(#{ displayName: \"northwindtraders_contoso\", requires: [\"Mailbox.Migration\", \"Directory.Read.All\"] }); 0");
    let again = [
        "run",
        "setup-target",
        "--target",
        "northwind",
        "--source-domain",
        "contoso.onmicrosoft.com",
    ];
    northwind.runs(&again).ends_with(1).says("asks for Directory.Read.All");
    // A hand-off that was not made by setup-target is looked at all the same.
    northwind.makes(
        "let letter = read_json(\"to-source.json\");
         letter.remove(\"checksum\");
         letter.roles = [\"Mailbox.Migration\", \"Directory.Read.All\"];
         write_json(\"to-source.json\", seal_handoff(letter)); 0",
    );
    northwind.sends("to-source.json", &contoso);

    let handoff = ["--handoff", "to-source.json", "--scope-group", "Kermit Scope"];
    refused(&contoso, &handoff, &["asks for Directory.Read.All", "do not consent"]);
}

#[test]
fn an_application_that_was_granted_more_than_the_move_needs_is_refused() {
    let (_site, contoso, northwind) = asked();
    let application = text(&northwind.sees("tenant.find_applications(\"displayName eq 'northwindtraders_contoso'\").first().appId"));
    contoso.makes(&format!("tenant.ensure_consent(\"{application}\", [\"Directory.Read.All\"]); 0"));

    let handoff = ["--handoff", "to-source.json", "--scope-group", "Kermit Scope"];
    refused(
        &contoso,
        &handoff,
        &["holds Directory.Read.All in contoso.onmicrosoft.com", "revoke"],
    );
}

#[test]
fn a_scope_must_be_a_mail_enabled_security_group() {
    let (_site, contoso, _northwind) = asked();

    let other_kind = ["--handoff", "to-source.json", "--scope-group", "Kermit Announcements"];
    refused(
        &contoso,
        &other_kind,
        &["Kermit Announcements is a MailUniversalDistributionGroup", "F-27"],
    );
    let unknown = ["--handoff", "to-source.json", "--scope-group", "Kermit Scope", "Kermit Scoop"];
    refused(&contoso, &unknown, &["no group Kermit Scoop", "--create-scope-group"]);
}

#[test]
fn what_if_shows_every_step_and_changes_nothing() {
    let (site, contoso, _northwind) = asked();
    let more = [
        "--handoff",
        "to-source.json",
        "--scope-group",
        "Wave 1",
        "--create-scope-group",
        "--what-if",
    ];

    let writes = site.writes_during(|| {
        let ran = set_up(&contoso, &more);
        ran.succeeds().prints("none made");
        for step in [
            "service principal",
            "app role assignment",
            "organization",
            "group `Wave 1`",
            "organization relationship",
        ] {
            ran.says(step);
        }
    });

    assert_eq!(writes, [""; 0]);
    assert!(!contoso.has("to-target.json"));
}

#[test]
fn nested_groups_are_warned_of_and_tolerated() {
    let (_site, contoso, _northwind) = asked();

    let ran = set_up(&contoso, &["--handoff", "to-source.json", "--scope-group", "Kermit Scope"]);

    ran.succeeds().says("Kermit Scope holds 1 nested groups").says("not recommended");
}

#[test]
fn a_scope_group_is_made_and_filled_when_asked_for() {
    let (_site, contoso, _northwind) = asked();

    let more = [
        "--scope-group",
        "Wave 1",
        "--create-scope-group",
        "--scope-members",
        "Alias -eq 'LaraN' -or Alias -eq 'OttoO'",
    ];
    let ran = set_up(&contoso, &[&["--handoff", "to-source.json"], &more[..]].concat());

    ran.succeeds().says("created group `Wave 1`").says("2 mailboxes added");
    assert_eq!(
        contoso.sees("tenant.get_group(\"Wave 1\").RecipientTypeDetails"),
        "MailUniversalSecurityGroup"
    );
    let members = contoso.sees("let found = tenant.find_group_members(\"Wave 1\").map(|m| m.Alias).to_array(); found.sort(); found");
    assert_eq!(members, json!(["LaraN", "OttoO"]));
    let relationship = contoso.sees("tenant.find_organization_relationships().first()");
    assert_eq!(relationship["MailboxMovePublishedScopes"], json!(["Wave 1"]));
    assert_eq!(relationship["DomainNames"], json!(["0d0d0d0d-2222-4222-8222-c0ffee000002"]));
    assert_eq!(relationship["MailboxMoveCapability"], "RemoteOutbound");
}

#[test]
fn without_a_hand_off_the_target_is_named_by_domain_and_application() {
    let (_site, contoso, northwind) = asked();
    let application = text(&northwind.sees("tenant.find_applications(\"displayName eq 'northwindtraders_contoso'\").first().appId"));
    let named = [
        "--target-domain",
        "northwind.com",
        "--target-tenant-id",
        "0d0d0d0d-2222-4222-8222-c0ffee000002",
    ];
    let rest = ["--application-id", &application, "--scope-group", "Kermit Scope"];

    let ran = set_up(&contoso, &[&named[..], &rest[..]].concat());

    ran.succeeds().says("not checked without a hand-off");
    let relationship = contoso.sees("tenant.find_organization_relationships().first()");
    assert_eq!(relationship["OAuthApplicationId"], application.as_str());
}

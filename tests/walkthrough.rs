//! `docs/walkthrough.md`, command by command as it is printed there, by two administrators who exchange files only.

use std::fs;
use std::time::Duration;

use serde_json::Value;
use serde_json::json;
use xtenant::sandbox::NewOptions;

use crate::common::Page;
use crate::common::Site;

fn keys(file: &str) -> Vec<String> {
    let value: Value = serde_json::from_str(file).expect("a hand-off is JSON");
    let mut keys: Vec<String> = value.as_object().expect("a hand-off is a map").keys().cloned().collect();
    keys.sort();
    keys
}

/// State of each finding of one side.
fn states(report: &Value, side: &str) -> Vec<String> {
    let findings = report["findings"].as_array().expect("findings");
    let of_side = findings.iter().filter(|finding| finding["side"] == side);
    of_side
        .map(|finding| finding["state"].as_str().unwrap_or_default().to_owned())
        .collect()
}

/// The rows of a CSV file by their first column.
fn row<'a>(csv: &'a str, first: &str) -> &'a str {
    csv.lines()
        .find(|line| line.starts_with(&format!("{first},")))
        .unwrap_or_else(|| panic!("no row of {first} in {csv}"))
}

#[test]
fn two_administrators_walk_the_whole_way_and_exchange_files_only() {
    walk(&Site::new());
}

#[test]
fn the_way_is_the_same_where_each_change_takes_two_minutes_to_be_seen() {
    let options = NewOptions {
        replication: Duration::from_secs(120),
        ..NewOptions::default()
    };

    walk(&Site::with(&options));
}

/// Walks the whole way in a fresh sandbox.
pub fn walk(site: &Site) {
    let (cleo, nils) = (site.contoso(), site.northwind());
    let mut page = Page::open("docs/walkthrough.md");

    // 1. Nils makes the application.
    let first = page.next(&nils, "setup-target --target northwind --source-domain", &[]);
    first
        .succeeds()
        .prints("waiting for contoso.onmicrosoft.com")
        .says("created application `northwindtraders_contoso`")
        .says("created app role assignment")
        .says("https://login.microsoftonline.com/contoso.onmicrosoft.com/adminconsent?client_id=");
    let secrets = "tenant.find_applications(\"displayName eq 'northwindtraders_contoso'\").first().passwordCredentials";
    assert_eq!(nils.sees(secrets), json!([]), "no secret lies about while nobody can use it");
    assert_eq!(
        keys(&nils.read("to-source.json")),
        [
            "accepted_domains",
            "application_id",
            "application_name",
            "checksum",
            "cloud",
            "consent_link",
            "endpoint_name",
            "format",
            "from",
            "kind",
            "made",
            "roles",
            "target_delivery_domain",
            "to"
        ]
    );
    nils.sends("to-source.json", &cleo);

    // 2. Cleo opens the way out.
    let opened = page.next(&cleo, "setup-source --source contoso", &[]);
    opened
        .succeeds()
        .says("Application northwindtraders_contoso of northwindtraders.onmicrosoft.com")
        .says("asks for Mailbox.Migration")
        .says("created organization relationship `northwindtraders_contoso`")
        .prints("given");
    assert_eq!(
        keys(&cleo.read("to-target.json")),
        [
            "accepted_domains",
            "application_id",
            "checksum",
            "cloud",
            "consent",
            "format",
            "from",
            "kind",
            "made",
            "relationship",
            "routing_domain",
            "scope_groups",
            "to"
        ]
    );
    cleo.sends("to-target.json", &nils);

    // 3. Nils finishes; both look.
    let finished = page.next(&nils, "setup-target --target northwind --continue", &[]);
    finished
        .succeeds()
        .prints("ready")
        .says("created organization relationship")
        .says("created migration endpoint `northwindtraders_contoso`");
    let names = json!([{"displayName": "xtenant northwindtraders_contoso"}]);
    assert_eq!(nils.sees(&format!("{secrets}.map(|p| #{{ displayName: p.displayName }})")), names);
    for (who, own, other) in [(&nils, "target", "source"), (&cleo, "source", "target")] {
        let looked = page.next(who, "verify-setup", &["--json"]);
        let report = looked.succeeds().json();
        assert_eq!(report["verdict"], "not checked", "one side alone is never ok");
        assert!(states(&report, other).iter().all(|state| state == "not checked"), "{report}");
        assert!(states(&report, own).iter().all(|state| state == "ok"), "{report}");
    }

    // 4. Cleo exports.
    page.next(&cleo, "export-attributes --source contoso", &[]).succeeds();
    cleo.sends("users.csv", &nils);

    // 5. Nils prepares; six places are taken, as the page says.
    nils.write("domains.csv", "source,target\ncontoso.com,northwind.com\n");
    let stopped = nils.runs(&[
        "run",
        "import-attributes",
        "--target",
        "northwind",
        "--users",
        "users.csv",
        "--domain-map",
        "domains.csv",
    ]);
    stopped.ends_with(1).says("nothing was written");
    assert!(!nils.has("mailusers.csv"));
    let prepared = page.next(&nils, "import-attributes --target northwind", &[]);
    prepared.succeeds();
    for occupant in ["plain user", "guest", "contact", "mailbox", "soft-deleted", "external member"] {
        prepared.prints(occupant);
    }
    prepared.says("created MailUser `Lara.Newton@northwind.com`");

    // 6. The batch: three cannot move, each for a reason of their own; nothing is completed.
    let refused = nils.runs(&[
        "run",
        "migrate",
        "--target",
        "northwind",
        "--name",
        "wave1",
        "--users",
        "mailusers.csv",
    ]);
    refused.ends_with(1).says("nothing was submitted").says("F-63").says("F-57");
    let submitted = page.next(&nils, "migrate --target northwind --name wave1", &[]);
    submitted.ends_with(4).prints("SyncedWithErrors");
    let outcome = nils.read("outcome.csv");
    assert!(row(&outcome, "Lara.Newton@northwind.com").contains(",Synced,"));
    for (user, failure) in [("Holly.Hartmann", "F-63"), ("Otto.Outram", "F-51"), ("Nadia.Nowak", "F-57")] {
        let row = row(&outcome, &format!("{user}@northwind.com")).to_owned();
        assert!(
            row.contains(",Failed,") && row.contains(failure) && row.contains(",resume,"),
            "{row}"
        );
    }
    let still = "tenant.get_mailbox(\"LaraN\").RecipientTypeDetails";
    assert_eq!(cleo.sees(still), "UserMailbox");

    // 7. Cleo mends one; Nils resumes.
    page.next(&cleo, "setup-source --source contoso", &[])
        .succeeds()
        .says("group `Kermit Scope` given a member")
        .says("unchanged organization relationship");
    page.next(&nils, "migrate --target northwind --name wave1", &[]).ends_with(4);
    assert!(row(&nils.read("outcome.csv"), "Otto.Outram@northwind.com").contains(",Synced,"));

    // 8. Completion; those who failed stay where they are.
    page.next(&nils, "migrate --target northwind --name wave1", &[])
        .ends_with(4)
        .prints("CompletedWithErrors");
    nils.sends("outcome.csv", &cleo);
    let outcome = cleo.read("outcome.csv");
    assert!(row(&outcome, "Otto.Outram@northwind.com").contains(",Completed,"));
    let forwarding = "tenant.get_mailuser(\"LaraN\").ExternalEmailAddress";
    assert_eq!(cleo.sees(forwarding), "SMTP:LaraN@northwindtraders.onmicrosoft.com");
    assert_eq!(
        nils.sees("tenant.get_mailbox(\"Otto.Outram@northwind.com\").RecipientTypeDetails"),
        "UserMailbox"
    );
    assert_eq!(cleo.sees("tenant.get_mailbox(\"HollyH\").RecipientTypeDetails"), "UserMailbox");
    page.ends();
}

#[test]
fn a_set_up_seen_from_both_sides_is_ok() {
    let site = Site::set_up();
    let person = site.beginner();
    fs::copy(
        site.northwind().folder().join("to-target.json"),
        person.folder().join("to-target.json"),
    )
    .expect("the file can be copied");

    let looked = person.runs(&[
        "run",
        "verify-setup",
        "--target",
        "northwind",
        "--source",
        "contoso",
        "--partner",
        "to-target.json",
        "--json",
    ]);

    let report = looked.succeeds().json();
    assert_eq!(report["verdict"], "ok");
    for side in ["source", "target"] {
        assert!(states(&report, side).iter().all(|state| state == "ok"), "{report}");
    }
}

#[test]
fn a_relationship_for_both_directions_is_accepted_and_one_that_lets_nothing_out_is_a_problem() {
    let site = Site::set_up();
    let cleo = site.contoso();
    let verify: &[&str] = &[
        "run",
        "verify-setup",
        "--source",
        "contoso",
        "--partner",
        "to-source.json",
        "--json",
    ];
    let capability = |value: &str| {
        let change =
            format!("tenant.set_organization_relationship(\"northwindtraders_contoso\", #{{ MailboxMoveCapability: \"{value}\" }}); 0");
        cleo.makes(&change);
    };

    capability("Inbound,RemoteOutbound");
    let both = cleo.runs(verify).succeeds().json();
    capability("Inbound");
    let none = cleo.runs(verify).ends_with(3).json();

    assert!(states(&both, "source").iter().all(|state| state == "ok"), "{both}");
    assert_eq!(none["verdict"], "problem");
    let findings = none["findings"].as_array().expect("findings");
    let found = findings.iter().find(|finding| finding["id"] == "source.relationship.capability");
    let found = found.expect("the finding has a stable id");
    assert_eq!((&found["state"], &found["failure"]), (&json!("problem"), &json!("F-30")));
    assert_ne!(found["remedy"], "");
}

//! `--what-if`: every bundled script, at every stage of the journey, lists what it would write and writes nothing; the run
//! itself then does what was listed.

mod rehearsal;

use rehearsal::Pair;

const MAKE_APPLICATION: &str = "setup-target --target northwind --source-domain contoso.onmicrosoft.com";
const OPEN_SOURCE: &str = "setup-source --source contoso --handoff to-source.json --scope-group 'Kermit Scope'";
const FINISH_TARGET: &str = "setup-target --target northwind --continue to-target.json";
const EXPORT: &str = "export-attributes --source contoso --users people.txt --out users.csv";
const IMPORT: &str =
    "import-attributes --target northwind --users users.csv --domain-map domains.csv --skip-occupied --passwords secret.csv";
const SUBMIT: &str = "migrate --target northwind --name wave1 --users mailusers.csv --refused submit";

const UNKNOWN: &str = "partner-domain contoso.com --application-id 5e5e5e5e-1111-4111-8111-000000000001";
const VERIFY_TARGET: &str = "verify-setup --target northwind --partner to-target.json";
const VERIFY_SOURCE: &str = "verify-setup --source contoso --partner to-source.json";

#[test]
fn in_fresh_tenants_each_script_tells_what_it_would_do() {
    let pair = Pair::new();

    let (_, plan) = pair.rehearses(MAKE_APPLICATION, 0);
    plan.lists("northwind: organization opened for customization (irreversible)", &[])
        .lists(
            "northwind: create application `northwindtraders_contoso` (medium)",
            &[("signInAudience", "", "AzureADMultipleOrgs")],
        )
        .lists(
            "northwind: create service principal `‹application id of northwindtraders_contoso›` (medium)",
            &[("appId", "", "‹application id of northwindtraders_contoso›")],
        );
    // Nobody has sent a hand-off yet: the application is known by its id, and who publishes it is not.
    let by_hand = "setup-source --source contoso --target-domain northwind.com --application-id 5e5e5e5e-1111-4111-8111-000000000001 \
         --scope-group Movers --create-scope-group --scope-members \"Alias -eq 'LaraN'\"";
    let (ran, plan) = pair.rehearses(by_hand, 0);
    ran.says("Not checked: whether northwind.com publishes application 5e5e5e5e-1111-4111-8111-000000000001");
    plan.lists("contoso: create group `Movers` (medium)", &[("Type", "", "Security")]);
    let (ran, _) = pair.rehearses(EXPORT, 0);
    ran.says("would write 4 rows to users.csv");
    let (ran, _) = pair.rehearses(&VERIFY_TARGET.replace("partner to-target.json", UNKNOWN), 3);
    ran.prints("problem");

    pair.has_run(&[EXPORT]);
    pair.exchange_files();
    let (ran, _) = pair.rehearses(IMPORT, 0);
    ran.says("would write 3 rows to mailusers.csv")
        .says("would write 3 rows to secret.csv");
    pair.northwind.write("mailusers.csv", "EmailAddress\nLara.Newton@northwind.com\n");
    let (ran, _) = pair.rehearses(SUBMIT, 1);
    ran.says("northwind has no migration endpoint")
        .says("remedy: run setup-target first");
}

#[test]
fn each_run_does_what_its_plan_has_listed() {
    let pair = Pair::new();

    pair.does_as_planned(MAKE_APPLICATION);
    pair.exchange_files();
    let (ran, plan) = pair.rehearses(MAKE_APPLICATION, 0);
    ran.says("Waiting for contoso.onmicrosoft.com");
    assert_eq!(plan.len(), 0, "{ran:?}");
    let plan = pair.does_as_planned(&format!("{OPEN_SOURCE} --scope-members \"DisplayName -eq 'Otto Outram'\""));
    plan.lists(
        "contoso: create organization relationship `northwindtraders_contoso` (high)",
        &[
            ("MailboxMoveCapability", "", "RemoteOutbound"),
            ("MailboxMovePublishedScopes", "", "Kermit Scope"),
            ("DomainNames", "", "0d0d0d0d-2222-4222-8222-c0ffee000002"),
        ],
    );
    pair.exchange_files();
    pair.rehearses(VERIFY_SOURCE, 0);
    pair.rehearses(VERIFY_TARGET, 3);
    let plan = pair.does_as_planned(FINISH_TARGET);
    plan.lists(
        "northwind: create organization relationship `northwindtraders_contoso` (high)",
        &[("MailboxMoveCapability", "", "Inbound")],
    )
    .lists(
        "northwind: create migration endpoint `northwindtraders_contoso` (medium)",
        &[
            ("RemoteTenant", "", "contoso.onmicrosoft.com"),
            ("Credentials", "", "‹credential of"),
        ],
    );
    pair.does_as_planned(EXPORT);
    pair.exchange_files();
    let plan = pair.does_as_planned(IMPORT);
    plan.lists(
        "northwind: create MailUser `Lara.Newton@northwind.com` (medium)",
        &[
            ("ExternalEmailAddress", "", "LaraN@contoso.onmicrosoft.com"),
            ("Password", "", "‹secret›"),
        ],
    )
    .lists(
        "northwind: update MailUser `Lara.Newton@northwind.com` (medium)",
        &[("ExchangeGuid", "", "1ec059c7-8396-4d0b-af4e-d6bd4c12a8d8")],
    );
    let plan = pair.does_as_planned(&format!("{IMPORT} --mark CustomAttribute9=Wave1"));
    plan.lists(
        "northwind: update MailUser `Lara.Newton@northwind.com` (medium)",
        &[("CustomAttribute9", "", "Wave1")],
    );
}

#[test]
fn when_all_is_done_only_the_batch_is_planned_and_its_completion_as_irreversible() {
    let pair = Pair::new();
    pair.has_run(&[MAKE_APPLICATION, EXPORT]);
    pair.exchange_files();
    pair.has_run(&[OPEN_SOURCE]);
    pair.exchange_files();
    pair.has_run(&[FINISH_TARGET, IMPORT]);

    for line in [
        MAKE_APPLICATION,
        OPEN_SOURCE,
        FINISH_TARGET,
        EXPORT,
        VERIFY_TARGET,
        VERIFY_SOURCE,
        IMPORT,
    ] {
        let (ran, plan) = pair.rehearses(line, 0);
        assert_eq!(plan.len(), 0, "{ran:?}");
    }
    let (_, plan) = pair.rehearses(&format!("{SUBMIT} --auto-complete --watch"), 0);
    plan.lists(
        "northwind: create migration batch `wave1` (irreversible)",
        &[("AutoComplete", "", "true")],
    );
    let plan = pair.does_as_planned(SUBMIT);
    plan.lists(
        "northwind: create migration batch `wave1` (medium)",
        &[
            ("SourceEndpoint", "", "northwindtraders_contoso"),
            ("TargetDeliveryDomain", "", "northwindtraders.onmicrosoft.com"),
        ],
    );
    let (ran, plan) = pair.rehearses(&format!("{SUBMIT} --complete --watch"), 0);
    ran.says("batch `wave1` exists");
    plan.lists("northwind: migration batch `wave1` sent into completion (irreversible)", &[]);
}

//! Running any of the six scripts twice changes nothing the second time, and says so for each object.

use crate::common::ADMIT;
use crate::common::Administrator;
use crate::common::Site;

/// Runs the command twice, expects both to end with `status`, and the second to write nothing and to say `said`.
#[track_caller]
fn twice(site: &Site, who: &Administrator, command: &[&str], status: i32, said: &[&str]) {
    who.runs(command).ends_with(status);
    let writes = site.writes_during(|| {
        let again = who.runs(command);
        again.ends_with(status);
        for text in said {
            again.says(text);
        }
    });
    assert_eq!(writes, [""; 0], "`{}` wrote again", command.join(" "));
}

#[test]
fn setup_target_before_and_after_the_source_has_consented() {
    let site = Site::new();
    let (contoso, northwind) = (site.contoso(), site.northwind());
    let made = [
        "unchanged organization `northwindtraders.onmicrosoft.com`",
        "unchanged application `northwindtraders_contoso`",
        "unchanged app role assignment `Mailbox.Migration`",
    ];
    let ask = [
        "run",
        "setup-target",
        "--target",
        "northwind",
        "--source-domain",
        "contoso.onmicrosoft.com",
    ];
    let invite = [&ask[..], &["--source-admin", "cleo@contoso.com"]].concat();

    twice(&site, &northwind, &ask, 0, &made);
    twice(&site, &northwind, &invite, 0, &["cleo@contoso.com was invited already: unchanged"]);
    northwind.sends("to-source.json", &contoso);
    contoso.types(ADMIT).succeeds();
    contoso.sends("to-target.json", &northwind);
    let finish = ["run", "setup-target", "--target", "northwind", "--continue", "to-target.json"];
    twice(&site, &northwind, &finish, 0, &made);
    let finished = [
        "unchanged organization relationship `northwindtraders_contoso`",
        "unchanged migration endpoint `northwindtraders_contoso`",
    ];
    twice(&site, &northwind, &finish, 0, &finished);
    twice(&site, &northwind, &ask, 0, &finished);
}

#[test]
fn setup_source() {
    let site = Site::set_up();
    let contoso = site.contoso();
    let plain = [
        "run",
        "setup-source",
        "--source",
        "contoso",
        "--handoff",
        "to-source.json",
        "--scope-group",
        "Kermit Scope",
    ];
    let with_group = [
        "run",
        "setup-source",
        "--source",
        "contoso",
        "--handoff",
        "to-source.json",
        "--scope-group",
        "Wave 1",
        "--create-scope-group",
        "--scope-members",
        "Alias -eq 'LaraN'",
    ];
    let unchanged = [
        "unchanged organization `contoso.onmicrosoft.com`",
        "unchanged service principal",
        "unchanged app role assignment `Mailbox.Migration`",
        "unchanged organization relationship `northwindtraders_contoso`",
    ];

    twice(&site, &contoso, &plain, 0, &unchanged);
    twice(
        &site,
        &contoso,
        &with_group,
        0,
        &["unchanged group `Wave 1`", "0 mailboxes added to scope group `Wave 1`, 1 unchanged"],
    );
    twice(&site, &contoso, &with_group, 0, &unchanged);
}

#[test]
fn verify_and_export_never_write() {
    let site = Site::set_up();
    let (contoso, northwind) = (site.contoso(), site.northwind());

    let writes = site.writes_during(|| {
        northwind
            .runs(&["run", "verify-setup", "--target", "northwind", "--partner", "to-target.json"])
            .succeeds();
        contoso
            .runs(&["run", "verify-setup", "--source", "contoso", "--partner", "to-source.json"])
            .succeeds();
        contoso
            .runs(&[
                "run",
                "export-attributes",
                "--source",
                "contoso",
                "--group",
                "Kermit Scope",
                "--out",
                "users.json",
            ])
            .succeeds();
    });

    assert_eq!(writes, [""; 0]);
}

#[test]
fn import_attributes_and_migrate_in_all_their_stages() {
    let site = Site::set_up();
    let (contoso, northwind) = (site.contoso(), site.northwind());
    contoso
        .runs(&[
            "run",
            "export-attributes",
            "--source",
            "contoso",
            "--filter",
            "CustomAttribute1 -eq 'ProjectKermit'",
            "--out",
            "users.csv",
        ])
        .succeeds();
    contoso.sends("users.csv", &northwind);
    let import = [
        "run",
        "import-attributes",
        "--target",
        "northwind",
        "--users",
        "users.csv",
        "--upn-domain",
        "northwind.com",
        "--skip-occupied",
        "--mark",
        "CustomAttribute5=Wave1",
    ];
    let prepared = [
        "unchanged MailUser `Lara.Newton@northwind.com`",
        "unchanged MailUser `Holly.Hartmann@northwind.com`",
    ];

    twice(&site, &northwind, &import, 0, &prepared);
    // What a licence adds to a MailUser is not taken away again.
    northwind.makes("tenant.ensure_licence(\"Lara.Newton@northwind.com\", \"SPE_E5\", #{ usageLocation: \"US\" }); 0");
    twice(&site, &northwind, &import, 0, &prepared);

    let migrate = [
        "run",
        "migrate",
        "--target",
        "northwind",
        "--name",
        "wave1",
        "--users",
        "mailusers.csv",
        "--refused",
        "submit",
    ];
    let with = |more: &'static str| [&migrate[..], &[more, "--watch"]].concat();
    twice(&site, &northwind, &with("--quiet"), 4, &[]);
    twice(
        &site,
        &northwind,
        &migrate,
        4,
        &["batch `wave1` exists (SyncedWithErrors): nobody is submitted"],
    );
    twice(&site, &northwind, &with("--complete"), 4, &["nobody left to complete: unchanged"]);
    // Those who have moved are let alone, by the preparation too.
    twice(
        &site,
        &northwind,
        &import,
        0,
        &["unchanged MailUser `Holly.Hartmann@northwind.com`"],
    );
}

#[test]
fn a_restart_of_a_batch_without_failures() {
    let site = Site::set_up();
    let (contoso, northwind) = (site.contoso(), site.northwind());
    contoso
        .runs(&[
            "run",
            "export-attributes",
            "--source",
            "contoso",
            "--filter",
            "Alias -eq 'LaraN'",
            "--out",
            "users.csv",
        ])
        .succeeds();
    contoso.sends("users.csv", &northwind);
    northwind
        .runs(&[
            "run",
            "import-attributes",
            "--target",
            "northwind",
            "--users",
            "users.csv",
            "--upn-domain",
            "northwind.com",
        ])
        .succeeds();
    let migrate = [
        "run",
        "migrate",
        "--target",
        "northwind",
        "--name",
        "wave1",
        "--users",
        "mailusers.csv",
        "--watch",
    ];
    northwind.runs(&migrate).succeeds();

    let restart = [&migrate[..], &["--restart"]].concat();
    twice(&site, &northwind, &restart, 0, &["nobody of batch `wave1` has failed: unchanged"]);
}

//! What is wrong with a flag of the classic set-up is said before anything is written, and with it mended the set-up goes on.

use super::desk::Desk;
use super::desk::VAULT;
use super::desk::classic;
use crate::common::CLASSIC;

#[test]
fn a_vault_name_that_the_other_company_has_is_refused() {
    let desk = Desk::fresh();
    desk.cleo.makes(
        "let subscription = tenant.find_subscriptions().first();\n\
         let group = tenant.ensure_resource_group(subscription, \"rg\", #{ location: \"westeurope\" });\n\
         tenant.ensure_vault(group, \"contoso-kv\", #{ location: \"westeurope\" }).name",
    );

    desk.refuses(
        &classic(&[("--key-vault-name", "Contoso-KV")]),
        1,
        &["The vault name 'Contoso-KV' is already in use", "remedy: choose another name"],
    );
    desk.goes_on(CLASSIC);
}

#[test]
fn a_vault_that_was_removed_is_recovered_or_purged() {
    let desk = Desk::fresh();
    desk.nils.makes(&format!(
        "let subscription = tenant.find_subscriptions().first();\n\
         let group = tenant.ensure_resource_group(subscription, \"rg-xtmove\", #{{ location: \"westeurope\" }});\n\
         tenant.ensure_vault(group, \"nwt-xtmove-kv\", #{{ location: \"westeurope\" }});\n\
         tenant.remove_vault({VAULT});\n0"
    ));
    let deleted = "let deleted = tenant.find_deleted_vaults(tenant.find_subscriptions().first()).first();\n";

    desk.refuses(
        CLASSIC,
        1,
        &[
            "the vault `nwt-xtmove-kv` was removed at ",
            "and keeps its name until ",
            "`recover_vault`",
            "`purge_vault`",
        ],
    );
    let elsewhere = Desk::at(desk.site.copied());
    desk.nils.makes(&format!(
        "{deleted}tenant.recover_vault(#{{ vaultId: deleted.properties.vaultId, location: deleted.properties.location }});\n0"
    ));
    desk.goes_on(CLASSIC).never_mentions("created vault");
    elsewhere.nils.makes(&format!("{deleted}tenant.purge_vault(deleted);\n0"));
    elsewhere.goes_on(CLASSIC).says("created vault `nwt-xtmove-kv`");
}

#[test]
fn a_storage_account_that_the_other_company_has_is_refused() {
    let desk = Desk::fresh();
    desk.cleo.makes(
        "let subscription = tenant.find_subscriptions().first();\n\
         let group = tenant.ensure_resource_group(subscription, \"rg\", #{ location: \"westeurope\" });\n\
         tenant.ensure_storage_account(group, \"contosolog\", #{ location: \"westeurope\" }).name",
    );

    desk.refuses(
        &classic(&[("--audit-storage-account", "contosolog")]),
        1,
        &[
            "The storage account named contosolog is already taken",
            "remedy: choose another name",
        ],
    );
    desk.goes_on(CLASSIC);
}

#[test]
fn a_location_that_is_none_has_the_nearest_as_its_remedy() {
    let desk = Desk::fresh();

    desk.refuses(
        &classic(&[("--location", "Wset Europe")]),
        1,
        &[
            "Wset Europe is no Azure location of subscription Northwind Traders production (F-07)",
            "remedy: did you mean --location \"West Europe\"?",
        ],
    );
    desk.refuses(&classic(&[("--location", "Atlantis")]), 1, &["(F-07)", "North Europe, West Europe"]);
    desk.refuses(
        &classic(&[("--audit-storage-location", "West Erope")]),
        1,
        &["(F-07)", "did you mean --audit-storage-location \"West Europe\"?"],
    );
    // A vault can log only to an account of its own location.
    desk.refuses(
        &classic(&[("--audit-storage-location", "North Europe")]),
        1,
        &["northeurope", "remedy: leave out --audit-storage-location"],
    );
    desk.goes_on(&classic(&[
        ("--location", "westeurope"),
        ("--audit-storage-location", "WEST EUROPE"),
    ]));
}

#[test]
fn an_account_that_lies_elsewhere_than_the_vault_is_refused_before_anything_is_made() {
    let desk = Desk::fresh();
    desk.nils.makes(
        "let subscription = tenant.find_subscriptions().first();\n\
         let group = tenant.ensure_resource_group(subscription, \"rg\", #{ location: \"northeurope\" });\n\
         tenant.ensure_storage_account(group, \"nwtnorth\", #{ location: \"northeurope\" }).name",
    );

    desk.refuses(
        &classic(&[("--audit-storage-account", "nwtnorth")]),
        1,
        &["northeurope", "remedy: name another --audit-storage-account"],
    );
    desk.goes_on(CLASSIC);
}

#[test]
fn names_that_azure_does_not_allow_are_refused_with_their_rule() {
    let desk = Desk::fresh();

    for account in ["NwtAudit", "nwt-audit", "nw", "a123456789b123456789c1234"] {
        desk.refuses(
            &classic(&[("--audit-storage-account", account)]),
            2,
            &["`--audit-storage-account` must match `[a-z0-9]{3,24}`", account],
        );
    }
    for vault in ["nw", "1nwt", "nwt_kv", "a123456789b123456789c1234"] {
        desk.refuses(
            &classic(&[("--key-vault-name", vault)]),
            2,
            &["`--key-vault-name` must match", vault],
        );
    }
    for vault in ["nwt--kv", "nwt-kv-"] {
        desk.refuses(
            &classic(&[("--key-vault-name", vault)]),
            1,
            &[
                &format!("The vault name '{vault}' is invalid."),
                "must begin with a letter, end with a letter or digit, and not contain consecutive hyphens",
                "remedy: choose a name that follows the rule",
            ],
        );
    }
    desk.refuses(
        &classic(&[("--certificate-name", "move_2021")]),
        2,
        &["`--certificate-name` must match `[A-Za-z0-9-]{1,127}`"],
    );
    desk.refuses(
        &classic(&[("--audit-storage-sku", "Standard")]),
        2,
        &["`--audit-storage-sku` takes one of Standard_LRS"],
    );
    desk.refuses(&classic(&[("--subscription-id", "mine")]), 2, &["`--subscription-id` takes a GUID"]);
    for flag in ["--resource-group", "--audit-storage-resource-group"] {
        for group in ["rg/x", "rg.", "rg xtmove"] {
            desk.refuses(&classic(&[(flag, group)]), 2, &[&format!("`{flag}` must match"), group]);
        }
    }
    desk.refuses(
        &classic(&[("--resource-group", "rg+x")]),
        1,
        &["no resource group can be called `rg+x`", "remedy: choose a name of"],
    );
}

#[test]
fn a_subject_begins_with_a_common_name() {
    let desk = Desk::fresh();

    for (subject, reason) in [
        ("northwind_contoso", "it does not begin with `CN=`"),
        ("O=Northwind", "it does not begin with `CN=`"),
        ("CN=", "nothing stands behind `CN=`"),
        ("CN=Northwind,", "each of its parts is NAME=VALUE"),
    ] {
        desk.refuses(
            &classic(&[("--certificate-subject", subject)]),
            1,
            &[
                &format!("`{subject}` is no subject of a certificate: {reason}"),
                "remedy: write `CN=NAME`",
            ],
        );
    }
    desk.goes_on(&classic(&[("--certificate-subject", "CN=northwind_contoso")]));
    let subject = desk.nils.sees(&format!("{}.policy.x509_props.subject", super::desk::CERTIFICATE));
    assert_eq!(subject, "CN=northwind_contoso");
}

#[test]
fn what_a_vault_needs_is_asked_for() {
    let desk = Desk::fresh();

    for (flag, says) in [
        ("--key-vault-name", ["the vault is not named", "remedy: give --key-vault-name"]),
        (
            "--resource-group",
            ["the resource group is not named", "remedy: give --resource-group"],
        ),
        ("--location", ["the Azure location is not named", "remedy: give --location"]),
    ] {
        desk.refuses(&classic(&[(flag, "-")]), 1, &says);
    }
}

#[test]
fn a_flag_of_the_vault_means_nothing_without_it() {
    let desk = Desk::fresh();

    for flag in [
        "--key-vault-name nwt-xtmove-kv",
        "--resource-group rg-xtmove",
        "--location westeurope",
        "--certificate-name move",
        "--certificate-subject CN=move",
        "--subscription-id 5b5b5b5b-2222-4222-8222-000000000001",
        "--key-vault-url https://nwt-xtmove-kv.vault.azure.net/certificates/move/0a1b",
        "--audit-storage-account nwtxtaudit",
        "--audit-storage-resource-group rg-log",
        "--audit-storage-location westeurope",
        "--use-app-for-invitation",
        "--retired-flow",
    ] {
        let name = flag.split(' ').next().unwrap_or_default();
        desk.refuses(
            &format!("run setup-target --target northwind --source-domain contoso.onmicrosoft.com {flag}"),
            1,
            &[&format!("{name} goes with --auth key-vault only"), "remedy: give --auth key-vault"],
        );
    }
}

#[test]
fn a_flag_that_the_vault_leaves_no_room_for_is_refused() {
    let desk = Desk::fresh();

    desk.refuses(
        &format!("{CLASSIC} --new-secret"),
        1,
        &["--new-secret does not go with --auth key-vault"],
    );
    desk.refuses(
        &format!("{CLASSIC} --key-vault-url https://nwt-xtmove-kv.vault.azure.net/certificates/move/0a1b"),
        1,
        &["--key-vault-url goes with --stage exchange only"],
    );
    desk.refuses(
        &classic(&[("--audit-storage-account", "-"), ("--audit-storage-resource-group", "rg-log")]),
        1,
        &["--audit-storage-resource-group goes with --audit-storage-account only"],
    );
}

#[test]
fn f10_only_an_application_with_a_graph_role_sends_invitations() {
    let desk = Desk::fresh();
    let inviting = format!("{CLASSIC} --source-admin cleo@contoso.com --use-app-for-invitation");

    desk.refuses(
        &inviting,
        1,
        &[
            "Cannot use application for sending invitation as it does not have permissions on MSGraph (F-10)",
            "remedy: give --app-permissions exchange,graph, or leave out --use-app-for-invitation",
        ],
    );
    desk.goes_on(&format!("{inviting} --app-permissions exchange,graph"))
        .says("created invitation `cleo@contoso.com`");
}

//! A service that has retired the key vault: the set-up says so before it writes anything, and what to do instead.

use serde_json::json;

use super::desk::Desk;
use crate::common::ADMIT;
use crate::common::CLASSIC;
use crate::common::Site;

const PLAIN: &str = "run setup-target --target northwind --source-domain contoso.onmicrosoft.com";

#[test]
fn the_service_of_today_has_retired_the_vault() {
    let desk = Desk::at(Site::new());

    let says = [
        "the service retired Key Vault for migrations at the end of 2021",
        "(F-22)",
        "remedy: leave out --auth key-vault, and the endpoint gets a client secret",
        "--retired-flow",
    ];
    desk.refuses(CLASSIC, 1, &says);
    desk.refuses(&format!("{CLASSIC} --stage azure"), 1, &says);
    // Nor does anybody have to try with names first.
    desk.refuses(&format!("{PLAIN} --auth key-vault --stage exchange"), 1, &says);
    desk.refuses(&format!("{CLASSIC} --what-if"), 1, &says);
}

#[test]
fn whoever_goes_on_ends_at_the_endpoint_and_comes_back_by_the_way_of_today() {
    let desk = Desk::at(Site::new());

    let refused = desk.nils.types(&format!("{CLASSIC} --retired-flow"));

    refused
        .ends_with(1)
        .says("created certificate `northwindtraders-contoso`")
        .says("Error finding certificate '' from azure key vault for tenant '0d0d0d0d-2222-4222-8222-c0ffee000002'")
        .says("cause: F-22")
        .says("remedy: make the endpoint with credentials");
    desk.nils.sends("to-source.json", &desk.cleo);
    desk.cleo.types(ADMIT).succeeds();
    let today = desk.nils.types(&format!("{PLAIN} --json"));
    today
        .succeeds()
        .says("unchanged application `northwindtraders_contoso`")
        .says("created migration endpoint `northwindtraders_contoso`");
    assert_eq!(today.json()["state"], "ready");
    let url = desk
        .nils
        .sees("tenant.get_migration_endpoint(\"northwindtraders_contoso\").get(\"AppSecretKeyVaultUrl\") ?? \"\"");
    assert_eq!(url, "");
}

#[test]
fn an_endpoint_changes_its_credential_only_when_that_is_asked_for() {
    let desk = Desk::set_up();
    let credential = "let endpoint = tenant.get_migration_endpoint(\"northwindtraders_contoso\");\n\
        [(endpoint.get(\"AppSecretKeyVaultUrl\") ?? \"\") != \"\", \
        tenant.get_application(endpoint.ApplicationId).passwordCredentials.len()]";
    assert_eq!(desk.nils.sees(credential), json!([true, 0]));

    // Nobody loses the vault by leaving a flag out.
    desk.refuses(
        PLAIN,
        1,
        &[
            "migration endpoint northwindtraders_contoso reads a certificate from a key vault",
            "remedy: --endpoint-name NAME makes one with a client secret beside it; --new-secret changes this one",
        ],
    );
    desk.nils
        .types(&format!("{PLAIN} --new-secret"))
        .succeeds()
        .says("updated migration endpoint `northwindtraders_contoso`");
    assert_eq!(desk.nils.sees(credential), json!([false, 1]));
    desk.goes_on(PLAIN);

    // Nor a secret.
    desk.refuses(
        CLASSIC,
        1,
        &[
            "migration endpoint northwindtraders_contoso has a client secret",
            "remedy: --endpoint-name NAME makes one that reads the key vault beside it",
        ],
    );
    desk.goes_on(&format!("{CLASSIC} --endpoint-name beside"))
        .says("created migration endpoint `beside`");
    assert_eq!(desk.nils.sees(credential), json!([false, 1]));
}

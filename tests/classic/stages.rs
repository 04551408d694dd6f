//! Azure and Exchange administered by two people: the one makes vault and certificate, the other relationship and endpoint.

use super::desk::Desk;
use super::desk::VAULT;
use crate::common::ADMIT;
use crate::common::CLASSIC;

const EXCHANGE: &str = "run setup-target --target northwind --source-domain contoso.onmicrosoft.com --auth key-vault --stage exchange";
const ENDPOINT: &str = "tenant.get_migration_endpoint(\"northwindtraders_contoso\").AppSecretKeyVaultUrl";

/// Nils has neither a role in Azure nor an access policy of the vault any more.
fn leave_azure(desk: &Desk) {
    desk.nils.makes(&format!(
        "let vault = {VAULT};\n\
         let own = vault.properties.accessPolicies.filter(|policy| policy.objectId == tenant.caller.object_id);\n\
         tenant.remove_access_policy(vault, #{{ properties: #{{ accessPolicies: own }} }});\n\
         tenant.remove_role_assignment(tenant.find_role_assignments(tenant.find_subscriptions().first()).first());\n0"
    ));
    assert_eq!(desk.nils.sees("tenant.find_subscriptions().count()"), 0);
}

#[test]
fn exchange_is_set_up_by_the_address_without_any_right_in_azure() {
    let desk = Desk::fresh();

    let azure = desk.goes_on(&format!("{CLASSIC} --stage azure --json")).json();

    assert_eq!(azure["state"], "go on with --stage exchange");
    assert_eq!((&azure["endpoint"], &azure["relationship"]), (&().into(), &().into()));
    let of_exchange = "[tenant.find_migration_endpoints(#{ Type: \"ExchangeRemoteMove\" }).count(), \
                       tenant.find_organization_relationships().count()]";
    assert_eq!(
        desk.nils.sees(of_exchange),
        serde_json::json!([0, 0]),
        "Azure's part leaves Exchange alone"
    );
    let address = azure["certificate"].as_str().expect("the certificate has an address");

    leave_azure(&desk);
    // As `az keyvault certificate show` prints it, without the port.
    let by_address = format!("{EXCHANGE} --key-vault-url {} --json", address.replace(":443", ""));
    let exchange = desk.goes_on(&by_address).json();
    assert_eq!(exchange["state"], "waiting for contoso.onmicrosoft.com");
    assert_eq!(exchange["application_id"], azure["application_id"]);
    assert_eq!(desk.nils.sees(ENDPOINT), address, "in the form that the service records");

    desk.nils.sends("to-source.json", &desk.cleo);
    desk.cleo.types(ADMIT).succeeds();
    desk.cleo.sends("to-target.json", &desk.nils);
    assert_eq!(desk.nils.types(&by_address).succeeds().json()["state"], "ready");
}

#[test]
fn exchange_is_set_up_by_the_names_of_vault_and_certificate() {
    let desk = Desk::fresh();
    let named = "--certificate-name move-2021 --certificate-subject CN=move";
    let azure = desk.goes_on(&format!("{CLASSIC} --stage azure --json {named}")).json();

    let exchange = desk.goes_on(&format!(
        "{EXCHANGE} --key-vault-name NWT-xtmove-kv --certificate-name move-2021 --json"
    ));

    exchange
        .never_mentions("created certificate")
        .says("unchanged certificate `move-2021`");
    assert_eq!(exchange.json()["certificate"], azure["certificate"]);
    assert_eq!(desk.nils.sees(ENDPOINT), azure["certificate"]);
    // The whole of it finds both parts.
    let (writes, whole) = desk.watched(&format!("{CLASSIC} {named}"));
    whole.succeeds();
    assert_eq!(writes, [""; 0], "{whole:?}");
}

#[test]
fn a_stage_that_cannot_begin_says_what_comes_before_it() {
    let desk = Desk::fresh();
    let plain = "run setup-target --target northwind --source-domain contoso.onmicrosoft.com";
    let url = "https://nwt-xtmove-kv.vault.azure.net/certificates/move/0a1b0a1b0a1b0a1b0a1b0a1b0a1b0a1b";

    for (line, says) in [
        (
            format!("{plain} --stage azure"),
            ["--stage azure does not go with --auth secret", "--stage azure for a key vault"],
        ),
        (
            format!("{CLASSIC} --stage application"),
            [
                "--stage application does not go with --auth key-vault",
                "--stage azure for a key vault",
            ],
        ),
        (
            format!("{EXCHANGE} --key-vault-url {url}"),
            [
                "there is no application northwindtraders_contoso yet",
                "remedy: run setup-target --stage azure first",
            ],
        ),
        (
            format!("{EXCHANGE} --key-vault-name nwt-xtmove-kv"),
            [
                "there is no vault nwt-xtmove-kv in subscription Northwind Traders production",
                "remedy: run setup-target --stage azure first",
            ],
        ),
        (EXCHANGE.to_owned(), ["the vault is not named", "--key-vault-url"]),
    ] {
        desk.refuses(&line, 1, &says);
    }
    desk.nils.types(&format!("{CLASSIC} --stage azure")).succeeds();
    desk.refuses(
        &format!("{EXCHANGE} --key-vault-name nwt-xtmove-kv --certificate-name move-2021"),
        1,
        &["move-2021", "remedy: check name and version"],
    );
    for wrong in [
        "https://nwt-xtmove-kv.vault.azure.net/certificates/northwindtraders-contoso",
        "http://nwt-xtmove-kv.vault.azure.net/certificates/northwindtraders-contoso/0a1b",
        "https://nwt-xtmove-kv.vault.azure.com/certificates/northwindtraders-contoso/0a1b",
        "https://nwt-xtmove-kv.vault.azure.net/secrets/northwindtraders-contoso/0a1b",
    ] {
        desk.refuses(&format!("{EXCHANGE} --key-vault-url {wrong}"), 1, &["F-09", "/certificates/"]);
    }
}

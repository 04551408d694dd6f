//! A certificate or a vault that cannot serve is told before anything is written, and with it mended the set-up goes on.

use super::desk::CERTIFICATE;
use super::desk::Desk;
use super::desk::VAULT;
use super::desk::classic;
use crate::common::CLASSIC;

const BY_NAME: &str = "run setup-target --target northwind --source-domain contoso.onmicrosoft.com --auth key-vault --stage exchange \
    --key-vault-name nwt-xtmove-kv --endpoint-name second";

/// Enables or disables the newest version.
fn enable(desk: &Desk, is_enabled: bool) {
    desk.nils.makes(&format!(
        "tenant.set_certificate({CERTIFICATE}, #{{ attributes: #{{ enabled: {is_enabled} }} }});\n0"
    ));
}

#[test]
fn a_certificate_that_is_disabled_is_enabled_first() {
    let desk = Desk::set_up();
    enable(&desk, false);

    let says = [
        "the certificate `northwindtraders-contoso` of the vault `nwt-xtmove-kv` cannot be used: it is disabled",
        "remedy: enable it with `az keyvault certificate set-attributes --vault-name nwt-xtmove-kv --name northwindtraders-contoso --enabled true`",
    ];
    desk.refuses(CLASSIC, 1, &says);
    desk.refuses(BY_NAME, 1, &says);
    enable(&desk, true);
    desk.goes_on(CLASSIC).never_mentions("created").never_mentions("updated");
}

#[test]
fn a_certificate_that_has_expired_is_followed_by_another() {
    let desk = Desk::set_up();
    desk.nils.types("sandbox advance 400d").succeeds();

    let says = [
        "the certificate `northwindtraders-contoso` of the vault `nwt-xtmove-kv` cannot be used: it expired at 2027-",
        "remedy: give another name (`--certificate-name`) for a new certificate",
    ];
    desk.refuses(CLASSIC, 1, &says);
    desk.refuses(BY_NAME, 1, &says);
    let renewed = format!("{} --json", classic(&[("--certificate-name", "second-year")]));
    let renewed = desk.goes_on(&renewed);
    renewed
        .says("created certificate `second-year`")
        .says("updated migration endpoint `northwindtraders_contoso`");
    assert_eq!(renewed.json()["state"], "ready");
    let url = desk
        .nils
        .sees("tenant.get_migration_endpoint(\"northwindtraders_contoso\").AppSecretKeyVaultUrl");
    assert_eq!(url, renewed.json()["certificate"]);
    desk.nils
        .types("run verify-setup --target northwind --partner to-target.json")
        .succeeds();
}

#[test]
fn a_vault_without_room_for_another_access_policy_is_cleared_first() {
    let desk = Desk::set_up();
    desk.nils.makes(&format!(
        "let exchange = tenant.get_service_principal(\"00000002-0000-0ff1-ce00-000000000000\");\n\
         tenant.remove_access_policy({VAULT}, #{{ properties: #{{ accessPolicies: {VAULT}.properties.accessPolicies.filter(|policy| policy.objectId == exchange.id) }} }});\n\
         let rest = 1024 - {VAULT}.properties.accessPolicies.len();\n\
         let policies = [];\n\
         for number in 0..rest {{\n\
             let digits = `000${{number}}`;\n\
             policies.push(#{{ objectId: `7a7a7a7a-2222-4222-8222-00000000${{digits.sub_string(digits.len() - 4)}}`, permissions: #{{ secrets: [\"get\"] }} }});\n\
         }}\n\
         tenant.add_access_policy({VAULT}, #{{ properties: #{{ accessPolicies: policies }} }});\n0"
    ));

    desk.refuses(
        CLASSIC,
        1,
        &[
            "the vault `nwt-xtmove-kv` has 1024 access policies, and no vault takes more",
            "remedy: remove policies of people and applications that are gone",
        ],
    );
    desk.nils.makes(&format!(
        "tenant.remove_access_policy({VAULT}, #{{ properties: #{{ accessPolicies: [{VAULT}.properties.accessPolicies[1023]] }} }});\n0"
    ));
    desk.goes_on(CLASSIC).says("vault `nwt-xtmove-kv` given an access policy");
    assert_eq!(desk.nils.sees(&format!("{VAULT}.properties.accessPolicies.len()")), 1024);
}

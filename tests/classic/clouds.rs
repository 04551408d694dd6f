//! In a government cloud every address is the cloud's own.

use crate::common::ADMIT;
use serde_json::json;

use super::desk::Desk;
use super::desk::VAULT;
use super::desk::classic;

/// Where the endpoint leads, in statements of Northwind's administrator.
const ENDPOINT: &str = "let endpoint = tenant.get_migration_endpoint(\"northwindtraders_contoso\");\n\
    [endpoint.RemoteServer, endpoint.AppSecretKeyVaultUrl]";

/// Both administrators work in that cloud.
fn in_cloud(cloud: &str) -> Desk {
    let desk = Desk::fresh();
    for (who, name, domain) in [
        (&desk.cleo, "contoso", "contoso.onmicrosoft.com"),
        (&desk.nils, "northwind", "northwindtraders.onmicrosoft.com"),
    ] {
        who.configure(&format!(
            "[profiles.{name}]\ndomain = \"{domain}\"\ncloud = \"{cloud}\"\nsandbox = true\n"
        ));
    }
    desk
}

#[test]
fn a_government_cloud_is_set_up_at_its_own_addresses() {
    let desk = in_cloud("gcc-high");
    let set_up = format!(
        "{} --json",
        classic(&[("--location", "USGov Virginia"), ("--source-admin", "cleo@contoso.com")])
    );

    desk.refuses(
        &classic(&[("--location", "West Europe")]),
        1,
        &["West Europe is no Azure location", "(F-07)"],
    );
    let first = desk.goes_on(&set_up);

    first.never_mentions("azure.net").never_mentions("microsoftonline.com/");
    let first = first.json();
    let text = |name: &str| first[name].as_str().unwrap_or_default().to_owned();
    let (certificate, consent_link) = (text("certificate"), text("consent_link"));
    let address = "https://nwt-xtmove-kv.vault.usgovcloudapi.net:443/certificates/northwindtraders-contoso/";
    assert!(certificate.starts_with(address), "{first}");
    let page = "https://login.microsoftonline.us/contoso.onmicrosoft.com/adminconsent?client_id=";
    assert!(consent_link.starts_with(page), "{first}");
    assert_eq!(desk.nils.sees(ENDPOINT), json!(["outlook.office365.us", certificate]));
    assert_eq!(desk.nils.sees(&format!("{VAULT}.location")), "usgovvirginia");

    desk.nils.sends("to-source.json", &desk.cleo);
    desk.cleo.types(ADMIT).succeeds();
    desk.cleo.sends("to-target.json", &desk.nils);
    assert_eq!(desk.nils.types(&set_up).succeeds().json()["state"], "ready");
    // The name that old scripts gave the vault's host means the same certificate.
    for url in [&certificate, &certificate.replace("vault.usgovcloudapi.net:443", "vault.azure.us")] {
        desk.nils
            .types(&format!(
                "run verify-setup --target northwind --partner to-target.json --key-vault-url {url}"
            ))
            .succeeds();
    }
    desk.cleo
        .types("run verify-setup --source contoso --partner to-source.json")
        .succeeds();
    let asked = desk.site.requests();
    let foreign = [
        ".azure.net",
        ".azure.com",
        ".microsoft.com",
        "office365.com",
        "microsoftonline.com/",
    ];
    let strays: Vec<_> = asked.iter().filter(|line| foreign.iter().any(|host| line.contains(host))).collect();
    assert!(strays.is_empty(), "{strays:?}");
}

#[test]
fn the_defense_cloud_has_a_server_of_its_own() {
    let desk = in_cloud("dod");

    let set_up = desk.nils.types(&format!("{} --json", classic(&[("--location", "USDoD East")])));

    let certificate = set_up.succeeds().json()["certificate"].clone();
    assert_eq!(desk.nils.sees(ENDPOINT), json!(["dod-outlook.office365.us", certificate]));
}

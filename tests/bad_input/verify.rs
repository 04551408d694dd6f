//! What `verify-setup` cannot look for is refused before it looks at anything.

use super::desk::Desk;

const APPLICATION: &str = "--application-id 5e5e5e5e-1111-4111-8111-000000000001";

#[test]
fn a_key_vault_url_that_names_no_version_is_refused() {
    let desk = Desk::new();
    let line = format!("run verify-setup --target northwind --partner-domain contoso.onmicrosoft.com {APPLICATION} --key-vault-url");

    for (url, reason) in [
        ("https://move.vault.azure.net/certificates/contoso", "the version is missing"),
        (
            "https://move.vault.azure.net/secrets/contoso/1",
            "one of the vault's `certificates`",
        ),
        ("https://move.example.com/certificates/contoso/1", "its host is no key vault"),
    ] {
        desk.refuses(
            &format!("{line} {url}"),
            1,
            &[reason, "(F-09)", "/certificates/NAME/VERSION", "az keyvault certificate show"],
        );
    }
}

#[test]
fn a_key_vault_of_the_source_is_refused() {
    Desk::new().refuses(
        &format!("run verify-setup --source contoso --partner-domain northwindtraders.onmicrosoft.com {APPLICATION} --key-vault-url https://move.vault.azure.net/certificates/contoso/1"),
        1,
        &["a key vault belongs to the target", "remedy: give --target"],
    );
}

#[test]
fn a_partner_whose_domain_and_id_are_two_tenants_is_refused() {
    Desk::new().refuses(
        &format!(
            "run verify-setup --target northwind --partner-domain contoso.onmicrosoft.com --partner-tenant-id \
             0e0e0e0e-3333-4333-8333-c0ffee000003 {APPLICATION}"
        ),
        1,
        &["contoso.onmicrosoft.com is tenant 0c0c0c0c-1111-4111-8111-c0ffee000001, not 0e0e0e0e"],
    );
}

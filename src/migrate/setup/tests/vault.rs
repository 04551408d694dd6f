//! The classic flow: the vault, Exchange's rights in it, the certificate, and what endpoint and application make of it.

use serde_json::Value;
use serde_json::json;

use super::APPLICATION;
use super::NORTHWIND;
use super::problems;
use super::target;
use super::with;
use crate::migrate::setup::judged_endpoint;
use crate::migrate::setup::target_setup;
use crate::model::Record;

const EXCHANGE: &str = "4a4a4a4a-7777-4aaa-8777-c1c1c1c1c007";
const VAULT: &str =
    "/subscriptions/3c3c3c3c-3333-4ccc-8333-e0e0e0e0e003/resourceGroups/rg-xtmove/providers/Microsoft.KeyVault/vaults/nwt-xtmove-kv";
const URL: &str = "https://nwt-xtmove-kv.vault.azure.net:443/certificates/contoso-move-cert/0a1b2c3d4e5f60718293a4b5c6d7e8f9";
const CERTIFICATE_USER: &str = "db79e9a7-68ee-4b58-9aeb-b90e7c24fcba";
const CERTIFICATES_OFFICER: &str = "a4417e6f-fecd-4de8-b567-7b0420556985";

/// A target of 2021 whose endpoint uses a certificate. It is January 2026 there all the same.
fn classic() -> Record {
    let policy = json!({"tenantId": NORTHWIND, "objectId": EXCHANGE.to_uppercase(),
        "permissions": {"certificates": ["Get", "List"], "secrets": ["get", "list"], "keys": []}});
    let mut seen = target();
    for (name, value) in [
        ("key_vault_url", json!(URL)),
        ("era", json!("2021")),
        ("exchange_principal", json!({"id": EXCHANGE})),
        (
            "vault",
            json!({"id": VAULT, "name": "nwt-xtmove-kv", "properties": {
                "enableRbacAuthorization": false, "vaultUri": "https://nwt-xtmove-kv.vault.azure.net/", "accessPolicies": [policy]}}),
        ),
        (
            "vault_certificate",
            json!({"id": URL.replace(":443", ""), "x5t": "XyyaCx0-T2BxgpOktcbX6PkBI0U",
                "attributes": {"enabled": true, "nbf": 1_767_225_600, "exp": 1_798_761_600},
                "policy": {"key_props": {"exportable": true}}}),
        ),
    ] {
        seen.set(name, value);
    }
    let key = json!([{"customKeyIdentifier": "5F2C9A0B1D3E4F60718293A4B5C6D7E8F9012345",
        "startDateTime": "2026-01-01T00:00:00Z", "endDateTime": "2026-12-30T00:00:00Z"}]);
    let seen = with(&seen, "application.keyCredentials", key);
    let seen = with(&seen, "application.passwordCredentials", json!([]));
    with(&seen, "endpoints.0.AppSecretKeyVaultUrl", json!(URL))
}

fn role(id: &str, scope: &str) -> Value {
    json!({"properties": {"principalId": EXCHANGE, "scope": scope,
        "roleDefinitionId": format!("/subscriptions/3c3c3c3c-3333-4ccc-8333-e0e0e0e0e003/providers/Microsoft.Authorization/roleDefinitions/{id}")}})
}

fn finding(seen: &Record, id: &str) -> Record {
    let findings = target_setup(seen);
    let found = findings.iter().find(|finding| finding.text("id") == Some(id));
    found.unwrap_or_else(|| panic!("no `{id}`")).clone()
}

#[test]
fn a_classic_set_up_that_is_right_is_ok_and_needs_no_client_secret() {
    let findings = target_setup(&classic());

    let not_ok: Vec<&str> = findings
        .iter()
        .filter(|finding| finding.text("state") != Some("ok"))
        .filter_map(|finding| finding.text("id"))
        .collect();
    assert_eq!(not_ok, [""; 0]);
}

#[test]
fn each_gap_of_the_vault_is_found_by_its_id() {
    for (path, value, wanted) in [
        ("vault", json!(null), "target.vault.exists F-32"),
        (
            "vault.properties.accessPolicies.0.permissions.certificates",
            json!(["get"]),
            "target.vault.certificates F-32",
        ),
        (
            "vault.properties.accessPolicies.0.permissions.secrets",
            json!(["list"]),
            "target.vault.secrets F-32",
        ),
        ("vault_certificate", json!(null), "target.vault.certificate F-22"),
        ("vault_certificate.x5t", json!(null), "target.vault.certificate F-13"),
        (
            "vault_certificate.attributes.enabled",
            json!(false),
            "target.vault.certificate F-22",
        ),
        ("now", json!("2027-01-01T00:00:00Z"), "target.vault.certificate F-22"),
        ("now", json!("2025-12-31T23:59:59Z"), "target.vault.certificate F-22"),
        (
            "vault_certificate.policy.key_props.exportable",
            json!(false),
            "target.vault.certificate F-22",
        ),
        (
            "key_vault_url",
            json!("https://nwt-xtmove-kv.vault.azure.net/certificates/contoso-move-cert"),
            "target.vault.url F-09",
        ),
        ("key_vault_url", json!(URL.replace("d7e8f9", "000000")), "target.vault.url F-09"),
        (
            "key_vault_url",
            json!(URL.replace("azure.net", "azure.cn")),
            "target.vault.url F-09",
        ),
        (
            "key_vault_url",
            json!(URL.replace("d7e8f9", "000000")),
            "target.endpoint.key_vault_url F-31",
        ),
        (
            "endpoints.0.AppSecretKeyVaultUrl",
            json!(null),
            "target.endpoint.key_vault_url F-31",
        ),
        ("era", json!("today"), "target.endpoint.retired F-22"),
        (
            "application.requiredResourceAccess.0.resourceAccess.0.id",
            json!("09850681-111b-4a89-9bed-3f2cae46d706"),
            "target.application.invitation F-29",
        ),
        ("application.keyCredentials", json!([]), "target.application.certificate F-24"),
        (
            "application.keyCredentials.0.endDateTime",
            json!("2026-01-05T08:00:00Z"),
            "target.application.certificate F-24",
        ),
        (
            "application.keyCredentials.0.startDateTime",
            json!("2026-01-05T08:00:01Z"),
            "target.application.certificate F-24",
        ),
    ] {
        let found = problems(&target_setup(&with(&classic(), path, value)));
        assert!(found.contains(&wanted.to_owned()), "{path}: {wanted} is not in {found:?}");
    }
}

#[test]
fn rights_are_said_to_lack_in_the_words_of_the_old_script_with_the_command_that_gives_them() {
    let some = finding(
        &with(&classic(), "vault.properties.accessPolicies.0.permissions.secrets", json!([])),
        "target.vault.secrets",
    );
    let none = finding(
        &with(&classic(), "vault.properties.accessPolicies", json!([])),
        "target.vault.secrets",
    );

    assert_eq!(
        some.text("found"),
        Some("Exchange does not have [get, list] permission on KeyVault [nwt-xtmove-kv]'s Secrets container")
    );
    assert_eq!(
        none.text("found"),
        Some("Exchange does not have any permissions on the KeyVault [nwt-xtmove-kv]")
    );
    let remedy = none.text("remedy").unwrap_or_default();
    assert!(
        remedy.contains(&format!("az keyvault set-policy --name nwt-xtmove-kv --object-id {EXCHANGE}")),
        "{remedy}"
    );
}

#[test]
fn a_vault_that_goes_by_roles_is_judged_by_roles_alone() {
    let classic = with(&classic(), "vault.properties.enableRbacAuthorization", json!(true));
    let subscription = VAULT.split("/resourceGroups").next().expect("a subscription");
    let judged = |assignments: Value| problems(&target_setup(&with(&classic, "role_assignments_of_vault", assignments)));

    assert_eq!(judged(json!([role(CERTIFICATE_USER, &VAULT.to_lowercase())])), [""; 0]);
    assert_eq!(judged(json!([role(CERTIFICATE_USER, subscription)])), [""; 0]);
    assert_eq!(judged(json!([role(CERTIFICATES_OFFICER, VAULT)])), ["target.vault.secrets F-32"]);
    assert_eq!(
        judged(json!([role(CERTIFICATE_USER, &format!("{VAULT}2"))])),
        ["target.vault.certificates F-32", "target.vault.secrets F-32"]
    );
    assert_eq!(finding(&classic, "target.vault.secrets").text("state"), Some("not checked"));
}

#[test]
fn of_two_endpoints_of_the_application_the_one_with_the_credential_asked_about_is_judged() {
    let mut endpoints = Vec::new();
    for (name, url) in [
        ("old", Some(URL.replace("d7e8f9", "000000"))),
        ("vault", Some(URL.to_owned())),
        ("secret", None),
    ] {
        endpoints.push(json!({"Identity": name, "ApplicationId": APPLICATION, "AppSecretKeyVaultUrl": url}));
    }
    let both = with(&classic(), "endpoints", json!(endpoints));
    let judged =
        |url: Value| judged_endpoint(&with(&both, "key_vault_url", url)).and_then(|found| found.text("Identity").map(str::to_owned));

    assert_eq!(judged(json!(URL)).as_deref(), Some("vault"));
    assert_eq!(judged(json!(URL.replace("d7e8f9", "111111"))).as_deref(), Some("old"));
    assert_eq!(judged(json!(null)).as_deref(), Some("secret"));
}

#[test]
fn the_urls_are_compared_by_meaning() {
    let other_form = URL.replace(":443", "").replace("nwt", "NWT") + "/";

    assert_eq!(
        problems(&target_setup(&with(&classic(), "key_vault_url", json!(other_form)))),
        [""; 0]
    );
}

#[test]
fn a_thumbprint_may_stand_on_the_application_as_base64_too() {
    let tool = with(
        &classic(),
        "application.keyCredentials.0.customKeyIdentifier",
        json!("XyyaCx0+T2BxgpOktcbX6PkBI0U="),
    );

    assert_eq!(problems(&target_setup(&tool)), [""; 0]);
}

#[test]
fn what_azure_does_not_show_is_not_checked_and_the_rest_is() {
    let mut seen = classic().to_map();
    for name in ["vault", "vault_certificate", "exchange_principal", "era"] {
        seen.remove(name);
    }

    let findings = target_setup(&seen.into());

    let unseen: Vec<&str> = findings
        .iter()
        .filter(|finding| finding.text("state") == Some("not checked"))
        .filter_map(|finding| finding.text("id"))
        .collect();
    assert_eq!(problems(&findings), [""; 0]);
    assert_eq!(
        unseen,
        [
            "target.application.certificate",
            "target.vault.url",
            "target.vault.exists",
            "target.vault.certificates",
            "target.vault.secrets",
            "target.vault.certificate",
            "target.endpoint.retired",
        ]
    );
}

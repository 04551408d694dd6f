//! What keeps Exchange from the certificate of an endpoint.

use jiff::SignedDuration;
use serde_json::json;

use super::super::Refused;
use super::super::fetch;
use super::room;
use super::room::certificate_of;
use super::room::permit_exchange;
use crate::sandbox::Object;
use crate::sandbox::Tx;
use crate::sandbox::azure;
use crate::sandbox::directory;
use crate::sandbox::testing::Desk;

const APP: &str = "5e5e5e5e-3333-4333-8333-c0ffee000003";
const READS: &[&str] = &["get", "list"];

/// Runs `test` with a certificate of these parts of a policy that Exchange may read; nothing of it is kept.
fn with(policy: serde_json::Value, test: impl FnOnce(&Tx<'_>, &str)) {
    let desk = Desk::new();
    let done: Result<(), rusqlite::Error> = desk.world.store.transaction(|tx| {
        let body = json!({"id": "a0a0a0a0-0000-4000-8000-000000000001", "appId": APP, "displayName": "Mover"});
        directory::store_application(tx, &Object::new("northwind", "application", body.as_object().cloned().unwrap()))?;
        room::vault(tx, json!({}))?;
        permit_exchange(tx, READS, READS);
        let url = certificate_of(tx, APP, policy);
        test(tx, &url);
        Ok(())
    });
    done.unwrap();
}

fn why(tx: &Tx<'_>, tenant: &str, url: &str) -> String {
    match fetch(tx, tenant, url, APP) {
        Ok(()) => String::new(),
        Err(Refused::Because(why)) => why,
        Err(Refused::Store(cause)) => panic!("{cause}"),
    }
}

#[test]
fn everything_about_the_certificate_has_to_be_right() {
    with(json!({}), |tx, url| {
        assert_eq!(why(tx, "northwind", url), "");
        assert_eq!(why(tx, "northwind", &url.replace(":443", "").replace("nwt", "NWT")), "");
        let refused = |url: &str, text: &str| {
            let why = why(tx, "northwind", url);
            assert!(why.contains(text), "{why}");
        };
        let (unversioned, version) = url.rsplit_once('/').unwrap();
        refused(unversioned, "certificateIdentifier");
        refused(
            &url.replace(version, "0a1b2c3d4e5f60718293a4b5c6d7e8f9"),
            "was not found in this key vault",
        );
        refused(
            &url.replace("nwt-move-kv", "nobody"),
            "The remote name could not be resolved: 'nobody.vault.azure.net'",
        );
        assert!(why(tx, "contoso", url).contains("AKV10032"));

        permit_exchange(tx, READS, &["list"]);
        refused(url, "does not have secrets get permission");
        permit_exchange(tx, &["list"], READS);
        refused(url, "does not have certificates get permission");
        permit_exchange(tx, READS, READS);

        let mut application = directory::application(tx, APP).unwrap();
        let keys = application.body["keyCredentials"].clone();
        application.set("keyCredentials", json!([]));
        directory::store_application(tx, &application).unwrap();
        refused(url, "AADSTS700027");
        application.set("keyCredentials", keys);
        directory::store_application(tx, &application).unwrap();
        assert_eq!(why(tx, "northwind", url), "");

        tx.set_now(tx.now() + SignedDuration::from_hours(24 * 366)).unwrap();
        refused(url, "expired secret");
    });
}

#[test]
fn a_key_that_may_not_leave_the_vault_is_of_no_use() {
    with(json!({"key_props": {"exportable": false}}), |tx, url| {
        assert_eq!(
            why(tx, "northwind", url),
            "The certificate 'move' has no private key that can be read."
        );
    });
}

#[test]
fn a_closed_vault_is_open_to_exchange_unless_it_trusts_no_service() {
    with(json!({}), |tx, url| {
        let close = |rules: serde_json::Value| {
            let mut vault = azure::vault(tx, "nwt-move-kv").unwrap();
            vault.body["properties"]["networkAcls"] = rules;
            azure::store_vault(tx, &vault).unwrap();
            why(tx, "northwind", url)
        };

        assert_eq!(close(json!({"defaultAction": "Deny"})), "");
        assert_eq!(close(json!({"defaultAction": "Deny", "bypass": "AzureServices"})), "");
        assert!(close(json!({"defaultAction": "Deny", "bypass": "None"})).contains("not a trusted service"));
    });
}

#[test]
fn a_role_serves_as_well_as_a_policy() {
    with(json!({}), |tx, url| {
        let mut vault = azure::vault(tx, "nwt-move-kv").unwrap();
        vault.body["properties"]["enableRbacAuthorization"] = json!(true);
        azure::store_vault(tx, &vault).unwrap();
        assert!(why(tx, "northwind", url).contains("Microsoft.KeyVault/vaults/certificates/read"));

        let exchange = directory::service_principal(tx, "northwind", crate::sandbox::ids::EXCHANGE).unwrap();
        let user = "db79e9a7-68ee-4b58-9aeb-b90e7c24fcba";
        azure::assign(
            tx,
            "northwind",
            "one",
            &azure::vault_id(&vault),
            user,
            exchange.text("id"),
            "ServicePrincipal",
        )
        .unwrap();

        assert_eq!(why(tx, "northwind", url), "");
    });
}

//! What keeps Exchange from the certificate of an endpoint.

use jiff::SignedDuration;
use serde_json::json;

use super::super::Refused;
use super::super::fetch;
use super::room;
use super::room::Room;
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
        holds(tx, json!([]));
        room::vault(tx, json!({}))?;
        permit_exchange(tx, READS, READS);
        let url = certificate_of(tx, APP, policy);
        test(tx, &url);
        Ok(())
    });
    done.unwrap();
}

/// Gives the application these keys, and no others.
fn holds(tx: &Tx<'_>, keys: serde_json::Value) {
    let application = directory::application(tx, APP);
    let mut application = application.unwrap_or_else(|| {
        let body = json!({"id": "a0a0a0a0-0000-4000-8000-000000000001", "appId": APP, "displayName": "Mover"});
        Object::new("northwind", "application", body.as_object().cloned().unwrap())
    });
    application.set("keyCredentials", keys);
    directory::store_application(tx, &application).unwrap();
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

        let keys = directory::application(tx, APP).unwrap().body["keyCredentials"].clone();
        holds(tx, json!([]));
        refused(url, "AADSTS700027");
        holds(tx, keys);
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

/// Changes the certificate's version.
fn edit_version(tx: &Tx<'_>, attribute: &str, value: serde_json::Value) {
    let mut version = tx.list("northwind", "vaultVersion").unwrap().remove(0);
    version.body["attributes"][attribute] = value;
    tx.update(&version).unwrap();
}

/// Changes properties of the vault.
fn edit_vault(tx: &Tx<'_>, property: &str, value: serde_json::Value) {
    let mut vault = azure::vault(tx, "nwt-move-kv").unwrap();
    vault.body["properties"][property] = value;
    azure::store_vault(tx, &vault).unwrap();
}

/// Changes the time of the application's key.
fn edit_key(tx: &Tx<'_>, field: &str, hours: i64) {
    let mut keys = directory::application(tx, APP).unwrap().body["keyCredentials"].clone();
    keys[0][field] = json!((tx.now() + SignedDuration::from_hours(hours)).to_string());
    holds(tx, keys);
}

#[test]
fn each_thing_that_is_wrong_is_named_and_nothing_else() {
    type Case = (&'static str, fn(&Tx<'_>));
    const CASES: &[Case] = &[
        ("not allowed on a disabled secret", |tx| edit_version(tx, "enabled", json!(false))),
        ("not allowed on a not yet valid secret", |tx| {
            edit_version(tx, "nbf", json!(tx.now().as_second() + 60));
        }),
        ("A certificate with (name/id) move was not found in this key vault", |tx| {
            room::call_in(tx, "DELETE", "/certificates/move", json!({}));
        }),
        ("The remote name could not be resolved: 'nwt-move-kv.vault.azure.net'", |tx| {
            azure::delete_vault(tx, azure::vault(tx, "nwt-move-kv").unwrap()).unwrap();
        }),
        ("The remote name could not be resolved: 'nwt-move-kv.vault.azure.net'", |tx| {
            let mut vault = azure::vault(tx, "nwt-move-kv").unwrap();
            vault.set("_readyAt", (tx.now() + SignedDuration::from_secs(1)).to_string());
            azure::store_vault(tx, &vault).unwrap();
        }),
        ("Client address is not authorized", |tx| {
            edit_vault(tx, "publicNetworkAccess", json!("Disabled"));
            edit_vault(tx, "networkAcls", json!({"bypass": "None"}));
        }),
        ("Client address is not authorized", |tx| {
            edit_vault(tx, "networkAcls", json!({"defaultAction": "Deny", "bypass": "None"}));
        }),
        ("Tenant does not have Exchange enabled", |tx| {
            let exchange = directory::service_principal(tx, "northwind", crate::sandbox::ids::EXCHANGE).unwrap();
            directory::remove_service_principal(tx, &exchange).unwrap();
        }),
        ("AADSTS700027", |tx| edit_key(tx, "endDateTime", 0)),
        ("AADSTS700027", |tx| edit_key(tx, "startDateTime", 1)),
        ("AADSTS700027", |tx| {
            // The key of the version that comes next takes the place of this one's.
            room::certificate_of(tx, APP, json!({}));
        }),
    ];
    with(json!({}), |tx, url| {
        for (number, (text, spoil)) in CASES.iter().enumerate() {
            let tried: Result<(), rusqlite::Error> = tx.attempt(|| {
                spoil(tx);
                let why = why(tx, "northwind", url);
                assert!(why.contains(text), "{number}: `{why}` instead of `{text}`");
                Err(rusqlite::Error::InvalidQuery)
            });
            assert!(tried.is_err());
            assert_eq!(why(tx, "northwind", url), "");
        }
    });
}

#[test]
fn a_change_of_the_policy_holds_for_the_next_version_and_not_for_the_one_that_is_read() {
    for was_exportable in [true, false] {
        let room = Room::new();
        let bundle = room.make("move", json!({"key_props": {"exportable": was_exportable}}));
        let url = bundle["id"].as_str().unwrap();
        let version = url.rsplit('/').next().unwrap();
        let read = || {
            room.desk.world.store.transaction(|tx| {
                permit_exchange(tx, READS, READS);
                holds(tx, json!([{"key": bundle["cer"], "endDateTime": "2027-01-01T00:00:00Z"}]));
                Ok::<_, rusqlite::Error>(why(tx, "northwind", url))
            })
        };
        let expected = match was_exportable {
            true => "",
            false => "The certificate 'move' has no private key that can be read.",
        };
        assert_eq!(read().unwrap(), expected);

        let changed = json!({"key_props": {"exportable": !was_exportable}});
        let (status, answer) = room.call("PATCH", "certificates/move/policy", changed.clone());
        assert_eq!((status, &answer["key_props"]["exportable"]), (200, &json!(!was_exportable)));
        assert_eq!(read().unwrap(), expected);
        let (status, answer) = room.call("PATCH", &format!("certificates/move/{version}"), json!({"policy": changed}));
        assert_eq!(status, 200, "{answer}");
        assert_eq!(read().unwrap(), expected);
    }
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

#[test]
fn a_state_that_cannot_be_read_is_no_refusal() {
    let room = Room::new();
    let bundle = room.make("move", json!({}));
    let store = &room.desk.world.store;
    store.transaction(|tx| tx.set_meta("era", "2021")).unwrap();
    let permitted: Result<(), rusqlite::Error> = store.transaction(|tx| {
        permit_exchange(tx, READS, READS);
        Ok(())
    });
    permitted.unwrap();
    let state = rusqlite::Connection::open(room.desk.world.folder.join("state.db")).unwrap();
    let spoiled = state.execute("update object set body = '{' where kind = 'vaultVersion'", []);
    assert_eq!(spoiled, Ok(1));

    let (status, answer) = room.call("GET", "certificates/move/", json!(null));
    assert_eq!((status, &answer["error"]["code"]), (500, &json!("SandboxStateUnusable")));
    let url = bundle["id"].as_str().unwrap();
    let fetched = store.transaction(|tx| Ok::<_, rusqlite::Error>(fetch(tx, "northwind", url, APP)));
    assert!(matches!(fetched, Ok(Err(Refused::Store(_)))), "{fetched:?}");
    let new = json!({
        "Name": "from-contoso", "ExchangeRemoteMove": true, "RemoteServer": "outlook.office.com", "ApplicationId": APP,
        "RemoteTenant": "contoso.onmicrosoft.com", "AppSecretKeyVaultUrl": url, "Confirm": false,
    });
    let (status, answer) = room.desk.cmdlet("northwind", "New-MigrationEndpoint", new, false);
    assert!(
        status >= 500 && !answer.to_string().contains("Error finding certificate"),
        "{answer}"
    );
}

//! What is logged: what was done, and what was refused.

use serde_json::Value;
use serde_json::json;

use super::room::Room;
use super::room::audited;
use super::room::permit_exchange;
use super::room::self_signed;
use crate::sandbox::azure;
use crate::sandbox::ids;

#[test]
fn every_call_is_logged_also_one_that_is_refused() {
    let room = Room::new();
    room.call("GET", "certificates", Value::Null);
    let store = &room.desk.world.store;
    store.transaction(|tx| Ok::<_, rusqlite::Error>(audited(tx))).unwrap();

    room.reply("", "POST", "certificates/move/create", Value::Null);
    room.call("POST", "certificates/move/create", self_signed(json!({})));
    room.call("GET", "secrets/move", Value::Null);
    room.set(json!({"accessPolicies": []}));
    room.call("GET", "certificates/move/", Value::Null);

    let logged = store.transaction(|tx| Ok::<_, rusqlite::Error>(azure::events(tx, &azure::account(tx, "nwtaudit").unwrap())));
    let logged = logged.unwrap();
    let shown: Vec<_> = logged
        .iter()
        .map(|event| {
            (
                event.text("operation"),
                event.body["status"].as_u64().unwrap(),
                event.text("appId").is_empty(),
            )
        })
        .collect();
    let expected = [
        ("CertificateCreate", 401, true),
        ("CertificateCreate", 202, false),
        ("SecretGet", 404, false),
        ("CertificateGet", 403, false),
    ];
    assert_eq!(shown, expected);
    assert_eq!(
        logged[3].text("requestUri"),
        "https://nwt-move-kv.vault.azure.net/certificates/move/?api-version=7.5"
    );
}

#[test]
fn what_exchange_was_refused_is_logged_though_the_endpoint_was_not_made_or_changed() {
    let room = Room::new();
    let bundle = room.make("move", json!({}));
    let store = &room.desk.world.store;
    let prepared: Result<(), rusqlite::Error> = store.transaction(|tx| {
        tx.set_meta("era", "2021")?;
        audited(tx);
        permit_exchange(tx, &["get"], &[]);
        Ok(())
    });
    prepared.unwrap();
    let reads = || {
        let logged = store.transaction(|tx| Ok::<_, rusqlite::Error>(azure::events(tx, &azure::account(tx, "nwtaudit").unwrap())));
        let own = logged.unwrap().into_iter().filter(|event| event.text("appId") == ids::EXCHANGE);
        own.map(|event| format!("{} {}", event.text("operation"), event.body["status"]))
            .collect::<Vec<_>>()
    };
    let refused = ["CertificateGet 200", "SecretGet 403"];
    let new = json!({
        "Name": "from-contoso", "ExchangeRemoteMove": true, "RemoteServer": "outlook.office.com", "ApplicationId": "0b0b0b0b",
        "RemoteTenant": "contoso.onmicrosoft.com", "AppSecretKeyVaultUrl": bundle["id"], "Confirm": false,
    });

    for (is_batched, times) in [(false, 1), (true, 2)] {
        let (status, answer) = room.desk.cmdlet("northwind", "New-MigrationEndpoint", new.clone(), is_batched);
        assert!(status >= 400 && answer.to_string().contains("secrets get permission"), "{answer}");
        assert_eq!(reads(), refused.repeat(times));
        let (_, answer) = room.desk.cmdlet("northwind", "Get-MigrationEndpoint", json!({}), false);
        assert_eq!(answer["value"], json!([]));
    }

    let mut skipped = new.clone();
    skipped["SkipVerification"] = json!(true);
    let (status, answer) = room.desk.cmdlet("northwind", "New-MigrationEndpoint", skipped, false);
    assert_eq!(status, 200, "{answer}");
    let set = json!({"Identity": "from-contoso", "AppSecretKeyVaultUrl": bundle["id"], "Confirm": false});
    let (status, answer) = room.desk.cmdlet("northwind", "Set-MigrationEndpoint", set, false);
    assert!(status >= 400, "{answer}");
    assert_eq!(reads(), refused.repeat(3));
}

#[test]
fn a_refused_call_of_a_vault_leaves_nothing_behind_but_its_line() {
    let room = Room::new();
    let store = &room.desk.world.store;
    store.transaction(|tx| Ok::<_, rusqlite::Error>(audited(tx))).unwrap();

    // The secret's row is stored before its tags are read.
    let (status, answer) = room.call("PUT", "secrets/plain", json!({"value": "x", "tags": 1}));

    assert_eq!(status, 400, "{answer}");
    let kept =
        store.transaction(|tx| Ok::<_, rusqlite::Error>((tx.list("northwind", "vaultSecret")?, tx.list("northwind", "auditEvent")?)));
    let (secrets, lines) = kept.unwrap();
    assert_eq!((secrets.len(), lines.len()), (0, 1));
}

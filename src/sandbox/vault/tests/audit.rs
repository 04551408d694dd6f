//! What is logged: what was done, and what was refused.

use serde_json::Value;
use serde_json::json;

use super::room::Room;
use super::room::audited;
use super::room::self_signed;
use crate::sandbox::azure;

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

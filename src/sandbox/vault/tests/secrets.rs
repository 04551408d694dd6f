//! Secrets of one's own, and what is not allowed with those of certificates.

use serde_json::Value;
use serde_json::json;

use super::room::Room;
use super::room::self_signed;

#[test]
fn a_secret_has_versions_and_the_newest_is_read() {
    let room = Room::new();
    let (status, first) = room.call("PUT", "secrets/word", json!({"value": "one", "contentType": "text/plain"}));
    assert_eq!(
        (status, &first["value"], &first["contentType"]),
        (200, &json!("one"), &json!("text/plain"))
    );
    room.call("PUT", "secrets/word", json!({"value": "two", "tags": {"a": "b"}}));

    let (_, read) = room.call("GET", "secrets/word/", Value::Null);
    assert_eq!(
        (&read["value"], &read["tags"]["a"], read.get("managed")),
        (&json!("two"), &json!("b"), None)
    );
    let version = first["id"].as_str().unwrap().rsplit('/').next().unwrap();
    assert_eq!(room.call("GET", &format!("secrets/word/{version}"), Value::Null).1["value"], "one");
    let (_, versions) = room.call("GET", "secrets/word/versions", Value::Null);
    assert_eq!(versions["value"].as_array().unwrap().len(), 2);
    assert!(versions.to_string().find("two").is_none());
    let refused = room.code("PUT", "secrets/word", json!({"value": "three", "contentType": 3}));
    assert_eq!(refused.0, 400);
}

#[test]
fn a_disabled_or_outdated_secret_is_not_handed_out() {
    let room = Room::new();
    let now = room.desk.world.now().as_second();
    let inner = |attributes: Value| {
        let (_, set) = room.call("PUT", "secrets/word", json!({"value": "one", "attributes": attributes}));
        assert_eq!(set["value"], "one");
        room.code("GET", "secrets/word", Value::Null)
    };
    let refused = |inner: &str| (403, "Forbidden".to_owned(), inner.to_owned());

    assert_eq!(inner(json!({"enabled": false})), refused("SecretDisabled"));
    assert_eq!(inner(json!({"exp": now - 1})), refused("SecretExpired"));
    assert_eq!(inner(json!({"nbf": now + 1})), refused("SecretNotYetValid"));
    room.call("PATCH", "secrets/word", json!({"attributes": {"nbf": now}}));
    assert_eq!(room.call("GET", "secrets/word", Value::Null).0, 200);
}

#[test]
fn the_secret_of_a_certificate_is_the_certificates() {
    let room = Room::new();
    room.make("move", json!({}));
    room.call("PUT", "secrets/word", json!({"value": "one"}));

    assert_eq!(room.code("PUT", "secrets/move", json!({"value": "x"})).0, 409);
    assert_eq!(room.code("DELETE", "secrets/move", Value::Null).0, 403);
    assert_eq!(room.code("PATCH", "secrets/move", json!({"tags": {}})).0, 403);
    let (_, listed) = room.call("GET", "secrets", Value::Null);
    let shown: Vec<_> = listed["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| (item["id"].as_str().unwrap().rsplit('/').next().unwrap(), item["managed"] == true))
        .collect();
    assert_eq!(shown, [("move", true), ("word", false)]);
    room.call("PATCH", "certificates/move", json!({"attributes": {"enabled": false}}));
    assert_eq!(room.code("GET", "secrets/move", Value::Null).2, "SecretDisabled");
}

#[test]
fn a_name_in_the_recycle_bin_is_free_for_neither_kind() {
    let room = Room::new();
    room.make("move", json!({}));
    room.call("PUT", "secrets/word", json!({"value": "one"}));
    room.call("DELETE", "certificates/move", Value::Null);
    room.call("DELETE", "secrets/word", Value::Null);
    let taken = (409, "Conflict".to_owned(), "ObjectIsDeletedButRecoverable".to_owned());

    assert_eq!(room.code("PUT", "secrets/move", json!({"value": "x"})), taken);
    assert_eq!(room.code("POST", "certificates/word/create", self_signed(json!({}))), taken);

    room.call("DELETE", "deletedcertificates/move", Value::Null);
    room.call("DELETE", "deletedsecrets/word", Value::Null);
    assert_eq!(room.call("PUT", "secrets/move", json!({"value": "x"})).0, 200);
    assert_eq!(room.call("POST", "certificates/word/create", self_signed(json!({}))).0, 202);
}

#[test]
fn a_deleted_secret_comes_back_with_its_value() {
    let room = Room::new();
    room.call("PUT", "secrets/word", json!({"value": "one"}));

    let (_, deleted) = room.call("DELETE", "secrets/word", Value::Null);
    assert_eq!(deleted["recoveryId"], "https://nwt-move-kv.vault.azure.net/deletedsecrets/word");
    assert_eq!(deleted.get("value"), None);
    assert_eq!(
        room.code("PUT", "secrets/word", json!({"value": "two"})).2,
        "ObjectIsDeletedButRecoverable"
    );
    assert_eq!(
        room.call("GET", "deletedsecrets", Value::Null).1["value"][0]["recoveryId"],
        deleted["recoveryId"]
    );
    room.call("POST", "deletedsecrets/word/recover", Value::Null);
    assert_eq!(room.call("GET", "secrets/word", Value::Null).1["value"], "one");

    room.call("DELETE", "secrets/word", Value::Null);
    assert_eq!(room.call("DELETE", "deletedsecrets/word", Value::Null).0, 204);
    assert_eq!(room.call("PUT", "secrets/word", json!({"value": "two"})).0, 200);
}

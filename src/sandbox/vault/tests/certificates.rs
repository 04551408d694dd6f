//! Making, reading, changing and deleting certificates.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::Value;
use serde_json::json;

use super::super::container;
use super::super::policy;
use super::room::Room;
use super::room::self_signed;

#[test]
fn a_certificate_is_pending_for_ten_seconds_and_then_there_with_a_real_key() {
    let room = Room::new();
    let answer = room.reply(
        &room.desk.token("northwind", "https://vault.azure.net/.default"),
        "POST",
        "certificates/move/create",
        self_signed(json!({})),
    );
    assert_eq!(answer.status, 202);
    let header = |name: &str| {
        answer
            .headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    };
    assert_eq!(header("retry-after"), Some("10"));
    let operation: Value = serde_json::from_slice(&answer.body).unwrap();
    let id = operation["request_id"].as_str().unwrap();
    let location = format!("https://nwt-move-kv.vault.azure.net/certificates/move/pending?api-version=7.5&request_id={id}");
    assert_eq!(header("location"), Some(location.as_str()));
    assert_eq!((&operation["status"], id.len()), (&json!("inProgress"), 32));

    room.seconds(9);
    assert_eq!(room.call("GET", "certificates/move/pending", Value::Null).1["status"], "inProgress");
    let (status, early) = room.call("GET", "certificates/move", Value::Null);
    assert_eq!(
        (status, &early["cer"], &early["attributes"]["enabled"]),
        (200, &Value::Null, &json!(false))
    );
    assert_eq!(room.code("POST", "certificates/move/create", self_signed(json!({}))).1, "Forbidden");

    room.seconds(1);
    let (_, done) = room.call("GET", &format!("certificates/move/pending?request_id={id}"), Value::Null);
    assert_eq!(
        (&done["status"], &done["target"]),
        (&json!("completed"), &json!("https://nwt-move-kv.vault.azure.net/certificates/move"))
    );
    let other = room.code("GET", "certificates/move/pending?request_id=0", Value::Null);
    assert_eq!((other.0, other.1.as_str()), (404, "PendingCertificateNotFound"));

    let (_, bundle) = room.call("GET", "certificates/move/", Value::Null);
    let version = bundle["id"].as_str().unwrap().rsplit('/').next().unwrap();
    assert_eq!(version.len(), 32);
    assert_eq!(bundle["sid"], format!("https://nwt-move-kv.vault.azure.net/secrets/move/{version}"));
    assert_eq!(bundle["kid"], format!("https://nwt-move-kv.vault.azure.net/keys/move/{version}"));
    let start = "2026-01-05T08:00:10Z".parse::<Timestamp>().unwrap().as_second();
    let end = "2027-01-05T08:00:10Z".parse::<Timestamp>().unwrap().as_second();
    let expected = json!({
        "enabled": true, "nbf": start - 600, "exp": end, "created": start, "updated": start, "recoveryLevel": "Recoverable+Purgeable",
        "recoverableDays": 90,
    });
    assert_eq!(bundle["attributes"], expected);

    let (_, secret) = room.call("GET", &format!("secrets/move/{version}"), Value::Null);
    let (certificate, _) = container::read(policy::PKCS12, secret["value"].as_str().unwrap(), "").unwrap();
    assert_eq!(STANDARD.encode(certificate), bundle["cer"].as_str().unwrap());
    assert_eq!((&secret["managed"], &secret["kid"]), (&json!(true), &bundle["kid"]));
}

#[test]
fn a_key_that_may_not_leave_stays_and_pem_is_text() {
    let room = Room::new();
    room.make(
        "kept",
        json!({"key_props": {"exportable": false}, "secret_props": {"contentType": "application/x-pem-file"}}),
    );

    let (_, secret) = room.call("GET", "secrets/kept", Value::Null);

    let value = secret["value"].as_str().unwrap();
    assert_eq!(secret["contentType"], "application/x-pem-file");
    assert!(value.contains("BEGIN CERTIFICATE") && !value.contains("PRIVATE KEY"), "{value}");
}

#[test]
fn an_issuer_from_outside_is_waited_for_until_somebody_gives_up() {
    let room = Room::new();
    let (status, _) = room.call("POST", "certificates/waits/create", self_signed(json!({"issuer": {}})));
    assert_eq!(status, 202);
    room.seconds(86400);
    assert_eq!(
        room.call("GET", "certificates/waits/pending", Value::Null).0,
        401,
        "the token is a day old"
    );

    let room = Room::new();
    room.call("POST", "certificates/waits/create", self_signed(json!({"issuer": {}})));
    room.seconds(3000);
    assert_eq!(
        room.call("GET", "certificates/waits/pending", Value::Null).1["status"],
        "inProgress"
    );
    let (status, asked) = room.call("PATCH", "certificates/waits/pending", json!({"cancellation_requested": true}));
    assert_eq!(
        (status, &asked["status"], &asked["cancellation_requested"]),
        (200, &json!("inProgress"), &json!(true))
    );
    room.seconds(10);
    assert_eq!(room.call("GET", "certificates/waits/pending", Value::Null).1["status"], "cancelled");
    assert_eq!(room.call("DELETE", "certificates/waits/pending", Value::Null).0, 200);
    assert_eq!(
        room.code("GET", "certificates/waits/pending", Value::Null).1,
        "PendingCertificateNotFound"
    );
    assert_eq!(room.code("GET", "certificates/waits", Value::Null).1, "CertificateNotFound");
}

#[test]
fn versions_are_listed_page_by_page_and_changed_one_by_one() {
    let room = Room::new();
    let first = room.make("move", json!({}));
    let second = room.make("move", json!({}));
    let version = |bundle: &Value| bundle["id"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();

    let (_, page) = room.call("GET", "certificates/move/versions?maxresults=1", Value::Null);
    assert_eq!(page["value"][0]["id"], first["id"]);
    let next = page["nextLink"].as_str().unwrap().split_once("api-version=7.5&").unwrap().1;
    let (_, page) = room.call("GET", &format!("certificates/move/versions?{next}"), Value::Null);
    assert_eq!((&page["value"][0]["x5t"], &page["nextLink"]), (&second["x5t"], &Value::Null));
    assert_eq!(room.code("GET", "certificates?maxresults=26", Value::Null).1, "BadParameter");

    let address = format!("certificates/move/{}", version(&first).to_uppercase());
    let (status, changed) = room.call(
        "PATCH",
        &address,
        json!({"attributes": {"enabled": false}, "tags": {"for": "contoso"}}),
    );
    assert_eq!(
        (status, &changed["attributes"]["enabled"], &changed["tags"]["for"]),
        (200, &json!(false), &json!("contoso"))
    );
    assert_eq!(room.call("GET", &address, Value::Null).1["attributes"]["enabled"], json!(false));
    let (_, listed) = room.call("GET", "certificates", Value::Null);
    assert_eq!(listed["value"][0]["id"], "https://nwt-move-kv.vault.azure.net/certificates/move");
    assert_eq!(listed["value"][0]["x5t"], second["x5t"]);
    assert_eq!(
        room.code("GET", "certificates/move/00000000000000000000000000000000", Value::Null)
            .1,
        "CertificateNotFound"
    );
}

#[test]
fn the_policy_holds_for_the_next_version() {
    let room = Room::new();
    room.make("move", json!({}));

    let (status, changed) = room.call("PATCH", "certificates/move/policy", json!({"x509_props": {"validity_months": 24}}));
    assert_eq!((status, &changed["x509_props"]["validity_months"]), (200, &json!(24)));
    let (status, _) = room.call("POST", "certificates/move/create", json!({}));
    assert_eq!(status, 202);
    room.seconds(10);

    let (_, bundle) = room.call("GET", "certificates/move", Value::Null);
    let end = "2028-01-05T08:00:20Z".parse::<Timestamp>().unwrap().as_second();
    assert_eq!(bundle["attributes"]["exp"], end);
    assert_eq!(room.call("GET", "certificates/move/policy", Value::Null).1, bundle["policy"]);
}

#[test]
fn a_deleted_certificate_keeps_its_name_until_it_is_recovered_or_purged() {
    let room = Room::new();
    let made = room.make("move", json!({}));
    let (status, deleted) = room.call("DELETE", "certificates/move", Value::Null);
    assert_eq!((status, &deleted["id"]), (200, &made["id"]));
    assert_eq!(
        deleted["recoveryId"],
        "https://nwt-move-kv.vault.azure.net/deletedcertificates/move"
    );
    assert_eq!(
        deleted["scheduledPurgeDate"].as_i64().unwrap() - deleted["deletedDate"].as_i64().unwrap(),
        90 * 86400
    );

    let not_found = (404, "CertificateNotFound".to_owned(), String::new());
    assert_eq!(room.code("GET", "certificates/move", Value::Null), not_found);
    assert_eq!(room.code("GET", "secrets/move", Value::Null).1, "SecretNotFound");
    let taken = (409, "Conflict".to_owned(), "ObjectIsDeletedButRecoverable".to_owned());
    assert_eq!(room.code("POST", "certificates/move/create", self_signed(json!({}))), taken);
    assert_eq!(
        room.call("GET", "deletedcertificates", Value::Null).1["value"][0]["x5t"],
        made["x5t"]
    );

    assert_eq!(
        room.call("POST", "deletedcertificates/move/recover", Value::Null).1["x5t"],
        made["x5t"]
    );
    assert_eq!(room.call("GET", "secrets/move", Value::Null).0, 200);
    room.call("DELETE", "certificates/move", Value::Null);
    room.set(json!({"enablePurgeProtection": true}));
    assert_eq!(room.code("DELETE", "deletedcertificates/move", Value::Null).0, 403);
    room.set(json!({"enablePurgeProtection": false}));
    assert_eq!(room.call("DELETE", "deletedcertificates/move", Value::Null).0, 204);
    assert_eq!(room.code("GET", "deletedcertificates/move", Value::Null), not_found);
}

#[test]
fn names_versions_of_the_api_and_properties_are_checked() {
    let room = Room::new();
    let bad = (400, "BadParameter".to_owned(), String::new());

    assert_eq!(room.code("GET", "certificates/under_score", Value::Null), bad);
    assert_eq!(room.code("POST", "certificates/move/create", json!({"colour": "red"})), bad);
    assert_eq!(room.code("POST", "certificates/move/create", json!({})), bad);
    assert_eq!(room.code("PUT", "certificates/move", json!({})), bad);
    for (version, status) in [("7.0", 404), ("2025-07-01", 404), ("7.6-preview.2", 404), ("latest", 400)] {
        let mut request = crate::sandbox::testing::request("GET", super::room::HOST, "/certificates/move");
        request.query = vec![("api-version".into(), version.into())];
        let token = room.desk.token("northwind", "https://vault.azure.net/.default");
        request.headers.push(("authorization".into(), format!("Bearer {token}")));
        assert_eq!(room.desk.world.answer(&request).status, status, "{version}");
    }
}

//! Applications and their secrets.

use aws_lc_rs::digest;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::Value;
use serde_json::json;
use uuid::Uuid;

use super::tenants;
use crate::sandbox::Object;
use crate::sandbox::Tx;
use crate::sandbox::replication;

const KIND: &str = "application";
/// Where a password credential keeps the digest of its secret; never shown.
const DIGEST: &str = "_digest";

/// How a presented secret stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretState {
    /// It is one of the application's and in its time.
    Valid,
    /// It was one of the application's; its time is over.
    Expired,
    /// It is none of the application's.
    Wrong,
}

/// The application with that application id, whichever tenant owns it (`Object.tenant` says which).
pub fn application(tx: &Tx<'_>, app_id: &str) -> Option<Object> {
    tenants(tx)
        .iter()
        .flat_map(|tenant| tx.sound(tx.find(tenant, "appId", app_id)))
        .find(|object| object.kind == KIND)
}

/// The application with that application id as servers that do not make changes have it.
pub fn known_application(tx: &Tx<'_>, app_id: &str) -> Option<Object> {
    application(tx, app_id).and_then(|object| replication::elsewhere(tx, object))
}

/// The tenant's own application with that object id.
pub fn application_by_id(tx: &Tx<'_>, tenant: &str, id: &str) -> Option<Object> {
    tx.sound(tx.find(tenant, "id", id)).into_iter().find(|object| object.kind == KIND)
}

/// All applications that the tenant owns, in the order they were made.
pub fn applications(tx: &Tx<'_>, tenant: &str) -> Vec<Object> {
    tx.sound(tx.list(tenant, KIND))
}

/// Stores an application: `id`, `appId`, `displayName`, `signInAudience`, `requiredResourceAccess`, `passwordCredentials`,
/// `keyCredentials`, `web`, ...
pub fn store_application(tx: &Tx<'_>, object: &Object) -> rusqlite::Result<()> {
    tx.put(
        object,
        [("id", object.text("id").to_owned()), ("appId", object.text("appId").to_owned())],
    )
}

/// Adds `secret` to the application's password credentials, in time from `start` to `end`, and returns the credential as Graph
/// shows it, without the secret. The caller stores the application.
pub fn add_secret(application: &mut Object, display_name: Option<&str>, secret: &str, start: Timestamp, end: Timestamp) -> Value {
    let mut credential = json!({
        "customKeyIdentifier": null,
        "displayName": display_name,
        "keyId": Uuid::new_v4().to_string(),
        "hint": secret.chars().take(3).collect::<String>(),
        "startDateTime": start.to_string(),
        "endDateTime": end.to_string(),
        "secretText": null,
    });
    let shown = credential.clone();
    credential[DIGEST] = json!(digest_of(secret));
    match application.body.get_mut("passwordCredentials").and_then(Value::as_array_mut) {
        Some(credentials) => credentials.push(credential),
        None => application.set("passwordCredentials", json!([credential])),
    }
    shown
}

/// How `secret` stands with the application as it is known elsewhere, by the sandbox's clock.
pub fn check_secret(tx: &Tx<'_>, app_id: &str, secret: &str) -> SecretState {
    let presented = digest_of(secret);
    let application = known_application(tx, app_id);
    let credentials = application
        .as_ref()
        .and_then(|object| object.body.get("passwordCredentials")?.as_array());
    let matching = credentials
        .into_iter()
        .flatten()
        .filter(|credential| credential[DIGEST] == presented.as_str());
    let now = tx.now();
    let in_time = |credential: &Value| {
        let end = credential["endDateTime"].as_str().and_then(|end| end.parse::<Timestamp>().ok());
        end.is_some_and(|end| now < end)
    };
    matching.map(in_time).max().map_or(SecretState::Wrong, |valid| match valid {
        true => SecretState::Valid,
        false => SecretState::Expired,
    })
}

/// The application's certificates, in DER, that are in their time by the sandbox's clock. One without a start has begun.
pub fn keys_in_time(tx: &Tx<'_>, application: &Object) -> Vec<Vec<u8>> {
    let now = tx.now();
    let time = |key: &Value, name: &str| key[name].as_str().and_then(|text| text.parse::<Timestamp>().ok());
    let is_in_time = |key: &&Value| {
        let has_begun = time(key, "startDateTime").is_none_or(|start| start <= now);
        has_begun && time(key, "endDateTime").is_some_and(|end| now < end)
    };
    let keys = application.body.get("keyCredentials").and_then(Value::as_array);
    let keys = keys.into_iter().flatten().filter(is_in_time);
    keys.filter_map(|key| STANDARD.decode(key["key"].as_str()?).ok()).collect()
}

fn digest_of(secret: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, secret.as_bytes()))
}

//! The audit log as blobs: one a vault and hour, one JSON line an event.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;
use serde_json::json;

use crate::sandbox::Object;
use crate::sandbox::Tx;
use crate::sandbox::azure;

const PREFIX: &str = "resourceId=";
const SUFFIX: &str = "/PT1H.json";

/// One blob.
#[derive(Debug, Clone)]
pub struct Blob {
    /// Its name in the container.
    pub name: String,
    /// Its lines.
    pub content: String,
    /// When the first line was written.
    pub created: Timestamp,
    /// When the last line was written.
    pub modified: Timestamp,
}

/// The blobs of the account, by name.
pub fn blobs(tx: &Tx<'_>, account: &Object) -> Vec<Blob> {
    of(azure::events(tx, account))
}

/// The blob of that name, from the events of its own hour alone: a log grows with every call.
pub fn blob(tx: &Tx<'_>, account: &Object, name: &str) -> Option<Blob> {
    let place = name.strip_prefix(PREFIX)?.strip_suffix(SUFFIX)?;
    let found = of(azure::events_of_hour(tx, account, place));
    found.into_iter().find(|blob| blob.name == name)
}

fn of(events: Vec<Object>) -> Vec<Blob> {
    let mut blobs: BTreeMap<String, Blob> = BTreeMap::new();
    for event in events {
        let time: Timestamp = event.text("time").parse().unwrap_or(Timestamp::UNIX_EPOCH);
        let vault = event.text("vaultId").to_uppercase();
        let name = format!("{PREFIX}{vault}/{}{SUFFIX}", azure::hour(time));
        let blob = blobs.entry(name.clone()).or_insert_with(|| Blob {
            name,
            content: String::new(),
            created: time,
            modified: time,
        });
        blob.content.push_str(&line(&event).to_string());
        blob.content.push('\n');
        blob.modified = time;
    }
    blobs.into_values().collect()
}

fn line(event: &Object) -> Value {
    let status = event.body.get("status").and_then(Value::as_u64).unwrap_or_default();
    let (kind, signature) = match status {
        0..=399 => ("Success", "OK"),
        401 => ("Failed", "Unauthorized"),
        403 => ("Failed", "Forbidden"),
        404 => ("Failed", "Not Found"),
        409 => ("Failed", "Conflict"),
        _ => ("Failed", "Bad Request"),
    };
    let mut identity = json!({});
    if !event.text("appId").is_empty() {
        let oid = "http://schemas.microsoft.com/identity/claims/objectidentifier";
        identity = json!({"claim": {oid: event.text("objectId"), "oid": event.text("objectId"), "appid": event.text("appId")}});
    }
    json!({
        "time": event.text("time"),
        "category": "AuditEvent",
        "operationName": event.text("operation"),
        "resultType": kind,
        "resultSignature": signature,
        "resultDescription": "",
        "durationMs": "0",
        "callerIpAddress": "127.0.0.1",
        "correlationId": event.id,
        "identity": identity,
        "properties": {
            "id": address(event.text("requestUri")),
            "clientInfo": "",
            "requestUri": event.text("requestUri"),
            "httpStatusCode": status,
        },
        "resourceId": event.text("vaultId").to_uppercase(),
        "operationVersion": event.text("requestUri").split("api-version=").nth(1).map(|rest| rest.split('&').next()),
    })
}

/// The address of the thing that was asked for, without the query.
fn address(request_uri: &str) -> &str {
    request_uri.split('?').next().unwrap_or(request_uri)
}

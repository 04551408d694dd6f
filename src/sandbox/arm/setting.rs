//! What a diagnostic setting may hold, and how it is kept.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::shape::Field;
use super::shape::Kind;

const RETENTION: Kind = Kind::Object(&[("enabled", Kind::Required(&Kind::Flag)), ("days", Kind::Required(&Kind::Number))]);

/// The body that makes or replaces a setting.
pub const BODY: &[Field] = &[
    ("id", Kind::Text),
    ("name", Kind::Text),
    ("type", Kind::Text),
    (
        "properties",
        Kind::Object(&[
            ("storageAccountId", Kind::Text),
            ("workspaceId", Kind::Text),
            ("serviceBusRuleId", Kind::Text),
            ("eventHubAuthorizationRuleId", Kind::Text),
            ("eventHubName", Kind::Text),
            ("marketplacePartnerId", Kind::Text),
            ("logAnalyticsDestinationType", Kind::Text),
            (
                "logs",
                Kind::Objects(&[
                    ("category", Kind::Text),
                    ("categoryGroup", Kind::Text),
                    ("enabled", Kind::Required(&Kind::Flag)),
                    ("retentionPolicy", RETENTION),
                ]),
            ),
            (
                "metrics",
                Kind::Objects(&[
                    ("category", Kind::Text),
                    ("timeGrain", Kind::Text),
                    ("enabled", Kind::Required(&Kind::Flag)),
                    ("retentionPolicy", RETENTION),
                ]),
            ),
        ]),
    ),
];

/// What was given, with `null` for all that was not.
pub fn properties(given: &Map<String, Value>) -> Value {
    let filled = |name: &str, is_log: bool| -> Vec<Value> {
        let entries = given.get(name).and_then(Value::as_array).into_iter().flatten();
        let filled = entries.map(|entry| {
            let mut entry = entry.clone();
            if is_log {
                entry["category"] = entry["category"].take();
                entry["categoryGroup"] = entry["categoryGroup"].take();
            }
            if entry["retentionPolicy"].is_null() {
                entry["retentionPolicy"] = json!({"enabled": false, "days": 0});
            }
            entry
        });
        filled.collect()
    };
    let text = |name: &str| given.get(name).cloned().unwrap_or_default();
    json!({
        "storageAccountId": text("storageAccountId"),
        "serviceBusRuleId": text("serviceBusRuleId"),
        "workspaceId": text("workspaceId"),
        "eventHubAuthorizationRuleId": text("eventHubAuthorizationRuleId"),
        "eventHubName": text("eventHubName"),
        "metrics": filled("metrics", false),
        "logs": filled("logs", true),
        "logAnalyticsDestinationType": text("logAnalyticsDestinationType"),
    })
}

//! The audit log that a diagnostic setting writes into a storage account: one blob an hour and vault, one JSON line an event.

use jiff::Timestamp;
use serde_json::Value;

use crate::model::Kind;
use crate::model::Record;
use crate::model::Trouble;
use crate::model::moment;
use crate::tenant::Tenant;
use crate::tenant::azure::last_segment;

/// The container that Azure itself makes for the category `AuditEvent`.
const CONTAINER: &str = "insights-logs-auditevent";

impl Tenant {
    /// Who did what to the key vaults that log into `account`, oldest first; of `vault` (a resource id) alone when one is given,
    /// and of what happened at `since` or later. Needs the role Storage Blob Data Reader, which not even an Owner has by himself.
    pub async fn find_audit_events(&self, account: &str, vault: Option<&str>, since: Option<Timestamp>) -> Result<Vec<Record>, Trouble> {
        let named = |trouble: Trouble| trouble.in_tenant(&self.tag().name).on_object(account);
        let account = last_segment(account);
        let prefix = vault.map_or_else(String::new, |vault| {
            format!("resourceId={}/", vault.trim_end_matches('/').to_uppercase())
        });
        let names = match self.wire().blob_list(account, CONTAINER, &prefix).await.map_err(Trouble::from) {
            // The container is made with the first event.
            Err(trouble) if trouble.kind == Kind::NotFound => return Ok(Vec::new()),
            names => names.map_err(named)?,
        };
        let mut events = Vec::new();
        for name in names.iter().filter(|name| !is_over(name, since)) {
            let blob = self.wire().blob_get(account, CONTAINER, name).await;
            let blob = blob.map_err(|error| named(error.into()))?;
            let lines = String::from_utf8_lossy(&blob);
            events.extend(lines.lines().filter_map(event));
        }
        let time = |event: &Record| event.text("time").and_then(moment);
        events.retain(|event| since.is_none_or(|since| time(event).is_none_or(|time| time >= since)));
        events.sort_by_key(time);
        Ok(events)
    }
}

/// Whether the hour of the blob `name` (`.../y=2026/m=01/d=05/h=08/m=00/PT1H.json`) ended before `since`.
fn is_over(name: &str, since: Option<Timestamp>) -> bool {
    let part = |word: &str| name.split('/').find_map(|part| part.strip_prefix(word));
    let begin = || {
        let text = format!("{}-{}-{}T{}:00:00Z", part("y=")?, part("m=")?, part("d=")?, part("h=")?);
        moment(&text)
    };
    match (since, begin()) {
        (Some(since), Some(begin)) => since.duration_since(begin).as_hours() >= 1,
        _ => false,
    }
}

/// One line of the log in a few words.
fn event(line: &str) -> Option<Record> {
    let line: Value = serde_json::from_str(line).ok()?;
    let text = |pointer: &str| line.pointer(pointer).and_then(Value::as_str).filter(|text| !text.is_empty());
    let claim = |name: &str| text(&format!("/identity/claim/{name}"));
    let caller = claim("appid").or(claim("upn")).or(claim("oid"));
    let result = text("/resultSignature").or(text("/resultType"));
    Some(
        Record::default()
            .with("time", text("/time")?)
            .with("operation", text("/operationName")?)
            .with("caller", caller)
            .with("object_id", claim("oid"))
            .with("result", result)
            .with("status", line.pointer("/properties/httpStatusCode").cloned())
            .with("uri", text("/properties/requestUri"))
            .with("vault", text("/resourceId").map(|id| last_segment(id).to_lowercase())),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::tenant::testing::Fake;

    const ACCOUNT: &str = "/subscriptions/3c3c/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/nwtaudit";

    fn line(time: &str, operation: &str, app: &str) -> String {
        json!({"time": time, "operationName": operation, "resultSignature": "OK", "category": "AuditEvent",
            "resourceId": "/SUBSCRIPTIONS/3C3C/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.KEYVAULT/VAULTS/KV",
            "identity": {"claim": {"appid": app, "oid": "4a4a"}},
            "properties": {"httpStatusCode": 200, "requestUri": "https://kv.vault.azure.net/certificates/move"}})
        .to_string()
    }

    fn log() -> Fake {
        let of = |hour: &str| {
            format!(
                "resourceId=/SUBSCRIPTIONS/3C3C/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.KEYVAULT/VAULTS/KV/y=2026/m=01/d=05/h={hour}/m=00/PT1H.json"
            )
        };
        let nine = [
            line("2026-01-05T09:30:00Z", "SecretGet", "exchange"),
            line("2026-01-05T09:10:00Z", "CertificateGet", "exchange"),
        ];
        Fake::new()
            .with_blob("nwtaudit", &of("08"), &line("2026-01-05T08:10:00Z", "VaultPut", "admin"))
            .with_blob("nwtaudit", &of("09"), &nine.join("\n"))
    }

    #[tokio::test]
    async fn events_come_in_the_order_in_which_they_happened() {
        let events = log().tenant().find_audit_events(ACCOUNT, None, None).await.unwrap();

        let operations: Vec<_> = events.iter().filter_map(|event| event.text("operation")).collect();
        assert_eq!(operations, ["VaultPut", "CertificateGet", "SecretGet"]);
        assert_eq!(
            (events[0].text("caller"), events[0].text("vault"), events[0].number("status")),
            (Some("admin"), Some("kv"), Some(200))
        );
    }

    #[tokio::test]
    async fn only_what_is_asked_for_is_read() {
        let (fake, since) = (log(), moment("2026-01-05T09:20:00Z"));
        let vault = "/subscriptions/3c3c/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv";

        let events = fake.tenant().find_audit_events(ACCOUNT, Some(vault), since).await.unwrap();
        let of_another = fake
            .tenant()
            .find_audit_events(ACCOUNT, Some(&vault.replace("kv", "kv2")), since)
            .await
            .unwrap();

        assert_eq!(events.len(), 1);
        assert!(of_another.is_empty());
        assert!(!fake.reads().iter().any(|(call, _)| call.contains("h=08")));
    }
}

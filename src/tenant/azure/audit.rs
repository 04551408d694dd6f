//! The audit log that a diagnostic setting writes into a storage account: one blob an hour and vault, one JSON line an event.

use std::collections::BTreeMap;
use std::collections::VecDeque;

use jiff::Timestamp;
use serde_json::Value;

use crate::model::Record;
use crate::model::Trouble;
use crate::model::moment;
use crate::tenant::Tenant;
use crate::tenant::azure::last_segment;

/// The container that Azure itself makes for the category `AuditEvent`.
const CONTAINER: &str = "insights-logs-auditevent";

/// What Azure Storage says of a container that is not there. This one is made with the first event.
const NO_EVENT_YET: &str = "ContainerNotFound";

/// The events of a log, read an hour at a time; a year of several vaults is more than one wants to hold.
pub struct AuditLog {
    tenant: Tenant,
    account: String,
    prefix: String,
    since: Option<Timestamp>,
    /// The blobs of each hour that is still to be read, once they have been listed.
    hours: Option<VecDeque<Vec<String>>>,
}

impl Tenant {
    /// Who did what to the key vaults that log into `account`, oldest first; of `vault` (a resource id) alone when one is given,
    /// and of what happened at `since` or later. Needs the role Storage Blob Data Reader, which not even an Owner has by himself.
    pub fn find_audit_events(&self, account: &str, vault: Option<&str>, since: Option<Timestamp>) -> AuditLog {
        let prefix = vault.map_or_else(String::new, |vault| {
            format!("resourceId={}/", vault.trim_end_matches('/').to_uppercase())
        });
        AuditLog {
            tenant: self.clone(),
            account: last_segment(account).to_owned(),
            prefix,
            since,
            hours: None,
        }
    }
}

impl AuditLog {
    /// The events of the next hour in which there are any; `None` after the last.
    pub async fn next_page(&mut self) -> Result<Option<Vec<Record>>, Trouble> {
        let page = self.read().await;
        if page.is_err() {
            self.hours = Some(VecDeque::new());
        }
        page.map_err(|trouble| trouble.in_tenant(&self.tenant.tag().name).on_object(&self.account))
    }

    async fn read(&mut self) -> Result<Option<Vec<Record>>, Trouble> {
        let mut hours = match self.hours.take() {
            Some(hours) => hours,
            None => self.list().await?,
        };
        let Some(blobs) = hours.pop_front() else {
            return Ok(None);
        };
        self.hours = Some(hours);
        let mut events = Vec::new();
        for name in blobs {
            let blob = self.tenant.wire().blob_get(&self.account, CONTAINER, &name).await?;
            events.extend(String::from_utf8_lossy(&blob).lines().filter_map(event));
        }
        let time = |event: &Record| event.text("time").and_then(moment);
        events.retain(|event| self.since.is_none_or(|since| time(event).is_none_or(|time| time >= since)));
        events.sort_by_key(time);
        Ok(Some(events))
    }

    /// The blobs by their hours. Their names alone would put one vault before the other.
    async fn list(&self) -> Result<VecDeque<Vec<String>>, Trouble> {
        let names = self.tenant.wire().blob_list(&self.account, CONTAINER, &self.prefix).await;
        let names = match names.map_err(Trouble::from) {
            Err(trouble) if trouble.code == NO_EVENT_YET => Vec::new(),
            names => names?,
        };
        let mut hours: BTreeMap<_, Vec<String>> = BTreeMap::new();
        for name in names {
            let begin = begin(&name);
            if !is_over(begin, self.since) {
                hours.entry(begin).or_default().push(name);
            }
        }
        Ok(hours.into_values().collect())
    }
}

/// When the hour of the blob `name` (`.../y=2026/m=01/d=05/h=08/m=00/PT1H.json`) begins.
fn begin(name: &str) -> Option<Timestamp> {
    let part = |word: &str| name.split('/').find_map(|part| part.strip_prefix(word));
    let text = format!("{}-{}-{}T{}:00:00Z", part("y=")?, part("m=")?, part("d=")?, part("h=")?);
    moment(&text)
}

/// Whether the hour that begins then ended before `since`.
fn is_over(begin: Option<Timestamp>, since: Option<Timestamp>) -> bool {
    since
        .zip(begin)
        .is_some_and(|(since, begin)| since.duration_since(begin).as_hours() >= 1)
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
    use crate::cloud::CloudError;
    use crate::model::Kind;
    use crate::tenant::testing::Fake;
    use crate::tenant::testing::refusal;

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
        let of_another = of("08").replace("/KV/", "/A/");
        Fake::new()
            .with_blob("nwtaudit", &of_another, &line("2026-01-05T08:20:00Z", "SecretList", "admin"))
            .with_blob("nwtaudit", &of("09"), &nine.join("\n"))
            .with_blob("nwtaudit", &of("08"), &line("2026-01-05T08:10:00Z", "VaultPut", "admin"))
    }

    async fn pages(mut log: AuditLog) -> Result<Vec<Vec<Record>>, Trouble> {
        let mut pages = Vec::new();
        while let Some(page) = log.next_page().await? {
            pages.push(page);
        }
        Ok(pages)
    }

    #[tokio::test]
    async fn events_come_in_the_order_in_which_they_happened() {
        let fake = log();
        let pages = pages(fake.tenant().find_audit_events(ACCOUNT, None, None)).await.unwrap();
        fake.tenant().find_audit_events(ACCOUNT, None, None).next_page().await.unwrap();

        let of = |page: &[Record]| {
            page.iter()
                .filter_map(|event| event.text("operation").map(str::to_owned))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            (of(&pages[0]), of(&pages[1])),
            (
                vec!["VaultPut".into(), "SecretList".into()],
                vec!["CertificateGet".into(), "SecretGet".into()]
            )
        );
        // Whoever looks at the first events alone reads no further.
        assert_eq!(fake.reads().iter().filter(|(call, _)| call.contains("h=09")).count(), 1);
        let events = &pages[0];
        assert_eq!(
            (events[0].text("caller"), events[0].text("vault"), events[0].number("status")),
            (Some("admin"), Some("kv"), Some(200))
        );
    }

    #[tokio::test]
    async fn only_what_is_asked_for_is_read() {
        let (fake, since) = (log(), moment("2026-01-05T09:20:00Z"));
        let vault = "/subscriptions/3c3c/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv";

        let events = pages(fake.tenant().find_audit_events(ACCOUNT, Some(vault), since)).await.unwrap();
        let another = vault.replace("kv", "kv2");
        let of_another = pages(fake.tenant().find_audit_events(ACCOUNT, Some(&another), since))
            .await
            .unwrap();

        assert_eq!(events.concat().len(), 1);
        assert!(of_another.is_empty());
        assert!(!fake.reads().iter().any(|(call, _)| call.contains("h=08")));
    }

    #[tokio::test]
    async fn a_log_without_events_is_empty_and_an_account_that_is_not_there_is_trouble() {
        let refusing = |error: fn(&str) -> CloudError| Fake::new().refusing_reads(move |call, _| Some(error(call)));
        let young = refusing(|call| refusal(call, 404, "ContainerNotFound", "The specified container does not exist."));
        let misspelt = refusing(|call| CloudError::UnknownHost {
            call: call.to_owned(),
            host: "nwtaudit.blob.core.windows.net".into(),
        });

        let empty = pages(young.tenant().find_audit_events(ACCOUNT, None, None)).await.unwrap();
        let mut log = misspelt.tenant().find_audit_events(ACCOUNT, None, None);
        let absent = log.next_page().await.unwrap_err();

        assert!(empty.is_empty());
        assert_eq!((absent.kind, &*absent.code), (Kind::NotFound, "UnknownHost"));
        assert!(absent.remedy.as_deref().unwrap().contains("check the name"));
        assert!(log.next_page().await.unwrap().is_none());
    }
}

//! Making sure that a key vault tells who read what.

use serde_json::Value;
use serde_json::json;

use crate::change::Gate;
use crate::model::Arguments;
use crate::model::Record;
use crate::model::Trouble;
use crate::model::same_text;
use crate::tenant::Ensured;
use crate::tenant::Tenant;
use crate::tenant::azure::last_segment;
use crate::tenant::operations::NEW_DIAGNOSTIC_SETTING;
use crate::tenant::reading;

/// The name that the cmdlet of the preview's days gave.
const USUAL_NAME: &str = "service";
const CATEGORY: &str = "AuditEvent";

impl Tenant {
    /// A diagnostic setting that sends the audit events of `vault` to `storage_account` (both resource ids). Settings that are there
    /// stay as they are, wherever they lead: writing one replaces all of it, and somebody made it for a reason.
    pub async fn ensure_diagnostic_setting(&self, gate: &Gate, vault: &str, storage_account: &str) -> Result<Ensured, Trouble> {
        let settings = reading("find_diagnostic_settings").expect("the table of readings has it");
        let all = self.find_all(settings, Arguments::new().with("id", vault)).await?;
        let leads_there = |setting: &&Record| {
            part(setting, "storageAccountId")
                .as_str()
                .is_some_and(|id| same_text(id, storage_account))
        };
        if let Some(found) = all.iter().filter(leads_there).find(|setting| tells(setting)) {
            self.settle(gate, &NEW_DIAGNOSTIC_SETTING, found.text("name").unwrap_or(USUAL_NAME));
            return Ok(Ensured::unchanged(found.clone()));
        }
        let arguments = Arguments::new()
            .with("resource", vault)
            .with("name", free_name(&all, storage_account))
            .with(
                "properties",
                json!({"storageAccountId": storage_account, "logs": [{"category": CATEGORY, "enabled": true}]}),
            );
        let applied = self.apply(gate, &NEW_DIAGNOSTIC_SETTING, None, arguments).await?;
        Ok(Ensured::created(applied))
    }
}

/// A name that none of `settings` has.
fn free_name(settings: &[Record], storage_account: &str) -> String {
    let is_taken = |name: &str| {
        settings
            .iter()
            .any(|setting| setting.text("name").is_some_and(|known| same_text(known, name)))
    };
    let own = format!("{USUAL_NAME}-{}", last_segment(storage_account));
    let numbered = (2..).map(|number| format!("{own}-{number}"));
    let mut names = [USUAL_NAME.to_owned(), own.clone()].into_iter().chain(numbered);
    names.find(|name| !is_taken(name)).expect("the numbers do not end")
}

fn part<'a>(setting: &'a Record, name: &str) -> &'a Value {
    setting.get("properties").map_or(&Value::Null, |properties| &properties[name])
}

fn tells(setting: &Record) -> bool {
    let logs = part(setting, "logs").as_array();
    logs.into_iter().flatten().any(|log| is_audit(log) && log["enabled"] == true)
}

/// Whether the entry is about the audit events, by their category or by a group that holds it.
fn is_audit(log: &Value) -> bool {
    let is = |name: &str, wanted: &str| log[name].as_str().is_some_and(|text| same_text(text, wanted));
    is("category", CATEGORY) || is("categoryGroup", "audit") || is("categoryGroup", "allLogs")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tenant::Outcome;
    use crate::tenant::testing::Fake;
    use crate::tenant::testing::VAULT;
    use crate::tenant::testing::azure;
    use crate::tenant::testing::open_gate;

    const ACCOUNT: &str =
        "/subscriptions/3c3c3c3c-3333-4ccc-8333-e0e0e0e0e003/resourceGroups/rg-xtmove/providers/Microsoft.Storage/storageAccounts/nwtaudit";

    fn with_setting(name: &str, account: &str, category: &str) -> Fake {
        azure().with_resource(
            &format!("{VAULT}/providers/Microsoft.Insights/diagnosticSettings/{name}"),
            json!({"properties": {"storageAccountId": account, "logs": [{"category": category, "enabled": true}]}}),
        )
    }

    async fn ensure(fake: &Fake) -> Ensured {
        fake.tenant().ensure_diagnostic_setting(&open_gate(), VAULT, ACCOUNT).await.unwrap()
    }

    #[tokio::test]
    async fn the_audit_events_are_sent_once() {
        let fake = azure();

        let (first, again) = (ensure(&fake).await, ensure(&fake).await);

        assert_eq!((first.outcome, again.outcome), (Outcome::Created, Outcome::Unchanged));
        assert_eq!(
            fake.writes(),
            [(
                format!("PUT {VAULT}/providers/Microsoft.Insights/diagnosticSettings/service"),
                json!({"properties": {"storageAccountId": ACCOUNT, "logs": [{"category": "AuditEvent", "enabled": true}]}})
            )]
        );
    }

    #[tokio::test]
    async fn what_is_sent_elsewhere_goes_on_being_sent_there() {
        let fake = with_setting("service", "/another/account", "AuditEvent");

        ensure(&fake).await;

        assert!(fake.written()[0].ends_with("/diagnosticSettings/service-nwtaudit"));
    }

    #[tokio::test]
    async fn a_setting_of_somebody_else_keeps_all_that_it_does() {
        let theirs = json!({"properties": {"storageAccountId": ACCOUNT, "workspaceId": "/their/workspace",
            "metrics": [{"category": "AllMetrics", "enabled": true}], "logs": [{"category": "AuditEvent", "enabled": false}]}});
        let at = |name: &str| format!("{VAULT}/providers/Microsoft.Insights/diagnosticSettings/{name}");
        let fake = azure()
            .with_resource(&at("Service"), theirs.clone())
            .with_resource(&at("service-nwtaudit"), theirs);

        let (first, again) = (ensure(&fake).await, ensure(&fake).await);

        assert_eq!((first.outcome, again.outcome), (Outcome::Created, Outcome::Unchanged));
        assert_eq!(fake.written(), [format!("PUT {}", at("service-nwtaudit-2"))]);
    }
}

//! Making sure of the storage account that takes the audit log.

use serde_json::json;

use crate::change::Gate;
use crate::change::Mode;
use crate::model::Arguments;
use crate::model::Kind;
use crate::model::Record;
use crate::model::Trouble;
use crate::model::did_you_mean;
use crate::model::same_text;
use crate::tenant::Ensured;
use crate::tenant::Outcome;
use crate::tenant::Tenant;
use crate::tenant::azure::check_storage_account_rule;
use crate::tenant::azure::subscription_of;
use crate::tenant::ensure::ensured::refuse_unknown;
use crate::tenant::ensure::ensured::required;
use crate::tenant::ensure::ensured::take_text;
use crate::tenant::ensure::location::elsewhere;
use crate::tenant::operations::NEW_STORAGE_ACCOUNT;
use crate::tenant::reading;
use crate::tenant::waiting::Progress;

const SKUS: &[&str] = &[
    "Standard_LRS",
    "Standard_GRS",
    "Standard_RAGRS",
    "Standard_ZRS",
    "Standard_GZRS",
    "Standard_RAGZRS",
    "Premium_LRS",
    "Premium_ZRS",
];
/// What the setup script of the preview took.
const USUAL_SKU: &str = "Standard_GRS";

impl Tenant {
    /// The storage account `name`: the one of that name anywhere in the subscription, or a new one in `group` (a resource id).
    pub async fn ensure_storage_account(
        &self,
        gate: &Gate,
        group: &str,
        name: &str,
        mut arguments: Arguments,
        progress: Progress<'_>,
    ) -> Result<Ensured, Trouble> {
        let named = |trouble: Trouble| trouble.in_tenant(&self.tag().name);
        refuse_unknown(&arguments, "ensure_storage_account", &["location", "sku", "tags"]).map_err(named)?;
        check_storage_account_rule(name).map_err(named)?;
        let subscription = subscription_of(group).map_err(named)?;
        let sku = take_text(&mut arguments, "sku");
        let sku = known_sku(sku.as_deref().unwrap_or(USUAL_SKU)).map_err(named)?;
        let accounts = reading("find_storage_accounts").expect("the table of readings has it");
        let all = self.find_all(accounts, Arguments::new().with("id", subscription.as_str())).await?;
        let called = |account: &Record| account.text("name").is_some_and(|known| same_text(known, name));
        if let Some(found) = all.into_iter().find(called) {
            self.settle(gate, &NEW_STORAGE_ACCOUNT, name);
            let note = elsewhere(&found, "storage account", name, arguments.text("location"));
            // Another run may have begun to make it.
            let found = match gate.mode() {
                Mode::Apply => self.account_at_work(&found, name, progress).await?,
                Mode::WhatIf => found,
            };
            return Ok(Ensured::unchanged(found).noting(note));
        }
        let location = required(&arguments, "ensure_storage_account", "location").map_err(named)?;
        let location = self.location(&subscription, location).await?;
        let answer = self.check_storage_account_name(&subscription, name).await;
        let unasked = self.is_to_be_had(gate, "storage account", name, answer)?;
        let arguments = arguments
            .with("group", group)
            .with("name", name)
            .with("location", location)
            .with("kind", "StorageV2")
            .with("sku", json!({"name": sku}))
            .with("properties", json!({"minimumTlsVersion": "TLS1_2", "allowBlobPublicAccess": false}));
        let applied = self.apply(gate, &NEW_STORAGE_ACCOUNT, None, arguments).await?;
        let mut ensured = Ensured::created(applied).noting(unasked);
        if ensured.outcome == Outcome::Created {
            ensured.record = self.account_at_work(&ensured.record, name, progress).await?;
        }
        Ok(ensured)
    }

    async fn account_at_work(&self, account: &Record, name: &str, progress: Progress<'_>) -> Result<Record, Trouble> {
        let accounts = reading("get_storage_account").expect("the table of readings has it");
        self.at_work(accounts, account.text("id").unwrap_or_default(), name, progress).await
    }
}

fn known_sku(sku: &str) -> Result<&'static str, Trouble> {
    SKUS.iter().copied().find(|known| same_text(known, sku)).ok_or_else(|| {
        let trouble = Trouble::new(Kind::Invalid, format!("`{sku}` is no kind of storage"))
            .with_code("invalid_argument")
            .with_remedy(format!("use one of {}", SKUS.join(", ")));
        did_you_mean(trouble, sku, SKUS.iter().copied())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::Impact;
    use crate::tenant::testing::Fake;
    use crate::tenant::testing::GROUP;
    use crate::tenant::testing::azure;
    use crate::tenant::testing::gate;
    use crate::tenant::testing::open_gate;
    use crate::tenant::waiting::SILENT;

    async fn ensure(fake: &Fake, name: &str, sku: &str) -> Result<Ensured, Trouble> {
        let arguments = Arguments::new().with("location", "West Europe").with("sku", sku);
        fake.tenant()
            .ensure_storage_account(&open_gate(), GROUP, name, arguments, SILENT)
            .await
    }

    #[tokio::test]
    async fn an_account_is_made_once_and_closed_to_the_public() {
        let fake = azure();

        let first = ensure(&fake, "nwtaudit", "standard_lrs").await.unwrap();
        let again = ensure(&fake, "nwtaudit", "").await.unwrap();

        assert_eq!((first.outcome, again.outcome), (Outcome::Created, Outcome::Unchanged));
        let (_, body) = &fake.writes()[0];
        assert_eq!((&body["sku"]["name"], &body["kind"]), (&json!("Standard_LRS"), &json!("StorageV2")));
        assert_eq!(body["properties"]["allowBlobPublicAccess"], false);
        assert_eq!(fake.writes().len(), 1);
    }

    #[tokio::test]
    async fn an_account_that_is_being_made_is_waited_for_and_one_that_failed_is_told() {
        let path = format!("{GROUP}/providers/Microsoft.Storage/storageAccounts/nwtaudit");
        let in_state = |state: &str| azure().with_resource(&path, json!({"properties": {"provisioningState": state}}));
        let (young, planned, failed) = (in_state("ResolvingDns"), in_state("ResolvingDns"), in_state("Failed"));
        let planning = gate(Mode::WhatIf, Impact::High);

        let ensured = ensure(&young, "nwtaudit", "").await.unwrap();
        let tenant = planned.tenant();
        tenant
            .ensure_storage_account(&planning, GROUP, "nwtaudit", Arguments::new(), SILENT)
            .await
            .unwrap();
        let refused = ensure(&failed, "nwtaudit", "").await.unwrap_err();

        assert_eq!(ensured.record.get("properties").unwrap()["provisioningState"], "Succeeded");
        assert_eq!((young.waited().as_secs(), planned.waited().as_secs()), (5, 0));
        assert!(refused.kind == Kind::Conflict && refused.remedy.is_some());
    }

    #[tokio::test]
    async fn what_cannot_be_had_is_told_before_the_first_write() {
        let fake = azure().with_taken_name("nwtaudit");

        let taken = ensure(&fake, "nwtaudit", "").await.unwrap_err();
        let unsound = ensure(&fake, "Audit-1", "").await.unwrap_err();
        let unknown = ensure(&fake, "nwtaudit", "Standard_LRZ").await.unwrap_err();

        assert_eq!(taken.code, "name_taken");
        assert_eq!(unsound.code, "invalid_name");
        assert_eq!(unknown.remedy.as_deref(), Some("did you mean `Standard_LRS`?"));
        assert!(fake.writes().is_empty());
    }
}

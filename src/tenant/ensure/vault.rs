//! Making sure of a key vault in which we may work.

use serde_json::json;

use crate::change::Gate;
use crate::change::Mode;
use crate::model::Arguments;
use crate::model::Kind;
use crate::model::Record;
use crate::model::Trouble;
use crate::model::same_text;
use crate::tenant::Ensured;
use crate::tenant::Outcome;
use crate::tenant::Tenant;
use crate::tenant::azure::check_vault_rule;
use crate::tenant::azure::subscription_of;
use crate::tenant::ensure::ensured::refuse_unknown;
use crate::tenant::ensure::ensured::required;
use crate::tenant::ensure::location::elsewhere;
use crate::tenant::ensure::vault_access::Rights;
use crate::tenant::ensure::vault_access::is_ruled_by_roles;
use crate::tenant::operations::NEW_VAULT;
use crate::tenant::reading;
use crate::tenant::waiting::Progress;

/// What whoever sets a vault up must be allowed in it. Over REST nobody gets this by having made the vault.
const CERTIFICATES: &[&str] = &["get", "list", "create", "update", "delete", "recover", "import"];
const SECRETS: &[&str] = &["get", "list", "set", "delete", "recover"];

impl Tenant {
    /// The key vault `name`: the one of that name anywhere in the subscription, or a new one in `group` (a resource id). Access
    /// policies rule a new one, and the caller gets one where policies rule.
    pub async fn ensure_vault(
        &self,
        gate: &Gate,
        group: &str,
        name: &str,
        arguments: Arguments,
        progress: Progress<'_>,
    ) -> Result<Ensured, Trouble> {
        let named = |trouble: Trouble| trouble.in_tenant(&self.tag().name);
        refuse_unknown(&arguments, "ensure_vault", &["location", "tags"]).map_err(named)?;
        check_vault_rule(name).map_err(named)?;
        let subscription = subscription_of(group).map_err(named)?;
        match self.vault_called(&subscription, group, name).await? {
            Some(found) => self.reuse_vault(gate, found, group, &arguments, progress).await,
            None => self.make_vault(gate, &subscription, group, name, arguments, progress).await,
        }
    }

    async fn vault_called(&self, subscription: &str, group: &str, name: &str) -> Result<Option<Record>, Trouble> {
        let vaults = reading("find_vaults").expect("the table of readings has it");
        match self.find_all(vaults, Arguments::new().with("id", subscription)).await {
            Ok(all) => Ok(all
                .into_iter()
                .find(|vault| vault.text("name").is_some_and(|known| same_text(known, name)))),
            // Whoever may only see the group can still find it there.
            Err(trouble) if trouble.kind == Kind::Forbidden => {
                let vault = reading("get_vault").expect("the table of readings has it");
                self.look_up(vault, &format!("{group}/providers/Microsoft.KeyVault/vaults/{name}"))
                    .await
            }
            Err(trouble) => Err(trouble),
        }
    }

    async fn reuse_vault(
        &self,
        gate: &Gate,
        found: Record,
        group: &str,
        arguments: &Arguments,
        progress: Progress<'_>,
    ) -> Result<Ensured, Trouble> {
        let name = found.text("name").unwrap_or_default().to_owned();
        let id = found.text("id").unwrap_or_default().to_owned();
        let is_inside = id.to_lowercase().starts_with(&format!("{}/", group.to_lowercase()));
        let elsewhere = elsewhere(&found, "vault", &name, arguments.text("location"));
        let other_group = (!is_inside).then(|| format!("the vault `{name}` is there already, in another resource group: {id}"));
        let found = match gate.mode() {
            Mode::Apply => self.vault_at_work(&id, &name, progress).await?,
            Mode::WhatIf => found,
        };
        let ensured = self.open_to_caller(gate, found).await?;
        if ensured.outcome == Outcome::Unchanged {
            self.settle(gate, &NEW_VAULT, &name);
        }
        Ok(ensured.noting(other_group).noting(elsewhere))
    }

    async fn make_vault(
        &self,
        gate: &Gate,
        subscription: &str,
        group: &str,
        name: &str,
        arguments: Arguments,
        progress: Progress<'_>,
    ) -> Result<Ensured, Trouble> {
        let location = required(&arguments, "ensure_vault", "location").map_err(|trouble| trouble.in_tenant(&self.tag().name))?;
        let location = self.location(subscription, location).await?;
        let answer = self.check_vault_name(subscription, name).await;
        let unasked = self.is_to_be_had(gate, "vault", name, answer)?;
        let caller = self.caller().await?;
        let policy = json!({"objectId": caller.object_id, "permissions": {"certificates": CERTIFICATES, "secrets": SECRETS, "keys": []}});
        let arguments = arguments
            .with("group", group)
            .with("name", name)
            .with("location", location)
            .with("properties", json!({"enableRbacAuthorization": false, "accessPolicies": [policy]}));
        let mut ensured = Ensured::created(self.apply(gate, &NEW_VAULT, None, arguments).await?);
        if ensured.outcome == Outcome::Planned {
            // Its URL follows from its name, which is unique.
            let uri = format!("https://{}.{}/", name.to_lowercase(), self.connection().cloud().vault_suffix);
            let mut properties = ensured.record.get("properties").cloned().unwrap_or_else(|| json!({}));
            properties["vaultUri"] = uri.into();
            ensured.record.set("properties", properties);
            return Ok(ensured.noting(unasked));
        }
        let id = ensured.record.text("id").unwrap_or_default().to_owned();
        ensured.record = self.vault_at_work(&id, name, progress).await?;
        Ok(ensured)
    }

    /// The vault with the caller let in, by a policy or, where Azure roles rule, by roles. Many may write a vault and not assign
    /// roles; whether that was needed, the vault will say.
    async fn open_to_caller(&self, gate: &Gate, vault: Record) -> Result<Ensured, Trouble> {
        let caller = self.caller().await?;
        let rights = Rights::new(CERTIFICATES, SECRETS);
        if !is_ruled_by_roles(&vault) {
            let granted = self.give_policy(gate, &vault, &caller.object_id, &rights).await?;
            return Ok(granted.map_or_else(|| Ensured::unchanged(vault), Ensured::updated));
        }
        match self.give_roles(gate, &vault, &caller.object_id, &rights).await {
            Ok(outcome) => Ok(Ensured {
                outcome,
                ..Ensured::unchanged(vault)
            }),
            Err(trouble) if trouble.kind == Kind::Forbidden => {
                let note = format!(
                    "the vault `{}` is ruled by Azure roles, and this application may not assign them; should it be refused there, an Owner or \
                     User Access Administrator assigns Key Vault Certificates Officer and Key Vault Secrets Officer on {} to object id {}",
                    vault.text("name").unwrap_or_default(),
                    vault.text("id").unwrap_or_default(),
                    caller.object_id
                );
                Ok(Ensured::unchanged(vault).noting(Some(note)))
            }
            Err(trouble) => Err(trouble),
        }
    }

    /// The vault as soon as it is made; its host name takes a while.
    async fn vault_at_work(&self, id: &str, name: &str, progress: Progress<'_>) -> Result<Record, Trouble> {
        let vaults = reading("get_vault").expect("the table of readings has it");
        self.at_work(vaults, id, name, progress).await
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::change::Impact;
    use crate::tenant::testing::Fake;
    use crate::tenant::testing::GROUP;
    use crate::tenant::testing::SUBSCRIPTION;
    use crate::tenant::testing::VAULT;
    use crate::tenant::testing::azure;
    use crate::tenant::testing::gate;
    use crate::tenant::testing::open_gate;
    use crate::tenant::testing::refusal;
    use crate::tenant::waiting::SILENT;

    async fn ensure(fake: &Fake, gate: &Gate, name: &str) -> Result<Ensured, Trouble> {
        let arguments = Arguments::new().with("location", "West Europe");
        fake.tenant().ensure_vault(gate, GROUP, name, arguments, SILENT).await
    }

    #[tokio::test]
    async fn a_vault_is_made_once_with_a_policy_for_the_caller() {
        let fake = azure();

        let first = ensure(&fake, &open_gate(), "nwt-kv").await.unwrap();
        let again = ensure(&fake, &open_gate(), "NWT-kv").await.unwrap();

        assert_eq!((first.outcome, again.outcome), (Outcome::Created, Outcome::Unchanged));
        let (call, body) = &fake.writes()[0];
        assert_eq!((call, fake.writes().len()), (&format!("PUT {VAULT}"), 1));
        let properties = &body["properties"];
        assert_eq!(
            (&properties["enableRbacAuthorization"], &properties["softDeleteRetentionInDays"]),
            (&json!(false), &json!(90))
        );
        assert_eq!(properties["accessPolicies"][0]["objectId"], "id-admin");
        assert_eq!(body["location"], "westeurope");
        assert_eq!(body.get("group"), None);
    }

    #[tokio::test]
    async fn a_vault_of_another_group_is_used_and_opened_to_the_caller() {
        let elsewhere = VAULT.replace("rg-xtmove", "rg-other");
        let fake = azure().with_resource(
            &elsewhere,
            json!({"location": "northeurope", "properties": {"accessPolicies": [{"objectId": "6c6c", "permissions": {}}]}}),
        );

        let ensured = ensure(&fake, &open_gate(), "nwt-kv").await.unwrap();

        assert_eq!(ensured.outcome, Outcome::Updated);
        assert_eq!(fake.written(), [format!("PUT {elsewhere}/accessPolicies/add")]);
        assert!(ensured.notes[0].contains("another resource group") && ensured.notes[1].contains("northeurope"));
    }

    #[tokio::test]
    async fn in_a_vault_ruled_by_roles_the_caller_gets_those_that_he_lacks_once() {
        let fake = azure().with_resource(
            VAULT,
            json!({"location": "westeurope", "properties": {"enableRbacAuthorization": true}}),
        );

        let first = ensure(&fake, &open_gate(), "nwt-kv").await.unwrap();
        let again = ensure(&fake, &open_gate(), "nwt-kv").await.unwrap();

        assert_eq!((first.outcome, again.outcome), (Outcome::Updated, Outcome::Unchanged));
        let roles: Vec<_> = fake.writes().into_iter().map(|(_, body)| body["properties"].clone()).collect();
        let is = |of: &serde_json::Value, role: &str| {
            of["principalId"] == "id-admin" && of["roleDefinitionId"].as_str().unwrap().ends_with(role)
        };
        assert!(is(&roles[0], "a4417e6f-fecd-4de8-b567-7b0420556985"));
        assert!(is(&roles[1], "b86a8fe4-44ce-4948-aee5-eccb2c155cd7"));
        assert_eq!(roles.len(), 2);
    }

    #[tokio::test]
    async fn whoever_may_not_assign_roles_is_told_who_may_and_goes_on() {
        let fake = azure()
            .with_resource(VAULT, json!({"properties": {"enableRbacAuthorization": true}}))
            .refusing(|call, _| {
                call.contains("roleAssignments")
                    .then(|| refusal(call, 403, "AuthorizationFailed", "no"))
            });

        let ensured = ensure(&fake, &open_gate(), "nwt-kv").await.unwrap();

        assert_eq!(ensured.outcome, Outcome::Unchanged);
        for part in ["Certificates Officer", "Secrets Officer", "User Access Administrator", VAULT] {
            assert!(ensured.notes[0].contains(part), "{}", ensured.notes[0]);
        }
    }

    #[tokio::test]
    async fn a_slip_in_an_argument_is_told_also_when_the_vault_is_there() {
        let fake = azure().with_resource(VAULT, json!({"properties": {}}));
        let slip = Arguments::new().with("locaton", "West Europe");

        let refused = fake
            .tenant()
            .ensure_vault(&open_gate(), GROUP, "nwt-kv", slip, SILENT)
            .await
            .unwrap_err();

        assert_eq!(refused.remedy.as_deref(), Some("did you mean `location`?"));
        assert!(fake.reads().is_empty());
    }

    #[tokio::test]
    async fn a_plan_goes_on_where_the_name_cannot_be_asked_for_yet() {
        let unregistered = || {
            azure().refusing_reads(|call, _| {
                call.contains("VaultName")
                    .then(|| refusal(call, 409, "MissingSubscriptionRegistration", "not registered"))
            })
        };

        let planned = ensure(&unregistered(), &gate(Mode::WhatIf, Impact::High), "nwt-kv").await.unwrap();
        let refused = ensure(&unregistered(), &open_gate(), "nwt-kv").await.unwrap_err();

        assert_eq!(planned.outcome, Outcome::Planned);
        assert!(planned.notes[0].contains("was not checked"));
        assert_eq!(refused.code, "MissingSubscriptionRegistration");
    }

    #[tokio::test]
    async fn a_name_that_cannot_be_had_is_told_before_the_first_write() {
        let taken = azure().with_taken_name("nwt-kv");
        let deleted = azure().with_resource(
            &format!("{SUBSCRIPTION}/providers/Microsoft.KeyVault/deletedVaults/nwt-kv"),
            json!({"properties": {"deletionDate": "2026-01-02T08:00:00Z", "scheduledPurgeDate": "2026-04-02T08:00:00Z"}}),
        );

        let of_another = ensure(&taken, &open_gate(), "nwt-kv").await.unwrap_err();
        let of_a_removed_one = ensure(&deleted, &open_gate(), "nwt-kv").await.unwrap_err();
        let unsound = ensure(&azure(), &open_gate(), "nwt_kv").await.unwrap_err();

        assert_eq!(of_another.code, "name_taken");
        assert!(of_a_removed_one.message.contains("2026-04-02"));
        assert!(of_a_removed_one.remedy.clone().unwrap().contains("recover_vault"));
        assert_eq!(unsound.code, "invalid_name");
        assert!(taken.writes().is_empty() && deleted.writes().is_empty());
    }

    #[tokio::test]
    async fn a_planned_vault_has_the_id_and_url_that_it_will_have() {
        let fake = azure();

        let planned = ensure(&fake, &gate(Mode::WhatIf, Impact::High), "nwt-kv").await.unwrap();

        assert_eq!(planned.record.text("id"), Some(VAULT));
        assert_eq!(
            planned.record.get("properties").unwrap()["vaultUri"],
            "https://nwt-kv.vault.azure.net/"
        );
        assert!(fake.writes().is_empty());
        assert_eq!(fake.waited(), Duration::ZERO);
    }
}

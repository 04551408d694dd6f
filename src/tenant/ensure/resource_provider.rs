//! Making sure that a subscription may use a part of Azure.

use std::time::Duration;

use crate::change::Applied;
use crate::change::Fate;
use crate::change::Gate;
use crate::change::Mode;
use crate::model::Arguments;
use crate::model::Kind;
use crate::model::Record;
use crate::model::Trouble;
use crate::tenant::Ensured;
use crate::tenant::Outcome;
use crate::tenant::Tenant;
use crate::tenant::azure::last_segment;
use crate::tenant::azure::subscription_of;
use crate::tenant::operations::REGISTER_RESOURCE_PROVIDER;
use crate::tenant::reading;
use crate::tenant::waiting::Progress;
use crate::tenant::waiting::Wait;

const EVERY: Duration = Duration::from_secs(10);
const AT_MOST: Duration = Duration::from_secs(900);

impl Tenant {
    /// The resource provider `namespace` (such as `Microsoft.KeyVault`) registered in the subscription, and done with registering.
    pub async fn ensure_resource_provider(
        &self,
        gate: &Gate,
        subscription: &str,
        namespace: &str,
        progress: Progress<'_>,
    ) -> Result<Ensured, Trouble> {
        let subscription = subscription_of(subscription).map_err(|trouble| trouble.in_tenant(&self.tag().name))?;
        let id = format!("{subscription}/providers/{namespace}");
        let found = self.provider(&id).await?;
        if is_in_state(&found, "Registered") {
            self.settle(gate, &REGISTER_RESOURCE_PROVIDER, namespace);
            return Ok(Ensured::unchanged(found));
        }
        // Another run may have begun it.
        if !is_in_state(&found, "Registering") {
            let applied = self.apply(gate, &REGISTER_RESOURCE_PROVIDER, Some(&id), Arguments::new()).await;
            let applied = applied.map_err(|trouble| self.cannot_register(trouble, &subscription, namespace))?;
            if applied.fate == Fate::Planned {
                let record = applied.record.clone().with("registrationState", "Registered");
                return Ok(Ensured::updated(Applied { record, ..applied }));
            }
        } else if gate.mode() == Mode::WhatIf {
            return Ok(Ensured::unchanged(found));
        }
        let wait = Wait::new(format!("the registration of {namespace}"), EVERY, AT_MOST);
        let registered = self
            .wait_for(&wait, progress, async || {
                let found = self.provider(&id).await?;
                Ok(is_in_state(&found, "Registered").then_some(found))
            })
            .await?;
        Ok(Ensured {
            outcome: Outcome::Updated,
            ..Ensured::unchanged(registered)
        })
    }

    async fn provider(&self, id: &str) -> Result<Record, Trouble> {
        self.get(reading("get_resource_provider").expect("the table of readings has it"), Some(id))
            .await
    }

    fn cannot_register(&self, mut trouble: Trouble, subscription: &str, namespace: &str) -> Trouble {
        if trouble.kind == Kind::Forbidden {
            trouble.remedy = Some(format!(
                "let a Contributor or Owner of the subscription run `az provider register --namespace {namespace} --subscription {}`, \
                 then run this again",
                last_segment(subscription)
            ));
        }
        trouble
    }
}

fn is_in_state(provider: &Record, state: &str) -> bool {
    provider
        .text("registrationState")
        .is_some_and(|known| known.eq_ignore_ascii_case(state))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::change::Impact;
    use crate::tenant::testing::Fake;
    use crate::tenant::testing::SUBSCRIPTION;
    use crate::tenant::testing::gate;
    use crate::tenant::testing::open_gate;
    use crate::tenant::testing::refusal;
    use crate::tenant::waiting::SILENT;

    fn service(state: &str) -> Fake {
        Fake::new().with_resource(
            &format!("{SUBSCRIPTION}/providers/Microsoft.KeyVault"),
            json!({"namespace": "Microsoft.KeyVault", "registrationState": state}),
        )
    }

    async fn ensure(fake: &Fake, gate: &Gate) -> Result<Ensured, Trouble> {
        fake.tenant()
            .ensure_resource_provider(gate, SUBSCRIPTION, "Microsoft.KeyVault", SILENT)
            .await
    }

    #[tokio::test]
    async fn a_provider_is_registered_once_and_waited_for() {
        let fake = service("NotRegistered");

        let first = ensure(&fake, &open_gate()).await.unwrap();
        let again = ensure(&fake, &open_gate()).await.unwrap();

        assert_eq!((first.outcome, again.outcome), (Outcome::Updated, Outcome::Unchanged));
        assert_eq!(first.record.text("registrationState"), Some("Registered"));
        assert_eq!(
            fake.written(),
            [format!("POST {SUBSCRIPTION}/providers/Microsoft.KeyVault/register")]
        );
        assert!(fake.waited() >= EVERY);
    }

    #[tokio::test]
    async fn a_registration_that_is_under_way_is_not_begun_again() {
        let fake = service("Registering");

        ensure(&fake, &open_gate()).await.unwrap();

        assert!(fake.writes().is_empty());
    }

    #[tokio::test]
    async fn whoever_may_not_register_is_told_what_to_have_run_by_whom() {
        let fake = service("NotRegistered").refusing(|call, _| Some(refusal(call, 403, "AuthorizationFailed", "no")));

        let refused = ensure(&fake, &open_gate()).await.unwrap_err();

        let remedy = refused.remedy.clone().unwrap();
        assert!(remedy.contains("az provider register --namespace Microsoft.KeyVault") && remedy.contains("Contributor"));
    }

    #[tokio::test]
    async fn what_if_neither_registers_nor_waits() {
        for state in ["NotRegistered", "Registering"] {
            let fake = service(state);

            ensure(&fake, &gate(Mode::WhatIf, Impact::Irreversible)).await.unwrap();

            assert!(fake.writes().is_empty());
            assert_eq!(fake.waited(), Duration::ZERO);
        }
    }
}

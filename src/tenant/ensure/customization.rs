//! Making sure that the organization is open for customization.

use std::time::Duration;

use crate::change::Applied;
use crate::change::Fate;
use crate::change::Gate;
use crate::model::Arguments;
use crate::model::Record;
use crate::model::Trouble;
use crate::tenant::Ensured;
use crate::tenant::Outcome;
use crate::tenant::Tenant;
use crate::tenant::ensure::waiting::mentions;
use crate::tenant::operations::ENABLE_ORGANIZATION_CUSTOMIZATION;
use crate::tenant::reading;
use crate::tenant::waiting::Progress;
use crate::tenant::waiting::Wait;

const EVERY: Duration = Duration::from_secs(30);
const AT_MOST: Duration = Duration::from_secs(3600);

impl Tenant {
    /// Enables customization where the organization needs it and waits until it is there, telling `progress` meanwhile.
    pub async fn ensure_customization(&self, gate: &Gate, progress: Progress<'_>) -> Result<Ensured, Trouble> {
        let config = self.organization_config().await?;
        if !is_dehydrated(&config) {
            self.settle(gate, &ENABLE_ORGANIZATION_CUSTOMIZATION, &self.tag().domain);
            return Ok(Ensured::unchanged(config));
        }
        match self.apply(gate, &ENABLE_ORGANIZATION_CUSTOMIZATION, None, Arguments::new()).await {
            Ok(applied) if applied.fate == Fate::Planned => {
                return Ok(Ensured::updated(Applied {
                    record: config.with("IsDehydrated", false),
                    ..applied
                }));
            }
            Ok(_) => {}
            // Another administrator, or an earlier run, was first.
            Err(trouble)
                if mentions(
                    &trouble,
                    &["already enabled", "not required", "already customized", "AlreadyEnabled"],
                ) => {}
            Err(trouble) => return Err(trouble),
        }
        self.wait_for_customization(progress).await
    }

    async fn wait_for_customization(&self, progress: Progress<'_>) -> Result<Ensured, Trouble> {
        let wait = Wait::new(format!("customization of {}", self.tag().domain), EVERY, AT_MOST);
        let config = self
            .wait_for(&wait, progress, async || {
                let config = self.organization_config().await?;
                Ok((!is_dehydrated(&config)).then_some(config))
            })
            .await?;
        Ok(Ensured {
            outcome: Outcome::Updated,
            ..Ensured::unchanged(config)
        })
    }

    pub(super) async fn organization_config(&self) -> Result<Record, Trouble> {
        self.get(reading("get_organization_config").expect("the table of readings has it"), None)
            .await
    }
}

/// Whether the organization still shares the settings of all the others, and refuses its own.
pub(super) fn is_dehydrated(config: &Record) -> bool {
    config.flag("IsDehydrated") == Some(true)
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use serde_json::json;

    use super::*;
    use crate::change::Impact;
    use crate::change::Mode;
    use crate::model::Kind;
    use crate::tenant::testing::Fake;
    use crate::tenant::testing::gate;
    use crate::tenant::testing::open_gate;

    fn service(is_dehydrated: bool) -> Fake {
        Fake::new().with("OrganizationConfig", json!({"Name": "northwind", "IsDehydrated": is_dehydrated}))
    }

    #[tokio::test]
    async fn an_organization_that_is_open_is_left_alone() {
        let ensured = service(false).tenant().ensure_customization(&open_gate(), &|_| ()).await.unwrap();

        assert_eq!(ensured.outcome, Outcome::Unchanged);
    }

    #[tokio::test]
    async fn customization_is_waited_for_and_told() {
        let fake = service(true);
        let told = Mutex::new(Vec::new());
        let progress = |line: &str| {
            told.lock().unwrap().push(line.to_owned());
            if told.lock().unwrap().len() == 3 {
                fake.change("OrganizationConfig", |all| all[0].set("IsDehydrated", false));
            }
        };

        let ensured = fake.tenant().ensure_customization(&open_gate(), &progress).await.unwrap();

        assert_eq!(ensured.outcome, Outcome::Updated);
        assert_eq!(fake.written(), ["Enable-OrganizationCustomization"]);
        assert_eq!(fake.waited(), EVERY * 5);
    }

    #[tokio::test]
    async fn after_an_hour_the_wait_ends_with_advice() {
        let gave_up = service(true)
            .tenant()
            .ensure_customization(&open_gate(), &|_| ())
            .await
            .unwrap_err();

        assert_eq!(gave_up.kind, Kind::Timeout);
        assert!(gave_up.remedy.is_some());
    }

    #[tokio::test]
    async fn what_if_neither_writes_nor_waits() {
        let fake = service(true);

        let ensured = fake
            .tenant()
            .ensure_customization(&gate(Mode::WhatIf, Impact::Irreversible), &|_| ())
            .await
            .unwrap();

        assert_eq!((ensured.outcome, fake.waited()), (Outcome::Planned, Duration::ZERO));
        assert!(fake.writes().is_empty());
    }
}

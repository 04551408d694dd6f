//! Making sure that the organization is open for customization.

use std::time::Duration;

use crate::change::Fate;
use crate::change::Gate;
use crate::model::Arguments;
use crate::model::Kind;
use crate::model::Record;
use crate::model::Trouble;
use crate::tenant::Ensured;
use crate::tenant::Tenant;
use crate::tenant::ensure::waiting::mentions;
use crate::tenant::operations::ENABLE_ORGANIZATION_CUSTOMIZATION;
use crate::tenant::reading;

const EVERY: Duration = Duration::from_secs(30);
const AT_MOST: Duration = Duration::from_secs(3600);

impl Tenant {
    /// Enables customization where the organization needs it and waits until it is there, telling `progress` meanwhile.
    pub async fn ensure_customization(&self, gate: &Gate, progress: &(dyn Fn(&str) + Sync)) -> Result<Ensured, Trouble> {
        let config = self.organization_config().await?;
        if !is_dehydrated(&config) {
            return Ok(Ensured::unchanged(config));
        }
        match self.apply(gate, &ENABLE_ORGANIZATION_CUSTOMIZATION, None, Arguments::new()).await {
            Ok(applied) if applied.fate == Fate::Planned => {
                return Ok(Ensured::updated(crate::change::Applied {
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

    async fn wait_for_customization(&self, progress: &(dyn Fn(&str) + Sync)) -> Result<Ensured, Trouble> {
        let clock = self.wire().clock();
        let started = clock.now();
        loop {
            clock.sleep(EVERY).await;
            let config = self.organization_config().await?;
            let waited = Duration::try_from(clock.now().duration_since(started)).unwrap_or_default();
            if !is_dehydrated(&config) {
                return Ok(Ensured {
                    outcome: crate::tenant::Outcome::Updated,
                    ..Ensured::unchanged(config)
                });
            }
            if waited >= AT_MOST {
                return Err(Trouble::new(
                    Kind::Timeout,
                    format!("`{}` is still not open for customization after an hour", self.tag().domain),
                )
                .with_remedy("wait some more and run this again; nothing has to be undone")
                .in_tenant(&self.tag().name)
                .retryable());
            }
            progress(&format!(
                "waiting for customization of {}: {} min of up to 60",
                self.tag().domain,
                waited.as_secs() / 60
            ));
        }
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

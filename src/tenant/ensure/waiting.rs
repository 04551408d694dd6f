//! What is waited out, and how long. The numbers are what administrators report of the service.

use std::time::Duration;

use crate::change::Patience;
use crate::model::Kind;
use crate::model::Record;
use crate::model::Trouble;
use crate::model::same_text;
use crate::tenant::Reading;
use crate::tenant::Tenant;
use crate::tenant::waiting::Progress;
use crate::tenant::waiting::SILENT;
use crate::tenant::waiting::Wait;

/// An object that was just made is not known everywhere yet.
pub(super) const REPLICATION: Patience = Patience::new(is_replicating, REPLICATION_EVERY, REPLICATION_IN_ALL);
const REPLICATION_EVERY: Duration = Duration::from_secs(5);
const REPLICATION_IN_ALL: Duration = Duration::from_secs(120);

/// The wait for `what` to be seen by those who read.
pub(super) fn replication(what: &str) -> Wait {
    Wait::new(what, REPLICATION_EVERY, REPLICATION_IN_ALL)
}

/// Customization was just enabled, and writes still fail although the organization says that it is ready.
pub(super) const CUSTOMIZATION: Patience = Patience::new(is_dehydrated, Duration::from_secs(30), Duration::from_secs(3600));

/// A secret or consent that was just given is not known to every sign-in server yet.
pub(super) const FRESH_CREDENTIAL: Patience = Patience::new(is_unknown_credential, Duration::from_secs(10), Duration::from_secs(180));

/// Access to a vault that was just given is not in force everywhere yet, nor does a new vault's host resolve at once.
pub(super) const FRESH_ACCESS: Patience = Patience::new(is_not_let_in_yet, ACCESS_EVERY, ACCESS_IN_ALL);
const ACCESS_EVERY: Duration = Duration::from_secs(10);
const ACCESS_IN_ALL: Duration = Duration::from_secs(120);

/// A resource of Azure is there before it works: its host name takes a while, and so does what is underneath.
const PROVISIONING_EVERY: Duration = Duration::from_secs(5);
const PROVISIONING_IN_ALL: Duration = Duration::from_secs(600);

/// The wait for access to `vault`, where it is read rather than written.
pub(super) fn fresh_access(vault: &str) -> Wait {
    Wait::new(format!("access to the vault {vault}"), ACCESS_EVERY, ACCESS_IN_ALL)
}

pub(super) fn is_not_let_in_yet(trouble: &Trouble) -> bool {
    is_no_host(trouble) || ["ForbiddenByPolicy", "ForbiddenByRbac"].iter().any(|code| trouble.code == *code)
}

/// Whether the vault's host is not known (yet).
pub(super) fn is_no_host(trouble: &Trouble) -> bool {
    trouble.code == "UnknownHost"
}

fn is_replicating(trouble: &Trouble) -> bool {
    trouble.kind == Kind::NotFound
        || mentions(
            trouble,
            &[
                "NoBackingApplicationObject",
                "Directory_ConcurrencyViolation",
                "backing application",
                "PrincipalNotFound",
            ],
        )
}

fn is_dehydrated(trouble: &Trouble) -> bool {
    mentions(trouble, &["InvalidOperationInDehydratedContextException"])
}

fn is_unknown_credential(trouble: &Trouble) -> bool {
    mentions(trouble, &["AADSTS7000215", "AADSTS700016", "AADSTS7000229"])
}

impl Tenant {
    /// An object that was just made, as soon as it is known.
    pub(super) async fn get_newborn(&self, reading: &'static Reading, identity: &str) -> Result<Record, Trouble> {
        self.newborn(reading.noun, identity, async || self.get(reading, Some(identity)).await)
            .await
    }

    /// The resource `id` as soon as Azure is done with making it. One whose making failed is trouble.
    pub(super) async fn at_work(&self, reading: &'static Reading, id: &str, name: &str, progress: Progress<'_>) -> Result<Record, Trouble> {
        let wait = Wait::new(format!("the {} {name}", reading.noun), PROVISIONING_EVERY, PROVISIONING_IN_ALL);
        self.wait_for(&wait, progress, async || {
            let resource = self.get(reading, Some(id)).await?;
            let state = resource
                .get("properties")
                .and_then(|properties| properties["provisioningState"].as_str())
                .unwrap_or("Succeeded");
            let is = |word: &str| same_text(state, word);
            if is("Failed") || is("Canceled") {
                let message = format!(
                    "the {} `{name}` was not made: Azure says that it has {}",
                    reading.noun,
                    state.to_lowercase()
                );
                return Err(self.conflict(name, message, "look at its activity log in Azure, remove it, and run this again"));
            }
            Ok(is("Succeeded").then_some(resource))
        })
        .await
    }

    /// What `look` finds of an object that was just made, as soon as it is known.
    pub(super) async fn newborn(
        &self,
        noun: &str,
        identity: &str,
        look: impl AsyncFnMut() -> Result<Record, Trouble>,
    ) -> Result<Record, Trouble> {
        let wait = replication(&format!("{noun} `{identity}`"));
        let is_absent = |trouble: &Trouble| trouble.kind == Kind::NotFound;
        self.wait_out(&wait, SILENT, is_absent, look).await
    }
}

/// Whether code, sentence or causes hold one of `words`.
pub(super) fn mentions(trouble: &Trouble, words: &[&str]) -> bool {
    let texts = || [&trouble.code, &trouble.message].into_iter().chain(&trouble.causes);
    words
        .iter()
        .any(|word| texts().any(|text| text.to_lowercase().contains(&word.to_lowercase())))
}

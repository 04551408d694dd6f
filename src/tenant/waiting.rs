//! Waiting for what a service does in its own time, by the connection's clock and with a deadline.

use std::time::Duration;

use crate::model::Kind;
use crate::model::Trouble;
use crate::tenant::Tenant;

/// What is told while something is waited for.
pub(super) type Progress<'a> = &'a (dyn Fn(&str) + Sync);

/// Nobody is told.
pub(super) const SILENT: Progress<'static> = &|_| ();

const LATE: &str = "wait_timeout";

/// What is waited for, how often it is looked at, and for how long.
pub(super) struct Wait {
    what: String,
    every: Duration,
    at_most: Duration,
}

impl Wait {
    /// `what` completes "waiting for ...".
    pub(super) fn new(what: impl Into<String>, every: Duration, at_most: Duration) -> Self {
        Self {
            what: what.into(),
            every,
            at_most,
        }
    }

    fn over(&self) -> Trouble {
        let message = format!("waited {} for {} in vain", shown(self.at_most), self.what);
        Trouble::new(Kind::Timeout, message)
            .with_code(LATE)
            .with_remedy("wait some more and run this again; nothing has to be undone")
            .retryable()
    }

    /// Long waits are told by the minute, short ones by the second.
    fn told(&self, waited: Duration) -> String {
        let (unit, seconds) = if self.at_most.as_secs() >= 600 { ("min", 60) } else { ("s", 1) };
        let (waited, at_most) = (waited.as_secs() / seconds, self.at_most.as_secs() / seconds);
        format!("waiting for {}: {waited} {unit} of up to {at_most}", self.what)
    }
}

fn shown(duration: Duration) -> String {
    match (duration.as_secs(), duration.as_secs() % 60) {
        (seconds @ 60.., 0) => format!("{} min", seconds / 60),
        (seconds, _) => format!("{seconds} s"),
    }
}

impl Tenant {
    /// Looks until there is something to be seen. A look that fails ends the wait.
    pub(super) async fn wait_for<T>(
        &self,
        wait: &Wait,
        progress: Progress<'_>,
        mut look: impl AsyncFnMut() -> Result<Option<T>, Trouble>,
    ) -> Result<T, Trouble> {
        let look = async || look().await?.ok_or_else(|| wait.over());
        let is_early = |trouble: &Trouble| trouble.code == LATE;
        self.wait_out(wait, progress, is_early, look).await
    }

    /// Looks again while it is refused with trouble that `passes`; the last refusal counts.
    pub(super) async fn wait_out<T>(
        &self,
        wait: &Wait,
        progress: Progress<'_>,
        passes: impl Fn(&Trouble) -> bool,
        mut look: impl AsyncFnMut() -> Result<T, Trouble>,
    ) -> Result<T, Trouble> {
        let clock = self.wire().clock();
        let started = clock.now();
        let mut told = None;
        loop {
            let trouble = match look().await {
                Err(trouble) if passes(&trouble) => trouble.in_tenant(&self.tag().name),
                answer => return answer,
            };
            let waited = Duration::try_from(clock.now().duration_since(started)).unwrap_or_default();
            if waited >= wait.at_most {
                return Err(trouble);
            }
            let line = wait.told(waited);
            if told.as_ref() != Some(&line) {
                progress(&line);
                told = Some(line);
            }
            clock.sleep(wait.every).await;
        }
    }
}

//! `SandboxClock`: the client's clock when its tenants live in the sandbox, so that waiting takes no time.

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use jiff::Timestamp;

use crate::platform::Clock;
use crate::sandbox::Sandbox;

/// Tells the sandbox's time, and waits by moving it forward. Holding it keeps the sandbox open.
pub struct SandboxClock(pub Arc<Sandbox>);

impl Clock for SandboxClock {
    fn now(&self) -> Timestamp {
        self.0.last_known_now()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            // A sandbox that is gone also fails the request that follows the wait, and that one is reported.
            if let Err(error) = self.0.advance(duration).await {
                tracing::warn!(%error, "the sandbox's clock could not be moved");
            }
        })
    }
}

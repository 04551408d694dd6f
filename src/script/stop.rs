//! `Stop`: ends a run from outside, also while a host function waits for the service.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

use tokio::sync::Notify;

/// A switch that is shared by the run and by whoever may stop it, such as the handler of Ctrl-C.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<Switch>);

#[derive(Debug, Default)]
struct Switch {
    is_pulled: AtomicBool,
    waiters: Notify,
}

impl Stop {
    /// Ends the run as soon as it looks or waits.
    pub fn pull(&self) {
        self.0.is_pulled.store(true, Ordering::SeqCst);
        self.0.waiters.notify_waiters();
    }

    /// Whether the run is to end.
    pub fn is_pulled(&self) -> bool {
        self.0.is_pulled.load(Ordering::Relaxed)
    }

    /// Returns once the switch is pulled.
    pub async fn pulled(&self) {
        loop {
            // Registered before looking, so that a pull in between is not missed.
            let notified = self.0.waiters.notified();
            if self.0.is_pulled.load(Ordering::SeqCst) {
                return;
            }
            notified.await;
        }
    }
}

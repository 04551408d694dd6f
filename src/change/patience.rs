//! `Patience`: which refusals of a write pass by themselves. A directory of many servers refuses for a while what it has just
//! accepted (an object that is not everywhere yet, a tenant still being customized), and sending again is then right, because a
//! refused write has changed nothing.

use std::time::Duration;

use crate::model::Trouble;

/// Which refusals are waited out, how often, and for how long.
#[derive(Clone, Copy)]
pub struct Patience {
    passes: fn(&Trouble) -> bool,
    every: Duration,
    in_all: Duration,
}

impl Patience {
    /// No refusal is waited out.
    pub const NONE: Patience = Patience {
        passes: |_| false,
        every: Duration::ZERO,
        in_all: Duration::ZERO,
    };

    /// Sends again each `every` until `in_all` has passed, while `passes` holds for the refusal.
    pub const fn new(passes: fn(&Trouble) -> bool, every: Duration, in_all: Duration) -> Self {
        Self { passes, every, in_all }
    }

    /// How long to wait after `trouble` when `waited` has been spent already; `None` to give up.
    pub(super) fn wait(&self, trouble: &Trouble, waited: Duration) -> Option<Duration> {
        ((self.passes)(trouble) && waited + self.every <= self.in_all && !self.every.is_zero()).then_some(self.every)
    }
}

impl std::fmt::Debug for Patience {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Patience({:?} each {:?})", self.in_all, self.every)
    }
}

//! The clock while it runs: each request first catches up with it, and what falls due between requests happens by itself.

use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::Weak;
use std::sync::atomic::Ordering;
use std::time::Duration;
use std::time::Instant;

use jiff::SignedDuration;
use jiff::Timestamp;

use super::pace::Pace;
use crate::sandbox::world::World;

/// Under this key the state keeps the rate that somebody set.
const RATE: &str = "rate";
/// How far the state's time may lie behind, so that not every reading request has to write it.
const STEP: SignedDuration = SignedDuration::from_secs(1);
/// How far the state's time may lie behind when nobody asks: that much is lost when the process is killed.
const IDLE_STEP: SignedDuration = SignedDuration::from_mins(1);
/// How often it is looked whether something earlier was scheduled, or the rate was changed.
const LOOK: Duration = Duration::from_secs(1);

impl World {
    /// How the clock goes, and what time it is.
    pub fn pace(&self) -> Pace {
        let pace = *self.lock_pace();
        match pace.is_running() {
            true => pace,
            false => Pace::new(self.now(), 0.0),
        }
    }

    /// Lets the clock go at the rate that was kept, or at `otherwise` where none was.
    pub fn start_clock(&self, otherwise: f64) -> rusqlite::Result<()> {
        let kept = self.store.transaction(|tx| Ok::<_, rusqlite::Error>(tx.meta(RATE)))?;
        let kept = kept.and_then(|rate| rate.parse().ok());
        self.go_at(kept.unwrap_or(otherwise));
        Ok(())
    }

    /// Lets the clock go at `rate` from now on, until the sandbox is closed.
    pub fn go_at(&self, rate: f64) {
        let mut pace = self.lock_pace();
        let now = match pace.is_running() {
            true => pace.time().max(self.now()),
            false => self.now(),
        };
        *pace = Pace::new(now, rate);
    }

    /// Lets the clock go at `rate` from now on, also when the sandbox is opened again.
    pub fn set_rate(&self, rate: f64) -> rusqlite::Result<Pace> {
        self.store.transaction(|tx| tx.set_meta(RATE, &rate.to_string()))?;
        self.run_to(self.pace().time())?;
        self.go_at(rate);
        Ok(self.pace())
    }

    /// Lets happen what fell due while the clock ran on.
    pub fn catch_up(&self) -> rusqlite::Result<()> {
        self.catch_up_at(Instant::now())
    }

    fn catch_up_at(&self, moment: Instant) -> rusqlite::Result<()> {
        let time = self.lock_pace().time_at(moment);
        let step = match self.has_faults.load(Ordering::Acquire) {
            true => SignedDuration::from_millis(1),
            false => STEP,
        };
        match time.duration_since(self.now()) >= step {
            true => self.run_to(time),
            false => Ok(()),
        }
    }

    /// Keeps the time that a running clock has come to, so that it never goes back when the sandbox is opened again.
    pub fn keep_time(&self) -> rusqlite::Result<()> {
        let pace = self.pace();
        match pace.is_running() {
            true => self.run_to(pace.time()),
            false => Ok(()),
        }
    }

    /// After a jump to `time`, a running clock goes on from there.
    pub(super) fn jumped_to(&self, time: Timestamp) {
        let mut pace = self.lock_pace();
        *pace = Pace::new(pace.time().max(time), pace.rate());
    }

    fn lock_pace(&self) -> MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets happen what is due, and says how long nothing further will be.
    fn run_due(&self) -> rusqlite::Result<Duration> {
        self.run_due_at(Instant::now())
    }

    fn run_due_at(&self, moment: Instant) -> rusqlite::Result<Duration> {
        let pace = self.pace();
        if !pace.is_running() {
            return Ok(LOOK);
        }
        let time = pace.time_at(moment);
        let due = self.store.transaction(|tx| tx.next_due())?;
        if due.is_some_and(|due| due <= time) {
            self.run_to(time)?;
            return Ok(Duration::ZERO);
        }
        if time.duration_since(self.now()) >= IDLE_STEP {
            self.run_to(time)?;
        }
        let Some(due) = due else { return Ok(LOOK) };
        let wait = due.duration_since(time).as_secs_f64() / pace.rate();
        Ok(Duration::try_from_secs_f64(wait).map_or(LOOK, |wait| wait.min(LOOK)))
    }
}

/// Keeps a running clock going until the sandbox is closed.
pub async fn drive(world: Weak<World>) {
    loop {
        let Some(world) = world.upgrade() else { return };
        let ran = tokio::task::spawn_blocking(move || world.run_due());
        let wait = match ran.await {
            Ok(Ok(wait)) => wait,
            Ok(Err(cause)) => {
                tracing::error!(%cause, "what was due in the sandbox could not happen");
                LOOK
            }
            Err(_) => return,
        };
        tokio::time::sleep(wait).await;
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::sandbox::Store;
    use crate::sandbox::testing::Desk;

    const HOUR: Duration = Duration::from_secs(3600);

    /// What is due in so many hours.
    fn due_in(desk: &Desk, hours: i64) -> Timestamp {
        let due = desk.world.now() + SignedDuration::from_hours(hours);
        let schedule = desk
            .world
            .store
            .transaction(|tx| tx.schedule(due, "northwind", "test", &json!(hours)));
        schedule.unwrap();
        due
    }

    fn next_due(desk: &Desk) -> Option<Timestamp> {
        desk.world.store.transaction(|tx| tx.next_due()).unwrap()
    }

    #[test]
    fn a_clock_that_stands_stays_where_it_is() {
        let desk = Desk::new();
        let (before, due) = (desk.world.now(), due_in(&desk, 1));

        desk.world.catch_up_at(Instant::now() + 2 * HOUR).unwrap();

        assert_eq!((desk.world.now(), next_due(&desk)), (before, Some(due)));
    }

    #[test]
    fn a_running_clock_is_caught_up_with_and_what_was_due_has_happened() {
        let desk = Desk::new();
        let before = desk.world.now();
        let (_, third) = (due_in(&desk, 1), due_in(&desk, 3));
        desk.world.go_at(60.0);

        desk.world.catch_up_at(Instant::now() + HOUR / 30).unwrap();

        assert!(desk.world.now() >= before + SignedDuration::from_hours(2));
        assert_eq!(next_due(&desk), Some(third));
    }

    #[test]
    fn with_faults_the_time_is_told_to_the_moment() {
        let desk = Desk::new();
        desk.world.go_at(1.0);
        let moment = Instant::now() + Duration::from_millis(500);
        desk.world.catch_up_at(moment).unwrap();
        let before = desk.world.now();
        let effect = json!({"service": "graph", "skip": 0, "seed": 1, "effect": {"kind": "page-expired"}});
        let fault = desk.world.add_fault(serde_json::from_value(effect).unwrap()).unwrap();

        desk.world.catch_up_at(moment).unwrap();
        let after = desk.world.now();
        desk.world.clear_faults(&[fault.id]).unwrap();
        desk.world.catch_up_at(moment + Duration::from_millis(400)).unwrap();

        assert!(after > before, "{after}");
        assert_eq!(desk.world.now(), after);
    }

    #[test]
    fn a_running_clock_can_be_advanced_and_runs_on_from_there() {
        let desk = Desk::new();
        desk.world.go_at(1.0);

        let reached = desk.world.advance(24 * HOUR).unwrap();

        desk.world.catch_up_at(Instant::now() + HOUR).unwrap();
        assert!(desk.world.now() >= reached + SignedDuration::from_hours(1));
        assert!(desk.world.now() < reached + SignedDuration::from_hours(2));
    }

    #[test]
    fn what_is_due_happens_without_any_request() {
        let desk = Desk::new();
        due_in(&desk, 0);
        desk.world.go_at(1.0);

        assert_eq!(desk.world.run_due().unwrap(), Duration::ZERO);

        assert_eq!(next_due(&desk), None);
        assert_eq!(desk.world.run_due().unwrap(), LOOK);
    }

    #[test]
    fn the_state_goes_along_with_a_clock_that_nobody_asks() {
        let desk = Desk::new();
        let before = desk.world.now();
        desk.world.go_at(1.0);

        desk.world.run_due_at(Instant::now() + HOUR).unwrap();

        assert!(desk.world.now() >= before + SignedDuration::from_hours(1));
    }

    #[test]
    fn a_rate_that_was_set_is_kept_and_one_that_is_only_used_is_not() {
        let desk = Desk::new();
        let reopened = || {
            let store = Store::open_finished(&desk.world.folder).unwrap();
            let world = World::new(store, desk.world.folder.clone(), "control".into()).unwrap();
            world.start_clock(1.0).unwrap();
            world.pace().rate()
        };

        desk.world.go_at(7.0);
        assert_eq!(reopened(), 1.0);
        desk.world.set_rate(60.0).unwrap();
        assert_eq!(reopened(), 60.0);
        desk.world.set_rate(0.0).unwrap();
        assert_eq!(reopened(), 0.0);
    }
}

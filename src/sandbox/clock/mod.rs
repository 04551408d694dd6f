//! The sandbox's clock. It stands, runs at a rate, or jumps when it is told to; what falls due on the way happens in order, each at
//! its own time.

mod pace;
mod running;

use std::time::Duration;

use jiff::Timestamp;

use super::Event;
use super::Tx;
use super::entra;
use super::migration;
use super::vault;
use super::world::World;
pub use pace::Pace;
pub use running::drive;

impl World {
    /// Moves the clock on by `duration` and returns the new time.
    pub fn advance(&self, duration: Duration) -> rusqlite::Result<Timestamp> {
        self.advance_by(duration, run)
    }

    fn advance_by(&self, duration: Duration, rule: impl Fn(&Tx<'_>, &Event) -> rusqlite::Result<()>) -> rusqlite::Result<Timestamp> {
        let until = self.pace().time().saturating_add(duration).unwrap_or(Timestamp::MAX);
        self.run_to_by(until, rule)?;
        self.jumped_to(until);
        Ok(self.now())
    }

    /// Lets happen what is due at `until`, and sets the clock to it. Each due event is a transaction of its own in which the clock
    /// stands at the event's time; events may schedule further ones.
    fn run_to(&self, until: Timestamp) -> rusqlite::Result<()> {
        self.run_to_by(until, run)
    }

    fn run_to_by(&self, until: Timestamp, rule: impl Fn(&Tx<'_>, &Event) -> rusqlite::Result<()>) -> rusqlite::Result<()> {
        while let Some(reached) = self.store.transaction(|tx| next_event(tx, until, &rule))? {
            self.clock_moved(reached);
        }
        self.clock_moved(until);
        Ok(())
    }
}

/// Runs the next event that is due at `until` and returns its time; when there is none, sets the clock to `until`.
fn next_event(
    tx: &Tx<'_>,
    until: Timestamp,
    rule: &impl Fn(&Tx<'_>, &Event) -> rusqlite::Result<()>,
) -> rusqlite::Result<Option<Timestamp>> {
    let Some(event) = tx.take_due(until)? else {
        tx.set_now(until.max(tx.now()))?;
        return Ok(None);
    };
    let reached = event.due.max(tx.now());
    tx.set_now(reached)?;
    rule(tx, &event)?;
    Ok(Some(reached))
}

fn run(tx: &Tx<'_>, event: &Event) -> rusqlite::Result<()> {
    match event.kind.split_once('-') {
        Some(("migration", _)) => migration::run_event(tx, event),
        Some(("vault", _)) => vault::run_event(tx, event),
        Some(("entra", _)) => entra::run_event(tx, event),
        _ => {
            tracing::warn!(kind = event.kind, "no rule of the sandbox handles this event");
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use serde_json::json;

    use super::*;
    use crate::sandbox::testing::Desk;

    #[test]
    fn what_is_due_happens_in_order_each_at_its_own_time() {
        let desk = Desk::new();
        let start = desk.world.now();
        let at = |hours: i64| start + jiff::SignedDuration::from_hours(hours);
        let ran = RefCell::new(Vec::new());
        let schedule = |tx: &Tx<'_>, hours: i64, name: &str| tx.schedule(at(hours), "northwind", "test", &json!(name));
        desk.world
            .store
            .transaction(|tx| {
                schedule(tx, 3, "third")?;
                schedule(tx, 1, "first")?;
                schedule(tx, 9, "too late")
            })
            .unwrap();
        let rule = |tx: &Tx<'_>, event: &Event| {
            let name = event.body.as_str().unwrap_or_default().to_owned();
            ran.borrow_mut().push((tx.now(), name.clone()));
            match name.as_str() {
                "first" => schedule(tx, 2, "second, scheduled by the first"),
                _ => Ok(()),
            }
        };

        let now = desk.world.advance_by(Duration::from_secs(5 * 3600), rule).unwrap();

        let expected = [(at(1), "first"), (at(2), "second, scheduled by the first"), (at(3), "third")];
        assert_eq!(*ran.borrow(), expected.map(|(time, name)| (time, name.to_owned())));
        assert_eq!((now, desk.world.now()), (at(5), at(5)));
    }

    #[test]
    fn an_event_that_fails_holds_the_clock_before_its_time_and_is_not_lost() {
        let desk = Desk::new();
        let due = desk.world.now() + jiff::SignedDuration::from_hours(1);
        desk.world
            .store
            .transaction(|tx| tx.schedule(due, "northwind", "test", &json!(1)))
            .unwrap();
        let tries = RefCell::new(0);
        let failing = |_: &Tx<'_>, _: &Event| {
            *tries.borrow_mut() += 1;
            Err(rusqlite::Error::InvalidQuery)
        };
        let day = Duration::from_secs(24 * 3600);

        assert!(desk.world.advance_by(day, failing).is_err());
        assert!(desk.world.now() < due);
        assert!(desk.world.advance_by(day, failing).is_err());

        assert_eq!(*tries.borrow(), 2);
    }
}

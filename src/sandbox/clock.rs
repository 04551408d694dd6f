//! The sandbox's clock. It stands, and jumps when it is told to; what falls due on the way happens in order, each at its own time.

use std::time::Duration;

use jiff::Timestamp;

use super::Event;
use super::Tx;
use super::migration;
use super::world::World;

impl World {
    /// Moves the clock on by `duration` and returns the new time. Each due event is a transaction of its own in which the clock
    /// stands at the event's time; events may schedule further ones.
    pub fn advance(&self, duration: Duration) -> rusqlite::Result<Timestamp> {
        let until = self.now().saturating_add(duration).unwrap_or(Timestamp::MAX);
        while let Some(reached) = self.store.transaction(|tx| next_event(tx, until))? {
            self.clock_moved(reached);
        }
        self.clock_moved(until);
        Ok(self.now())
    }
}

/// Runs the next event that is due at `until` and returns its time; when there is none, sets the clock to `until`.
fn next_event(tx: &Tx<'_>, until: Timestamp) -> rusqlite::Result<Option<Timestamp>> {
    let Some(event) = tx.take_due(until)? else {
        tx.set_now(until.max(tx.now()))?;
        return Ok(None);
    };
    let reached = event.due.max(tx.now());
    tx.set_now(reached)?;
    run(tx, &event)?;
    Ok(Some(reached))
}

fn run(tx: &Tx<'_>, event: &Event) -> rusqlite::Result<()> {
    match event.kind.split_once('-') {
        Some(("migration", _)) => migration::run_event(tx, event),
        _ => {
            tracing::warn!(kind = event.kind, "no rule of the sandbox handles this event");
            Ok(())
        }
    }
}

//! The migration engine: batches, migration users and move requests, and the rules that decide the outcome of each user.

use crate::sandbox::Event;
use crate::sandbox::Tx;
use crate::sandbox::exchange::Cmdlet;

/// The cmdlets of batches, migration users and move requests.
pub const CMDLETS: &[Cmdlet] = &[];

/// Runs one due event of a kind that starts with `migration-`; the sandbox's clock already stands at the event's own time.
pub fn run_event(_tx: &Tx<'_>, _event: &Event) -> rusqlite::Result<()> {
    Ok(())
}

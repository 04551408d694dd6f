//! The catalogue as a whole.

use crate::migrate::failures::Failure;
use crate::migrate::failures::finishing;
use crate::migrate::failures::setup;
use crate::migrate::failures::syncing;
use crate::migrate::failures::validating;

/// The whole catalogue in the order a project meets it.
pub fn all() -> impl Iterator<Item = &'static Failure> {
    [setup::FAILURES, validating::FAILURES, syncing::FAILURES, finishing::FAILURES]
        .into_iter()
        .flatten()
}

/// The failure of that number.
pub fn find(id: &str) -> Option<&'static Failure> {
    all().find(|failure| failure.id.eq_ignore_ascii_case(id))
}

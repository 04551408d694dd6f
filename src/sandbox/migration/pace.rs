//! How long things take, by the sandbox's clock. Sizes decide, never chance, so that a rehearsal can be repeated.

use jiff::SignedDuration;

const GIBIBYTE: u64 = 1 << 30;

/// Between a command and its effect on a batch or a user.
pub const REACTION: SignedDuration = SignedDuration::from_mins(1);
/// Checking the rules of one user.
pub const VALIDATION: SignedDuration = SignedDuration::from_mins(2);
/// Making the move request.
pub const PROVISIONING: SignedDuration = SignedDuration::from_mins(1);
/// Between two copies of what is new.
pub const INCREMENTAL_INTERVAL: SignedDuration = SignedDuration::from_hours(24);
/// One copy of what is new.
pub const INCREMENTAL: SignedDuration = SignedDuration::from_mins(10);
/// How long a mailbox may be without licence after its move.
pub const GRACE: SignedDuration = SignedDuration::from_hours(30 * 24);
/// After which time without an administrator's action a synced batch is stopped, and a completed one removed.
pub const IDLE: SignedDuration = SignedDuration::from_hours(60 * 24);
/// How long a signal to complete a batch stands, before another one counts.
pub const COMPLETION_SIGNAL: SignedDuration = SignedDuration::from_hours(8);
/// After which time a stopped or failed batch is removed.
pub const ABANDONED: SignedDuration = SignedDuration::from_hours(90 * 24);

/// The first copy: an hour, and half an hour more a gigabyte.
pub fn initial_copy(bytes: u64) -> SignedDuration {
    SignedDuration::from_mins(60) + SignedDuration::from_secs((bytes as u128 * 1800 / GIBIBYTE as u128) as i64)
}

/// The last copy and the conversion of both sides.
pub fn completion(bytes: u64) -> SignedDuration {
    SignedDuration::from_mins(15) + SignedDuration::from_secs((bytes as u128 * 60 / GIBIBYTE as u128) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_mailbox_is_copied_in_one_to_three_hours() {
        assert_eq!(initial_copy(0), SignedDuration::from_mins(60));
        assert_eq!(initial_copy(4 * GIBIBYTE), SignedDuration::from_hours(3));
    }
}

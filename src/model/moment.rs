//! Points in time as people, scripts and services write them.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// A point in time; without a zone it is UTC, as the services read it, and without an hour the day's beginning.
pub fn moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let civil = || Some(text.parse::<DateTime>().ok()?.to_zoned_datetime(TimeZone::UTC).ok()?.timestamp());
    text.parse().ok().or_else(civil)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_without_a_zone_is_utc() {
        assert_eq!(moment("2026-03-01T18:00:00"), moment(" 2026-03-01T18:00:00Z "));
        assert_eq!(moment("2026-03-01"), moment("2026-03-01T00:00:00Z"));
        assert_eq!(moment("2026-03-01T19:00:00+01:00"), moment("2026-03-01T18:00:00Z"));
        assert!(moment("tomorrow").is_none());
    }
}

//! How the clock goes: it stands, or runs at a rate.

use std::time::Instant;

use jiff::SignedDuration;
use jiff::Timestamp;

/// A time, and how many seconds it goes on in each second of the computer.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    rate: f64,
    at: Timestamp,
    since: Instant,
}

impl Pace {
    /// From `at` on at `rate`; 0 stands.
    pub fn new(at: Timestamp, rate: f64) -> Self {
        Self {
            rate,
            at,
            since: Instant::now(),
        }
    }

    /// How many seconds it goes on in one.
    pub fn rate(&self) -> f64 {
        self.rate
    }

    /// Whether it goes on by itself.
    pub fn is_running(&self) -> bool {
        self.rate > 0.0
    }

    /// The time that it is.
    pub fn time(&self) -> Timestamp {
        self.time_at(Instant::now())
    }

    /// The time that it is at a moment of the computer.
    pub fn time_at(&self, moment: Instant) -> Timestamp {
        if !self.is_running() {
            return self.at;
        }
        let gone = moment.saturating_duration_since(self.since).as_secs_f64() * self.rate;
        // A state keeps milliseconds.
        let gone = SignedDuration::from_millis((gone * 1000.0) as i64);
        self.at.saturating_add(gone).unwrap_or(Timestamp::MAX)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn time_goes_on_as_often_faster_as_the_rate_says() {
        let start: Timestamp = "2026-01-05T08:00:00Z".parse().unwrap();
        let later = Duration::from_secs(10);
        for (rate, then) in [
            (0.0, "2026-01-05T08:00:00Z"),
            (1.0, "2026-01-05T08:00:10Z"),
            (360.0, "2026-01-05T09:00:00Z"),
            (0.0001, "2026-01-05T08:00:00.001Z"),
        ] {
            let pace = Pace::new(start, rate);
            let then: Timestamp = then.parse().unwrap();
            assert_eq!(pace.time_at(pace.since + later), then, "{rate}");
        }
    }
}

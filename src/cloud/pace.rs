//! How long to wait before a call is repeated, and which answers allow it.
//!
//! Reads are repeated on throttling, server errors and lost replies. Writes only when the service says that it did not take
//! them, which is a 429: whether a write behind a 503 was made is for the caller to find out by reading.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use rand::Rng;

use crate::cloud::answer::Answer;

/// How often a call is sent at most when the service does not say when to come back.
pub(super) const ATTEMPTS: u32 = 6;

/// How long a call waits at most as the service asks, all its waits together.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);

/// Exception types in an error's text that Exchange's own client waits out.
const TRANSIENT: [&str; 5] = [
    "DCOverloadedException",
    "SuitabilityDirectoryException",
    "ServerInMMException",
    "ADServerSettingsChangedException",
    "StorageTransientException",
];

/// Whether the service refused because of too many requests. Exchange sends this text with other statuses too.
pub(super) fn is_throttled(answer: &Answer) -> bool {
    answer.status.as_u16() == 429
        || answer
            .body
            .starts_with(b"You have reached the maximum number of concurrent requests")
}

/// Whether a read may get a better answer later.
pub(super) fn is_transient(answer: &Answer) -> bool {
    let status = answer.status.as_u16();
    if matches!(status, 408 | 500 | 502 | 503 | 504) {
        return true;
    }
    let text = String::from_utf8_lossy(&answer.body);
    status >= 400 && TRANSIENT.iter().any(|name| text.contains(name))
}

/// The wait before attempt number `attempt + 1`: two seconds, doubling, spread so that parallel calls do not come back together.
pub(super) fn own_wait(attempt: u32) -> Duration {
    let seconds = f64::from(2u32.saturating_pow(attempt.clamp(1, 6)));
    Duration::from_secs_f64(seconds * rand::rng().random_range(0.8..1.2))
}

/// `Retry-After` in seconds, also with a fraction, or as a date. Zero means "soon", not "now", and counts as none.
pub(super) fn retry_after(answer: &Answer, now: Timestamp) -> Option<Duration> {
    let text = answer.header("retry-after")?.trim();
    if let Ok(seconds) = text.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok().filter(|wait| !wait.is_zero());
    }
    let until = date(text)?;
    // The service's own clock says how far away its date is; ours may differ by minutes.
    let now = answer.header("date").and_then(date).unwrap_or(now);
    Duration::try_from(until.duration_since(now)).ok().filter(|wait| !wait.is_zero())
}

fn date(text: &str) -> Option<Timestamp> {
    rfc2822::parse(text).ok().map(|at| at.timestamp())
}

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;
    use reqwest::header::HeaderMap;
    use reqwest::header::HeaderName;

    use super::*;

    fn asked(headers: &[(&'static str, &str)]) -> Option<Duration> {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()))
            .collect();
        let answer = Answer {
            status: StatusCode::TOO_MANY_REQUESTS,
            headers,
            body: Vec::new(),
        };
        retry_after(&answer, "2026-11-23T12:00:00Z".parse().unwrap())
    }

    #[test]
    fn retry_after_is_read_in_seconds_fractions_and_dates() {
        assert_eq!(asked(&[("retry-after", "10")]), Some(Duration::from_secs(10)));
        assert_eq!(asked(&[("retry-after", "2.128")]), Some(Duration::from_millis(2128)));
        assert_eq!(
            asked(&[("retry-after", "Mon, 23 Nov 2026 12:00:30 GMT")]),
            Some(Duration::from_secs(30))
        );
        assert_eq!(
            asked(&[
                ("retry-after", "Mon, 23 Nov 2026 12:05:30 GMT"),
                ("date", "Mon, 23 Nov 2026 12:05:00 GMT")
            ]),
            Some(Duration::from_secs(30))
        );
    }

    #[test]
    fn a_wait_of_nothing_or_nonsense_leaves_the_choice_to_us() {
        for text in ["0", "-3", "soon", "1e400", "Mon, 23 Nov 2026 11:00:00 GMT"] {
            assert_eq!(asked(&[("retry-after", text)]), None, "{text}");
        }
        assert!(own_wait(1) >= Duration::from_millis(1600));
        assert!(own_wait(5) <= Duration::from_secs(39));
    }
}

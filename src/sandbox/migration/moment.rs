//! Times: as they are kept, as Exchange writes them, and as callers give them.

use jiff::SignedDuration;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::sandbox::Object;

/// The time kept in a property.
pub fn kept(object: &Object, name: &str) -> Option<Timestamp> {
    object.text(name).parse().ok()
}

/// A property that ends in `UTC`: `2026-02-01T09:00:11.0000000Z`.
pub fn utc(time: Option<Timestamp>) -> Value {
    time.map_or(Value::Null, |time| format!("{}Z", digits(time)).into())
}

/// Any other time property: `2026-02-01T09:00:11.0000000+00:00`.
pub fn local(time: Option<Timestamp>) -> Value {
    time.map_or(Value::Null, |time| format!("{}+00:00", digits(time)).into())
}

fn digits(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S.%7f").to_string()
}

/// A span as .NET writes it: `1.02:03:04`.
pub fn span(duration: SignedDuration) -> String {
    let seconds = duration.as_secs().max(0);
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    let clock = format!("{:02}:{:02}:{:02}", rest / 3600, rest / 60 % 60, rest % 60);
    match days {
        0 => clock,
        days => format!("{days}.{clock}"),
    }
}

/// A time given by a caller: with zone, or without, which means UTC.
pub fn parse(text: &str) -> Option<Timestamp> {
    let unzoned = || TimeZone::UTC.to_timestamp(text.parse::<DateTime>().ok()?).ok();
    text.parse().ok().or_else(unzoned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_exchange_writes_them() {
        let time = parse("2026-02-01T09:00:11").expect("a time without zone");

        assert_eq!(utc(Some(time)), "2026-02-01T09:00:11.0000000Z");
        assert_eq!(local(Some(time)), "2026-02-01T09:00:11.0000000+00:00");
        assert_eq!(parse("2026-02-01T10:00:11+01:00"), Some(time));
        assert_eq!(span(SignedDuration::from_secs(90_061)), "1.01:01:01");
    }
}

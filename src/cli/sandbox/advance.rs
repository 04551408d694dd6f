//! `xtenant sandbox advance`: moving the clock.

use std::path::Path;
use std::time::Duration;

use jiff::Span;
use jiff::SpanRelativeTo;
use serde_json::json;

use super::trouble;
use crate::cli::Failure;
use crate::cli::Host;
use crate::sandbox::Sandbox;

/// Moves the clock on by `duration`.
pub async fn advance(host: &Host, folder: &Path, duration: Duration) -> Result<(), Failure> {
    let sandbox = Sandbox::open(folder).await.map_err(trouble)?;
    let now = sandbox.advance(duration).await.map_err(trouble)?;
    let screen = &host.screen;
    match screen.is_json() {
        true => screen.data(&json!({ "now": now.to_string() }).to_string()),
        false => screen.data(&format!("it is now {now} in the sandbox")),
    }
    Ok(())
}

/// A duration as people write it: `30m`, `24h`, `2d`.
pub fn duration(text: &str) -> Result<Duration, String> {
    let expected = || "expected a duration such as 30m, 24h or 2d".to_owned();
    let span: Span = text.parse().map_err(|_| expected())?;
    let signed = span.to_duration(SpanRelativeTo::days_are_24_hours()).map_err(|_| expected())?;
    Duration::try_from(signed).map_err(|_| "time in the sandbox goes forward only".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_given_as_people_write_them() {
        assert_eq!(duration("24h"), Ok(Duration::from_secs(86_400)));
        assert_eq!(duration("2d"), Ok(Duration::from_secs(172_800)));
        assert_eq!(duration("1h30m"), Ok(Duration::from_secs(5_400)));
        assert!(duration("soon").is_err());
        assert!(duration("-1h").is_err());
    }
}

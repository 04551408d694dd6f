//! What objects were before their latest changes, kept for as long as a change takes to be seen everywhere. Where that is no time,
//! nothing is kept.

use std::time::Duration;

use jiff::SignedDuration;
use jiff::Timestamp;
use rusqlite::OptionalExtension;
use rusqlite::params;
use serde_json::Map;
use serde_json::Value;

use super::Tx;

/// The table of what was before.
pub const SCHEMA: &str = "
create table if not exists past (number integer primary key, id text not null, at integer not null, service text not null, body text);
create index if not exists past_by_object on past (id, at);
create index if not exists past_by_time on past (at);
";

/// The kinds of objects whose changes take a while.
const KINDS: &[&str] = &[
    "application",
    "servicePrincipal",
    "appRoleAssignment",
    "roleAssignment",
    "user",
    "recipient",
    "azureRoleAssignment",
    "vault",
];
const DELAY: &str = "replication";
/// Longer than any rehearsal, and short enough to be counted back from any time.
const LONGEST_DELAY: Duration = Duration::from_secs(1000 * 24 * 3600);

/// A change, and what the object was before it.
pub struct Past {
    /// When it was changed.
    pub at: Timestamp,
    /// The service that changed it; empty when it was the sandbox's clock.
    pub service: String,
    /// Its properties before; `None` when it was not there.
    pub body: Option<Map<String, Value>>,
}

impl Tx<'_> {
    /// Names the service that is at work in this transaction.
    pub fn at_work(&self, service: &'static str) {
        self.service.set(service);
    }

    /// How long a change takes to be seen everywhere.
    pub fn replication(&self) -> SignedDuration {
        let read = || {
            let kept = self.meta(DELAY).and_then(|text| text.parse().ok()).unwrap_or(0);
            SignedDuration::from_millis(kept)
        };
        let delay = self.replication.get().unwrap_or_else(read);
        self.replication.set(Some(delay));
        delay
    }

    /// Sets how long changes take from now on.
    pub fn set_replication(&self, delay: Duration) -> rusqlite::Result<()> {
        self.replication.set(None);
        let milliseconds = i64::try_from(delay.min(LONGEST_DELAY).as_millis()).unwrap_or_default();
        self.set_meta(DELAY, &milliseconds.to_string())
    }

    /// The latest changes of the object with our own key `id`, oldest first: those that are not yet seen everywhere.
    pub fn past(&self, id: &str) -> rusqlite::Result<Vec<Past>> {
        let delay = self.replication();
        if delay.is_zero() {
            return Ok(Vec::new());
        }
        let since = (self.now() - delay).as_millisecond();
        let mut query = self
            .connection
            .prepare_cached("select at, service, body from past where id = ? and at > ? order by number")?;
        let found = query.query_map(params![id, since], |row| {
            let body: Option<String> = row.get(2)?;
            Ok(Past {
                at: Timestamp::from_millisecond(row.get(0)?).unwrap_or(Timestamp::UNIX_EPOCH),
                service: row.get(1)?,
                body: body.and_then(|body| serde_json::from_str(&body).ok()),
            })
        })?;
        found.collect()
    }

    /// Keeps what the object is before it is changed.
    pub(super) fn remember(&self, id: &str, kind: &str) -> rusqlite::Result<()> {
        let delay = self.replication();
        if delay.is_zero() || !KINDS.contains(&kind) {
            return Ok(());
        }
        let now = self.now();
        self.writing("delete from past where at <= ?")?
            .execute([(now - delay).as_millisecond()])?;
        let before: Option<String> = self
            .connection
            .prepare_cached("select body from object where id = ?")?
            .query_row([id], |row| row.get(0))
            .optional()?;
        self.writing("insert into past (id, at, service, body) values (?, ?, ?, ?)")?
            .execute(params![id, now.as_millisecond(), self.service.get(), before])?;
        Ok(())
    }
}

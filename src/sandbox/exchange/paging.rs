//! Pages. A token says how far the reading came; it is bound to the anchor and to the body of the first request, and it expires.

use aws_lc_rs::digest;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;
use jiff::Timestamp;
use serde::Deserialize;
use serde::Serialize;
use serde_json::Map;
use serde_json::Value;

/// The largest page, and the number of results when none is asked for.
pub const MOST: usize = 1000;

const LIFE: SignedDuration = SignedDuration::from_mins(30);

/// Where a reading continues.
#[derive(Debug, Serialize, Deserialize)]
pub struct Token {
    anchor: String,
    body: String,
    issued: i64,
    taken: usize,
    /// The key of the last record, so that records which no longer match do not shift the next page.
    key: Option<String>,
}

/// One page.
pub struct Page {
    /// Its records.
    pub records: Vec<Map<String, Value>>,
    /// Where it continues.
    pub next: Option<Token>,
}

/// What makes a request the same request on every page.
pub struct Bond<'a> {
    /// `X-AnchorMailbox`, empty when missing.
    pub anchor: &'a str,
    /// The cmdlet with its parameters, as JSON.
    pub body: &'a str,
    /// The sandbox's time.
    pub now: Timestamp,
}

impl Bond<'_> {
    fn digest(&self) -> String {
        URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, self.body.as_bytes()))
    }

    /// Reads the token of a `$skiptoken`; `None` when it is not one, not this request's, or too old.
    pub fn open(&self, text: &str) -> Option<Token> {
        let token: Token = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let issued = Timestamp::from_second(token.issued).ok()?;
        let is_ours = token.anchor == self.anchor && token.body == self.digest() && self.now <= issued + LIFE;
        is_ours.then_some(token)
    }

    /// Cuts the page of `size` that follows `after` out of all records.
    pub fn cut(&self, all: Vec<Map<String, Value>>, size: usize, after: Option<&Token>) -> Page {
        let start = after.map_or(0, |token| start(&all, token));
        let has_more = all.len() > start + size;
        let records: Vec<_> = all.into_iter().skip(start).take(size).collect();
        let next = has_more.then(|| Token {
            anchor: self.anchor.to_owned(),
            body: self.digest(),
            issued: self.now.as_second(),
            taken: start + records.len(),
            key: records.last().and_then(key).map(str::to_owned),
        });
        Page { records, next }
    }
}

impl Token {
    /// The token as it stands in a link.
    pub fn text(&self) -> String {
        let json = serde_json::to_vec(self).expect("texts and numbers can be written");
        URL_SAFE_NO_PAD.encode(json)
    }
}

fn key(record: &Map<String, Value>) -> Option<&str> {
    record.get("_Key").and_then(Value::as_str)
}

fn start(all: &[Map<String, Value>], token: &Token) -> usize {
    match &token.key {
        Some(last) => all.partition_point(|record| key(record).is_some_and(|key| key <= last.as_str())),
        None => token.taken,
    }
}

//! One call of an operation of a vault.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::fault::Fault;
use super::fields;
use super::items;
use crate::sandbox::Caller;
use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::Request;
use crate::sandbox::Tx;
use crate::sandbox::azure::Container;

/// How a call ends.
pub type Answer = Result<Reply, Fault>;

/// The most items of a page.
const PAGE: usize = 25;

/// What an operation is given.
pub struct Call<'a> {
    /// The state.
    pub tx: &'a Tx<'a>,
    /// The vault.
    pub vault: &'a Object,
    /// Who calls.
    pub caller: &'a Caller,
    /// The request.
    pub request: &'a Request,
    /// What the operation is about.
    pub container: Container,
    /// What stood at the open places of the path.
    pub captures: Vec<String>,
    /// The body.
    pub body: Map<String, Value>,
}

impl Call<'_> {
    /// The name in the path, checked.
    pub fn name(&self) -> Result<&str, Fault> {
        let name = self.captures.first().map_or("", String::as_str);
        match fields::is_name(name) {
            true => Ok(name),
            false => Err(Fault::bad_parameter(format!("The request URI contains an invalid name: {name}"))),
        }
    }

    /// The version in the path; none, or an empty one, is the newest.
    pub fn version(&self) -> Option<&str> {
        self.captures.get(1).map(String::as_str).filter(|version| !version.is_empty())
    }

    /// The address of something in this vault, at the host that was asked.
    pub fn url(&self, path: &str) -> String {
        format!("https://{}/{path}", self.request.host)
    }

    /// Refuses a body with other properties than these.
    pub fn only(&self, known: &[&str]) -> Result<(), Fault> {
        fields::only(&self.body, "the request", known)
    }

    /// Attributes as a caller sees them, with what the vault says of recovery.
    pub fn attributes(&self, held: &Value) -> Value {
        let mut shown = Map::new();
        for name in ["enabled", "nbf", "exp", "created", "updated"] {
            if let Some(value) = held.get(name) {
                shown.insert(name.to_owned(), value.clone());
            }
        }
        let (level, days) = items::recovery(self.vault);
        shown.insert("recoveryLevel".to_owned(), json!(level));
        shown.insert("recoverableDays".to_owned(), json!(days));
        Value::Object(shown)
    }

    /// One page of `items`.
    pub fn page(&self, items: Vec<Value>) -> Answer {
        let size = match self.request.parameter("maxresults") {
            None => PAGE,
            Some(text) => text
                .parse()
                .ok()
                .filter(|size| (1..=PAGE).contains(size))
                .ok_or_else(|| Fault::bad_parameter(format!("maxresults must be between 1 and {PAGE}.")))?,
        };
        let skipped = match self.request.parameter("$skiptoken") {
            None => 0,
            Some(text) => text.parse().map_err(|_| Fault::bad_parameter("The skip token is malformed."))?,
        };
        let more = items.len() > size.saturating_add(skipped);
        let next = more.then(|| {
            let (path, version) = (self.request.path.trim_matches('/'), self.request.parameter("api-version"));
            let address = self.url(path);
            let version = version.unwrap_or_default();
            format!("{address}?api-version={version}&$skiptoken={}&maxresults={size}", skipped + size)
        });
        let page: Vec<Value> = items.into_iter().skip(skipped).take(size).collect();
        Ok(Reply::json(200, &json!({"value": page, "nextLink": next})))
    }
}

//! What holds of every answer, whatever was asked.

use std::hash::DefaultHasher;
use std::hash::Hash;
use std::hash::Hasher;
use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;

use hyper::header::HeaderName;
use hyper::header::HeaderValue;
use rusqlite::Connection;
use serde_json::Value;

use super::mutation::CANARY;
use super::stage::Stage;
use crate::sandbox::Reply;
use crate::sandbox::Request;
use crate::sandbox::hosts;
use crate::sandbox::hosts::Face;

/// Everything but the log of requests, what vaults log and when a device asked last, in the order in which it was made.
const TABLES: &str = "
    select 'meta' || key || value from meta union all
    select 'object' || place || tenant || kind || body from object where kind not in ('auditEvent', 'deviceCode') union all
    select 'identity' || i.tenant || i.form || i.value || o.place from identity i join object o on o.place = i.place
        where o.kind not in ('auditEvent', 'deviceCode') union all
    select 'event' || due || tenant || kind || body from event";

/// What the statuses of refusals may be.
const REFUSALS: &[u16] = &[400, 401, 403, 404, 405, 406, 409, 411, 412, 413, 414, 415, 416, 422, 424, 429];

/// Watches one stage.
pub struct Judge {
    connection: Connection,
    state: u64,
}

impl Judge {
    pub fn of(stage: &Stage) -> Self {
        let connection = Connection::open(stage.desk().world.folder.join("state.db")).expect("the state can be read beside its owner");
        let mut judge = Self { connection, state: 0 };
        judge.state = judge.looked_at();
        judge
    }

    fn looked_at(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        let mut statement = self.connection.prepare_cached(TABLES).expect("the tables are known");
        let mut rows = statement.query([]).expect("the tables can be read");
        while let Some(row) = rows.next().expect("the tables can be read") {
            row.get_ref(0).expect("one text").as_str().expect("one text").hash(&mut hasher);
        }
        hasher.finish()
    }

    /// Takes the state for what it is to be.
    pub fn note(&mut self) {
        self.state = self.looked_at();
    }

    /// Asks, and says what was wrong with the answer.
    pub fn complaint(&mut self, stage: &Stage, request: &Request) -> Option<String> {
        let Ok(reply) = catch_unwind(AssertUnwindSafe(|| stage.desk().world.answer(request))) else {
            self.note();
            return Some("it panicked".to_owned());
        };
        let before = self.state;
        self.note();
        let is_refused = reply.status >= 400 || all_refused(&reply);
        let told = || String::from_utf8_lossy(&reply.body[..reply.body.len().min(600)]).into_owned();
        if is_refused && self.state != before {
            return Some(format!("refused with {}, and the state has changed: {}", reply.status, told()));
        }
        if let Some(why) = shape(request, &reply) {
            return Some(format!("{why}: {} {}", reply.status, told()));
        }
        logged(stage, request)
    }
}

/// Whether it is a batch of which nothing was done.
fn all_refused(reply: &Reply) -> bool {
    let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    let items = body["responses"].as_array();
    items.is_some_and(|items| items.iter().all(|item| item["status"].as_u64().is_some_and(|status| status >= 400)))
}

fn shape(request: &Request, reply: &Reply) -> Option<String> {
    for (name, value) in &reply.headers {
        if HeaderName::try_from(name).is_err() || HeaderValue::try_from(value).is_err() {
            return Some(format!("the header {name} cannot be sent: {value:?}"));
        }
    }
    let size: usize = reply.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
    // An address that was asked for may come back once, encoded.
    if size > 32 * 1024 + 9 * (request.path.len() + request.query.iter().map(|(_, value)| value.len()).sum::<usize>()) {
        return Some(format!("{size} bytes of headers"));
    }
    if reply.status < 400 {
        return (![200, 201, 202, 204, 206, 302, 303, 304].contains(&reply.status)).then(|| "no such status".to_owned());
    }
    if !REFUSALS.contains(&reply.status) {
        return Some("no refusal".to_owned());
    }
    let face = hosts::face(&request.host)?;
    let kind = reply
        .headers
        .iter()
        .find(|(name, _)| name == "content-type")
        .map_or("", |(_, kind)| kind);
    let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    let is_error = |error: &Value| {
        let says = |name: &str| error[name].as_str().is_some_and(|text| !text.is_empty());
        says("code") && says("message")
    };
    let is_page = kind.starts_with("text/html") && !reply.body.is_empty();
    let fits = match face {
        Face::Graph | Face::Arm | Face::Vault => is_error(&body["error"]) || request.method == "HEAD",
        Face::Exchange => match reply.status {
            401 | 404 | 405 => reply.body.is_empty() || is_error(&body["error"]) || is_page,
            403 => reply.body.iter().all(|byte| *byte == 0) || is_page,
            413 => is_page,
            _ => is_error(&body["error"]) || is_page,
        },
        Face::Entra => is_page || body["error"].is_string() && body["error_codes"].is_array() || reply.status == 405,
        Face::Web => is_page || reply.body.is_empty(),
        Face::Blob => is_error(&body["error"]) || reply.body.windows(6).any(|part| part == b"<Code>"),
        Face::Control => body["error"].is_string() || reply.body.is_empty(),
    };
    (!fits).then(|| "no error of this service".to_owned())
}

/// What the log tells of the request that it should not.
fn logged(stage: &Stage, request: &Request) -> Option<String> {
    let lines = stage
        .desk()
        .world
        .store
        .transaction(|tx| tx.requests(None, Some(1)))
        .expect("the log can be read");
    let line = lines.last().map(|line| line.line.clone()).unwrap_or_default();
    let is_long = line.len() > request.path.len() + request.method.len() + 2000;
    let is_told = line.contains(CANARY) || line.contains("Secr3t") || line.contains(stage.id("adminSecret")) || line.contains("eyJ");
    (is_long || is_told).then(|| format!("the log says {line}"))
}

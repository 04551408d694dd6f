//! The error object of Graph, Resource Manager and Key Vault: a code, a text, details, and in Key Vault a finer code inside.

use serde_json::Value;

use crate::cloud::answer::Answer;
use crate::cloud::answer::member;
use crate::cloud::answer::text;
use crate::cloud::request::Call;
use crate::model::Kind;

/// What the service said.
#[derive(Debug, Default)]
pub(super) struct ServiceError {
    pub(super) code: String,
    pub(super) text: String,
    /// The code of `innererror`.
    pub(super) inner: Option<String>,
    /// Codes and texts, each naming what it is about.
    pub(super) details: Vec<(String, String)>,
}

impl ServiceError {
    /// Reads the answer of a call that failed. What is not there is taken from the status line.
    pub(super) fn read(answer: &Answer) -> Self {
        let body = answer.json();
        let error = body.as_ref().map(|body| member(body, "error").unwrap_or(body));
        let mut read = error.map(Self::of).unwrap_or_default();
        if read.code.is_empty() {
            read.code = answer.reason().replace(' ', "");
        }
        if read.text.is_empty() {
            read.text = answer
                .excerpt()
                .filter(|_| body.is_none())
                .unwrap_or_else(|| answer.reason().to_owned());
        }
        read
    }

    /// Reads an error object that stands somewhere else than in the answer of a failed call.
    pub(super) fn of(error: &Value) -> Self {
        let part = |name: &str| text(error, name).unwrap_or_default().to_owned();
        let inner = member(error, "innererror").and_then(|inner| text(inner, "code"));
        Self {
            code: part("code"),
            text: part("message").trim_end_matches('.').to_owned(),
            inner: inner.map(str::to_owned),
            details: member(error, "details").map(details).unwrap_or_default(),
        }
    }
}

fn details(details: &Value) -> Vec<(String, String)> {
    let Value::Array(details) = details else { return Vec::new() };
    let part = |detail: &Value, name: &str| text(detail, name).unwrap_or_default().to_owned();
    details
        .iter()
        .map(|detail| {
            let said = match text(detail, "target") {
                Some(target) => format!("{} ({target})", part(detail, "message")),
                None => part(detail, "message"),
            };
            (part(detail, "code"), said)
        })
        .collect()
}

/// What a status means where the code says nothing finer.
pub(super) fn kind(status: u16) -> Kind {
    match status {
        400 => Kind::Invalid,
        401 => Kind::SignIn,
        403 => Kind::Forbidden,
        404 => Kind::NotFound,
        408 | 504 => Kind::Timeout,
        409 | 412 => Kind::Conflict,
        429 => Kind::Throttled,
        500.. => Kind::Network,
        _ => Kind::Refused,
    }
}

/// Whether `call` may have changed something although it was answered with `status`.
pub(super) fn may_be_done(call: &Call, status: u16) -> bool {
    !call.is_read && matches!(status, 408 | 500 | 502 | 503 | 504)
}

/// What stands in `text` between `start` and the next `end`.
pub(super) fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(start)?;
    rest.split_once(end).map(|(part, _)| part)
}

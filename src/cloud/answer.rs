//! `Answer`: what came back over HTTP, read to its end and not yet understood.

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::cloud::CloudError;
use crate::cloud::request::Call;
use crate::model::Record;

pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The service's own id of the request, which its support asks for.
    pub(super) fn request_id(&self) -> Option<String> {
        self.header("request-id")
            .or_else(|| self.header("x-ms-request-id"))
            .map(str::to_owned)
    }

    /// The body as JSON, if it is that: a 403 may be a run of NUL bytes and a 503 a page of HTML.
    pub(super) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The body of the answer to `call` as JSON, or the reason why it cannot be used.
    pub(super) fn expect_json(&self, call: &Call) -> Result<Value, CloudError> {
        serde_json::from_slice(&self.body).map_err(|error| self.unreadable(call, &error.to_string()))
    }

    /// The object in the answer to `call`.
    pub(super) fn expect_record(&self, call: &Call) -> Result<Record, CloudError> {
        match self.expect_json(call)? {
            Value::Object(map) => Ok(map.into()),
            _ => Err(self.unreadable(call, "it is not an object")),
        }
    }

    /// The object in the answer to the write `call`, if the service sent one.
    pub(super) fn record(&self, call: &Call) -> Result<Option<Record>, CloudError> {
        if self.body.iter().all(u8::is_ascii_whitespace) {
            return Ok(None);
        }
        Ok(match self.expect_json(call)? {
            Value::Object(map) => Some(map.into()),
            _ => None,
        })
    }

    /// That this answer to `call`, which worked, is not in a form that we know.
    pub(super) fn unreadable(&self, call: &Call, why: &str) -> CloudError {
        CloudError::Unreadable {
            call: call.name.clone(),
            status: self.status.as_u16(),
            why: why.to_owned(),
            may_be_done: !call.is_read,
            request_id: self.request_id(),
        }
    }

    /// The start of the body when it is text that a person can read.
    pub(super) fn excerpt(&self) -> Option<String> {
        let text = std::str::from_utf8(&self.body).ok()?.trim_matches(['\0', ' ', '\r', '\n', '\t']);
        let is_plain = !text.is_empty() && !text.starts_with('<') && !text.contains('\0');
        is_plain.then(|| text.chars().take(300).collect())
    }

    /// What stands in the status line beside the number.
    pub(super) fn reason(&self) -> &'static str {
        self.status.canonical_reason().unwrap_or("unknown status")
    }
}

/// The member of `value` called `name`, whatever its case: error bodies spell theirs in three ways.
pub(super) fn member<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    value
        .as_object()?
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}

/// The non-empty text of such a member.
pub(super) fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    member(value, name)?.as_str().filter(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(body: &'static [u8]) -> Answer {
        Answer {
            status: StatusCode::FORBIDDEN,
            headers: HeaderMap::new(),
            body: body.to_vec(),
        }
    }

    #[test]
    fn a_body_that_is_not_text_is_never_shown() {
        assert_eq!(answer(&[0; 256]).excerpt(), None);
        assert_eq!(answer(b"<html>busy</html>").excerpt(), None);
        assert_eq!(answer(b"slow down\r\n").excerpt().as_deref(), Some("slow down"));
    }
}

//! The JSON around an answer: annotations, warnings, pages and errors.

use jiff::Timestamp;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use uuid::Uuid;

use crate::sandbox::Reply;
use crate::sandbox::exchange::Refusal;

const CONTENT_TYPE: &str = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";

/// A successful answer.
pub struct Success<'a> {
    /// `https://host/adminapi/beta/tenant`.
    pub root: &'a str,
    /// The records of this page.
    pub records: &'a [Map<String, Value>],
    /// The warning stream.
    pub warnings: &'a [String],
    /// The question that `Confirm` or `WhatIf` leads to.
    pub confirmation: Option<&'a str>,
    /// Where the next page is.
    pub next: Option<&'a str>,
}

impl Success<'_> {
    /// The reply.
    pub fn reply(&self) -> Reply {
        let mut body = Map::new();
        let context = format!("{}/$metadata#Collection(Exchange.GenericHashTable)", self.root);
        body.insert("@odata.context".into(), json!(context));
        add_warnings(&mut body, self.warnings);
        if let Some(question) = self.confirmation {
            body.insert("@adminapi.confirmationmessage".into(), json!(question));
        }
        let records: Vec<Value> = self.records.iter().map(|record| Value::Object(annotated(record))).collect();
        body.insert("value".into(), Value::Array(records));
        if let Some(next) = self.next {
            body.insert("@odata.nextLink".into(), json!(next));
        }
        json_reply(200, &Value::Object(body))
    }
}

/// The reply to a call that failed.
pub fn error(refusal: &Refusal, warnings: &[String]) -> Reply {
    let short_type = refusal.exception.rsplit('.').next().unwrap_or(refusal.exception);
    let is_binding = refusal.exception.contains(".AdminApi.CommandInvocation.");
    let code = match refusal.status {
        404 => "NotFound",
        403 => "Forbidden",
        500.. => "InternalServerError",
        _ => "BadRequest",
    };
    let mut body = Map::new();
    body.insert(
        "error".into(),
        json!({
            "code": code,
            "message": if is_binding { "Invalid Operation" } else { "Error executing cmdlet" },
            "details": [{
                "code": if refusal.status == 404 { "Context" } else { "Client" },
                "target": "",
                "message": format!("{}|{}|{}", refusal.id, refusal.exception, refusal.text),
            }],
            "innererror": {
                "message": "Error executing cmdlet",
                "type": "Microsoft.Exchange.Admin.OData.Core.ODataServiceException",
                "stacktrace": "",
                "internalexception": {"message": refusal.text, "type": refusal.exception, "stacktrace": ""},
            },
        }),
    );
    add_warnings(&mut body, warnings);
    json_reply(refusal.status, &Value::Object(body)).with_header("x-exceptiontype", short_type)
}

/// A request that is wrong before any cmdlet is looked at.
pub fn bad_request(text: &str) -> Reply {
    json_reply(400, &json!({"error": {"code": "BadRequest", "message": text}}))
}

/// A request whose body is of a kind that is not read.
pub fn refused_media(media: &str) -> Reply {
    let message = format!("The content type '{media}' is not supported.");
    json_reply(415, &json!({"error": {"code": "UnsupportedMediaType", "message": message}}))
}

const LONGEST_REASON: usize = 500;

/// The 403 of the main host: no JSON, a run of zero bytes, and the reason in a header.
pub fn forbidden(reason: &str) -> Reply {
    // It may repeat what the caller wrote, and a header is one line of plain characters.
    let plain = |character: char| {
        if character == ' ' || character.is_ascii_graphic() {
            character
        } else {
            '?'
        }
    };
    let reason: String = reason.chars().map(plain).take(LONGEST_REASON).collect();
    Reply {
        status: 403,
        headers: Vec::new(),
        body: vec![0; 256],
        ..Reply::default()
    }
    .with_header(
        "x-ms-diagnostics",
        format!("2000003;reason=\"{reason}\";error_category=\"invalid_user\""),
    )
    .with_header("request-id", Uuid::new_v4().to_string())
}

/// The 401 without body.
pub fn unauthorized() -> Reply {
    let challenge = "Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\", \
                     error=\"invalid_token\"";
    Reply::empty(401)
        .with_header("www-authenticate", challenge)
        .with_header("request-id", Uuid::new_v4().to_string())
}

/// A JSON reply in the service's content type.
pub fn json_reply(status: u16, body: &Value) -> Reply {
    Reply {
        status,
        headers: Vec::new(),
        body: body.to_string().into_bytes(),
        ..Reply::default()
    }
    .with_header("content-type", CONTENT_TYPE)
    .with_header("odata-version", "4.0")
    .with_header("request-id", Uuid::new_v4().to_string())
}

fn add_warnings(body: &mut Map<String, Value>, warnings: &[String]) {
    body.insert("adminapi.warnings@odata.type".into(), json!("#Collection(String)"));
    body.insert("@adminapi.warnings".into(), json!(warnings));
}

/// The record with the annotations that its types call for, without hidden properties.
fn annotated(record: &Map<String, Value>) -> Map<String, Value> {
    let mut shown = Map::new();
    for (name, value) in record.iter().filter(|(name, _)| !name.starts_with('_')) {
        let mut note = |kind: &str, text: &str| shown.insert(format!("{name}@{kind}.type"), json!(text));
        let value = match value {
            Value::Array(_) => {
                note("odata", "#Collection(String)");
                value.clone()
            }
            Value::Number(number) => {
                match number.as_i64().is_some_and(|number| i32::try_from(number).is_ok()) {
                    true => note("data", "System.Int32"),
                    false => {
                        note("data", "System.Int64");
                        note("odata", "#Int64")
                    }
                };
                value.clone()
            }
            Value::String(text) if is_guid(name, text) => {
                note("data", "System.Guid");
                note("odata", "#Guid");
                value.clone()
            }
            Value::String(text) => match moment(name, text) {
                Some(moment) => {
                    note("data", "System.DateTime");
                    json!(moment)
                }
                None => value.clone(),
            },
            other => other.clone(),
        };
        shown.insert(name.clone(), value);
    }
    shown
}

/// Directory ids are texts for the service, even when they look like GUIDs: the property's name decides.
fn is_guid(name: &str, text: &str) -> bool {
    (name.ends_with("Guid") || name == "ExchangeObjectId") && Uuid::parse_str(text).is_ok()
}

/// A time in the service's two spellings: properties in UTC end in `Z`, the others show an offset.
fn moment(name: &str, text: &str) -> Option<String> {
    let is_named = name.starts_with("When")
        || name.contains("DateTime")
        || name.contains("Timestamp")
        || ["Time", "Date", "After", "UTC"].iter().any(|end| name.ends_with(end));
    let moment: Timestamp = text.parse().ok().filter(|_| is_named)?;
    let ticks = moment.subsec_nanosecond() / 100;
    let zone = if name.ends_with("UTC") { "Z" } else { "+00:00" };
    Some(format!("{}.{ticks:07}{zone}", moment.strftime("%Y-%m-%dT%H:%M:%S")))
}

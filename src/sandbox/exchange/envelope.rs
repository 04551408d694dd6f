//! The JSON around an answer: annotations, warnings, pages and errors.

use jiff::Timestamp;
use serde::Serialize;
use serde::Serializer;
use serde::ser::SerializeMap;
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
        json_reply(200, self)
    }
}

impl Serialize for Success<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut body = serializer.serialize_map(None)?;
        let context = format!("{}/$metadata#Collection(Exchange.GenericHashTable)", self.root);
        body.serialize_entry("@odata.context", &context)?;
        body.serialize_entry("adminapi.warnings@odata.type", "#Collection(String)")?;
        body.serialize_entry("@adminapi.warnings", self.warnings)?;
        if let Some(question) = self.confirmation {
            body.serialize_entry("@adminapi.confirmationmessage", question)?;
        }
        body.serialize_entry("value", &AsList(self.records))?;
        if let Some(next) = self.next {
            body.serialize_entry("@odata.nextLink", next)?;
        }
        body.end()
    }
}

struct AsList<'a>(&'a [Map<String, Value>]);

impl Serialize for AsList<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(Annotated))
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
pub fn json_reply(status: u16, body: &impl Serialize) -> Reply {
    Reply {
        status,
        headers: Vec::new(),
        body: serde_json::to_vec(body).expect("an answer can be written as JSON"),
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

/// A record with the annotations that its types call for, without hidden properties.
struct Annotated<'a>(&'a Map<String, Value>);

impl Serialize for Annotated<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut shown = serializer.serialize_map(None)?;
        for (name, value) in self.0.iter().filter(|(name, _)| !name.starts_with('_')) {
            let mut note = |kind: &str, text: &str| shown.serialize_entry(&format!("{name}@{kind}.type"), text);
            match value {
                Value::Array(_) => note("odata", "#Collection(String)")?,
                Value::Number(number) => match number.as_i64().is_some_and(|number| i32::try_from(number).is_ok()) {
                    true => note("data", "System.Int32")?,
                    false => {
                        note("data", "System.Int64")?;
                        note("odata", "#Int64")?;
                    }
                },
                Value::String(text) if is_guid(name, text) => {
                    note("data", "System.Guid")?;
                    note("odata", "#Guid")?;
                }
                Value::String(text) => {
                    if let Some(moment) = moment(name, text) {
                        note("data", "System.DateTime")?;
                        shown.serialize_entry(name, &moment)?;
                        continue;
                    }
                }
                _ => {}
            }
            shown.serialize_entry(name, value)?;
        }
        shown.end()
    }
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
    let moment: Timestamp = if is_named { text.parse().ok()? } else { return None };
    let ticks = moment.subsec_nanosecond() / 100;
    let zone = if name.ends_with("UTC") { "Z" } else { "+00:00" };
    Some(format!("{}.{ticks:07}{zone}", moment.strftime("%Y-%m-%dT%H:%M:%S")))
}

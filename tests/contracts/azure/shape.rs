//! A value against a schema of Swagger 2.0.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::Timestamp;
use regex_lite::Regex;
use serde_json::Map;
use serde_json::Value;
use uuid::Uuid;

use super::documents::Part;

/// Who speaks: some properties are only the service's, some only the client's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaker {
    /// The client makes or replaces something.
    Client,
    /// The client changes something that is there.
    ClientUpdates,
    /// The service answers.
    Service,
}

/// Adds what of `value` is not as `schema` has it.
pub fn check(schema: Part<'_>, value: &Value, speaker: Speaker, at: &str, faults: &mut Vec<String>) {
    let schema = schema.resolved();
    if value.is_null() {
        if !schema.is("x-nullable") {
            faults.push(format!("{at}: it may not be null"));
        }
        return;
    }
    let kind = schema.text("type").or_else(|| is_object(schema).then_some("object"));
    let is_right = match kind {
        Some("string") => value.is_string(),
        Some("boolean") => value.is_boolean(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("number") => value.is_number(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        _ => true,
    };
    if !is_right {
        return faults.push(format!("{at}: {value} is no {}", kind.unwrap_or_default()));
    }
    match value {
        Value::String(text) => check_text(schema, text, at, faults),
        Value::Number(number) => check_range(schema, number.as_f64().unwrap_or(f64::NAN), at, faults),
        Value::Array(items) => {
            for item in items {
                if let Some(schema) = schema.get("items") {
                    check(schema, item, speaker, &format!("{at}[]"), faults);
                }
            }
        }
        Value::Object(object) => check_object(schema, object, speaker, at, faults),
        _ => {}
    }
}

/// Adds what of a text is not as its schema, or the parameter that it is for, has it.
pub fn check_text(schema: Part<'_>, text: &str, at: &str, faults: &mut Vec<String>) {
    if let Some(pattern) = schema.text("pattern")
        && !Regex::new(pattern).expect("patterns are regular expressions").is_match(text)
    {
        faults.push(format!("{at}: `{text}` does not match {pattern}"));
    }
    // Azure compares words without case and prints them in any.
    let mut words = schema.list("enum").filter_map(|word| word.value.as_str()).peekable();
    if words.peek().is_some() && !words.any(|word| word.eq_ignore_ascii_case(text)) {
        faults.push(format!("{at}: `{text}` is none of the documented words"));
    }
    let length = |key: &str| schema.value[key].as_u64();
    let letters = text.chars().count() as u64;
    if length("minLength").is_some_and(|least| letters < least) || length("maxLength").is_some_and(|most| letters > most) {
        faults.push(format!("{at}: `{text}` is too short or too long"));
    }
    let is_right = match schema.text("format") {
        Some("date-time") => text.parse::<Timestamp>().is_ok(),
        Some("uuid") => Uuid::parse_str(text).is_ok(),
        Some("base64url") => BASE64_URL_SAFE_NO_PAD.decode(text).is_ok(),
        Some("byte") => BASE64_STANDARD.decode(text).is_ok(),
        Some("duration") => text.starts_with('P'),
        _ => true,
    };
    if !is_right {
        faults.push(format!("{at}: `{text}` is no {}", schema.text("format").unwrap_or_default()));
    }
}

/// Adds that a number is outside of what its schema, or the parameter that it is for, allows.
pub fn check_range(schema: Part<'_>, number: f64, at: &str, faults: &mut Vec<String>) {
    let bound = |key: &str| schema.value[key].as_f64();
    let is_int32 = schema.text("format") == Some("int32");
    let least = bound("minimum").or(is_int32.then_some(f64::from(i32::MIN)));
    let most = bound("maximum").or(is_int32.then_some(f64::from(i32::MAX)));
    if least.is_some_and(|least| number < least) || most.is_some_and(|most| number > most) {
        faults.push(format!("{at}: {number} is out of range"));
    }
}

fn check_object(schema: Part<'_>, object: &Map<String, Value>, speaker: Speaker, at: &str, faults: &mut Vec<String>) {
    let required = required(schema);
    for name in required.iter().filter(|name| !object.contains_key(**name)) {
        faults.push(format!("{at}: `{name}` is missing"));
    }
    for (name, value) in object {
        let at = format!("{at}.{name}");
        let Some(property) = property(schema, name) else {
            match schema.get("additionalProperties") {
                Some(additional) if additional.value.is_object() => check(additional, value, speaker, &at, faults),
                // Some objects are described by nothing but that they are one.
                None if !is_object(schema) => {}
                Some(open) if open.value == &Value::Bool(true) => {}
                _ => faults.push(format!("{at}: it is not documented")),
            }
            continue;
        };
        if let Some(fault) = not_by(property, speaker) {
            faults.push(format!("{at}: {fault}"));
        }
        // The services print null for what is not there.
        let is_absent = value.is_null() && speaker == Speaker::Service && !required.contains(&name.as_str());
        if !is_absent || property.resolved().value["x-nullable"] == false {
            check(property, value, speaker, &at, faults);
        }
    }
}

/// Why this speaker may not say that property.
fn not_by(property: Part<'_>, speaker: Speaker) -> Option<&'static str> {
    let is_read_only = property.is("readOnly") || property.resolved().is("readOnly");
    let times: Vec<_> = property.list("x-ms-mutability").filter_map(|time| time.value.as_str()).collect();
    let never = |time: &str| !times.is_empty() && !times.contains(&time);
    match speaker {
        Speaker::Client | Speaker::ClientUpdates if is_read_only => Some("only the service says it"),
        Speaker::ClientUpdates if never("update") => Some("it cannot be changed"),
        Speaker::Service if never("read") => Some("the service never says it"),
        _ => None,
    }
}

/// Whether anything is said of the properties.
fn is_object(schema: Part<'_>) -> bool {
    ["properties", "allOf", "additionalProperties"]
        .iter()
        .any(|key| schema.get(key).is_some())
}

/// The names that must be there, own and inherited.
fn required(schema: Part<'_>) -> Vec<&str> {
    let own = schema.list("required").filter_map(|name| name.value.as_str());
    let inherited = schema.list("allOf").flat_map(|part| required(part.resolved()));
    own.chain(inherited).collect()
}

/// The schema of a property, own or inherited.
fn property<'d>(schema: Part<'d>, name: &str) -> Option<Part<'d>> {
    let own = schema.get("properties").and_then(|properties| properties.get(name));
    own.or_else(|| schema.list("allOf").find_map(|part| property(part.resolved(), name)))
}

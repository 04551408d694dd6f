//! A checksum over JSON that shows alterations. It is no signature: whoever alters the content can make a new one.

use aws_lc_rs::digest::SHA256;
use aws_lc_rs::digest::digest;
use serde_json::Map;
use serde_json::Value;

use crate::model::hexadecimal;

/// Over `content` without its member `checksum`, in a form that does not depend on the order of names or on blanks.
pub fn checksum(content: &Map<String, Value>) -> String {
    let mut text = String::new();
    canonical_map(content.iter().filter(|(name, _)| *name != "checksum"), &mut text);
    let hash = hexadecimal(digest(&SHA256, text.as_bytes()).as_ref()).to_lowercase();
    format!("sha256:{hash}")
}

fn canonical(value: &Value, text: &mut String) {
    match value {
        Value::Object(map) => canonical_map(map.iter(), text),
        Value::Array(items) => {
            text.push('[');
            for item in items {
                canonical(item, text);
                text.push(',');
            }
            text.push(']');
        }
        other => text.push_str(&other.to_string()),
    }
}

fn canonical_map<'a>(entries: impl Iterator<Item = (&'a String, &'a Value)>, text: &mut String) {
    let mut entries: Vec<_> = entries.collect();
    entries.sort_by_key(|(name, _)| *name);
    text.push('{');
    for (name, value) in entries {
        text.push_str(&Value::from(name.as_str()).to_string());
        text.push(':');
        canonical(value, text);
        text.push(',');
    }
    text.push('}');
}

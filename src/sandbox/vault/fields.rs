//! Bodies: which properties a caller may send, and the attributes and tags that all objects have.

use jiff::Timestamp;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::fault::Fault;

/// The attributes that may stand in a body. Those that only the service writes are passed over.
pub const ATTRIBUTES: &[&str] = &["enabled", "nbf", "exp", "created", "updated", "recoveryLevel", "recoverableDays"];

const MOST_TAGS: usize = 15;

/// Refuses a property that is not among `known`.
pub fn only(object: &Map<String, Value>, place: &str, known: &[&str]) -> Result<(), Fault> {
    match object.keys().find(|name| !known.contains(&name.as_str())) {
        Some(name) => Err(Fault::bad_parameter(format!("Unrecognized property {name} in {place}."))),
        None => Ok(()),
    }
}

/// The attributes of something new.
pub fn new_attributes(body: &Map<String, Value>, now: Timestamp) -> Result<Value, Fault> {
    let mut attributes = json!({"enabled": true, "created": now.as_second(), "updated": now.as_second()});
    take_attributes(&mut attributes, body, &["enabled", "nbf", "exp"], now)?;
    Ok(attributes)
}

/// Takes over those of the body's attributes that are `writable`.
pub fn take_attributes(attributes: &mut Value, body: &Map<String, Value>, writable: &[&str], now: Timestamp) -> Result<(), Fault> {
    let given = match body.get("attributes") {
        None | Some(Value::Null) => return Ok(()),
        Some(Value::Object(given)) => given,
        Some(_) => return Err(Fault::bad_parameter("Property attributes has invalid value.")),
    };
    only(given, "attributes", ATTRIBUTES)?;
    for (name, value) in given.iter().filter(|(name, _)| writable.contains(&name.as_str())) {
        let is_fit = match name.as_str() {
            "enabled" => value.is_boolean(),
            _ => value.is_i64() || value.is_null(),
        };
        match (is_fit, value.is_null()) {
            (false, _) => return Err(Fault::bad_parameter(format!("Property {name} has invalid value."))),
            (true, true) => {}
            (true, false) => attributes[name.as_str()] = value.clone(),
        }
    }
    attributes["updated"] = json!(now.as_second());
    Ok(())
}

/// The tags of the body, when it has some.
pub fn tags(body: &Map<String, Value>) -> Result<Option<Value>, Fault> {
    match body.get("tags") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(tags)) if tags.len() <= MOST_TAGS && tags.values().all(Value::is_string) => {
            Ok(Some(Value::Object(tags.clone())))
        }
        Some(_) => Err(Fault::bad_parameter("Property tags has invalid value.")),
    }
}

/// Whether `name` can be the name of a certificate or of a secret.
pub fn is_name(name: &str) -> bool {
    (1..=127).contains(&name.len()) && name.chars().all(|character| character.is_ascii_alphanumeric() || character == '-')
}

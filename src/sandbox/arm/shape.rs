//! What a body may hold. A property that is not listed is refused, as Azure's own reader of bodies refuses it.

use serde_json::Map;
use serde_json::Value;

use super::fault::Fault;

/// What a property holds. `null` fits everywhere.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A text.
    Text,
    /// One of these words, in any case.
    Word(&'static [&'static str]),
    /// A truth.
    Flag,
    /// A whole number.
    Number,
    /// Texts by name.
    Tags,
    /// An object of these properties.
    Object(&'static [Field]),
    /// A list of objects of these properties.
    Objects(&'static [Field]),
    /// A list of texts.
    Texts,
    /// Something that may not be missing from its object.
    Required(&'static Kind),
    /// Whatever the caller likes; the sandbox makes nothing of it.
    Any,
}

/// A property: name and what it holds.
pub type Field = (&'static str, Kind);

/// Refuses what does not fit `fields`; `place` is the path of the object in the body.
pub fn check(object: &Map<String, Value>, fields: &[Field], place: &str) -> Result<(), Fault> {
    for (name, value) in object {
        let path = if place.is_empty() {
            name.clone()
        } else {
            format!("{place}.{name}")
        };
        let Some((_, kind)) = fields.iter().find(|(known, _)| known == name) else {
            return Err(Fault::content(format!("Could not find member '{name}' on object. Path '{path}'.")));
        };
        check_value(value, *kind, &path)?;
    }
    let is_there = |name: &str| object.get(name).is_some_and(|value| !value.is_null());
    let missing = fields
        .iter()
        .find(|(name, kind)| matches!(kind, Kind::Required(_)) && !is_there(name));
    match missing {
        Some((name, _)) => Err(Fault::content(format!(
            "Required property '{name}' not found in JSON. Path '{place}'."
        ))),
        None => Ok(()),
    }
}

fn check_value(value: &Value, kind: Kind, path: &str) -> Result<(), Fault> {
    let fits = match (kind, value) {
        (_, Value::Null) | (Kind::Any, _) => true,
        (Kind::Required(kind), value) => return check_value(value, *kind, path),
        (Kind::Text, value) => value.is_string(),
        (Kind::Word(words), Value::String(text)) => words.iter().any(|word| word.eq_ignore_ascii_case(text)),
        (Kind::Flag, value) => value.is_boolean(),
        (Kind::Number, value) => value.is_i64(),
        (Kind::Tags, Value::Object(tags)) => tags.values().all(Value::is_string),
        (Kind::Texts, Value::Array(items)) => items.iter().all(Value::is_string),
        (Kind::Object(fields), Value::Object(object)) => return check(object, fields, path),
        (Kind::Objects(fields), Value::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                check_value(item, Kind::Object(fields), &format!("{path}[{index}]"))?;
            }
            true
        }
        _ => false,
    };
    match fits {
        true => Ok(()),
        false => Err(Fault::content(format!("Error converting value '{value}'. Path '{path}'."))),
    }
}

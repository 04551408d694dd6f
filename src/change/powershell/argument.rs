//! One argument of a change as a value of PowerShell.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::bytes;
use super::quoting::comment;
use super::script::Draft;
use super::secret;
use super::term::Term;
use crate::change::ArgumentType;
use crate::change::PsChange;
use crate::model::moment;

/// An argument as a cmdlet takes it.
pub(super) fn argument(change: &PsChange, name: &str, value: &Value, draft: &mut Draft) -> Term {
    let what = comment(&format!("{name} of {}", change.label));
    let text = match (kind(change, name), value) {
        (_, Value::Null) => return draft.names.term(value),
        (Some(ArgumentType::Secret), _) => secret::secure(value, &what, &change.label, draft),
        (Some(ArgumentType::Credential), _) => secret::credential(value, &what, draft),
        (Some(ArgumentType::Bytes), _) => file(value, &what, draft),
        (Some(ArgumentType::DateTime), Value::String(text)) => match moment(text) {
            Some(time) => format!("([datetime]'{}').ToUniversalTime()", time.strftime("%Y-%m-%dT%H:%M:%SZ")),
            None => draft.names.text(text),
        },
        _ => return draft.names.term(value),
    };
    Term::Plain(text)
}

/// An argument as it stands in a body.
pub(super) fn exposed(change: &PsChange, name: &str, value: &Value, draft: &mut Draft) -> Term {
    match (kind(change, name), value) {
        (Some(ArgumentType::Secret), value) if !value.is_null() => {
            let what = comment(&format!("{name} of {}", change.label));
            Term::Plain(secret::exposed(value, &what, &change.label, draft))
        }
        _ => draft.names.term(value),
    }
}

/// Bytes, or where they were not kept the file that has them.
fn file(value: &Value, what: &str, draft: &mut Draft) -> String {
    let known = value
        .get("$bytes")
        .and_then(Value::as_str)
        .and_then(|text| STANDARD.decode(text).ok());
    match known {
        Some(known) => bytes::expression(&known),
        None => format!(
            "[IO.File]::ReadAllBytes((Resolve-Path {}))",
            draft.names.ask(&format!("file with the {what}"), false)
        ),
    }
}

fn kind(change: &PsChange, name: &str) -> Option<ArgumentType> {
    change.descriptor.argument(name).map(|argument| argument.kind)
}

//! Secrets: never a value, but where the script gets it from.

use serde_json::Value;

use super::helpers::Helper;
use super::names::reference;
use super::quoting::quoted;
use super::script::Draft;
use crate::model::is_placeholder;

/// An expression that gives the secret as a `SecureString`; `what` says what it is for, and `user` whose it is.
pub(super) fn secure(value: &Value, what: &str, user: &str, draft: &mut Draft) -> String {
    match source(value) {
        Source::Generate => {
            draft.helpers.insert(Helper::GeneratedPassword);
            format!("(New-GeneratedPassword {})", quoted(user))
        }
        Source::Given(placeholder) => match draft.names.given(placeholder) {
            Some(expression) => format!("(ConvertTo-SecureString -String {expression} -AsPlainText -Force)"),
            None => draft.names.ask(what, true),
        },
        Source::Ask(told) => draft.names.ask(told.unwrap_or(what), true),
    }
}

/// An expression that gives the secret as a text, for a body that is sent as it stands.
pub(super) fn exposed(value: &Value, what: &str, user: &str, draft: &mut Draft) -> String {
    let given = match source(value) {
        Source::Given(placeholder) => draft.names.given(placeholder),
        _ => None,
    };
    given.unwrap_or_else(|| {
        format!(
            "(ConvertFrom-SecureString -SecureString {} -AsPlainText)",
            secure(value, what, user, draft)
        )
    })
}

/// A user name with its secret.
pub(super) fn credential(value: &Value, what: &str, draft: &mut Draft) -> String {
    let user = value.get("$credential").and_then(Value::as_str).unwrap_or_default().to_owned();
    let secret = secure(value.get("secret").unwrap_or(&Value::Null), what, &user, draft);
    format!("[pscredential]::new({}, {secret})", draft.names.text(&user))
}

enum Source<'v> {
    Generate,
    Ask(Option<&'v str>),
    Given(&'v str),
}

fn source(value: &Value) -> Source<'_> {
    let placeholder = reference(value).or(value.as_str()).filter(|text| is_placeholder(text));
    match placeholder {
        Some(placeholder) if placeholder.starts_with("‹generated ") => Source::Generate,
        Some(placeholder) => Source::Given(placeholder),
        None if value.get("$generate").is_some() => Source::Generate,
        None => Source::Ask(value.get("$ask").and_then(Value::as_str)),
    }
}

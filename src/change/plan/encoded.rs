//! Arguments in a plan and back again. What is no plain value is an object with one member: `{"$ref": "‹...›"}` is a text in which
//! earlier changes give what stands between the marks, `{"$generate": "password"}` a password of its own, `{"$ask": "what"}` a secret
//! that somebody has to give, `{"$bytes": "base64"}` bytes.

use std::collections::HashSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::ExposeSecret;
use secrecy::SecretString;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::change::ArgumentType;
use crate::change::Descriptor;
use crate::model::Arguments;
use crate::model::Given;
use crate::model::Trouble;

/// How a secret that is made when it is needed shows in a run that only shows what it would do.
const GENERATED: &str = "‹generated ";

/// Where what is not in a plan comes from.
pub trait Source {
    /// The text with its placeholders replaced by what earlier changes gave.
    fn referred(&self, text: &str) -> Result<String, Trouble>;

    /// The secret that an earlier change gave.
    fn secret(&self, placeholder: &str) -> Result<SecretString, Trouble>;

    /// A new password.
    fn generated(&mut self) -> Result<SecretString, Trouble>;

    /// The secret that somebody gives when asked for `what`.
    fn asked(&mut self, what: &str) -> Result<SecretString, Trouble>;
}

/// `arguments` of a change of the object `label`; `known` are the placeholders that some change gives a value to.
pub(super) fn encoded(arguments: &Arguments, label: &str, known: &HashSet<&str>) -> Map<String, Value> {
    let secret = |name: &str, secret: &SecretString| match secret.expose_secret() {
        text if known.contains(text) => json!({"$ref": text}),
        text if text.starts_with(GENERATED) && text.ends_with('›') => json!({"$generate": "password"}),
        _ => json!({"$ask": format!("{name} of {label}")}),
    };
    let one = |name: &str, given: &Given| match given {
        Given::Plain(value) => plain(value, known),
        Given::Secret(text) => secret(name, text),
        Given::Credential { user, secret: text } => json!({"user": plain(&json!(user), known), "secret": secret(name, text)}),
        Given::Bytes(bytes) => json!({"$bytes": STANDARD.encode(bytes)}),
    };
    arguments.iter().map(|(name, given)| (name.to_owned(), one(name, given))).collect()
}

/// A plain value whose texts tell what in them is given later.
pub(super) fn plain(value: &Value, known: &HashSet<&str>) -> Value {
    match value {
        Value::String(text) if refers(text, known) => json!({"$ref": text}),
        Value::Array(items) => items.iter().map(|item| plain(item, known)).collect(),
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), plain(value, known))).collect(),
        other => other.clone(),
    }
}

fn refers(text: &str, known: &HashSet<&str>) -> bool {
    text.contains('‹') && known.iter().any(|placeholder| text.contains(placeholder))
}

/// The arguments of a write of `descriptor`, with everything that is not in the plan from `source`.
pub fn decoded(descriptor: &Descriptor, arguments: &Map<String, Value>, source: &mut dyn Source) -> Result<Arguments, Trouble> {
    let mut decoded = Arguments::new();
    for (name, value) in arguments {
        let given = match descriptor.argument(name).map(|argument| argument.kind) {
            Some(ArgumentType::Secret) => Given::Secret(secret(value, source)?),
            Some(ArgumentType::Credential) => Given::Credential {
                user: text(&value["user"], source)?,
                secret: secret(&value["secret"], source)?,
            },
            Some(ArgumentType::Bytes) => Given::Bytes(bytes(value)),
            _ => Given::Plain(resolved(value, source)?),
        };
        decoded.set(name, given);
    }
    Ok(decoded)
}

/// The identity of an object, once it is known.
pub(super) fn text(value: &Value, source: &dyn Source) -> Result<String, Trouble> {
    let value = resolved(value, source)?;
    Ok(value.as_str().unwrap_or_default().to_owned())
}

fn resolved(value: &Value, source: &dyn Source) -> Result<Value, Trouble> {
    Ok(match value {
        Value::Object(_) if value["$ref"].is_string() => source.referred(value["$ref"].as_str().unwrap_or_default())?.into(),
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| Ok((name.clone(), resolved(value, source)?)));
            Value::Object(members.collect::<Result<_, Trouble>>()?)
        }
        Value::Array(items) => Value::Array(items.iter().map(|item| resolved(item, source)).collect::<Result<_, Trouble>>()?),
        other => other.clone(),
    })
}

fn secret(value: &Value, source: &mut dyn Source) -> Result<SecretString, Trouble> {
    match (value["$ref"].as_str(), value["$generate"].as_str()) {
        (Some(placeholder), _) => source.secret(placeholder),
        (_, Some(_)) => source.generated(),
        _ => source.asked(value["$ask"].as_str().unwrap_or("a secret")),
    }
}

fn bytes(value: &Value) -> Vec<u8> {
    let text = value["$bytes"].as_str().unwrap_or_default();
    STANDARD.decode(text).unwrap_or_default()
}

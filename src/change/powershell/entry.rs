//! What the script is made of: changes as plain data, whether they come from a run, a saved plan or the journal.

use secrecy::ExposeSecret;
use secrecy::SecretString;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::change::Descriptor;
use crate::change::TenantTag;
use crate::model::Arguments;
use crate::model::Given;
use crate::model::is_placeholder;

/// What stands above the changes.
#[derive(Debug, Clone, Default)]
pub struct PsHeading {
    /// Sentences for the reader: what this is, where it comes from, what it takes for granted.
    pub lines: Vec<String>,
}

/// One change to be written.
#[derive(Debug, Clone)]
pub struct PsChange {
    /// The tenant.
    pub tenant: TenantTag,
    /// What kind of write.
    pub descriptor: &'static Descriptor,
    /// The identity of the object, for writes on an existing one.
    pub object: Option<String>,
    /// How people call the object.
    pub label: String,
    /// The arguments without the identity. Besides plain values: `{"$ref": "‹...›"}` for a value that an earlier change gives,
    /// `{"$generate": "password"}`, `{"$ask": "what"}`, `{"$bytes": "base64"}`, and for a credential `{"user": ..., "secret": ...}`.
    pub arguments: Map<String, Value>,
    /// The touched properties: name, old, new.
    pub touched: Vec<(String, Value, Value)>,
    /// The placeholders that this change gives a value to, and the property of its reply that is the value.
    pub outputs: Vec<(String, String)>,
}

/// Arguments as `PsChange` takes them; no secret is among them.
pub fn told(arguments: &Arguments) -> Map<String, Value> {
    arguments.iter().map(|(name, given)| (name.to_owned(), told_one(given))).collect()
}

fn told_one(given: &Given) -> Value {
    match given {
        Given::Plain(value) => value.clone(),
        Given::Secret(secret) => told_secret(secret),
        Given::Credential { user, secret } => json!({"user": user, "secret": told_secret(secret)}),
        Given::Bytes(bytes) => json!({"$bytes": STANDARD.encode(bytes)}),
    }
}

/// A secret that is not there yet by its placeholder, any other by nothing at all.
fn told_secret(secret: &SecretString) -> Value {
    match secret.expose_secret() {
        text if is_placeholder(text) => json!({"$ref": text}),
        _ => json!({"$ask": null}),
    }
}

//! What the script is made of: changes as plain data, whether they come from a run, a saved plan or the journal.

use serde_json::Map;
use serde_json::Value;

use crate::change::Descriptor;
use crate::change::TenantTag;
use crate::journal::Intent;

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
    /// The arguments without the identity, as they are recorded. Besides plain values: `{"$ref": "‹...›"}` for a value that an
    /// earlier change gives, `{"$bytes": "base64"}`, and for a secret `{"$secret": ...}`, `{"$ask": "what"}`, a reference or
    /// `{"$generate": "password"}`; for a credential `{"$credential": "user"}`, with the secret's own form under `secret`.
    pub arguments: Map<String, Value>,
    /// The touched properties: name, old, new.
    pub touched: Vec<(String, Value, Value)>,
    /// The placeholders that this change gives a value to, and the property of its reply that is the value.
    pub outputs: Vec<(String, String)>,
}

impl PsChange {
    /// A change of `descriptor` in `tenant` as the journal has it.
    pub fn recorded(tenant: TenantTag, descriptor: &'static Descriptor, intent: &Intent) -> Self {
        Self {
            tenant,
            descriptor,
            object: intent.object.clone(),
            label: intent.label.clone(),
            arguments: intent.arguments.as_object().cloned().unwrap_or_default(),
            touched: intent.touched.clone(),
            outputs: Vec::new(),
        }
    }
}

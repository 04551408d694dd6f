//! A change as it is recorded: without secrets, and small enough that a million of them fit.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::ExposeSecret;
use secrecy::SecretString;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use uuid::Uuid;

use crate::change::Change;
use crate::change::Descriptor;
use crate::change::Operation;
use crate::change::Patience;
use crate::change::Reply;
use crate::journal::ChangeRow;
use crate::journal::Intent;
use crate::journal::Outcome;
use crate::model::Arguments;
use crate::model::Given;
use crate::model::Kind;
use crate::model::Record;
use crate::model::Trouble;
use crate::model::is_placeholder;
use crate::platform::Clock;
use crate::platform::SystemClock;

/// The properties of an answer by which its object is found again.
const NAMES: &[&str] = &[
    "id",
    "appId",
    "keyId",
    "Identity",
    "Guid",
    "ExchangeObjectId",
    "ExternalDirectoryObjectId",
    "Name",
    "DisplayName",
    "UserPrincipalName",
    "PrimarySmtpAddress",
    "RecipientTypeDetails",
    "principalId",
    "resourceId",
    "appRoleId",
    "invitedUser",
];

/// What is recorded before `change` is sent under `request_id`.
pub(super) fn intent(change: &Change, request_id: Uuid) -> Intent {
    let descriptor = change.operation.descriptor;
    Intent {
        tenant: change.tenant.id,
        tenant_name: change.tenant.name.clone(),
        service: descriptor.service.to_string(),
        operation: descriptor.name.to_owned(),
        noun: descriptor.noun.to_owned(),
        object: change.operation.object.clone(),
        label: change.label.clone(),
        arguments: arguments(&change.operation.arguments),
        touched: change.touched.iter().chain(&change.kept).cloned().collect(),
        impact: change.impact.to_string(),
        request_id,
        at: SystemClock.now(),
    }
}

/// What is recorded of the service's answer.
pub(super) fn outcome(answer: &Result<Reply, Trouble>) -> Outcome {
    let at = SystemClock.now();
    match answer {
        Ok(reply) => Outcome::Done {
            reply: reply.record.as_ref().map_or(Value::Null, names),
            warnings: reply.warnings.clone(),
            at,
        },
        Err(trouble) if may_be_done(trouble) => Outcome::ToCheck {
            code: trouble.code.clone(),
            message: trouble.message.clone(),
            at,
        },
        Err(trouble) => Outcome::Refused {
            code: trouble.code.clone(),
            message: trouble.message.clone(),
            at,
        },
    }
}

/// What is recorded of a change whose answer was lost and that was found to be made.
pub(super) fn found(record: Option<&Record>) -> Outcome {
    Outcome::Done {
        reply: record.map_or(Value::Null, names),
        warnings: Vec::new(),
        at: SystemClock.now(),
    }
}

/// Whether the write may have happened although no answer says so.
pub fn may_be_done(trouble: &Trouble) -> bool {
    matches!(trouble.kind, Kind::Network | Kind::Timeout) && trouble.code != "unreachable"
}

/// Arguments as JSON. A secret is replaced by its kind; bytes stay, because a batch is nothing without its users.
pub fn arguments(arguments: &Arguments) -> Value {
    let shown = |given: &Given| match given {
        Given::Plain(value) => value.clone(),
        Given::Secret(secret) => told(secret),
        Given::Credential { user, secret } => json!({"$credential": user, "secret": told(secret)}),
        Given::Bytes(bytes) => json!({"$bytes": STANDARD.encode(bytes)}),
    };
    arguments.iter().map(|(name, given)| (name.to_owned(), shown(given))).collect()
}

/// A secret by its kind; one that a plan waits for by its placeholder, which is none.
fn told(secret: &SecretString) -> Value {
    match secret.expose_secret() {
        text if is_placeholder(text) => json!({"$ref": text}),
        _ => json!({"$secret": "password"}),
    }
}

/// The operation of a recorded change, as far as it was recorded: secrets are missing.
pub fn operation(row: &ChangeRow, descriptor: &'static Descriptor) -> Operation {
    Operation {
        descriptor,
        object: row.intent.object.clone(),
        arguments: given(&row.intent.arguments),
        patience: Patience::NONE,
    }
}

/// Recorded arguments without the secrets, which are not recorded.
fn given(recorded: &Value) -> Arguments {
    let mut arguments = Arguments::new();
    for (name, value) in recorded.as_object().into_iter().flatten() {
        match value.as_object().and_then(|members| members.iter().next()) {
            Some((mark, _)) if mark == "$secret" || mark == "$credential" => {}
            Some((mark, Value::String(text))) if mark == "$bytes" => {
                arguments.set(name, Given::Bytes(STANDARD.decode(text).unwrap_or_default()));
            }
            _ => arguments.set(name, value.clone()),
        }
    }
    arguments
}

fn names(record: &Record) -> Value {
    let known = NAMES
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), record.get(name)?.clone())));
    Value::Object(known.filter(|(_, value)| !value.is_null()).collect::<Map<_, _>>())
}

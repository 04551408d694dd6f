//! Parameters as PowerShell binds them: names without case and by unambiguous prefix, values converted to the parameter's type.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use uuid::Uuid;

use crate::sandbox::Tx;
use crate::sandbox::exchange::Cmdlet;
use crate::sandbox::exchange::Parameter;
use crate::sandbox::exchange::Refusal;
use crate::sandbox::exchange::refusal;
use crate::sandbox::exchange::secret;

const HASHTABLE: &str = "#Exchange.GenericHashTable";
const BYTES: &str = "#Exchange.ByteArrayType";

/// Parameters that every cmdlet takes; the sandbox implements the warning action only.
const COMMON: &[&str] = &[
    "ErrorAction",
    "ErrorVariable",
    "InformationAction",
    "OutBuffer",
    "OutVariable",
    "WarningAction",
    "WarningVariable",
    "Verbose",
    "Debug",
];

/// The parameters of a call, bound.
#[derive(Debug, Default)]
pub struct Bound {
    /// Those of the cmdlet's own table, under the names of the table.
    pub parameters: Map<String, Value>,
    /// `Confirm`, when given.
    pub confirm: Option<bool>,
    /// `WhatIf`.
    pub what_if: bool,
    /// `WarningAction`, when given.
    pub warning_action: Option<String>,
}

/// Binds what was given to the table of the cmdlet.
pub fn bind(tx: &Tx<'_>, cmdlet: &Cmdlet, given: &Map<String, Value>) -> Result<Bound, Refusal> {
    let mut bound = Bound::default();
    let mut unknown = Vec::new();
    for (name, value) in given.iter().filter(|(name, _)| !name.contains('@')) {
        match named(cmdlet, name) {
            Some(known) => match cmdlet.parameters.iter().find(|(own, _)| *own == known) {
                Some((own, kind)) => {
                    bound.parameters.insert((*own).to_owned(), convert(tx, own, *kind, value)?);
                }
                None => bind_common(&mut bound, known, value)?,
            },
            None => unknown.push(name.as_str()),
        }
    }
    if !unknown.is_empty() {
        return Err(refusal::parameter_set(&unknown.join(", ")));
    }
    let is_missing = |name: &&&str| match bound.parameters.get(**name) {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.is_empty(),
        Some(Value::Array(items)) => items.is_empty(),
        Some(_) => false,
    };
    let missing: Vec<&str> = cmdlet.mandatory.iter().filter(is_missing).copied().collect();
    match missing.is_empty() {
        true => Ok(bound),
        false => Err(refusal::missing(&missing.join(", "))),
    }
}

/// Whether the cmdlet changes something, so that it takes `Confirm` and `WhatIf`.
pub fn is_writing(cmdlet: &Cmdlet) -> bool {
    !cmdlet.name.starts_with("Get-") && !cmdlet.name.starts_with("Test-")
}

fn named(cmdlet: &Cmdlet, given: &str) -> Option<&'static str> {
    let switches: &[&str] = if is_writing(cmdlet) { &["Confirm", "WhatIf"] } else { &[] };
    let own = cmdlet.parameters.iter().map(|(name, _)| *name);
    let known: Vec<&'static str> = own.chain(COMMON.iter().copied()).chain(switches.iter().copied()).collect();
    if let Some(exact) = known.iter().find(|name| name.eq_ignore_ascii_case(given)) {
        return Some(exact);
    }
    let is_prefix = |name: &&&str| name.get(..given.len()).is_some_and(|start| start.eq_ignore_ascii_case(given));
    let mut matching = known.iter().filter(is_prefix);
    match (matching.next(), matching.next(), given.is_empty()) {
        (Some(only), None, false) => Some(only),
        _ => None,
    }
}

fn bind_common(bound: &mut Bound, name: &str, value: &Value) -> Result<(), Refusal> {
    match name {
        "Confirm" => bound.confirm = Some(truth(name, value)?),
        "WhatIf" => bound.what_if = truth(name, value)?,
        "WarningAction" => bound.warning_action = value.as_str().map(str::to_owned),
        _ => {}
    }
    Ok(())
}

fn truth(name: &str, value: &Value) -> Result<bool, Refusal> {
    match value {
        Value::Bool(truth) => Ok(*truth),
        Value::Number(number) => Ok(number.as_f64() != Some(0.0)),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Ok(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Ok(false),
        other => Err(unfit(name, other, "System.Boolean")),
    }
}

fn convert(tx: &Tx<'_>, name: &str, kind: Parameter, value: &Value) -> Result<Value, Refusal> {
    if value.is_null() {
        // Null clears lists as well as single values, and is no identity.
        return Ok(if kind == Parameter::Multi { json!([]) } else { Value::Null });
    }
    match kind {
        Parameter::Switch | Parameter::Bool => truth(name, value).map(Value::Bool),
        Parameter::Text => match value {
            Value::String(_) => Ok(value.clone()),
            Value::Number(number) => Ok(json!(number.to_string())),
            Value::Bool(truth) => Ok(json!(if *truth { "True" } else { "False" })),
            // A single text in an array binds; more do not.
            Value::Array(items) if items.len() == 1 && items[0].is_string() => Ok(items[0].clone()),
            other => Err(unfit(name, other, "System.String")),
        },
        Parameter::Guid => {
            let guid = value.as_str().and_then(|text| Uuid::parse_str(text.trim()).ok());
            guid.map(|guid| json!(guid.to_string()))
                .ok_or_else(|| unfit(name, value, "System.Guid"))
        }
        Parameter::Number => number(name, value),
        Parameter::DateTime => time(name, value),
        Parameter::Multi => multi(name, value),
        Parameter::Bytes => bytes(name, value),
        Parameter::Secret => match value.as_str() {
            Some(text) => Ok(json!(secret::decrypted(tx, text).unwrap_or_else(|| text.to_owned()))),
            None => Err(unfit(name, &json!("***"), "System.Security.SecureString")),
        },
        Parameter::Credential => credential(tx, name, value),
    }
}

fn number(name: &str, value: &Value) -> Result<Value, Refusal> {
    match value {
        Value::Number(number) if number.is_i64() => Ok(value.clone()),
        Value::String(text) if text.eq_ignore_ascii_case("unlimited") => Ok(json!("Unlimited")),
        Value::String(text) => match text.trim().parse::<i64>() {
            Ok(number) => Ok(json!(number)),
            Err(_) => Err(unfit(name, value, "Microsoft.Exchange.Data.Unlimited`1[System.UInt32]")),
        },
        other => Err(unfit(name, other, "Microsoft.Exchange.Data.Unlimited`1[System.UInt32]")),
    }
}

/// A time without zone is UTC.
fn time(name: &str, value: &Value) -> Result<Value, Refusal> {
    let text = value.as_str().unwrap_or_default().trim();
    let moment = text.parse::<Timestamp>().ok().or_else(|| {
        let civil = text.parse::<DateTime>().ok()?;
        TimeZone::UTC.to_timestamp(civil).ok()
    });
    moment
        .map(|moment| json!(moment.to_string()))
        .ok_or_else(|| unfit(name, value, "System.DateTime"))
}

/// Lists stay arrays, an Add/Remove hashtable stays an object with those two; an empty hashtable clears.
fn multi(name: &str, value: &Value) -> Result<Value, Refusal> {
    let kind = "Microsoft.Exchange.Data.MultiValuedProperty`1[System.String]";
    match value {
        Value::String(_) => Ok(json!([value])),
        Value::Number(number) => Ok(json!([number.to_string()])),
        Value::Array(items) => match items.iter().all(Value::is_string) {
            true => Ok(value.clone()),
            false => Err(unfit(name, value, kind)),
        },
        Value::Object(table) => {
            if table.get("@odata.type").and_then(Value::as_str) != Some(HASHTABLE) {
                return Err(unfit(name, value, kind));
            }
            let mut edit = Map::new();
            for (key, items) in table.iter().filter(|(key, _)| !key.contains('@')) {
                let side = ["Add", "Remove"].into_iter().find(|side| side.eq_ignore_ascii_case(key));
                let Some(side) = side else { return Err(unfit(name, value, kind)) };
                edit.insert(side.to_owned(), multi(name, items)?);
            }
            Ok(if edit.is_empty() { json!([]) } else { Value::Object(edit) })
        }
        other => Err(unfit(name, other, kind)),
    }
}

fn bytes(name: &str, value: &Value) -> Result<Value, Refusal> {
    let is_annotated = value["@odata.type"] == BYTES;
    match &value["Data"] {
        Value::Array(items) if is_annotated && items.iter().all(|item| item.as_u64().is_some_and(|byte| byte < 256)) => Ok(json!(items)),
        Value::String(text) if is_annotated => match STANDARD.decode(text) {
            Ok(data) => Ok(json!(data)),
            Err(_) => Err(unfit(name, &json!("Data"), "System.Byte[]")),
        },
        _ => Err(unfit(name, &json!(""), "System.Byte[]")),
    }
}

fn credential(tx: &Tx<'_>, name: &str, value: &Value) -> Result<Value, Refusal> {
    let opened = match value {
        Value::String(text) => secret::decrypted(tx, text).and_then(|plain| serde_json::from_str::<Value>(&plain).ok()),
        Value::Object(_) => Some(value.clone()),
        _ => None,
    };
    let opened = opened.unwrap_or_default();
    match (opened["UserName"].as_str(), opened["Password"].as_str()) {
        (Some(user), Some(password)) => {
            let password = secret::decrypted(tx, password).unwrap_or_else(|| password.to_owned());
            Ok(json!({"UserName": user, "Password": password}))
        }
        _ => Err(unfit(name, &json!("***"), "System.Management.Automation.PSCredential")),
    }
}

fn unfit(name: &str, value: &Value, kind: &str) -> Refusal {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    refusal::transformation(name, &text, kind)
}

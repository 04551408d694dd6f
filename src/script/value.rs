//! Values between scripts and the core: Rhai's `Dynamic`, JSON, records, and arguments of operations.

use rhai::Array;
use rhai::Blob;
use rhai::Dynamic;
use rhai::Map;
use serde_json::Number;
use serde_json::Value;

use crate::change::ArgumentType;
use crate::change::Descriptor;
use crate::model::Arguments;
use crate::model::Given;
use crate::model::Record;
use crate::model::Trouble;
use crate::script::api::object::Object;
use crate::script::api::secret::Credential;
use crate::script::api::secret::Secret;
use crate::script::api::stream::Stream;
use crate::script::api::tenant::TenantHandle;
use crate::script::api::time::Time;
use crate::script::thrown::Thrown;
use crate::script::thrown::invalid;

/// The type of a value in a script's words.
pub(super) fn kind_of(value: &Dynamic) -> &'static str {
    match value.type_name() {
        "i64" => "a whole number",
        "f64" => "a number",
        "()" => "nothing (`()`)",
        "bool" => "true or false",
        "string" => "a text",
        "array" => "a list",
        "map" => "a map",
        "Fn" => "a closure",
        _ if value.is::<Object>() => "an object",
        _ if value.is::<Stream>() => "a stream",
        _ if value.is::<TenantHandle>() => "a tenant",
        _ if value.is::<Thrown>() => "an error",
        _ if value.is::<Secret>() => "a secret",
        _ if value.is::<Time>() => "a time",
        _ => "something else",
    }
}

/// A JSON value as scripts see it: `null` is `()`, objects are maps.
pub(super) fn from_json(value: &Value) -> Dynamic {
    match value {
        Value::Null => Dynamic::UNIT,
        Value::Bool(flag) => (*flag).into(),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => whole.into(),
            None => number.as_f64().unwrap_or_default().into(),
        },
        Value::String(text) => text.as_str().into(),
        Value::Array(items) => items.iter().map(from_json).collect::<Array>().into(),
        Value::Object(members) => {
            let map: Map = members
                .iter()
                .map(|(name, value)| (name.as_str().into(), from_json(value)))
                .collect();
            map.into()
        }
    }
}

/// A script's value as JSON. Secrets stay hidden; streams are read to their end.
pub(super) fn to_json(value: &Dynamic) -> Result<Value, Trouble> {
    json(value, &|| Ok("[secret]".into()))
}

/// The same, with `secret` saying what becomes of a secret.
fn json(value: &Dynamic, secret: &dyn Fn() -> Result<Value, Trouble>) -> Result<Value, Trouble> {
    let value = value.flatten_clone();
    if value.is_unit() {
        return Ok(Value::Null);
    }
    if let Ok(flag) = value.as_bool() {
        return Ok(flag.into());
    }
    if let Ok(whole) = value.as_int() {
        return Ok(whole.into());
    }
    if let Ok(number) = value.as_float() {
        return Ok(Number::from_f64(number).map_or(Value::Null, Value::Number));
    }
    if value.is_string() || value.is_char() {
        return Ok(value.to_string().into());
    }
    if let Some(items) = value.read_lock::<Array>() {
        return items.iter().map(|item| json(item, secret)).collect();
    }
    if let Some(map) = value.read_lock::<Map>() {
        let members = map.iter().map(|(name, value)| Ok((name.to_string(), json(value, secret)?)));
        return members.collect::<Result<serde_json::Map<_, _>, Trouble>>().map(Value::Object);
    }
    if let Some(object) = value.read_lock::<Object>() {
        return Ok(Value::Object(object.record().to_map()));
    }
    if let Some(error) = value.read_lock::<Thrown>() {
        return serde_json::to_value(&error.trouble).map_err(|error| invalid(error.to_string()));
    }
    if let Some(stream) = value.read_lock::<Stream>() {
        let items = stream.iter().map(|item| item.map_err(|error| Thrown::of(*error).trouble));
        return items.map(|item| json(&item?, secret)).collect();
    }
    if let Some(time) = value.read_lock::<Time>() {
        return Ok(time.to_string().into());
    }
    if value.is::<Secret>() || value.is::<Credential>() {
        return secret();
    }
    if let Some(tenant) = value.read_lock::<TenantHandle>() {
        return Ok(tenant.tag().name.clone().into());
    }
    if let Some(bytes) = value.read_lock::<Blob>() {
        return Ok(String::from_utf8_lossy(&bytes).into_owned().into());
    }
    Err(invalid(format!("{} is no data", kind_of(&value))))
}

/// A map or object as a record.
pub(super) fn to_record(value: &Dynamic) -> Result<Record, Trouble> {
    if let Some(object) = value.read_lock::<Object>() {
        return Ok(object.record().clone());
    }
    match to_json(value)? {
        Value::Object(members) => Ok(members.into()),
        _ => Err(invalid(format!("expected a map or an object, got {}", kind_of(value)))),
    }
}

/// An array or stream of maps and objects as records.
pub(super) fn to_records(value: &Dynamic) -> Result<Vec<Record>, Trouble> {
    if let Some(items) = value.read_lock::<Array>() {
        return items.iter().map(to_record).collect();
    }
    if let Some(stream) = value.read_lock::<Stream>() {
        let items = stream.iter().map(|item| item.map_err(|error| Thrown::of(*error).trouble));
        return items.map(|item| to_record(&item?)).collect();
    }
    Err(invalid(format!("expected a list of rows, got {}", kind_of(value))))
}

/// A script's value as an argument of an operation; secrets keep their own form. Inside a list or map they would have none, and
/// the service would be sent the words that stand for them.
pub(super) fn to_given(value: &Dynamic) -> Result<Given, Trouble> {
    if let Some(secret) = value.read_lock::<Secret>() {
        return Ok(Given::Secret(secret.0.clone()));
    }
    if let Some(credential) = value.read_lock::<Credential>() {
        return Ok(Given::Credential {
            user: credential.user.clone(),
            secret: credential.secret.clone(),
        });
    }
    if let Some(bytes) = value.read_lock::<Blob>() {
        return Ok(Given::Bytes(bytes.clone()));
    }
    let refused = || {
        Err(invalid(
            "a secret inside a list or map is not sent; give it as an argument of its own",
        ))
    };
    json(value, &refused).map(Given::Plain)
}

/// The arguments of an operation. A text becomes bytes where it wants bytes.
pub(super) fn to_arguments(descriptor: Option<&Descriptor>, map: &Map) -> Result<Arguments, Trouble> {
    let mut arguments = Arguments::new();
    for (name, value) in map {
        let kind = descriptor
            .and_then(|descriptor| descriptor.argument(name))
            .map(|argument| argument.kind);
        let given = match (kind, to_given(value)?) {
            (Some(ArgumentType::Bytes), Given::Plain(Value::String(text))) => Given::Bytes(text.into_bytes()),
            // An object of Azure goes by its id.
            (Some(ArgumentType::ResourceId), Given::Plain(Value::Object(object))) => {
                Given::Plain(object.get("id").cloned().unwrap_or(Value::Object(object)))
            }
            (_, given) => given,
        };
        arguments.set(name, given);
    }
    Ok(arguments)
}

/// The arguments of a reading: `()` means not given.
pub(super) fn to_query(map: &Map) -> Result<Arguments, Trouble> {
    let mut arguments = to_arguments(None, map)?;
    arguments.retain(|_, given| !matches!(given, Given::Plain(Value::Null)));
    Ok(arguments)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_an_argument_of_its_own_or_none() {
        let secret = || Dynamic::from(Secret("hunter2".into()));
        let nested: [Dynamic; 2] = [vec![secret()].into(), Map::from([("password".into(), secret())]).into()];

        assert!(matches!(to_given(&secret()), Ok(Given::Secret(_))));
        for value in nested {
            let refused = to_given(&value).expect_err("it holds a secret");
            assert!(refused.message.contains("a secret inside a list or map"), "{}", refused.message);
        }
    }
}

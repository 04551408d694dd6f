//! Secrets: those that callers set, and those that stand behind certificates and can only be read.

use serde_json::Value;
use serde_json::json;

use super::call::Answer;
use super::call::Call;
use super::fault::Fault;
use super::fields;
use super::items;
use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::azure::Container;

/// 404 of a secret or of one of its versions.
pub fn unknown(name: &str) -> Fault {
    let message = format!(
        "A secret with (name/id) {name} was not found in this key vault. If you recently deleted this secret you may be able to recover \
         it using the correct recovery command. For help resolving this issue, please see \
         https://go.microsoft.com/fwlink/?linkid=2125182"
    );
    Fault::new(404, "SecretNotFound", message)
}

/// A live secret of that name: its own row, or the row of the certificate it belongs to.
fn holder(call: &Call<'_>) -> Result<Object, Fault> {
    let name = call.name()?;
    for container in [Container::Secrets, Container::Certificates] {
        let item = items::find(call.tx, call.vault, container, name)?;
        if let Some(item) = item.filter(|item| !items::is_deleted(item)) {
            return Ok(item);
        }
    }
    Err(unknown(name))
}

/// The secret of the path that a caller may change.
pub fn own(call: &Call<'_>, operation: &str) -> Result<Object, Fault> {
    let item = holder(call)?;
    match is_managed(&item) {
        false => Ok(item),
        true => Err(Fault::new(
            403,
            "Forbidden",
            format!("Operation \"{operation}\" is not allowed on this secret, since it is associated with a certificate."),
        )),
    }
}

fn is_managed(item: &Object) -> bool {
    item.body.contains_key("policy")
}

fn version_of(call: &Call<'_>, item: &Object) -> Result<Object, Fault> {
    let found = items::version(call.tx, item, call.version())?;
    found.ok_or_else(|| match call.version() {
        Some(version) => unknown(&format!("{}/{version}", item.text("name"))),
        None => unknown(item.text("name")),
    })
}

/// `GET /secrets/{name}/{version}`
pub fn get(call: &Call<'_>) -> Answer {
    let item = holder(call)?;
    let version = version_of(call, &item)?;
    check_usable(call, &version)?;
    let value = match is_managed(&item) {
        true => version.text("_secret"),
        false => version.text("_value"),
    };
    let mut shown = json!({"value": value});
    for (name, value) in listed(call, &item, &version, true).as_object().into_iter().flatten() {
        shown[name] = value.clone();
    }
    Ok(Reply::json(200, &shown))
}

fn check_usable(call: &Call<'_>, version: &Object) -> Result<(), Fault> {
    let attributes = &version.body["attributes"];
    let now = call.tx.now().as_second();
    let refused = |inner, why: &str| Err(Fault::forbidden(inner, format!("Operation get is not allowed on {why} secret.")));
    match () {
        () if attributes["enabled"] != true => refused("SecretDisabled", "a disabled"),
        () if attributes["nbf"].as_i64().is_some_and(|start| now < start) => refused("SecretNotYetValid", "a not yet valid"),
        () if attributes["exp"].as_i64().is_some_and(|end| end <= now) => refused("SecretExpired", "an expired"),
        () => Ok(()),
    }
}

/// A secret without its value: in lists of secrets by its name alone, elsewhere with its version.
pub fn listed(call: &Call<'_>, item: &Object, version: &Object, with_version: bool) -> Value {
    let (name, id) = (item.text("name"), version.text("version"));
    let path = match with_version {
        true => format!("secrets/{name}/{id}"),
        false => format!("secrets/{name}"),
    };
    let mut shown = json!({"id": call.url(&path), "attributes": call.attributes(&version.body["attributes"])});
    shown["tags"] = version.body["tags"].clone();
    if let Some(Value::String(content_type)) = version.body.get("_contentType") {
        shown["contentType"] = json!(content_type);
    }
    if is_managed(item) {
        shown["managed"] = json!(true);
        if with_version {
            shown["kid"] = json!(call.url(&format!("keys/{name}/{id}")));
        }
    }
    shown
}

/// `GET /secrets`
pub fn list(call: &Call<'_>) -> Answer {
    let mut rows = items::live(call.tx, call.vault, Container::Secrets)?;
    rows.extend(items::live(call.tx, call.vault, Container::Certificates)?);
    rows.sort_by_key(|item| item.text("name").to_lowercase());
    let mut shown = Vec::new();
    for item in rows {
        if let Some(version) = items::version(call.tx, &item, None)? {
            shown.push(listed(call, &item, &version, false));
        }
    }
    call.page(shown)
}

/// `GET /secrets/{name}/versions`
pub fn versions(call: &Call<'_>) -> Answer {
    let item = holder(call)?;
    let versions = items::versions(call.tx, &item)?;
    call.page(versions.iter().map(|version| listed(call, &item, version, true)).collect())
}

/// `PUT /secrets/{name}`: a new version.
pub fn set(call: &Call<'_>) -> Answer {
    call.only(&["value", "tags", "contentType", "attributes"])?;
    let name = call.name()?;
    let value = call.body.get("value").and_then(Value::as_str);
    let value = value.ok_or_else(|| Fault::bad_parameter("Property value is required."))?;
    let mut body = json!({"_value": value, "attributes": fields::new_attributes(&call.body, call.tx.now())?});
    body["tags"] = fields::tags(&call.body)?.unwrap_or_else(|| json!({}));
    body["_contentType"] = content_type(call)?.unwrap_or_default();
    if let Some(taken) = items::find(call.tx, call.vault, Container::Certificates, name)? {
        if items::is_deleted(&taken) {
            return Err(Fault::recoverable("Certificate", name));
        }
        let message = format!("A certificate with the name {name} exists already, and its secret cannot be set.");
        return Err(Fault::new(409, "Conflict", message));
    }
    let item = match items::find(call.tx, call.vault, Container::Secrets, name)? {
        Some(item) if items::is_deleted(&item) => return Err(Fault::recoverable("Secret", name)),
        Some(item) => item,
        None => items::new(call.vault, Container::Secrets, name),
    };
    items::store(call.tx, &item)?;
    let version = items::new_version(&item, &items::new_id(), body.as_object().cloned().unwrap_or_default());
    items::store_version(call.tx, &version)?;
    let mut shown = listed(call, &item, &version, true);
    shown["value"] = json!(value);
    Ok(Reply::json(200, &shown))
}

fn content_type(call: &Call<'_>) -> Result<Option<Value>, Fault> {
    match call.body.get("contentType") {
        None | Some(Value::Null) => Ok(None),
        Some(given @ Value::String(_)) => Ok(Some(given.clone())),
        Some(_) => Err(Fault::bad_parameter("Property contentType has invalid value.")),
    }
}

/// `PATCH /secrets/{name}/{version}`: everything but the value.
pub fn update(call: &Call<'_>) -> Answer {
    call.only(&["tags", "contentType", "attributes"])?;
    let item = own(call, "update")?;
    let mut version = version_of(call, &item)?;
    let writable = ["enabled", "nbf", "exp"];
    fields::take_attributes(&mut version.body["attributes"], &call.body, &writable, call.tx.now())?;
    if let Some(tags) = fields::tags(&call.body)? {
        version.set("tags", tags);
    }
    if let Some(content_type) = content_type(call)? {
        version.set("_contentType", content_type);
    }
    items::store_version(call.tx, &version)?;
    Ok(Reply::json(200, &listed(call, &item, &version, true)))
}

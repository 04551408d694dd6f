//! Bringing a certificate with its key into a vault.

use jiff::Timestamp;
use serde_json::Value;
use serde_json::json;
use x509_cert::Certificate;
use x509_cert::der::Decode;

use super::call::Answer;
use super::call::Call;
use super::certificates;
use super::container;
use super::fault::Fault;
use super::fields;
use super::items;
use super::making;
use super::material;
use super::material::Material;
use super::policy;
use crate::sandbox::Reply;

/// `POST /certificates/{name}/import`
pub fn import(call: &Call<'_>) -> Answer {
    call.only(&["value", "pwd", "policy", "attributes", "tags"])?;
    let text = |name: &str| call.body.get(name).and_then(Value::as_str);
    let value = text("value").ok_or_else(|| Fault::bad_parameter("Property value is required."))?;
    let unreadable = || {
        Fault::bad_parameter(
            "The specified PKCS#12 X.509 certificate content can not be read. Please check if certificate is in valid PKCS#12 format.",
        )
    };
    let content_type = match value.contains("-----BEGIN") {
        true => policy::PEM,
        false => policy::PKCS12,
    };
    let (certificate, key) = container::read(content_type, value, text("pwd").unwrap_or_default()).ok_or_else(unreadable)?;
    let read = Certificate::from_der(&certificate).map_err(|_| unreadable())?;
    let now = call.tx.now();
    let given = policy_of(call, &read, content_type)?;
    let mut item = making::free(call)?;
    let id = items::new_id();
    item.set("policy", policy::merged(None, &given, now)?);
    item.set("_planned", id.as_str());
    items::store(call.tx, &item)?;
    let validity = read.tbs_certificate().validity();
    let instant = |seconds: u64| i64::try_from(seconds).ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    let material = Material {
        certificate,
        key,
        not_before: instant(validity.not_before.to_unix_duration().as_secs()).ok_or_else(unreadable)?,
        not_after: instant(validity.not_after.to_unix_duration().as_secs()).ok_or_else(unreadable)?,
    };
    let tags = fields::tags(&call.body)?.unwrap_or_else(|| json!({}));
    let version = material::add(call.tx, &item, &id, &material, fields::new_attributes(&call.body, now)?, tags)?;
    let shown = certificates::bundle(call, &item, Some(&version));
    Ok(Reply::json(200, &Value::Object(shown)))
}

/// The policy of the body, as far as the certificate itself does not say it.
fn policy_of(call: &Call<'_>, certificate: &Certificate, content_type: &str) -> Result<Value, Fault> {
    let mut given = match call.body.get("policy") {
        None | Some(Value::Null) => json!({}),
        Some(given) => given.clone(),
    };
    for (part, name, value) in [
        ("x509_props", "subject", certificate.tbs_certificate().subject().to_string()),
        ("secret_props", "contentType", content_type.to_owned()),
    ] {
        let parts = given
            .as_object_mut()
            .ok_or_else(|| Fault::bad_parameter("Property policy has invalid value."))?;
        let part = parts.entry(part).or_insert_with(|| json!({}));
        if let Some(properties) = part.as_object_mut() {
            properties.insert(name.to_owned(), json!(value));
        }
    }
    Ok(given)
}

//! Bringing a certificate with its key into a vault.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
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
use super::key;
use super::making;
use super::material;
use super::material::Material;
use super::policy;
use super::policy_rules::SIZES;
use super::told;
use crate::sandbox::Reply;

const PEM_BEGIN: &str = "-----BEGIN";

/// `POST /certificates/{name}/import`
pub fn import(call: &Call<'_>) -> Answer {
    call.only(&["value", "pwd", "policy", "attributes", "tags"])?;
    let now = call.tx.now();
    let nothing = json!({});
    let given = call.body.get("policy").filter(|given| !given.is_null()).unwrap_or(&nothing);
    policy::check(given)?;
    let (attributes, tags) = (fields::new_attributes(&call.body, now)?, fields::tags(&call.body)?);
    let text = |name: &str| call.body.get(name).and_then(Value::as_str);
    let value = text("value").ok_or_else(|| Fault::bad_parameter("Property value is required."))?;
    let unreadable = || {
        Fault::bad_parameter(
            "The specified PKCS#12 X.509 certificate content can not be read. Please check if certificate is in valid PKCS#12 format.",
        )
    };
    let text_of_pem = pem(value);
    let (content_type, value) = match &text_of_pem {
        Some(text) => (policy::PEM, text.as_ref()),
        None => (policy::PKCS12, value),
    };
    let (certificate, key) = container::read(content_type, value, text("pwd").unwrap_or_default()).ok_or_else(unreadable)?;
    let read = Certificate::from_der(&certificate).map_err(|_| unreadable())?;
    let bits = check_key(&read, &key)?;
    let told = told::policy(&read, bits, content_type).ok_or_else(unreadable)?;
    let (not_before, not_after) = told::validity(&read).ok_or_else(unreadable)?;
    let mut item = making::free(call)?;
    let id = items::new_id();
    item.set("policy", policy::of_imported(given, &told, now)?);
    item.set("_planned", id.as_str());
    items::store(call.tx, &item)?;
    let material = Material {
        certificate,
        key,
        not_before,
        not_after,
    };
    let tags = tags.unwrap_or_else(|| json!({}));
    let version = material::add(call.tx, &item, &id, &material, attributes, tags)?;
    let shown = certificates::bundle(call, &item, Some(&version));
    Ok(Reply::json(200, &Value::Object(shown)))
}

/// What is brought as PEM: the text itself, or, as Microsoft's libraries send it, the text in Base64.
fn pem(value: &str) -> Option<Cow<'_, str>> {
    if value.contains(PEM_BEGIN) {
        return Some(value.into());
    }
    let text = String::from_utf8(STANDARD.decode(value).ok()?).ok()?;
    text.contains(PEM_BEGIN).then(|| text.into())
}

/// The size of a key, which has to be an RSA key and the certificate's own.
fn check_key(certificate: &Certificate, key: &[u8]) -> Result<u64, Fault> {
    let bits = key::bits(key).filter(|bits| SIZES.contains(bits));
    let bits = bits.ok_or_else(|| Fault::bad_parameter("The key of the certificate is no RSA key of 2048, 3072 or 4096 bits."))?;
    let spki = certificate.tbs_certificate().subject_public_key_info();
    match key::public(key).as_deref() == Some(spki.subject_public_key.raw_bytes()) {
        true => Ok(bits),
        false => Err(Fault::bad_parameter("The private key does not belong to the certificate.")),
    }
}

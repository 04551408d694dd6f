//! What a version of a certificate is made of.

use aws_lc_rs::digest;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::container;
use super::items;
use crate::sandbox::Object;
use crate::sandbox::Tx;

/// A certificate and its key.
pub struct Material {
    /// The certificate, in DER.
    pub certificate: Vec<u8>,
    /// The key, as PKCS#8.
    pub key: Vec<u8>,
    /// From when on the certificate is valid.
    pub not_before: Timestamp,
    /// Until when.
    pub not_after: Timestamp,
}

/// A certificate's thumbprint as Key Vault shows it: base64url of the SHA-1.
pub fn thumbprint(der: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, der))
}

/// Makes it a version of the certificate, with the secret that the policy asks for.
pub fn add(tx: &Tx<'_>, item: &Object, id: &str, material: &Material, mut attributes: Value, tags: Value) -> rusqlite::Result<Object> {
    let policy = &item.body["policy"];
    let content_type = policy["secret_props"]["contentType"].as_str().unwrap_or_default();
    let is_exportable = policy["key_props"]["exportable"] == true;
    let secret = container::write(content_type, &material.certificate, is_exportable.then_some(&material.key));
    attributes["nbf"] = json!(material.not_before.as_second());
    attributes["exp"] = json!(material.not_after.as_second());
    let body = json!({
        "attributes": attributes, "tags": tags, "cer": STANDARD.encode(&material.certificate), "x5t": thumbprint(&material.certificate),
        "_key": STANDARD.encode(&material.key), "_secret": secret, "_contentType": content_type,
    });
    let version = items::new_version(item, id, body.as_object().cloned().unwrap_or_else(Map::new));
    items::store_version(tx, &version)?;
    Ok(version)
}

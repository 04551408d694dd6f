//! What a policy may say, and what the vault can make a certificate of.

use serde_json::Value;

use super::fault::Fault;
use super::fields;
use super::policy::PEM;
use super::policy::PKCS12;
use super::policy::SELF;
use super::policy::UNKNOWN;
use super::subject;

/// What a key may be used for.
pub const USAGES: &[&str] = &[
    "digitalSignature",
    "nonRepudiation",
    "keyEncipherment",
    "dataEncipherment",
    "keyAgreement",
    "keyCertSign",
    "cRLSign",
    "encipherOnly",
    "decipherOnly",
];

/// The sizes of keys, in bits.
pub const SIZES: &[u64] = &[2048, 3072, 4096];

/// Refuses values that no certificate has.
pub fn check(policy: &Value) -> Result<(), Fault> {
    let (key, x509) = (&policy["key_props"], &policy["x509_props"]);
    if key["kty"] != "RSA" || !key["exportable"].is_boolean() || !key["reuse_key"].is_boolean() {
        return Err(invalid("key_props"));
    }
    if key["key_size"].as_u64().is_none_or(|size| !SIZES.contains(&size)) {
        return Err(invalid("key_size"));
    }
    // A curve belongs to keys that are not RSA.
    if !key["crv"].is_null() {
        return Err(invalid("crv"));
    }
    if ![PKCS12, PEM].iter().any(|known| policy["secret_props"]["contentType"] == **known) {
        return Err(invalid("contentType"));
    }
    let usages = x509["key_usage"].as_array().ok_or_else(|| invalid("key_usage"))?;
    if usages.iter().any(|usage| !USAGES.iter().any(|known| usage == known)) {
        return Err(invalid("key_usage"));
    }
    let purposes = x509["ekus"].as_array().ok_or_else(|| invalid("ekus"))?;
    if purposes.iter().any(|oid| oid.as_str().and_then(components).is_none()) {
        return Err(invalid("ekus"));
    }
    let sans = x509["sans"].as_object().ok_or_else(|| invalid("sans"))?;
    fields::only(sans, "sans", &["emails", "dns_names", "upns"])?;
    let is_list = |value: &Value| value.as_array().is_some_and(|names| names.iter().all(Value::is_string));
    if let Some((name, _)) = sans.iter().find(|(_, value)| !value.is_null() && !is_list(value)) {
        return Err(invalid(name));
    }
    let constraints = x509["basic_constraints"].as_object().ok_or_else(|| invalid("basic_constraints"))?;
    fields::only(constraints, "basic_constraints", &["ca"])?;
    if ![SELF, UNKNOWN].iter().any(|known| policy["issuer"]["name"] == **known) {
        return Err(Fault::bad_parameter(format!(
            "Certificate issuer {} is not known to the vault.",
            policy["issuer"]["name"]
        )));
    }
    check_actions(policy)
}

fn check_actions(policy: &Value) -> Result<(), Fault> {
    for action in policy["lifetime_actions"].as_array().into_iter().flatten() {
        let kind = &action["action"]["action_type"];
        let percentage = action["trigger"]["lifetime_percentage"].as_u64();
        let days = action["trigger"]["days_before_expiry"].as_u64();
        let has_trigger = matches!(percentage, Some(1..=99)) != days.is_some();
        if !has_trigger || !["EmailContacts", "AutoRenew"].iter().any(|known| kind == known) {
            return Err(invalid("lifetime_actions"));
        }
    }
    Ok(())
}

/// Refuses what the vault cannot make a certificate of, rather than make one that says less.
pub fn check_makeable(policy: &Value) -> Result<(), Fault> {
    let x509 = &policy["x509_props"];
    if x509["subject"].as_str().and_then(subject::parse).is_none() {
        return Err(Fault::bad_parameter(format!(
            "Property subject has invalid value: {} is no X.500 name that begins with an attribute, such as CN=.",
            x509["subject"]
        )));
    }
    if !matches!(x509["validity_months"].as_u64(), Some(1..=120)) {
        return Err(invalid("validity_months"));
    }
    if x509["sans"]["upns"].as_array().is_some_and(|names| !names.is_empty()) {
        return Err(invalid("upns"));
    }
    match x509["basic_constraints"]["ca"] == true {
        true => Err(invalid("basic_constraints")),
        false => Ok(()),
    }
}

/// The numbers of a dotted object identifier.
pub fn components(oid: &str) -> Option<Vec<u64>> {
    let numbers: Option<Vec<u64>> = oid.split('.').map(|number| number.parse().ok()).collect();
    numbers.filter(|numbers| numbers.len() > 1)
}

/// The refusal of a property's value.
pub fn invalid(property: &str) -> Fault {
    Fault::bad_parameter(format!("Property {property} has invalid value."))
}

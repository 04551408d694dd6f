//! The policy of a certificate: what a caller may say, and what the service fills in.

use jiff::Timestamp;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::fault::Fault;
use super::fields;
use super::subject;

/// The content type of a secret that is a PFX.
pub const PKCS12: &str = "application/x-pkcs12";
/// The content type of a secret that is PEM text.
pub const PEM: &str = "application/x-pem-file";

/// The issuer that signs with the certificate's own key.
pub const SELF: &str = "Self";
/// The issuer that stands outside: the certificate waits until somebody brings it.
pub const UNKNOWN: &str = "Unknown";

const USAGES: &[&str] = &[
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

/// The parts of a policy and what each may hold. Ids and times are the service's own, and are passed over.
const PARTS: &[(&str, &[&str])] = &[
    ("key_props", &["exportable", "kty", "key_size", "reuse_key", "crv"]),
    ("secret_props", &["contentType"]),
    (
        "x509_props",
        &["subject", "sans", "ekus", "key_usage", "validity_months", "basic_constraints"],
    ),
    ("issuer", &["name", "cty", "cert_transparency"]),
    ("attributes", fields::ATTRIBUTES),
];

/// The policy that `given` makes of the one `before`: what is given replaces a part's properties, what was never given is the
/// service's default. Without `id`, which depends on the host that is asked.
pub fn merged(before: Option<&Value>, given: &Value, now: Timestamp) -> Result<Value, Fault> {
    let given = given
        .as_object()
        .ok_or_else(|| Fault::bad_parameter("Property policy has invalid value."))?;
    check_shape(given)?;
    let mut policy = before.cloned().unwrap_or_else(|| defaults(now));
    for (part, _) in PARTS.iter().filter(|(part, _)| *part != "attributes") {
        for (name, value) in given.get(*part).and_then(Value::as_object).into_iter().flatten() {
            if !value.is_null() {
                policy[*part][name] = value.clone();
            }
        }
    }
    if let Some(actions @ Value::Array(_)) = given.get("lifetime_actions") {
        policy["lifetime_actions"] = actions.clone();
    }
    policy["attributes"]["updated"] = json!(now.as_second());
    check_values(&policy)?;
    Ok(policy)
}

fn defaults(now: Timestamp) -> Value {
    json!({
        "key_props": {"exportable": true, "kty": "RSA", "key_size": 2048, "reuse_key": false},
        "secret_props": {"contentType": PKCS12},
        "x509_props": {
            "subject": "",
            "sans": {},
            "ekus": ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"],
            "key_usage": ["digitalSignature", "keyEncipherment"],
            "validity_months": 12,
            "basic_constraints": {"ca": false},
        },
        "lifetime_actions": [{"trigger": {"lifetime_percentage": 80}, "action": {"action_type": "AutoRenew"}}],
        "issuer": {"name": UNKNOWN},
        "attributes": {"enabled": true, "created": now.as_second(), "updated": now.as_second()},
    })
}

fn check_shape(given: &Map<String, Value>) -> Result<(), Fault> {
    let names: Vec<&str> = PARTS.iter().map(|(part, _)| *part).collect();
    fields::only(given, "policy", &[&names[..], &["id", "lifetime_actions"]].concat())?;
    for (part, known) in PARTS {
        match given.get(*part) {
            None | Some(Value::Null) => {}
            Some(Value::Object(properties)) => fields::only(properties, part, known)?,
            Some(_) => return Err(invalid(part)),
        }
    }
    let actions = given.get("lifetime_actions").and_then(Value::as_array).into_iter().flatten();
    for action in actions {
        let action = action.as_object().ok_or_else(|| invalid("lifetime_actions"))?;
        fields::only(action, "lifetime_actions", &["trigger", "action"])?;
        for (part, known) in [
            ("trigger", &["lifetime_percentage", "days_before_expiry"][..]),
            ("action", &["action_type"]),
        ] {
            let part_given = action.get(part).and_then(Value::as_object);
            fields::only(part_given.ok_or_else(|| invalid("lifetime_actions"))?, part, known)?;
        }
    }
    Ok(())
}

fn check_values(policy: &Value) -> Result<(), Fault> {
    let (key, x509) = (&policy["key_props"], &policy["x509_props"]);
    if key["kty"] != "RSA" || !key["exportable"].is_boolean() || !key["reuse_key"].is_boolean() {
        return Err(invalid("key_props"));
    }
    if !matches!(key["key_size"].as_u64(), Some(2048 | 3072 | 4096)) {
        return Err(invalid("key_size"));
    }
    if ![PKCS12, PEM].iter().any(|known| policy["secret_props"]["contentType"] == **known) {
        return Err(invalid("contentType"));
    }
    if x509["subject"].as_str().and_then(subject::parse).is_none() {
        return Err(Fault::bad_parameter(format!(
            "Property subject has invalid value: {} is no X.500 name that begins with an attribute, such as CN=.",
            x509["subject"]
        )));
    }
    if !matches!(x509["validity_months"].as_u64(), Some(1..=120)) {
        return Err(invalid("validity_months"));
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

/// The numbers of a dotted object identifier.
pub fn components(oid: &str) -> Option<Vec<u64>> {
    let numbers: Option<Vec<u64>> = oid.split('.').map(|number| number.parse().ok()).collect();
    numbers.filter(|numbers| numbers.len() > 1)
}

fn invalid(property: &str) -> Fault {
    Fault::bad_parameter(format!("Property {property} has invalid value."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-01-05T08:00:00Z".parse().unwrap()
    }

    fn refused(given: &Value) -> String {
        match merged(None, given, now()).unwrap_err() {
            Fault::Refused { message, .. } => message,
            Fault::Store(cause) => panic!("{cause}"),
        }
    }

    #[test]
    fn what_an_sdk_leaves_out_is_filled_in() {
        let given = json!({"x509_props": {"subject": "CN=x", "sans": {}, "validity_months": 12}, "issuer": {"name": "Self"}});

        let policy = merged(None, &given, now()).unwrap();

        let key = json!({"exportable": true, "kty": "RSA", "key_size": 2048, "reuse_key": false});
        assert_eq!(policy["key_props"], key);
        assert_eq!(policy["secret_props"]["contentType"], "application/x-pkcs12");
        assert_eq!(policy["x509_props"]["ekus"], json!(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]));
        assert_eq!(policy["x509_props"]["key_usage"], json!(["digitalSignature", "keyEncipherment"]));
        assert_eq!(policy["x509_props"]["basic_constraints"], json!({"ca": false}));
        let renewal = json!([{"trigger": {"lifetime_percentage": 80}, "action": {"action_type": "AutoRenew"}}]);
        assert_eq!(policy["lifetime_actions"], renewal);
    }

    #[test]
    fn without_an_issuer_it_waits_for_one_from_outside() {
        let policy = merged(None, &json!({"x509_props": {"subject": "CN=x"}}), now()).unwrap();

        assert_eq!(policy["issuer"]["name"], "Unknown");
    }

    #[test]
    fn what_is_unknown_or_impossible_is_refused() {
        assert!(refused(&json!({"x509_props": {"subject": "northwind"}})).contains("X.500"));
        assert!(refused(&json!({"x509_props": {"subject": "CN=x", "colour": 1}})).contains("colour"));
        assert!(refused(&json!({"colour": 1})).contains("colour"));
        let action = json!({"trigger": {"lifetime_percentage": 80, "colour": 1}, "action": {"action_type": "AutoRenew"}});
        assert!(refused(&json!({"x509_props": {"subject": "CN=x"}, "lifetime_actions": [action]})).contains("colour"));
        assert!(refused(&json!({"x509_props": {"subject": "CN=x", "validity_months": 0}})).contains("validity_months"));
        let sized = json!({"x509_props": {"subject": "CN=x"}, "key_props": {"key_size": 1024}});
        assert!(refused(&sized).contains("key_size"));
        assert!(refused(&json!({"x509_props": {"subject": "CN=x"}, "issuer": {"name": "DigiCert"}})).contains("issuer"));
    }
}

//! The policy of a certificate: what a caller may say, and what the service fills in.

use jiff::Timestamp;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::fault::Fault;
use super::fields;
use super::policy_rules;
use super::policy_rules::invalid;

/// The content type of a secret that is a PFX.
pub const PKCS12: &str = "application/x-pkcs12";
/// The content type of a secret that is PEM text.
pub const PEM: &str = "application/x-pem-file";

/// The issuer that signs with the certificate's own key.
pub const SELF: &str = "Self";
/// The issuer that stands outside: the certificate waits until somebody brings it.
pub const UNKNOWN: &str = "Unknown";

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
    let given = shaped(given)?;
    let mut policy = before.cloned().unwrap_or_else(|| defaults(now));
    take(&mut policy, given);
    policy["attributes"]["updated"] = json!(now.as_second());
    policy_rules::check(&policy)?;
    // The policy of a certificate from elsewhere may be one that the vault itself could not follow.
    if before.is_none_or(|before| policy_rules::check_makeable(before).is_ok()) {
        policy_rules::check_makeable(&policy)?;
    }
    Ok(policy)
}

/// The policy of a certificate from elsewhere: as the certificate itself tells, and for the rest as given.
pub fn of_imported(given: &Value, told: &Value, now: Timestamp) -> Result<Value, Fault> {
    let mut policy = defaults(now);
    take(&mut policy, shaped(given)?);
    policy_rules::check(&policy)?;
    take(&mut policy, shaped(told)?);
    Ok(policy)
}

/// Refuses a policy that holds what no policy holds.
pub fn check(given: &Value) -> Result<(), Fault> {
    shaped(given).map(|_| ())
}

fn shaped(given: &Value) -> Result<&Map<String, Value>, Fault> {
    let given = given.as_object().ok_or_else(|| invalid("policy"))?;
    check_shape(given)?;
    Ok(given)
}

fn take(policy: &mut Value, given: &Map<String, Value>) {
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

    #[test]
    fn what_would_not_be_in_the_certificate_is_refused() {
        let named = |property: Value| {
            let mut given = json!({"x509_props": {"subject": "CN=x"}});
            for (name, value) in property.as_object().unwrap() {
                given["x509_props"][name] = value.clone();
            }
            given
        };

        assert!(refused(&named(json!({"sans": {"upns": ["ann@contoso.com"]}}))).contains("upns"));
        assert!(refused(&named(json!({"sans": {"dns_names": "contoso.com"}}))).contains("dns_names"));
        assert!(refused(&named(json!({"sans": {"emails": [1]}}))).contains("emails"));
        assert!(refused(&named(json!({"basic_constraints": {"ca": true}}))).contains("basic_constraints"));
        let curved = json!({"x509_props": {"subject": "CN=x"}, "key_props": {"crv": "P-256"}});
        assert!(refused(&curved).contains("crv"));
        let empty = named(json!({"sans": {"upns": [], "dns_names": ["contoso.com"]}, "basic_constraints": {"ca": false}}));
        assert!(merged(None, &empty, now()).is_ok());
    }
}

//! What is asked of a vault that is to make a certificate, and of one that it has.

use serde_json::Value;
use serde_json::json;

use crate::model::Arguments;
use crate::model::Given;
use crate::model::Kind;
use crate::model::Trouble;
use crate::tenant::Tenant;
use crate::tenant::azure::Certificate;
use crate::tenant::azure::written;
use crate::tenant::ensure::ensured::refuse_unknown;

const USUAL_MONTHS: i64 = 12;

impl Tenant {
    /// Refuses a certificate of the vault at `url` that nobody could sign in with now.
    pub(super) fn check_usable(&self, certificate: &Certificate<'_>, url: &str, name: &str) -> Result<(), Trouble> {
        let now = self.wire().clock().now();
        let vault = vault_of(url);
        let another = "give another name (`--certificate-name`) for a new certificate";
        let refuse = |code: &str, what: String, remedy: String| {
            let message = format!("the certificate `{name}` of the vault `{vault}` cannot be used: {what}");
            Err(self.conflict(name, message, &remedy).with_code(code))
        };
        if !certificate.is_enabled() {
            let command = format!("az keyvault certificate set-attributes --vault-name {vault} --name {name} --enabled true");
            return refuse(
                "certificate_disabled",
                "it is disabled".into(),
                format!("enable it with `{command}`, or {another}"),
            );
        }
        if let Some(expires) = certificate.expires().filter(|expires| *expires <= now) {
            let what = format!("it expired at {}", written(expires));
            let remedy = format!("{another}, or let an administrator of the vault make a new version of it there");
            return refuse("certificate_expired", what, remedy);
        }
        if let Some(begins) = certificate.not_before().filter(|begins| *begins > now) {
            let what = format!("it is valid from {} only", written(begins));
            return refuse("certificate_not_yet_valid", what, format!("wait until then, or {another}"));
        }
        if !certificate.is_exportable() {
            let what = "its private key cannot be exported, and moves need it".into();
            return refuse("certificate_not_exportable", what, format!("{another}, whose key can be exported"));
        }
        Ok(())
    }
}

/// The name of the vault in the URL of something in it.
fn vault_of(url: &str) -> &str {
    let host = url.strip_prefix("https://").unwrap_or(url);
    host.split(['.', '/']).next().unwrap_or(host)
}

/// Self-signed, with a key that Exchange can read. A version that the vault renewed by itself would be known neither to the
/// application nor to the endpoint, so that people are told instead.
pub(super) fn policy(subject: &str, months: i64) -> Value {
    json!({
        "issuer": {"name": "Self"},
        "key_props": {"exportable": true, "kty": "RSA", "key_size": 2048, "reuse_key": false},
        "secret_props": {"contentType": "application/x-pkcs12"},
        "x509_props": {"subject": subject, "validity_months": months},
        "lifetime_actions": [{"trigger": {"lifetime_percentage": 80}, "action": {"action_type": "EmailContacts"}}],
    })
}

/// Takes the validity out of the arguments, which are to be none then.
pub(super) fn months(arguments: &mut Arguments) -> Result<i64, Trouble> {
    let given = arguments.remove("validity_months");
    let months = match &given {
        None | Some(Given::Plain(Value::Null)) => Some(USUAL_MONTHS),
        Some(Given::Plain(value)) => value.as_i64().filter(|months| (1..=1200).contains(months)),
        Some(_) => None,
    };
    let months = months.ok_or_else(|| {
        Trouble::new(
            Kind::Invalid,
            "`validity_months` of `ensure_certificate` takes a whole number of months",
        )
        .with_code("invalid_argument")
    })?;
    refuse_unknown(arguments, "ensure_certificate", &["subject", "validity_months"])?;
    Ok(months)
}

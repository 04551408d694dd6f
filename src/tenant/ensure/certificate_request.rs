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

const USUAL_MONTHS: i64 = 12;

impl Tenant {
    /// Refuses a certificate that nobody could sign in with now.
    pub(super) fn check_usable(&self, certificate: &Certificate<'_>, name: &str) -> Result<(), Trouble> {
        let now = self.wire().clock().now();
        let refuse = |code: &str, what: String, remedy: &str| {
            let message = format!("the certificate `{name}` is there and cannot be used: {what}");
            Err(self.conflict(name, message, remedy).with_code(code))
        };
        if !certificate.is_enabled() {
            let remedy = "enable it with `set_certificate(certificate, #{ attributes: #{ enabled: true } })`, or choose another name";
            return refuse("certificate_disabled", "it is disabled".into(), remedy);
        }
        if let Some(expires) = certificate.expires().filter(|expires| *expires <= now) {
            let remedy = "choose another name for a new certificate, or have the vault make a new version of it";
            return refuse("certificate_expired", format!("it expired at {}", written(expires)), remedy);
        }
        if let Some(begins) = certificate.not_before().filter(|begins| *begins > now) {
            let remedy = "wait until then, or choose another name for a new certificate";
            return refuse(
                "certificate_not_yet_valid",
                format!("it is valid from {} only", written(begins)),
                remedy,
            );
        }
        if !certificate.is_exportable() {
            let remedy = "choose another name for a new certificate, whose key can be exported";
            return refuse(
                "certificate_not_exportable",
                "its private key cannot be exported, and moves need it".into(),
                remedy,
            );
        }
        Ok(())
    }
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

/// Refuses what Key Vault takes for no subject.
pub(super) fn check_subject(subject: &str) -> Result<(), Trouble> {
    let is_sound = subject.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("CN=")) && !subject[3..].trim().is_empty();
    match is_sound {
        true => Ok(()),
        false => Err(Trouble::new(
            Kind::Invalid,
            format!("`{subject}` is no subject of a certificate: it does not begin with `CN=`"),
        )
        .with_code("invalid_subject")
        .with_remedy(format!("write `CN={}`", subject.trim_start_matches(|c: char| !c.is_alphanumeric())))),
    }
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
    match arguments.iter().next() {
        None => Ok(months),
        Some((unknown, _)) => Err(
            Trouble::new(Kind::Invalid, format!("`ensure_certificate` has no argument `{unknown}`"))
                .with_code("unknown_argument")
                .with_remedy("its arguments are subject, validity_months"),
        ),
    }
}

//! A certificate of a key vault as the migration looks at it.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::Value;

use crate::model::CertificateUrl;
use crate::model::Record;
use crate::model::hexadecimal;
use crate::model::is_placeholder;

/// The bundle that a vault gives of a certificate.
pub(in crate::tenant) struct Certificate<'r>(pub &'r Record);

impl Certificate<'_> {
    /// Whether it has been issued; while it is being made, a vault shows it without its content.
    pub fn is_issued(&self) -> bool {
        self.0.text("cer").is_some()
    }

    /// Whether it may be used.
    pub fn is_enabled(&self) -> bool {
        self.attribute("enabled") != Some(&Value::Bool(false))
    }

    /// When it begins to be valid.
    pub fn not_before(&self) -> Option<Timestamp> {
        self.time("nbf")
    }

    /// When it ends to be valid.
    pub fn expires(&self) -> Option<Timestamp> {
        self.time("exp")
    }

    /// Whether the vault gives its private key to those who may read the secret behind it.
    pub fn is_exportable(&self) -> bool {
        self.policy("key_props", "exportable") != Some(&Value::Bool(false))
    }

    /// Its subject, such as `CN=northwind`.
    pub fn subject(&self) -> Option<&str> {
        self.policy("x509_props", "subject")?.as_str()
    }

    /// Its SHA-1 thumbprint.
    pub fn thumbprint(&self) -> Option<Vec<u8>> {
        let x5t = self.0.text("x5t").filter(|text| !is_placeholder(text))?;
        BASE64_URL_SAFE_NO_PAD.decode(x5t.trim_end_matches('=')).ok()
    }

    /// The bundle with what else one wants to know: `url` as endpoints record it, `not_before`, `expires` and `thumbprint`.
    pub fn told(&self) -> Record {
        let url = self.0.text("id").and_then(|id| CertificateUrl::parse(id).ok());
        let thumbprint = self.thumbprint().map(|bytes| hexadecimal(&bytes));
        self.0
            .clone()
            .with("url", url.map(|url| url.to_string()))
            .with("not_before", self.not_before().map(written))
            .with("expires", self.expires().map(written))
            .with("thumbprint", thumbprint)
    }

    fn attribute(&self, name: &str) -> Option<&Value> {
        self.0.get("attributes")?.get(name)
    }

    fn time(&self, name: &str) -> Option<Timestamp> {
        Timestamp::from_second(self.attribute(name)?.as_i64()?).ok()
    }

    fn policy(&self, part: &str, name: &str) -> Option<&Value> {
        self.0.get("policy")?.get(part)?.get(name)
    }
}

/// A time as Graph and scripts have it.
pub(in crate::tenant) fn written(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

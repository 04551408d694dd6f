//! The stranger at the vault.

use serde_json::json;

use super::Stranger;
use super::text;

impl Stranger<'_> {
    /// A certificate with two versions.
    pub fn certificates(&self) {
        let named = "certificates/stranger";
        let policy = json!({
            "issuer": {"name": "Self"},
            "key_props": {"exportable": true, "kty": "RSA", "key_size": 2048, "reuse_key": false},
            "secret_props": {"contentType": "application/x-pkcs12"},
            "x509_props": {"subject": "CN=stranger", "validity_months": 12},
            "lifetime_actions": [{"trigger": {"lifetime_percentage": 80}, "action": {"action_type": "EmailContacts"}}],
        });
        let new = json!({"policy": policy, "attributes": {"enabled": true}, "tags": {"made": "by hand"}});
        for _ in 0..2 {
            self.data("POST", &format!("{named}/create"), Some(new.clone()));
            self.data("GET", &format!("{named}/pending"), None);
            self.data("GET", named, None);
            self.waits(30);
            self.data("GET", &format!("{named}/pending"), None);
        }
        let made = self.data("GET", &format!("{named}/"), None);
        let id = text(&made.answer.expect("a certificate")["id"]);
        let version = id.rsplit('/').next().expect("it has a version");
        self.data("GET", &format!("{named}/{version}"), None);
        for enabled in [false, true] {
            let change = json!({"attributes": {"enabled": enabled}, "tags": {"changed": "by hand"}});
            self.data("PATCH", &format!("{named}/{version}"), Some(change));
            self.data("GET", &format!("secrets/stranger/{version}"), None);
        }
        self.data("GET", &format!("{named}/policy"), None);
        let longer = json!({"x509_props": {"subject": "CN=stranger", "validity_months": 24}});
        self.data("PATCH", &format!("{named}/policy"), Some(longer));
        self.pages("certificates/stranger/versions");
        self.data("GET", "certificates?includePending=true", None);
    }

    /// A certificate that waits, one from elsewhere, and one that was removed.
    pub fn other_certificates(&self) {
        let waiting = "certificates/waiting";
        let policy = json!({"policy": {"issuer": {"name": "Unknown"}, "x509_props": {"subject": "CN=waiting"}}});
        self.data("POST", &format!("{waiting}/create"), Some(policy));
        self.data("POST", &format!("{waiting}/create"), Some(json!({})));
        self.data(
            "PATCH",
            &format!("{waiting}/pending"),
            Some(json!({"cancellation_requested": true})),
        );
        self.data("GET", &format!("{waiting}/pending"), None);
        self.data("DELETE", &format!("{waiting}/pending"), None);
        self.data("GET", &format!("{waiting}/pending"), None);
        let secret = self.data("GET", "secrets/stranger", None);
        let pfx = text(&secret.answer.expect("a secret")["value"]);
        self.data("POST", "certificates/imported/import", Some(json!({"value": pfx})));
        self.pages("certificates");
        self.data("DELETE", "certificates/stranger", None);
        self.data("GET", "deletedcertificates/stranger", None);
        self.data("POST", "certificates/stranger/create", Some(json!({"policy": {}})));
        self.data("POST", "deletedcertificates/stranger/recover", None);
        self.data("DELETE", "certificates/stranger", None);
        self.data("DELETE", "certificates/waiting", None);
        self.pages("deletedcertificates");
        self.data("DELETE", "deletedcertificates/stranger", None);
    }

    /// A secret of its own.
    pub fn secrets(&self) {
        for value in ["first", "second"] {
            let new = json!({"value": value, "contentType": "text/plain", "attributes": {"enabled": true}, "tags": {"made": "by hand"}});
            self.data("PUT", "secrets/word", Some(new));
        }
        let word = self.data("GET", "secrets/word", None);
        let id = text(&word.answer.expect("a secret")["id"]);
        let version = id.rsplit('/').next().expect("it has a version");
        self.data(
            "PATCH",
            &format!("secrets/word/{version}"),
            Some(json!({"tags": {"changed": "by hand"}})),
        );
        self.pages("secrets");
        self.pages("secrets/word/versions");
        self.data("DELETE", "secrets/word", None);
        self.data("GET", "deletedsecrets/word", None);
        self.data("GET", "deletedsecrets", None);
        self.data("POST", "deletedsecrets/word/recover", None);
        self.data("DELETE", "secrets/word", None);
        self.data("DELETE", "deletedsecrets/word", None);
    }
}

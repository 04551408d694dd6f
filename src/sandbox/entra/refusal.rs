//! How Entra refuses: the error object with its AADSTS number.

use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use super::pages;
use crate::sandbox::Reply;

/// One refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    number: u64,
    error: &'static str,
    text: String,
}

impl Refusal {
    /// The refusal with that AADSTS number.
    pub fn new(number: u64, error: &'static str, text: impl Into<String>) -> Self {
        Self {
            number,
            error,
            text: text.into(),
        }
    }

    /// The tenant is not known.
    pub fn unknown_tenant(tenant: &str) -> Self {
        let text = format!(
            "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. \
             Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant."
        );
        Self::new(90002, "invalid_request", text)
    }

    /// A form field is missing.
    pub fn missing_field(name: &str) -> Self {
        let text = format!("The request body must contain the following parameter: '{name}'.");
        Self::new(900144, "invalid_request", text)
    }

    /// The page for a person whom nothing can be sent back for.
    pub fn page(&self, now: Timestamp) -> Reply {
        pages::refused(self.number, &self.text, now)
    }

    /// The reply: 401 for a failed client authentication, else 400.
    pub fn reply(&self, now: Timestamp) -> Reply {
        let status = if self.error == "invalid_client" { 401 } else { 400 };
        let (trace, correlation) = (Uuid::new_v4(), Uuid::new_v4());
        let time = now.strftime("%Y-%m-%d %H:%M:%SZ").to_string();
        let body = json!({
            "error": self.error,
            "error_description": format!(
                "AADSTS{}: {}\r\nTrace ID: {trace}\r\nCorrelation ID: {correlation}\r\nTimestamp: {time}", self.number, self.text
            ),
            "error_codes": [self.number],
            "timestamp": time,
            "trace_id": trace.to_string(),
            "correlation_id": correlation.to_string(),
            "error_uri": format!("https://login.microsoftonline.com/error?code={}", self.number),
        });
        Reply::json(status, &body).with_header("cache-control", "no-store, no-cache")
    }
}

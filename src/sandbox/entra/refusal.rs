//! How Entra refuses: the error object with its AADSTS number, a page, or a way back to who sent the person here.

use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use super::pages;
use crate::sandbox::Reply;
use crate::sandbox::Request;

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

    /// The sandbox's state cannot be read.
    pub fn transient() -> Self {
        let text = "A transient error has occurred. Please try again.";
        Self::new(90033, "temporarily_unavailable", text)
    }

    /// Its number and what it says.
    pub fn message(&self) -> String {
        format!("AADSTS{}: {}", self.number, self.text)
    }

    /// The same under another name for programs.
    pub fn with_error(self, error: &'static str) -> Self {
        Self { error, ..self }
    }

    /// The reply to a program: 401 for a failed client authentication, else 400.
    pub fn reply(&self, now: Timestamp, request: &Request) -> Reply {
        let status = if self.error == "invalid_client" { 401 } else { 400 };
        let ids = Ids::of(request);
        let body = json!({
            "error": self.error,
            "error_description": self.description(now, &ids),
            "error_codes": [self.number],
            "timestamp": time(now),
            "trace_id": ids.trace,
            "correlation_id": ids.correlation,
            "error_uri": self.address(request),
        });
        Reply::json(status, &body).with_header("x-ms-request-id", ids.trace)
    }

    /// The page for a person who cannot be sent back.
    pub fn page(&self, now: Timestamp) -> Reply {
        pages::refused(self.number, &self.text, now)
    }

    /// What a program is told that sent a person here.
    pub fn parameters(&self, now: Timestamp, request: &Request) -> Vec<(&'static str, String)> {
        vec![
            ("error", self.error.to_owned()),
            ("error_description", self.description(now, &Ids::of(request))),
            ("error_uri", self.address(request)),
        ]
    }

    fn description(&self, now: Timestamp, ids: &Ids) -> String {
        format!(
            "{}\r\nTrace ID: {}\r\nCorrelation ID: {}\r\nTimestamp: {}",
            self.message(),
            ids.trace,
            ids.correlation,
            time(now),
        )
    }

    fn address(&self, request: &Request) -> String {
        format!("https://{}/error?code={}", request.host, self.number)
    }
}

/// By what a refusal is found again.
struct Ids {
    trace: String,
    correlation: String,
}

impl Ids {
    fn of(request: &Request) -> Self {
        let own = request.header("client-request-id").or(request.parameter("client-request-id"));
        let own = own.and_then(|id| Uuid::parse_str(id).ok());
        Self {
            trace: Uuid::new_v4().to_string(),
            correlation: own.unwrap_or_else(Uuid::new_v4).to_string(),
        }
    }
}

fn time(now: Timestamp) -> String {
    now.strftime("%Y-%m-%d %H:%M:%SZ").to_string()
}

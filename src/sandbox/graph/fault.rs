//! How Graph refuses.

use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use crate::sandbox::Reply;
use crate::sandbox::Request;

/// One refusal.
#[derive(Debug)]
pub struct Fault {
    status: u16,
    code: &'static str,
    message: String,
    detail: Option<(&'static str, &'static str)>,
}

impl Fault {
    /// A refusal with that status and code.
    pub fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            detail: None,
        }
    }

    /// 400 of the gateway: path, version, query.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(400, "BadRequest", message)
    }

    /// 400 of the directory: validation.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(400, "Request_BadRequest", message)
    }

    /// 400 for a query that the directory does not serve.
    pub fn unsupported_query(message: impl Into<String>) -> Self {
        Self::new(400, "Request_UnsupportedQuery", message)
    }

    /// 403.
    pub fn denied() -> Self {
        Self::new(
            403,
            "Authorization_RequestDenied",
            "Insufficient privileges to complete the operation.",
        )
    }

    /// 403 for a caller who is no longer in the tenant.
    pub fn unknown_caller() -> Self {
        Self::new(
            403,
            "Authorization_IdentityNotFound",
            "The identity of the calling application could not be established.",
        )
    }

    /// 404.
    pub fn not_found(id: &str) -> Self {
        let message = format!("Resource '{id}' does not exist or one of its queried reference-property objects are not present.");
        Self::new(404, "Request_ResourceNotFound", message)
    }

    /// 400 for a property that has to be unique.
    pub fn taken(property: &'static str) -> Self {
        Self::invalid(format!(
            "Another object with the same value for property {property} already exists."
        ))
        .with_detail("ObjectConflict", property)
    }

    /// With one detail: code and target.
    pub fn with_detail(mut self, code: &'static str, target: &'static str) -> Self {
        self.detail = Some((code, target));
        self
    }

    /// The reply.
    pub fn reply(&self, now: Timestamp, request: &Request) -> Reply {
        let id = Uuid::new_v4().to_string();
        let client_id = request.header("client-request-id").unwrap_or(&id);
        let mut error = json!({
            "code": self.code,
            "message": self.message,
            "innerError": {"date": now.strftime("%Y-%m-%dT%H:%M:%S").to_string(), "request-id": id, "client-request-id": client_id},
        });
        if let Some((code, target)) = self.detail {
            error["details"] = json!([{"code": code, "target": target, "message": self.message}]);
        }
        Reply::json(self.status, &json!({"error": error}))
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(cause: rusqlite::Error) -> Self {
        Self::new(
            500,
            "Service_InternalServerError",
            format!("the sandbox's state could not be used: {cause}"),
        )
    }
}

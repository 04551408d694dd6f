//! How Key Vault refuses.

use serde_json::json;

use crate::sandbox::Reply;

/// One refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The HTTP status.
    pub status: u16,
    code: &'static str,
    inner: Option<&'static str>,
    /// What the caller reads.
    pub message: String,
}

impl Fault {
    /// A refusal with that status and code.
    pub fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            inner: None,
            message: message.into(),
        }
    }

    /// 400: name, api-version, policy or another part of the request.
    pub fn bad_parameter(message: impl Into<String>) -> Self {
        Self::new(400, "BadParameter", message)
    }

    /// 401.
    pub fn unauthorized(message: impl Into<String>) -> Self {
        Self::new(401, "Unauthorized", message)
    }

    /// 403, with what tells one kind from another.
    pub fn forbidden(inner: &'static str, message: impl Into<String>) -> Self {
        Self {
            inner: Some(inner),
            ..Self::new(403, "Forbidden", message)
        }
    }

    /// 409: the name lies in the recycle bin.
    pub fn recoverable(what: &str, name: &str) -> Self {
        let message = format!(
            "{what} {name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the {what} \
             can only be recovered or purged."
        );
        Self {
            inner: Some("ObjectIsDeletedButRecoverable"),
            ..Self::new(409, "Conflict", message)
        }
    }

    /// The reply.
    pub fn reply(&self) -> Reply {
        let mut error = json!({"code": self.code, "message": self.message});
        if let Some(inner) = self.inner {
            error["innererror"] = json!({"code": inner});
        }
        Reply::json(self.status, &json!({"error": error}))
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(cause: rusqlite::Error) -> Self {
        Self::new(
            500,
            "InternalServerError",
            format!("the sandbox's state could not be used: {cause}"),
        )
    }
}

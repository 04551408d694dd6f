//! How Key Vault refuses.

use serde_json::json;

use crate::sandbox::Reply;
use crate::sandbox::Tx;

/// Why a call is not answered.
#[derive(Debug)]
pub enum Fault {
    /// It is refused.
    Refused {
        /// The HTTP status.
        status: u16,
        /// The kind of refusal.
        code: &'static str,
        /// What tells one of a kind from another.
        inner: Option<&'static str>,
        /// What the caller reads.
        message: String,
    },
    /// The state could not be used, which is nobody's fault but ours.
    Store(rusqlite::Error),
}

impl Fault {
    /// A refusal with that status and code.
    pub fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self::refused(status, code, None, message)
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
        Self::refused(403, "Forbidden", Some(inner), message)
    }

    /// 409: the name lies in the recycle bin.
    pub fn recoverable(what: &str, name: &str) -> Self {
        let message = format!(
            "{what} {name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the {what} \
             can only be recovered or purged."
        );
        Self::refused(409, "Conflict", Some("ObjectIsDeletedButRecoverable"), message)
    }

    fn refused(status: u16, code: &'static str, inner: Option<&'static str>, message: impl Into<String>) -> Self {
        Self::Refused {
            status,
            code,
            inner,
            message: message.into(),
        }
    }

    /// Whether what was asked for is not there.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Refused { status: 404, .. })
    }

    /// The reply. Trouble with the state is noted on the transaction, which then comes to nothing.
    pub fn reply(self, tx: &Tx<'_>) -> Reply {
        match self {
            Self::Refused {
                status,
                code,
                inner,
                message,
            } => {
                let mut error = json!({"code": code, "message": message});
                if let Some(inner) = inner {
                    error["innererror"] = json!({"code": inner});
                }
                Reply::json(status, &json!({"error": error}))
            }
            Self::Store(cause) => {
                tx.sound::<()>(Err(cause));
                Reply::empty(500)
            }
        }
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(cause: rusqlite::Error) -> Self {
        Self::Store(cause)
    }
}

//! How Azure Resource Manager refuses.

use serde_json::json;

use crate::sandbox::Reply;

/// One refusal.
#[derive(Debug)]
pub struct Fault {
    status: u16,
    code: &'static str,
    message: String,
    detail_target: Option<&'static str>,
    challenge: Option<String>,
}

impl Fault {
    /// A refusal with that status and code.
    pub fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            detail_target: None,
            challenge: None,
        }
    }

    /// 400 of a resource provider.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(400, "BadRequest", message)
    }

    /// 400 for a body that does not have the shape it should have.
    pub fn content(why: impl std::fmt::Display) -> Self {
        let message = format!("The request content was invalid and could not be deserialized: '{why}'.");
        Self::new(400, "InvalidRequestContent", message)
    }

    /// 404 for a resource: `kind` as in `Microsoft.KeyVault/vaults`.
    pub fn no_resource(kind: &str, name: &str, group: &str) -> Self {
        let message = format!(
            "The Resource '{kind}/{name}' under resource group '{group}' was not found. For more details please go to \
             https://aka.ms/ARMResourceNotFoundFix"
        );
        Self::new(404, "ResourceNotFound", message)
    }

    /// 404 for a resource group.
    pub fn no_group(name: &str) -> Self {
        Self::new(404, "ResourceGroupNotFound", format!("Resource group '{name}' could not be found."))
    }

    /// With one detail of the same code and message, about `target`.
    pub fn with_detail(mut self, target: &'static str) -> Self {
        self.detail_target = Some(target);
        self
    }

    /// With the header that says where a good token comes from.
    pub fn with_challenge(mut self, challenge: String) -> Self {
        self.challenge = Some(challenge);
        self
    }

    /// The reply.
    pub fn reply(self) -> Reply {
        let mut error = json!({"code": self.code, "message": self.message});
        if let Some(target) = self.detail_target {
            error["details"] = json!([{"code": self.code, "target": target, "message": self.message}]);
        }
        let reply = Reply::json(self.status, &json!({"error": error}));
        match self.challenge {
            Some(challenge) => reply.with_header("www-authenticate", challenge),
            None => reply,
        }
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

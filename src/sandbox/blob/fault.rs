//! How storage refuses: in XML, with the code in a header too.

use jiff::Timestamp;
use uuid::Uuid;

use super::listing::escaped;
use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::Tx;
use crate::sandbox::directory;

/// One refusal.
#[derive(Debug)]
pub struct Fault {
    status: u16,
    code: &'static str,
    message: &'static str,
    challenge: Option<String>,
}

impl Fault {
    /// A refusal with that status and code.
    pub fn new(status: u16, code: &'static str, message: &'static str) -> Self {
        Self {
            status,
            code,
            message,
            challenge: None,
        }
    }

    /// 401 of a caller without a token; the challenge names the tenant, at the host of its cloud that gives tokens.
    pub fn unauthenticated(tx: &Tx<'_>, account: &Object, login: &str) -> Self {
        let tenant_id = directory::tenant_id(tx, &account.tenant);
        let challenge =
            format!("Bearer authorization_uri=https://{login}/{tenant_id}/oauth2/authorize resource_id=https://storage.azure.com");
        Self {
            challenge: Some(challenge),
            ..Self::new(
                401,
                "NoAuthenticationInformation",
                "Server failed to authenticate the request. Please refer to the information in the www-authenticate header.",
            )
        }
    }

    /// The reply.
    pub fn reply(&self, now: Timestamp) -> Reply {
        let message = format!("{}\nRequestId:{}\nTime:{now}", self.message, Uuid::new_v4());
        let body = format!(
            "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{}</Code><Message>{}</Message></Error>",
            self.code,
            escaped(&message)
        );
        let reply = Reply {
            status: self.status,
            headers: vec![("content-type".into(), "application/xml".into())],
            body: body.into_bytes(),
            ..Reply::default()
        };
        let reply = reply.with_header("x-ms-error-code", self.code);
        match &self.challenge {
            Some(challenge) => reply.with_header("www-authenticate", challenge.as_str()),
            None => reply,
        }
    }
}

//! One request to the token endpoint.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use serde_json::json;

use super::refusal::Refusal;
use super::scope::Scope;
use super::token;
use super::token::Presented;
use super::token::Proof;
use crate::sandbox::Request;
use crate::sandbox::Tx;
use crate::sandbox::form;

/// Which generation of addresses a client uses: v1 names a `resource`, v2 a `scope`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// `oauth2/token`.
    V1,
    /// `oauth2/v2.0/token`.
    V2,
}

/// One request.
pub struct Call<'a> {
    /// The transaction.
    pub tx: &'a Tx<'a>,
    /// The request.
    pub request: &'a Request,
    /// The tenant as the address names it.
    pub tenant: &'a str,
    version: Version,
    fields: Vec<(String, String)>,
}

impl<'a> Call<'a> {
    /// Reads the fields of the body, and of the Basic header that may stand for two of them.
    pub fn of(tx: &'a Tx<'a>, request: &'a Request, tenant: &'a str, version: Version) -> Self {
        let mut fields = form::pairs(&String::from_utf8_lossy(&request.body));
        let basic = request.header("authorization").and_then(|header| header.strip_prefix("Basic "));
        let decoded = basic
            .and_then(|basic| STANDARD.decode(basic).ok())
            .and_then(|bytes| String::from_utf8(bytes).ok());
        if let Some((id, secret)) = decoded.as_deref().and_then(|pair| pair.split_once(':')) {
            fields.push(("client_id".into(), form::decode(id)));
            fields.push(("client_secret".into(), form::decode(secret)));
        }
        Self {
            tx,
            request,
            tenant,
            version,
            fields,
        }
    }

    /// A field that says something.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(known, value)| known == name && !value.is_empty());
        found.map(|(_, value)| value.as_str())
    }

    /// A field that must be there.
    pub fn needed(&self, name: &str) -> Result<&str, Refusal> {
        self.get(name).ok_or_else(|| Refusal::missing_field(name))
    }

    /// Whether the client uses the v1 addresses.
    pub fn is_v1(&self) -> bool {
        self.version == Version::V1
    }

    /// What is asked for; `None` when the request leaves it to what was asked before.
    pub fn scope(&self) -> Result<Option<Scope>, Refusal> {
        match self.version {
            Version::V1 => Ok(self.get("resource").map(Scope::of_resource)),
            Version::V2 => self.get("scope").map(Scope::parse).transpose(),
        }
    }

    /// What the client showed of itself, with what it declares in `claims`.
    pub fn presented(&self, proof: Proof) -> Presented {
        let claims = self.get("claims").and_then(|claims| serde_json::from_str::<Value>(claims).ok());
        let values = claims
            .as_ref()
            .and_then(|claims| claims["access_token"]["xms_cc"]["values"].as_array());
        let mut values = values.into_iter().flatten().filter_map(Value::as_str);
        Presented {
            proof,
            takes_challenges: values.any(|value| value.eq_ignore_ascii_case("cp1")),
        }
    }

    /// An answer as the v1 addresses give it: numbers are texts.
    pub fn v1_answer(&self, audience: &str, access_token: &str) -> Value {
        let now = self.tx.now().as_second();
        json!({
            "token_type": "Bearer",
            "expires_in": token::LIFE.to_string(),
            "ext_expires_in": token::LIFE.to_string(),
            "expires_on": (now + token::LIFE).to_string(),
            "not_before": now.to_string(),
            "resource": audience,
            "access_token": access_token,
        })
    }
}

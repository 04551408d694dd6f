//! `Identity`: what an access token says about its bearer. Decoded, not validated: only the resource can judge a token.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::Deserialize;
use uuid::Uuid;

/// The claims of an application's token that matter to us.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Identity {
    /// The application id.
    #[serde(default, rename = "appid", alias = "azp")]
    pub app_id: String,
    /// The object id of the application's service principal in the tenant.
    #[serde(default, rename = "oid")]
    pub object_id: String,
    /// The tenant that the token is for.
    #[serde(default, rename = "tid")]
    pub tenant_id: Option<Uuid>,
    /// Application permissions (`Exchange.ManageAsApp`, `Mailbox.Migration`).
    #[serde(default)]
    pub roles: Vec<String>,
    /// Template ids of the directory roles held.
    #[serde(default, rename = "wids")]
    pub directory_roles: Vec<String>,
}

impl Identity {
    /// Whether the application permission `role` is in the token.
    pub fn has_role(&self, role: &str) -> bool {
        self.roles.iter().any(|held| held == role)
    }

    pub(super) fn from_token(token: &str) -> Option<Self> {
        let claims = token.split('.').nth(1)?;
        let claims = BASE64_URL_SAFE_NO_PAD.decode(claims.trim_end_matches('=')).ok()?;
        serde_json::from_slice(&claims).ok()
    }
}

//! Id tokens: who signed in, for the client itself to read.

use serde_json::json;
use uuid::Uuid;

use super::call::Call;
use super::keys;
use super::scope::Scope;
use super::token;
use crate::sandbox::Object;
use crate::sandbox::directory;
use crate::sandbox::hosts;

/// The token about `user`, in the tenant whose object that is; `None` when the sandbox's key cannot be read.
pub fn issue(call: &Call<'_>, client_id: &str, user: &Object, scope: &Scope, nonce: &str) -> Option<String> {
    let tx = call.tx;
    let tenant_id = directory::tenant_id(tx, &user.tenant);
    let now = tx.now().as_second();
    let name = match user.text("userType") {
        "Guest" => user.text("mail"),
        _ => user.text("userPrincipalName"),
    };
    let mut claims = json!({
        "aud": client_id,
        "iss": format!("https://{}/{tenant_id}/v2.0", hosts::login_of(&call.request.host)),
        "iat": now,
        "nbf": now,
        "exp": now + token::LIFE,
        "oid": user.text("id"),
        "sub": token::subject(client_id, user),
        "tid": tenant_id,
        "uti": Uuid::new_v4().simple().to_string(),
        "ver": "2.0",
    });
    if call.is_v1() {
        claims["iss"] = json!(format!("https://sts.windows.net/{tenant_id}/"));
        claims["ver"] = json!("1.0");
        claims["unique_name"] = json!(name);
        claims["upn"] = json!(name);
    } else if scope.has("profile") {
        claims["preferred_username"] = json!(name);
    }
    if scope.has("profile") {
        claims["name"] = json!(user.text("displayName"));
    }
    if scope.has("email") && !user.text("mail").is_empty() {
        claims["email"] = json!(user.text("mail"));
    }
    if !nonce.is_empty() {
        claims["nonce"] = json!(nonce);
    }
    keys::sign(tx, &claims)
}

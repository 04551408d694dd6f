//! Access tokens: what they say, and how a resource checks one.

use jiff::Timestamp;
use serde_json::Value;
use serde_json::json;
use uuid::Uuid;

use super::keys;
use super::resource;
use crate::sandbox::Caller;
use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::Request;
use crate::sandbox::Tx;
use crate::sandbox::directory;
use crate::sandbox::ids;

/// How long a token lives, in seconds of the sandbox's clock.
pub const LIFE: i64 = 3599;

/// How an application proved who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// By a secret.
    Secret,
    /// By a signed assertion.
    Certificate,
}

/// A token of `application` for a resource, as its `principal` in that tenant; `None` when the sandbox's key cannot be read.
pub fn issue(tx: &Tx<'_>, application: &Object, principal: &Object, audience: &str, proof: Proof) -> Option<String> {
    let tenant_id = directory::tenant_id(tx, &principal.tenant);
    let issuer = format!("https://sts.windows.net/{tenant_id}/");
    let now = tx.now().as_second();
    let mut held = directory::directory_roles(tx, &principal.tenant, principal.text("id"));
    held.push(ids::NO_DIRECTORY_ROLE.to_owned());
    let mut claims = json!({
        "aud": audience,
        "iss": issuer,
        "iat": now,
        "nbf": now,
        "exp": now + LIFE,
        "app_displayname": application.text("displayName"),
        "appid": application.text("appId"),
        "appidacr": if proof == Proof::Secret { "1" } else { "2" },
        "idp": issuer,
        "idtyp": "app",
        "oid": principal.text("id"),
        "sub": principal.text("id"),
        "tid": tenant_id,
        "uti": Uuid::new_v4().simple().to_string(),
        "ver": "1.0",
        "wids": held,
    });
    let resource = resource::app_id(audience)?;
    let roles = directory::app_roles(tx, &principal.tenant, application.text("appId"), resource);
    if !roles.is_empty() {
        claims["roles"] = json!(roles);
    }
    keys::sign(tx, &claims)
}

/// Who calls, by the token of `request`: signed here, for `audience` (an address or application id of the resource), in time by
/// the sandbox's clock, and of the tenant that an Exchange address names. Otherwise the 401 to answer with.
pub fn caller(tx: &Tx<'_>, request: &Request, audience: &str) -> Result<Caller, Reply> {
    let presented = request.header("authorization").unwrap_or_default();
    let Some(token) = presented.strip_prefix("Bearer ").or_else(|| presented.strip_prefix("bearer ")) else {
        return Err(refused("Access token is empty."));
    };
    let Some(claims) = keys::verified(tx, token.trim()) else {
        return Err(refused("Access token validation failure. Invalid signature."));
    };
    let text = |name: &str| claims[name].as_str().unwrap_or_default();
    if resource::app_id(text("aud")).is_none_or(|found| Some(found) != resource::app_id(audience)) {
        return Err(refused("Access token validation failure. Invalid audience."));
    }
    if !is_in_time(&claims, tx.now()) {
        return Err(refused("Lifetime validation failed, the token is expired."));
    }
    let Some(tenant) = directory::tenant(tx, text("tid")) else {
        return Err(refused("Access token validation failure. Unknown tenant."));
    };
    if tenant_in_address(&request.path).is_some_and(|named| directory::tenant(tx, named).is_none_or(|found| found.id != tenant.id)) {
        return Err(refused("The token is not of the tenant that the address names."));
    }
    Ok(Caller {
        tenant: tenant.tenant,
        app_id: text("appid").to_owned(),
        object_id: text("oid").to_owned(),
        roles: list(&claims["roles"]),
        directory_roles: list(&claims["wids"]),
    })
}

/// The short name of the tenant that the request's token names, unchecked: for the log only.
pub fn tenant_named_by(tx: &Tx<'_>, request: &Request) -> Option<String> {
    let token = request.header("authorization")?.split_once(' ')?.1;
    let claims = keys::claims(token)?;
    directory::tenant(tx, claims["tid"].as_str()?).map(|tenant| tenant.tenant)
}

fn tenant_in_address(path: &str) -> Option<&str> {
    let mut segments = path.trim_start_matches('/').split('/');
    let root = segments.next()?;
    root.eq_ignore_ascii_case("adminapi").then(|| segments.nth(1)).flatten()
}

fn is_in_time(claims: &Value, now: Timestamp) -> bool {
    claims["exp"].as_i64().is_some_and(|end| now.as_second() < end)
}

fn list(value: &Value) -> Vec<String> {
    let items = value.as_array().into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn refused(why: &str) -> Reply {
    let challenge = format!(
        "Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\", \
         error=\"invalid_token\", error_description=\"{why}\""
    );
    Reply::json(401, &json!({"error": {"code": "InvalidAuthenticationToken", "message": why}})).with_header("www-authenticate", challenge)
}

//! Access tokens: what they say, and how a resource checks one.

use aws_lc_rs::digest;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
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
    /// Not at all: it is public.
    Nothing,
    /// By a secret.
    Secret,
    /// By a signed assertion.
    Certificate,
}

impl Proof {
    /// The claim that tells it.
    fn claim(self) -> &'static str {
        match self {
            Self::Nothing => "0",
            Self::Secret => "1",
            Self::Certificate => "2",
        }
    }
}

/// What a client showed of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Presented {
    /// How it proved who it is.
    pub proof: Proof,
    /// Whether it declared that it can answer claims challenges (`cp1`).
    pub takes_challenges: bool,
}

impl From<Proof> for Presented {
    fn from(proof: Proof) -> Self {
        Self {
            proof,
            takes_challenges: false,
        }
    }
}

/// A token of `application` for a resource, as its `principal` in that tenant; `None` when the sandbox's key cannot be read.
pub fn issue(tx: &Tx<'_>, application: &Object, principal: &Object, audience: &str, presented: impl Into<Presented>) -> Option<String> {
    let mut claims = common(tx, &principal.tenant, audience, presented.into());
    let mut held = directory::directory_roles(tx, &principal.tenant, principal.text("id"));
    held.push(ids::NO_DIRECTORY_ROLE.to_owned());
    claims["app_displayname"] = json!(application.text("displayName"));
    claims["appid"] = json!(application.text("appId"));
    claims["idp"] = claims["iss"].clone();
    claims["idtyp"] = json!("app");
    claims["oid"] = json!(principal.text("id"));
    claims["sub"] = json!(principal.text("id"));
    claims["wids"] = json!(held);
    let resource = resource::app_id(audience)?;
    let roles = directory::app_roles(tx, &principal.tenant, application.text("appId"), resource);
    if !roles.is_empty() {
        claims["roles"] = json!(roles);
    }
    keys::sign(tx, &claims)
}

/// A token of a public client for a resource, in the name of `user` in the tenant whose object that is; `None` when the sandbox's
/// key cannot be read.
pub fn issue_for_user(tx: &Tx<'_>, client_app_id: &str, user: &Object, audience: &str, scopes: &[String]) -> Option<String> {
    issue_delegated(tx, client_app_id, Proof::Nothing.into(), user, audience, scopes)
}

/// As [`issue_for_user`], of any client.
pub fn issue_delegated(
    tx: &Tx<'_>,
    client_app_id: &str,
    presented: Presented,
    user: &Object,
    audience: &str,
    scopes: &[String],
) -> Option<String> {
    let mut claims = common(tx, &user.tenant, audience, presented);
    let mut held = directory::directory_roles(tx, &user.tenant, user.text("id"));
    held.push(ids::ORDINARY_USER.to_owned());
    let is_guest = user.text("userType") == "Guest";
    let name = if is_guest {
        user.text("mail")
    } else {
        user.text("userPrincipalName")
    };
    claims["acct"] = json!(i32::from(is_guest));
    claims["appid"] = json!(client_app_id);
    claims["idtyp"] = json!("user");
    claims["name"] = json!(user.text("displayName"));
    claims["oid"] = json!(user.text("id"));
    claims["scp"] = json!(scopes.join(" "));
    claims["sub"] = json!(subject(client_app_id, user));
    claims["unique_name"] = json!(name);
    claims["wids"] = json!(held);
    if !is_guest {
        claims["upn"] = json!(name);
    }
    keys::sign(tx, &claims)
}

/// How a person is called towards one client: always the same, and nothing to another client.
pub fn subject(client_app_id: &str, user: &Object) -> String {
    let text = format!("{client_app_id} {}", user.text("id"));
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, text.as_bytes()))
}

/// What all access tokens of a tenant say.
fn common(tx: &Tx<'_>, tenant: &str, audience: &str, presented: Presented) -> Value {
    let tenant_id = directory::tenant_id(tx, tenant);
    let now = tx.now().as_second();
    let mut claims = json!({
        "aud": audience,
        "iss": format!("https://sts.windows.net/{tenant_id}/"),
        "iat": now,
        "nbf": now,
        "exp": now + LIFE,
        "appidacr": presented.proof.claim(),
        "tid": tenant_id,
        "uti": Uuid::new_v4().simple().to_string(),
        "ver": "1.0",
    });
    if presented.takes_challenges {
        claims["xms_cc"] = json!(["cp1"]);
    }
    claims
}

/// Why a token is no good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadToken {
    /// There is none.
    Missing,
    /// It was not signed here, or says nothing usable.
    Invalid,
    /// It is for this other resource.
    Audience(String),
    /// Its time was over then.
    Expired(Timestamp),
    /// It is not of the tenant that the address names.
    Tenant,
}

/// Who calls, by the token of `request`: signed here, for one of `audiences`, in time by the sandbox's clock, and of the tenant that
/// an Exchange address names.
pub fn check(tx: &Tx<'_>, request: &Request, audiences: &[&str]) -> Result<Caller, BadToken> {
    let is_one = |audience: &str| audiences.iter().any(|wanted| resource::is_same_address(wanted, audience));
    checked(tx, request, is_one)
}

fn checked(tx: &Tx<'_>, request: &Request, is_fit: impl Fn(&str) -> bool) -> Result<Caller, BadToken> {
    let presented = request.header("authorization").unwrap_or_default();
    let token = presented.strip_prefix("Bearer ").or_else(|| presented.strip_prefix("bearer "));
    let token = token.ok_or(BadToken::Missing)?;
    let claims = keys::verified(tx, token.trim()).ok_or(BadToken::Invalid)?;
    let text = |name: &str| claims[name].as_str().unwrap_or_default();
    if !is_fit(text("aud")) {
        return Err(BadToken::Audience(text("aud").to_owned()));
    }
    let end = claims["exp"].as_i64().and_then(|end| Timestamp::from_second(end).ok());
    let end = end.ok_or(BadToken::Invalid)?;
    if tx.now() >= end {
        return Err(BadToken::Expired(end));
    }
    let tenant = directory::tenant(tx, text("tid")).ok_or(BadToken::Invalid)?;
    if tenant_in_address(&request.path).is_some_and(|named| directory::tenant(tx, named).is_none_or(|found| found.id != tenant.id)) {
        return Err(BadToken::Tenant);
    }
    Ok(Caller {
        tenant: tenant.tenant,
        app_id: text("appid").to_owned(),
        object_id: text("oid").to_owned(),
        roles: list(&claims["roles"]),
        directory_roles: list(&claims["wids"]),
        scopes: claims["scp"]
            .as_str()
            .map(|scopes| scopes.split_whitespace().map(str::to_owned).collect()),
    })
}

/// As [`check`], with the 401 of Graph and Exchange. They have many names, of which any will do: `audience` is an address or the
/// application id of the resource.
pub fn caller(tx: &Tx<'_>, request: &Request, audience: &str) -> Result<Caller, Reply> {
    let wanted = resource::app_id(audience);
    checked(tx, request, |found| wanted.is_some() && resource::app_id(found) == wanted).map_err(|bad| {
        refused(match bad {
            BadToken::Missing => "Access token is empty.",
            BadToken::Invalid => "Access token validation failure. Invalid signature.",
            BadToken::Audience(_) => "Access token validation failure. Invalid audience.",
            BadToken::Expired(_) => "Lifetime validation failed, the token is expired.",
            BadToken::Tenant => "The token is not of the tenant that the address names.",
        })
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::Value;

    use super::*;
    use crate::sandbox::testing::Desk;
    use crate::sandbox::testing::request;

    fn call(desk: &Desk, token: &str, path: &str) -> Result<Caller, u16> {
        let mut request = request("POST", "outlook.office365.com", path);
        request.headers.push(("authorization".into(), format!("Bearer {token}")));
        let checked = desk
            .world
            .store
            .transaction(|tx| Ok::<_, rusqlite::Error>(caller(tx, &request, "https://outlook.office365.com")));
        checked.unwrap().map_err(|reply| reply.status)
    }

    #[test]
    fn a_token_is_good_for_its_resource_and_its_tenant_until_it_ends() {
        let desk = Desk::new();
        let token = desk.token("contoso", "https://outlook.office365.com/.default");
        let for_graph = desk.token("contoso", "https://graph.microsoft.com/.default");
        let own = format!("/adminapi/beta/{}/InvokeCommand", desk.tenant("contoso").tenant_id);

        let caller = call(&desk, &token, &own).unwrap();
        assert_eq!((caller.tenant.as_str(), caller.has_role("Exchange.ManageAsApp")), ("contoso", true));
        assert_eq!(call(&desk, &for_graph, &own), Err(401));
        assert_eq!(call(&desk, &token, "/adminapi/beta/northwind.com/InvokeCommand"), Err(401));
        let mut forged = token.clone();
        forged.replace_range(token.len() - 6.., "AAAAAA");
        assert_eq!(call(&desk, &forged, &own), Err(401));

        desk.world.advance(Duration::from_secs(3600)).unwrap();

        assert_eq!(call(&desk, &token, &own), Err(401));
    }

    #[test]
    fn the_log_names_tenants_and_never_holds_a_secret() {
        let desk = Desk::new();
        desk.graph("contoso", "GET", "organization", Value::Null);

        let lines = desk.world.store.transaction(|tx| tx.requests()).unwrap();

        let expected = [
            (
                "contoso",
                "POST login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/token",
            ),
            ("contoso", "GET graph.microsoft.com/v1.0/organization"),
        ];
        assert_eq!(lines, expected.map(|(tenant, line)| (tenant.to_owned(), line.to_owned())));
    }
}

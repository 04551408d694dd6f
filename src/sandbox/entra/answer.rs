//! What a client gets once a person has signed in: tokens in that person's name.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use super::authority::Authority;
use super::call::Call;
use super::client::Client;
use super::client::Standing;
use super::id_token;
use super::redirect::Platform;
use super::refresh;
use super::refusal::Refusal;
use super::scope::Scope;
use super::session;
use super::token;
use super::token::Proof;
use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::Tx;
use crate::sandbox::directory;

/// A person's decision, about to become tokens.
pub struct Grant<'a> {
    /// Where the person signs in.
    pub authority: &'a Authority,
    /// The program.
    pub client: &'a Client,
    /// What kind of program it is.
    pub platform: Platform,
    /// How it proved who it is.
    pub proof: Proof,
    /// The person's own account.
    pub home: &'a Object,
    /// What is asked for.
    pub scope: &'a Scope,
    /// What the client asked to find in the id token; may be empty.
    pub nonce: &'a str,
    /// Whether it may come back without the person.
    pub is_offline: bool,
}

/// The answer to a grant that is in order.
pub fn answer(call: &Call<'_>, grant: &Grant<'_>) -> Result<Reply, Refusal> {
    let tx = call.tx;
    let user = person(tx, grant.authority, grant.home, grant.client)?;
    let (client_id, scope) = (grant.client.id(), grant.scope);
    let granted = match grant.client.standing(tx, &user, scope)? {
        Standing::Granted(granted) => granted,
        Standing::NeedsConsent(_) => return Err(needs_consent(grant.client)),
    };
    let of_person = scope.openid.iter().filter(|part| *part != "offline_access");
    // Nothing of a resource means what is told about the person, which is Graph's to tell.
    let in_token: Vec<_> = match scope.is_about_person() {
        true => of_person.clone().cloned().collect(),
        false => granted.clone(),
    };
    let presented = call.presented(grant.proof);
    let access_token = token::issue_delegated(tx, client_id, presented, &user, &scope.audience, &in_token);
    let access_token = access_token.ok_or_else(Refusal::transient)?;
    let mut body = match call.is_v1() {
        true => {
            let mut body = call.v1_answer(&scope.audience, &access_token);
            body["scope"] = json!(granted.join(" "));
            body
        }
        false => {
            let default = scope.is_default.then(|| ".default".to_owned());
            let of_resource = (!scope.is_about_person()).then_some(granted.iter().chain(&default));
            let of_resource = of_resource.into_iter().flatten().map(|name| scope.shown(name));
            let shown: Vec<_> = of_resource.chain(of_person.cloned()).collect();
            json!({
                "token_type": "Bearer",
                "scope": shown.join(" "),
                "expires_in": token::LIFE,
                "ext_expires_in": token::LIFE,
                "access_token": access_token,
            })
        }
    };
    if grant.is_offline || call.is_v1() {
        body["refresh_token"] = json!(refresh::issue(tx, grant).map_err(|_| Refusal::transient())?);
    }
    if scope.has("openid") {
        let id_token = id_token::issue(call, client_id, &user, scope, grant.nonce);
        body["id_token"] = json!(id_token.ok_or_else(Refusal::transient)?);
    }
    if call.get("client_info") == Some("1") {
        body["client_info"] = json!(client_info(tx, grant.home));
    }
    Ok(Reply::json(200, &body))
}

/// Who signs in, as the authority knows the person.
pub fn person(tx: &Tx<'_>, authority: &Authority, home: &Object, client: &Client) -> Result<Object, Refusal> {
    if !session::is_enabled(home) {
        return Err(Refusal::new(50057, "invalid_grant", "The user account is disabled."));
    }
    let Authority::Tenant(tenant) = authority else {
        return Ok(home.clone());
    };
    authority
        .user(tx, home)
        .ok_or_else(|| stranger(tx, home, tenant, &client.application))
}

/// The account is none of the tenant's.
pub fn stranger(tx: &Tx<'_>, home: &Object, tenant: &Object, client: &Object) -> Refusal {
    let text = format!(
        "User account '{}' from identity provider 'https://sts.windows.net/{}/' does not exist in tenant '{}' and cannot access the \
         application '{}'({}) in that tenant. The account needs to be added as an external user in the tenant first. Sign out and sign in \
         again with a different Azure Active Directory user account.",
        home.text("userPrincipalName"),
        directory::tenant_id(tx, &home.tenant),
        tenant.text("displayName"),
        client.text("appId"),
        client.text("displayName"),
    );
    Refusal::new(50020, "invalid_grant", text)
}

/// Nobody agreed yet to what the client asks for.
pub fn needs_consent(client: &Client) -> Refusal {
    let text = format!(
        "The user or administrator has not consented to use the application with ID '{}' named '{}'. Send an interactive authorization \
         request for this user and resource.",
        client.id(),
        client.name(),
    );
    Refusal::new(65001, "invalid_grant", text)
}

/// The account's key in the caches of clients.
pub fn client_info(tx: &Tx<'_>, home: &Object) -> String {
    let info = json!({"uid": home.text("id"), "utid": directory::tenant_id(tx, &home.tenant)});
    URL_SAFE_NO_PAD.encode(info.to_string())
}

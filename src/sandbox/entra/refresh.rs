//! Refresh tokens: a client comes back without the person, for the same resource or another one.

use jiff::SignedDuration;
use serde_json::Map;

use super::answer;
use super::answer::Grant;
use super::authority::Authority;
use super::call::Call;
use super::client::Client;
use super::proof;
use super::redirect::Platform;
use super::refusal::Refusal;
use super::scope::Scope;
use super::ticket;
use crate::sandbox::Reply;
use crate::sandbox::Tx;

const KIND: &str = "refreshToken";
/// How long one may lie unused.
const LIFE: SignedDuration = SignedDuration::from_hours(90 * 24);

/// Makes the token that continues `grant`.
pub fn issue(tx: &Tx<'_>, grant: &Grant<'_>) -> rusqlite::Result<String> {
    let mut body = Map::new();
    body.insert("client_id".into(), grant.client.id().into());
    body.insert("platform".into(), grant.platform.name().into());
    body.insert("scope".into(), grant.scope.text().into());
    ticket::set_user(&mut body, grant.home);
    ticket::keep(tx, KIND, body, LIFE)
}

/// The grant. The answer holds a new token; the old one stays good until its own end.
pub fn redeem(call: &Call<'_>) -> Result<Reply, Refusal> {
    let tx = call.tx;
    let authority = Authority::named(tx, call.tenant)?;
    let client = Client::find(tx, &authority, call.needed("client_id")?)?;
    let unknown = || {
        let text = "The provided value for the input parameter 'refresh_token' or 'assertion' is not valid.";
        Refusal::new(70000, "invalid_grant", text)
    };
    let token = ticket::find(tx, KIND, call.needed("refresh_token")?).ok_or_else(unknown)?;
    if token.text("client_id") != client.id() {
        return Err(unknown());
    }
    let platform = Platform::named(token.text("platform"));
    let proof = proof::of_client(call, &client, platform)?;
    if ticket::is_over(tx, &token) {
        let text = format!(
            "The refresh token has expired due to inactivity. The token was issued on {} and was inactive for 90.00:00:00.",
            token.text("made")
        );
        return Err(Refusal::new(700082, "invalid_grant", text));
    }
    let home = ticket::user(tx, &token)?;
    let scope = match call.scope()? {
        Some(scope) => scope,
        None => Scope::parse(token.text("scope"))?,
    };
    let grant = Grant {
        authority: &authority,
        client: &client,
        platform,
        proof,
        home: &home,
        scope: &scope,
        nonce: "",
        is_offline: true,
    };
    answer::answer(call, &grant)
}

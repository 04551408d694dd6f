//! Authorization codes: what a browser carries from the sign-in page to the program.

use aws_lc_rs::constant_time;
use aws_lc_rs::digest;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;
use serde_json::Map;
use serde_json::json;

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
use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::Tx;

const KIND: &str = "authorizationCode";
const LIFE: SignedDuration = SignedDuration::from_mins(10);

/// What a code stands for.
pub struct Promise<'a> {
    /// The program's id.
    pub client_id: &'a str,
    /// Where the code is sent.
    pub redirect_uri: &'a str,
    /// What kind of program listens there.
    pub platform: Platform,
    /// What was asked for.
    pub scope: &'a Scope,
    /// What the id token is to repeat.
    pub nonce: Option<&'a str>,
    /// The challenge, and how it was made.
    pub challenge: Option<(&'a str, &'a str)>,
    /// The person's own account.
    pub home: &'a Object,
}

/// Makes a code.
pub fn issue(tx: &Tx<'_>, promise: &Promise<'_>) -> rusqlite::Result<String> {
    let mut body = Map::new();
    body.insert("client_id".into(), promise.client_id.into());
    body.insert("redirect_uri".into(), promise.redirect_uri.into());
    body.insert("platform".into(), promise.platform.name().into());
    body.insert("scope".into(), promise.scope.text().into());
    body.insert("nonce".into(), json!(promise.nonce));
    body.insert("challenge".into(), json!(promise.challenge.map(|(challenge, _)| challenge)));
    body.insert("challenge_method".into(), json!(promise.challenge.map(|(_, method)| method)));
    ticket::set_user(&mut body, promise.home);
    ticket::keep(tx, KIND, body, LIFE)
}

/// The grant.
pub fn redeem(call: &Call<'_>) -> Result<Reply, Refusal> {
    let tx = call.tx;
    let authority = Authority::named(tx, call.tenant)?;
    let client = Client::find(tx, &authority, call.needed("client_id")?)?;
    let unknown = || {
        let text = "The provided value for the 'code' parameter is not valid.";
        Refusal::new(70000, "invalid_grant", text)
    };
    let code = ticket::find(tx, KIND, call.needed("code")?).ok_or_else(unknown)?;
    if code.text("client_id") != client.id() {
        return Err(unknown());
    }
    let platform = Platform::named(code.text("platform"));
    let proof = proof::of_client(call, &client, platform)?;
    if code.flag("redeemed") {
        let text = "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.";
        return Err(Refusal::new(54005, "invalid_grant", text));
    }
    if ticket::is_over(tx, &code) {
        let text = "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization \
                    request for this user and resource.";
        return Err(Refusal::new(70008, "invalid_grant", text));
    }
    if call.needed("redirect_uri")? != code.text("redirect_uri") {
        let text = format!(
            "The reply address '{}' does not match the reply address '{}' provided when requesting Authorization code.",
            call.needed("redirect_uri")?,
            code.text("redirect_uri")
        );
        return Err(Refusal::new(500112, "invalid_client", text));
    }
    check_verifier(&code, call.get("code_verifier"))?;
    let home = ticket::user(tx, &code)?;
    let scope = match call.scope()? {
        Some(scope) => scope,
        None => Scope::parse(code.text("scope"))?,
    };
    let is_offline = scope.has("offline_access") || Scope::parse(code.text("scope"))?.has("offline_access");
    let mut used = code.clone();
    used.set("redeemed", true);
    tx.update(&used).map_err(|_| Refusal::transient())?;
    let grant = Grant {
        authority: &authority,
        client: &client,
        platform,
        proof,
        home: &home,
        scope: &scope,
        nonce: code.text("nonce"),
        is_offline,
    };
    answer::answer(call, &grant)
}

/// Whether the program that redeems is the one that started: it knows what the challenge was made of.
fn check_verifier(code: &Object, verifier: Option<&str>) -> Result<(), Refusal> {
    let challenge = code.text("challenge");
    let Some(verifier) = verifier else {
        if challenge.is_empty() {
            return Ok(());
        }
        let text = "Proof Key for Code Exchange is required: the request must contain the following parameter: 'code_verifier'.";
        return Err(Refusal::new(50148, "invalid_grant", text));
    };
    let made = match code.text("challenge_method") {
        "S256" => URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes())),
        _ => verifier.to_owned(),
    };
    constant_time::verify_slices_are_equal(made.as_bytes(), challenge.as_bytes()).map_err(|_| {
        let text = "The Code_Verifier does not match the code_challenge supplied in the authorization request.";
        Refusal::new(501481, "invalid_grant", text)
    })
}

//! Signing in with a device code, from the program's side.

use serde_json::json;

use super::answer;
use super::answer::Grant;
use super::authority::Authority;
use super::call::Call;
use super::client::Client;
use super::device;
use super::device::Decision;
use super::proof;
use super::redirect::Platform;
use super::refusal::Refusal;
use super::scope::Scope;
use super::ticket;
use crate::sandbox::Reply;
use crate::sandbox::hosts;

/// Answers `POST /{tenant}/oauth2/v2.0/devicecode` and `POST /{tenant}/oauth2/devicecode`.
pub fn start(call: &Call<'_>) -> Result<Reply, Refusal> {
    let authority = Authority::named(call.tx, call.tenant)?;
    let client = Client::find(call.tx, &authority, call.needed("client_id")?)?;
    let asked = call.needed(if call.is_v1() { "resource" } else { "scope" })?;
    let scope = match call.is_v1() {
        true => Scope::of_resource(asked),
        false => Scope::parse(asked)?,
    };
    let code = device::start(call.tx, call.tenant, client.id(), &scope.text()).map_err(|_| Refusal::transient())?;
    let page = hosts::device_page(&call.request.host);
    let user_code = code.text("user_code");
    let message = format!("To sign in, use a web browser to open the page {page} and enter the code {user_code} to authenticate.");
    let device_code = code.text("device_code");
    let body = match call.is_v1() {
        false => json!({
            "user_code": user_code, "device_code": device_code, "verification_uri": page,
            "expires_in": device::LIFE, "interval": device::INTERVAL, "message": message,
        }),
        true => json!({
            "user_code": user_code, "device_code": device_code, "verification_url": page,
            "expires_in": device::LIFE.to_string(), "interval": device::INTERVAL.to_string(), "message": message,
        }),
    };
    Ok(Reply::json(200, &body))
}

/// The grant: the program asks whether somebody has decided.
pub fn redeem(call: &Call<'_>) -> Result<Reply, Refusal> {
    let tx = call.tx;
    let authority = Authority::named(tx, call.tenant)?;
    let client = Client::find(tx, &authority, call.needed("client_id")?)?;
    let proof = match client.is_public() {
        true => proof::of_client(call, &client, Platform::Public)?,
        false => proof::prove(call, &client.application)?,
    };
    let presented = call.get("device_code").or(call.get("code"));
    let presented = presented.ok_or_else(|| Refusal::missing_field("device_code"))?;
    let unknown = || {
        let text = "The provided value for the input parameter 'device_code' is not valid. Verify that the device code is correct.";
        Refusal::new(70018, "bad_verification_code", text)
    };
    let code = device::by_device_code(tx, presented).filter(|code| code.text("client_id") == client.id());
    let code = code.ok_or_else(unknown)?;
    match device::Decision::on(&code) {
        Decision::Declined => {
            let text = "The end user declined the authorization request.";
            return Err(Refusal::new(65004, "authorization_declined", text));
        }
        Decision::Redeemed => {
            let text =
                "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.";
            return Err(Refusal::new(54005, "invalid_grant", text));
        }
        _ if ticket::is_over(tx, &code) => {
            let text = "The provided value for the input parameter 'device_code' is not valid. This device code has expired.";
            return Err(Refusal::new(70020, "expired_token", text));
        }
        Decision::Pending => {
            let waited = device::polled(tx, &code).map_err(|_| Refusal::transient())?;
            let error = if waited { "authorization_pending" } else { "slow_down" };
            let text = "OAuth 2.0 device flow error. Authorization is pending. Continue polling.";
            return Err(Refusal::new(70016, error, text));
        }
        Decision::Approved => {}
    }
    let scope = Scope::parse(code.text("scope"))?;
    let home = ticket::user(tx, &code)?;
    device::redeem(tx, &code).map_err(|_| Refusal::transient())?;
    let platform = if client.is_public() { Platform::Public } else { Platform::Web };
    let is_offline = scope.has("offline_access");
    let grant = Grant {
        authority: &authority,
        client: &client,
        platform,
        proof,
        home: &home,
        scope: &scope,
        nonce: "",
        is_offline,
    };
    answer::answer(call, &grant)
}

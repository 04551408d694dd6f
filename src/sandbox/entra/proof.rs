//! How a client proves who it is at the token endpoint.

use super::assertion;
use super::call::Call;
use super::client::Client;
use super::redirect::Platform;
use super::refusal::Refusal;
use super::token::Proof;
use crate::sandbox::Object;
use crate::sandbox::directory;
use crate::sandbox::directory::SecretState;

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The proof of a client that must have one.
pub fn prove(call: &Call<'_>, application: &Object) -> Result<Proof, Refusal> {
    let app_id = application.text("appId");
    if let Some(assertion) = call.get("client_assertion") {
        if call.get("client_assertion_type") != Some(ASSERTION_TYPE) {
            return Err(Refusal::missing_field("client_assertion_type"));
        }
        assertion::check(call.tx, call.request, application, assertion)?;
        return Ok(Proof::Certificate);
    }
    let Some(secret) = call.get("client_secret") else {
        let text = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.";
        return Err(Refusal::new(7000218, "invalid_client", text));
    };
    match directory::check_secret(call.tx, app_id, secret) {
        SecretState::Valid => Ok(Proof::Secret),
        SecretState::Expired => {
            let text = format!(
                "The provided client secret keys for app '{app_id}' are expired. Visit the Azure portal to create new keys for your \
                 app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: \
                 https://aka.ms/certCreds."
            );
            Err(Refusal::new(7000222, "invalid_client", text))
        }
        SecretState::Wrong => {
            let text = format!(
                "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the \
                 client secret ID, for a secret added to app '{app_id}'."
            );
            Err(Refusal::new(7000215, "invalid_client", text))
        }
    }
}

/// What proof a client gives that signs a person in: a server its secret, all others none.
pub fn of_client(call: &Call<'_>, client: &Client, platform: Platform) -> Result<Proof, Refusal> {
    if platform == Platform::Web {
        return prove(call, &client.application);
    }
    if call.get("client_secret").or(call.get("client_assertion")).is_some() {
        let text = "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.";
        return Err(Refusal::new(700025, "invalid_client", text));
    }
    if platform == Platform::Spa && call.request.header("origin").is_none() {
        let text = "Tokens issued for the 'Single-Page Application' client-type may only be redeemed via cross-origin requests.";
        return Err(Refusal::new(9002327, "invalid_request", text));
    }
    Ok(Proof::Nothing)
}

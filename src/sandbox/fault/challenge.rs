//! Tokens that a service no longer takes: one whose time is over, and one that has to hold more.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::spec::Service;
use super::target;
use super::words;
use crate::sandbox::Reply;
use crate::sandbox::Request;
use crate::sandbox::Tx;
use crate::sandbox::entra::keys;

/// What a client declares that understands claims challenges.
const CAPABILITY: &str = "cp1";

/// The request with its token as it will be when its time is over, so that the service itself refuses it, in its own words.
pub fn with_expired_token(tx: &Tx<'_>, request: &Request) -> Option<Request> {
    let mut claims = target::claims(request)?;
    claims["exp"] = json!(tx.now().as_second() - 1);
    let token = keys::sign(tx, &claims)?;
    let mut request = request.clone();
    request.headers.retain(|(name, _)| name != "authorization");
    request.headers.push(("authorization".into(), format!("Bearer {token}")));
    Some(request)
}

/// Whether the client of the token said that it understands a challenge.
pub fn is_understood(request: &Request) -> bool {
    let claims = target::claims(request).unwrap_or_default();
    let capabilities = claims["xms_cc"].as_array().into_iter().flatten();
    capabilities.into_iter().any(|capability| capability == CAPABILITY)
}

/// The refusal of a token that is older than now: the claims tell how to ask for one that is not.
pub fn reply(tx: &Tx<'_>, service: Service, request: &Request) -> Reply {
    let since = tx.now().as_second().to_string();
    let claims = json!({"access_token": {"nbf": {"essential": true, "value": since}}}).to_string();
    let challenge = format!(
        "Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\", \
         error=\"insufficient_claims\", claims=\"{}\"",
        STANDARD.encode(claims)
    );
    let reply = match service {
        Service::Exchange => Reply::empty(401),
        _ => words::refusal(
            tx,
            service,
            request,
            401,
            "InvalidAuthenticationToken",
            "Continuous access evaluation resulted in challenge with result: InteractionRequired and code: \
             TokenIssuedBeforeRevocationTimestamp",
        ),
    };
    reply.with_header("www-authenticate", challenge)
}

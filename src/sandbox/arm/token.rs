//! The token of a call, and Resource Manager's words for a bad one.

use super::fault::Fault;
use crate::sandbox::Caller;
use crate::sandbox::Object;
use crate::sandbox::Request;
use crate::sandbox::Tx;
use crate::sandbox::azure;
use crate::sandbox::directory;
use crate::sandbox::entra::token;
use crate::sandbox::entra::token::BadToken;
use crate::sandbox::hosts::Azure;

/// Who calls. A refusal names the tenant of the subscription that the path names, as the service does.
pub fn caller(tx: &Tx<'_>, request: &Request, cloud: &Azure) -> Result<Caller, Fault> {
    token::check(tx, request, cloud.arm_audiences).map_err(|bad| {
        let (code, message) = match bad {
            BadToken::Missing => (
                "AuthenticationFailed",
                "Authentication failed. The 'Authorization' header is missing.".to_owned(),
            ),
            BadToken::Invalid | BadToken::Tenant => ("InvalidAuthenticationToken", "The access token is invalid.".to_owned()),
            BadToken::Audience(audience) => (
                "InvalidAuthenticationTokenAudience",
                format!(
                    "The access token has been obtained for wrong audience or resource '{audience}'. It should exactly match with \
                     one of the allowed audiences '{}'.",
                    listed(cloud.arm_audiences)
                ),
            ),
            BadToken::Expired(end) => (
                "ExpiredAuthenticationToken",
                format!(
                    "The access token expiry UTC time '{end}' is earlier than current UTC time '{}'.",
                    tx.now()
                ),
            ),
        };
        let mut segments = request.path.trim_start_matches('/').split('/');
        let is_subscription = segments.next().is_some_and(|root| root.eq_ignore_ascii_case("subscriptions"));
        let named = segments.next().filter(|_| is_subscription);
        let tenant_id = named
            .and_then(|id| azure::subscription(tx, id))
            .map(|subscription| directory::tenant_id(tx, &subscription.tenant));
        let challenge = challenge(tenant_id.as_deref().unwrap_or("common"), &message);
        Fault::new(401, code, message).with_challenge(challenge)
    })
}

/// Each with a slash at its end and without.
fn listed(audiences: &[&str]) -> String {
    let both = audiences.iter().map(|audience| format!("{audience}/,{audience}"));
    both.collect::<Vec<_>>().join(",")
}

/// The refusal of a token whose tenant is not the subscription's.
pub fn other_tenant(tx: &Tx<'_>, caller: &Caller, subscription: &Object) -> Fault {
    let (own, right) = (
        directory::tenant_id(tx, &caller.tenant),
        directory::tenant_id(tx, &subscription.tenant),
    );
    let message = format!(
        "The access token is from the wrong issuer 'https://sts.windows.net/{own}/'. It must match the tenant \
         'https://sts.windows.net/{right}/' associated with this subscription. Please use the authority (URL) \
         'https://login.windows.net/{right}' to get the token. Note, if the subscription is transferred to another tenant there is \
         no impact to the services, but information about new tenant could take time to propagate (up to an hour). If you just \
         transferred your subscription and see this error message, please try back later."
    );
    let challenge = challenge(&right, &message);
    Fault::new(401, "InvalidAuthenticationTokenTenant", message).with_challenge(challenge)
}

fn challenge(tenant: &str, why: &str) -> String {
    format!("Bearer authorization_uri=\"https://login.windows.net/{tenant}\", error=\"invalid_token\", error_description=\"{why}\"")
}

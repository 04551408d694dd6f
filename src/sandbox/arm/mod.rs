//! The Azure Resource Manager face: subscriptions, groups, vaults, storage accounts, diagnostic settings and role assignments.
//!
//! Any well-formed version of the interface is answered, as clients of many ages call; the one rule that hangs on it is whether a
//! new vault uses roles. All else is strict: a path, a method or a property it does not know is refused as the service refuses it.

mod assignment;
mod call;
mod deleted;
mod diagnostic;
mod fault;
mod group;
mod name;
mod place;
mod policy;
mod provider;
mod resource;
mod role;
mod routes;
mod setting;
mod shape;
mod storage;
mod subscription;
#[cfg(test)]
mod tests;
mod token;
mod vault;
mod vault_rules;
mod version;

use call::Answer;
use call::Call;
use fault::Fault;
pub use name::is_vault_name;
pub use routes::ArmOperation;
pub use routes::operations as arm_operations;
use uuid::Uuid;

use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::Request;
use crate::sandbox::Tx;
use crate::sandbox::azure;
use crate::sandbox::azure::Registration;
use crate::sandbox::hosts;

/// Answers a request to a host of Resource Manager.
pub fn handle(tx: &Tx<'_>, request: &Request) -> Reply {
    let reply = answer(tx, request).unwrap_or_else(Fault::reply);
    let id = Uuid::new_v4().to_string();
    let reply = reply
        .with_header("x-ms-request-id", id.as_str())
        .with_header("x-ms-correlation-request-id", id);
    let wants_echo = request.header("x-ms-return-client-request-id") == Some("true");
    match request.header("x-ms-client-request-id").filter(|_| wants_echo) {
        Some(id) => reply.with_header("x-ms-client-request-id", id),
        None => reply,
    }
}

fn answer(tx: &Tx<'_>, request: &Request) -> Answer {
    let cloud = hosts::resource_manager(&request.host).ok_or_else(|| Fault::new(404, "UnknownHost", "No cloud has this host."))?;
    let caller = token::caller(tx, request, cloud)?;
    let version = version::of(request)?;
    let (route, captures) = routes::find(&request.method, &request.path)?;
    let mut call = Call {
        tx,
        caller: &caller,
        cloud,
        request,
        captures,
        version,
        subscription: None,
    };
    call.subscription = subscription_of(&call)?;
    let scope = routes::scope(&request.method, &request.path);
    if !route.action.is_empty() {
        call.demand(route.action, &scope)?;
    }
    if !matches!(request.method.as_str(), "GET" | "HEAD") {
        check_registration(&call, route.namespace())?;
    }
    (route.run)(&call)
}

/// The subscription that the path names, which must be one of the caller's tenant.
fn subscription_of(call: &Call<'_>) -> Result<Option<Object>, Fault> {
    let Some(id) = routes::subscription_id(&call.request.path) else {
        return Ok(None);
    };
    if Uuid::parse_str(id).is_err() {
        let message = format!("The provided subscription identifier '{id}' is malformed or invalid.");
        return Err(Fault::new(400, "InvalidSubscriptionId", message));
    }
    match azure::subscription(call.tx, id) {
        Some(found) if found.tenant != call.caller.tenant => Err(token::other_tenant(call.tx, call.caller, &found)),
        Some(found) => Ok(Some(found)),
        None => {
            let message = format!("The subscription '{id}' could not be found.");
            Err(Fault::new(404, "SubscriptionNotFound", message))
        }
    }
}

fn check_registration(call: &Call<'_>, namespace: &str) -> Result<(), Fault> {
    let (Some(provider), Some(subscription)) = (azure::provider(namespace), &call.subscription) else {
        return Ok(());
    };
    match azure::registration(call.tx, subscription, provider) {
        Registration::Registered => Ok(()),
        Registration::NotRegistered | Registration::Registering => {
            let message = format!(
                "The subscription is not registered to use namespace '{}'. See https://aka.ms/rps-not-found for how to register \
                 subscriptions.",
                provider.namespace
            );
            Err(Fault::new(409, "MissingSubscriptionRegistration", message).with_detail(provider.namespace))
        }
    }
}

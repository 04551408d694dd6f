//! Resource providers and their registration.

use serde_json::Value;
use serde_json::json;

use super::call::Answer;
use super::call::Call;
use super::fault::Fault;
use super::place;
use super::subscription;
use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::azure;
use crate::sandbox::azure::Provider;

/// Versions that a provider names; the sandbox answers to all others too.
const VERSIONS: &[&str] = &[
    "2026-02-01",
    "2024-07-01",
    "2023-07-01",
    "2023-05-01",
    "2022-04-01",
    "2021-05-01-preview",
];

/// `GET /subscriptions/{id}/providers`
pub fn list(call: &Call<'_>) -> Answer {
    let subscription = call.subscription()?;
    call.list(
        azure::PROVIDERS
            .iter()
            .map(|provider| shown(call, subscription, provider))
            .collect(),
    )
}

/// `GET /subscriptions/{id}/providers/{namespace}`
pub fn read(call: &Call<'_>) -> Answer {
    Ok(Reply::json(200, &shown(call, call.subscription()?, named(call)?)))
}

/// `POST /subscriptions/{id}/providers/{namespace}/register`
pub fn register(call: &Call<'_>) -> Answer {
    change(call, "register", azure::register)
}

/// `POST /subscriptions/{id}/providers/{namespace}/unregister`
pub fn unregister(call: &Call<'_>) -> Answer {
    change(call, "unregister", azure::unregister)
}

type Change = fn(&crate::sandbox::Tx<'_>, &mut Object, &Provider) -> rusqlite::Result<()>;

/// The action has the provider's own name, so that the right to it is looked at here.
fn change(call: &Call<'_>, verb: &str, change: Change) -> Answer {
    let provider = named(call)?;
    let mut subscription = call.subscription()?.clone();
    call.demand(
        &format!("{}/{verb}/action", provider.namespace),
        &subscription::scope(&subscription),
    )?;
    change(call.tx, &mut subscription, provider)?;
    Ok(Reply::json(200, &shown(call, &subscription, provider)))
}

fn named(call: &Call<'_>) -> Result<&'static Provider, Fault> {
    let namespace = call.capture(1);
    azure::provider(namespace).ok_or_else(|| {
        let message = format!("The resource namespace '{namespace}' is invalid.");
        Fault::new(404, "InvalidResourceNamespace", message)
    })
}

fn shown(call: &Call<'_>, subscription: &Object, provider: &Provider) -> Value {
    let locations: Vec<_> = place::of_host(&call.request.host).map(|location| location.display_name).collect();
    let types = provider
        .types
        .iter()
        .map(|name| json!({"resourceType": name, "locations": locations, "apiVersions": VERSIONS, "capabilities": "None"}));
    json!({
        "id": format!("{}/providers/{}", subscription::scope(subscription), provider.namespace),
        "namespace": provider.namespace,
        "registrationState": azure::registration(call.tx, subscription, provider).name(),
        "registrationPolicy": if provider.is_free { "RegistrationFree" } else { "RegistrationRequired" },
        "resourceTypes": types.collect::<Vec<_>>(),
    })
}

//! Subscriptions and their regions.

use serde_json::Value;
use serde_json::json;

use super::call::Answer;
use super::call::Call;
use super::place;
use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::azure;
use crate::sandbox::directory;

/// `GET /tenants`: the one that the token is of.
pub fn tenants(call: &Call<'_>) -> Answer {
    let own = directory::tenant(call.tx, &call.caller.tenant);
    let shown = own.iter().map(|tenant| {
        let id = tenant.text("id");
        let domains = directory::accepted_domains(call.tx, &tenant.tenant);
        json!({
            "id": format!("/tenants/{id}"),
            "tenantId": id,
            "displayName": tenant.text("displayName"),
            "domains": domains,
            "defaultDomain": directory::default_domain(call.tx, &tenant.tenant),
            "tenantType": "AAD",
            "tenantCategory": "Home",
        })
    });
    Ok(Reply::json(200, &json!({"value": shown.collect::<Vec<_>>()})))
}

/// `GET /subscriptions`: those in which the caller holds any role at all.
pub fn list(call: &Call<'_>) -> Answer {
    let held = azure::assignments(call.tx, &call.caller.tenant);
    let is_seen = |subscription: &Object| {
        held.iter().any(|assignment| {
            assignment.text("principalId").eq_ignore_ascii_case(&call.caller.object_id)
                && azure::covers(&scope(subscription), assignment.text("scope"))
        })
    };
    let all = azure::subscriptions(call.tx, &call.caller.tenant);
    let seen: Vec<Value> = all
        .iter()
        .filter(|subscription| is_seen(subscription))
        .map(|subscription| shown(call, subscription))
        .collect();
    Ok(Reply::json(
        200,
        &json!({"count": {"type": "Total", "value": seen.len()}, "value": seen}),
    ))
}

/// `GET /subscriptions/{id}`
pub fn read(call: &Call<'_>) -> Answer {
    Ok(Reply::json(200, &shown(call, call.subscription()?)))
}

/// `GET /subscriptions/{id}/locations`
pub fn locations(call: &Call<'_>) -> Answer {
    let scope = scope(call.subscription()?);
    let shown = place::of_host(&call.request.host).map(|location| {
        let paired = location
            .paired
            .iter()
            .map(|name| json!({"name": name, "id": format!("{scope}/locations/{name}")}));
        json!({
            "id": format!("{scope}/locations/{}", location.name),
            "name": location.name,
            "type": "Region",
            "displayName": location.display_name,
            "regionalDisplayName": location.regional_display_name(),
            "metadata": {
                "regionType": "Physical",
                "regionCategory": "Recommended",
                "geographyGroup": location.geography,
                "pairedRegion": paired.collect::<Vec<_>>(),
            },
        })
    });
    Ok(Reply::json(200, &json!({"value": shown.collect::<Vec<_>>()})))
}

/// `/subscriptions/{id}`
pub fn scope(subscription: &Object) -> String {
    format!("/subscriptions/{}", subscription.text("subscriptionId"))
}

fn shown(call: &Call<'_>, subscription: &Object) -> Value {
    json!({
        "id": scope(subscription),
        "subscriptionId": subscription.text("subscriptionId"),
        "tenantId": directory::tenant_id(call.tx, &subscription.tenant),
        "displayName": subscription.text("displayName"),
        "state": subscription.text("state"),
        "authorizationSource": "RoleBased",
        "subscriptionPolicies": {
            "locationPlacementId": "Public_2014-09-01",
            "quotaId": "PayAsYouGo_2014-09-01",
            "spendingLimit": "Off",
        },
        "managedByTenants": [],
    })
}

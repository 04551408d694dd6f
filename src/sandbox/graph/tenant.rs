//! The tenant itself, its domains, and what it may learn of others.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::call::Answer;
use super::call::Call;
use super::fault::Fault;
use super::properties::DOMAIN;
use super::properties::ORGANIZATION;
use super::query;
use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::directory;

/// `GET /organization`
pub fn organizations(call: &Call<'_>) -> Answer {
    let found = own(call)?;
    query::whole(call, &ORGANIZATION, "organization", vec![seen(call, organization_of(&found))])
}

/// `GET /organization/{id}`
pub fn organization(call: &Call<'_>) -> Answer {
    let found = own(call)?;
    match found.text("id") == call.capture(0) {
        true => query::single(call, &ORGANIZATION, "organization", seen(call, organization_of(&found))),
        false => Err(Fault::not_found(call.capture(0))),
    }
}

/// `GET /domains`
pub fn domains(call: &Call<'_>) -> Answer {
    let found = own(call)?;
    query::collection(call, &DOMAIN, "domains", domains_of(&found))
}

/// `GET /domains/{name}`
pub fn domain(call: &Call<'_>) -> Answer {
    let wanted = call.capture(0);
    let is_wanted = |domain: &Map<String, Value>| domain["id"].as_str().is_some_and(|name| name.eq_ignore_ascii_case(wanted));
    let found = domains_of(&own(call)?).into_iter().find(is_wanted);
    query::single(call, &DOMAIN, "domains", found.ok_or_else(|| Fault::not_found(wanted))?)
}

/// `GET /tenantRelationships/findTenantInformationBy...`
pub fn find(call: &Call<'_>) -> Answer {
    let key = call.capture(0);
    let wanted = key.split_once('=').map_or(key, |(_, value)| value);
    let found = directory::tenant(call.tx, wanted).filter(|tenant| !tenant.text("name").eq_ignore_ascii_case(wanted));
    let tenant = found.ok_or_else(|| Fault::new(404, "Directory_ObjectNotFound", format!("Unable to resolve tenant '{wanted}'.")))?;
    let body = json!({
        "@odata.context": call.context("microsoft.graph.tenantInformation"),
        "tenantId": tenant.text("id"),
        "displayName": tenant.text("displayName"),
        "defaultDomainName": directory::default_domain(call.tx, &tenant.tenant),
        "federationBrandName": null,
    });
    Ok(Reply::json(200, &body))
}

/// What the caller sees of the organization: with nothing but `User.Read` its name and its domains.
fn seen(call: &Call<'_>, mut organization: Map<String, Value>) -> Map<String, Value> {
    let is_narrow = |scope: &String| !scope.contains('.') || scope.eq_ignore_ascii_case("User.Read");
    if call.caller.scopes.as_ref().is_some_and(|scopes| scopes.iter().all(is_narrow)) {
        organization.retain(|name, _| ["id", "displayName", "verifiedDomains"].contains(&name.as_str()));
    }
    organization
}

fn own(call: &Call<'_>) -> Result<Object, Fault> {
    directory::tenant(call.tx, call.tenant()).ok_or_else(|| Fault::not_found(call.tenant()))
}

fn organization_of(tenant: &Object) -> Map<String, Value> {
    let domains = domains_of(tenant).into_iter().map(|domain| {
        json!({
            "name": domain["id"],
            "isInitial": domain["isInitial"],
            "isDefault": domain["isDefault"],
            "type": "Managed",
            "capabilities": "Email, OfficeCommunicationsOnline",
        })
    });
    object(json!({
        "id": tenant.text("id"),
        "deletedDateTime": null,
        "displayName": tenant.text("displayName"),
        "tenantType": "AAD",
        "countryLetterCode": tenant.body.get("countryLetterCode").unwrap_or(&Value::Null),
        "onPremisesSyncEnabled": null,
        "createdDateTime": tenant.body.get("createdDateTime").unwrap_or(&Value::Null),
        "verifiedDomains": domains.collect::<Vec<_>>(),
        "assignedPlans": [],
    }))
}

fn domains_of(tenant: &Object) -> Vec<Map<String, Value>> {
    let domains = tenant.body.get("domains").and_then(Value::as_array).into_iter().flatten();
    let shown = domains.map(|domain| {
        object(json!({
            "id": domain["name"],
            "authenticationType": "Managed",
            "availabilityStatus": null,
            "isAdminManaged": true,
            "isDefault": domain["isDefault"],
            "isInitial": domain["isInitial"],
            "isRoot": true,
            "isVerified": true,
            "supportedServices": ["Email", "OfficeCommunicationsOnline"],
            "state": null,
        }))
    });
    shown.collect()
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}

//! Service principals: the tenant's side of an application, its own or a foreign one.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::call::Answer;
use super::call::Call;
use super::fault::Fault;
use super::properties::SERVICE_PRINCIPAL;
use super::query;
use super::rights;
use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::directory;
use crate::sandbox::ids;
use crate::sandbox::replication;

const WRITABLE: &str = "accountEnabled alternativeNames appId appRoleAssignmentRequired description displayName homepage loginUrl notes \
    notificationEmailAddresses replyUrls servicePrincipalNames servicePrincipalType tags";

/// `GET /servicePrincipals`
pub fn list(call: &Call<'_>) -> Answer {
    let all = call.indexed(directory::service_principals(call.tx, call.tenant()));
    query::collection(
        call,
        &SERVICE_PRINCIPAL,
        "servicePrincipals",
        all.iter().map(query::shown).collect(),
    )
}

/// `GET /servicePrincipals/{id}`
pub fn read(call: &Call<'_>) -> Answer {
    query::single(call, &SERVICE_PRINCIPAL, "servicePrincipals", query::shown(&found(call)?))
}

/// `POST /servicePrincipals`: for a multi-tenant application of another tenant this is half of the consent.
pub fn create(call: &Call<'_>) -> Answer {
    call.check_properties(&SERVICE_PRINCIPAL, WRITABLE)?;
    let app_id = call.needed("appId")?;
    if directory::service_principal(call.tx, call.tenant(), app_id).is_some() {
        let message = format!(
            "The service principal cannot be created, updated, or restored because the service principal name {app_id} is already in use."
        );
        return Err(
            Fault::new(409, "Request_MultipleObjectsWithSameKeyValue", message).with_detail("ObjectConflict", "servicePrincipalNames")
        );
    }
    let may_use = |application: &Object| application.tenant == call.tenant() || application.text("signInAudience") != "AzureADMyOrg";
    let application = directory::known_application(call.tx, app_id).filter(may_use).ok_or_else(|| {
        let message = format!("The appId '{app_id}' of the service principal does not reference a valid application object.");
        Fault::invalid(message).with_detail("NoBackingApplicationObject", "appId")
    })?;
    let is_person = call.caller.scopes.is_some();
    let roles = &[ids::APPLICATION_ADMINISTRATOR, ids::CLOUD_APPLICATION_ADMINISTRATOR];
    if is_person && !rights::holds(call.caller, roles) && !rights::is_owner(&application, call.caller) {
        return Err(Fault::denied());
    }
    let mut principal = directory::add_principal(call.tx, call.tenant(), &application)?;
    call.take_over(&mut principal);
    principal.set(rights::OWNERS, json!([call.caller.object_id]));
    directory::store_service_principal(call.tx, &principal)?;
    let mut body = Map::new();
    body.insert("@odata.context".into(), call.context("servicePrincipals/$entity").into());
    body.append(&mut query::shown(&principal));
    let location = call.address(&format!("servicePrincipals/{}", principal.text("id")));
    Ok(Reply::json(201, &Value::Object(body)).with_header("location", location))
}

/// `PATCH /servicePrincipals/{id}`
pub fn update(call: &Call<'_>) -> Answer {
    let mut principal = found(call)?;
    call.check_properties(&SERVICE_PRINCIPAL, WRITABLE)?;
    call.take_over(&mut principal);
    directory::store_service_principal(call.tx, &principal)?;
    Ok(Reply::empty(204))
}

/// `DELETE /servicePrincipals/{id}`: all grants go with it.
pub fn delete(call: &Call<'_>) -> Answer {
    directory::remove_service_principal(call.tx, &found(call)?)?;
    Ok(Reply::empty(204))
}

/// The service principal that the path names, by object id or `appId=`.
pub fn found(call: &Call<'_>) -> Result<Object, Fault> {
    let key = call.capture(0);
    let found = match key.split_once('=') {
        Some(("appId", app_id)) => directory::service_principal(call.tx, call.tenant(), app_id)
            .filter(|principal| replication::is_known_elsewhere(call.tx, principal)),
        _ => directory::service_principal_by_id(call.tx, call.tenant(), key).and_then(|principal| call.known(principal)),
    };
    found.ok_or_else(|| Fault::not_found(key))
}

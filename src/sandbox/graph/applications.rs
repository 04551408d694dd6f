//! Applications that the tenant owns.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use uuid::Uuid;

use super::call::Answer;
use super::call::Call;
use super::credentials;
use super::fault::Fault;
use super::properties::APPLICATION;
use super::query;
use super::rights;
use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::directory;
use crate::sandbox::replication;

const WRITABLE: &str = "api appRoles description displayName groupMembershipClaims identifierUris info isDeviceOnlyAuthSupported \
    isFallbackPublicClient keyCredentials notes optionalClaims parentalControlSettings publicClient requiredResourceAccess \
    serviceManagementReference signInAudience spa tags web";
const AUDIENCES: &[&str] = &[
    "AzureADMyOrg",
    "AzureADMultipleOrgs",
    "AzureADandPersonalMicrosoftAccount",
    "PersonalMicrosoftAccount",
];

/// `GET /applications`
pub fn list(call: &Call<'_>) -> Answer {
    let all = call.indexed(directory::applications(call.tx, call.tenant()));
    query::collection(
        call,
        &APPLICATION,
        "applications",
        all.iter().map(|application| shown(application, false)).collect(),
    )
}

/// `GET /applications/{id}`
pub fn read(call: &Call<'_>) -> Answer {
    let application = found(call)?;
    // The public key comes only to who asks for it by name.
    let with_keys = call
        .request
        .parameter("$select")
        .is_some_and(|names| names.contains("keyCredentials"));
    query::single(call, &APPLICATION, "applications", shown(&application, with_keys))
}

/// `POST /applications`
pub fn create(call: &Call<'_>) -> Answer {
    check(call)?;
    call.needed("displayName")?;
    let id = Uuid::new_v4().to_string();
    let mut application = Object::new(call.tenant(), "application", defaults());
    application.set("id", id.as_str());
    application.set("appId", Uuid::new_v4().to_string());
    application.set("createdDateTime", call.tx.now().to_string());
    application.set("publisherDomain", directory::initial_domain(call.tx, call.tenant()));
    application.set(rights::OWNERS, json!([call.caller.object_id]));
    call.take_over(&mut application);
    credentials::take_keys(call, &mut application)?;
    complete_web(&mut application);
    directory::store_application(call.tx, &application)?;
    let mut body = Map::new();
    body.insert("@odata.context".into(), call.context("applications/$entity").into());
    body.append(&mut shown(&application, false));
    let location = call.address(&format!("applications/{id}"));
    Ok(Reply::json(201, &Value::Object(body)).with_header("location", location))
}

/// `PATCH /applications/{id}`
pub fn update(call: &Call<'_>) -> Answer {
    let mut application = found(call)?;
    check(call)?;
    call.take_over(&mut application);
    credentials::take_keys(call, &mut application)?;
    complete_web(&mut application);
    directory::store_application(call.tx, &application)?;
    if let Some(mut principal) = directory::service_principal(call.tx, call.tenant(), application.text("appId")) {
        principal.set("servicePrincipalNames", directory::names_of(&application));
        directory::store_service_principal(call.tx, &principal)?;
    }
    Ok(Reply::empty(204))
}

/// `DELETE /applications/{id}`: its service principal at home goes with it; those elsewhere stay and can no longer sign in.
pub fn delete(call: &Call<'_>) -> Answer {
    let application = found(call)?;
    if let Some(principal) = directory::service_principal(call.tx, call.tenant(), application.text("appId")) {
        directory::remove_service_principal(call.tx, &principal)?;
    }
    call.tx.delete(&application.id)?;
    Ok(Reply::empty(204))
}

/// The application that the path names, by object id or `appId=`.
pub fn found(call: &Call<'_>) -> Result<Object, Fault> {
    let key = call.capture(0);
    let found = match key.split_once('=') {
        Some(("appId", app_id)) => directory::application(call.tx, app_id)
            .filter(|application| application.tenant == call.tenant() && replication::is_known_elsewhere(call.tx, application)),
        _ => directory::application_by_id(call.tx, call.tenant(), key).and_then(|application| call.known(application)),
    };
    found.ok_or_else(|| Fault::not_found(key))
}

fn check(call: &Call<'_>) -> Result<(), Fault> {
    if call.body.contains_key("passwordCredentials") {
        let message = "Updates to passwordCredentials are not allowed here. Use addPassword and removePassword.";
        return Err(Fault::invalid(message));
    }
    call.check_properties(&APPLICATION, WRITABLE)?;
    if let Some(audience) = call.text("signInAudience")
        && !AUDIENCES.contains(&audience)
    {
        return Err(Fault::invalid(format!(
            "Invalid value specified for property 'signInAudience' of resource 'Application': {audience}."
        ))
        .with_detail("InvalidValue", "signInAudience"));
    }
    let wanted = call
        .body
        .get("requiredResourceAccess")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let accesses = wanted.flat_map(|resource| resource["resourceAccess"].as_array().into_iter().flatten());
    for access in accesses {
        if !["Role", "Scope"].contains(&access["type"].as_str().unwrap_or_default()) {
            return Err(Fault::invalid(
                "Invalid value specified for property 'type' of resource 'ResourceAccess'.",
            ));
        }
    }
    Ok(())
}

fn defaults() -> Map<String, Value> {
    let empty = [
        "identifierUris",
        "appRoles",
        "passwordCredentials",
        "keyCredentials",
        "requiredResourceAccess",
        "tags",
    ];
    let mut body = Map::new();
    for name in ["id", "deletedDateTime", "appId", "displayName", "description"] {
        body.insert(name.into(), Value::Null);
    }
    body.insert("signInAudience".into(), "AzureADMyOrg".into());
    body.insert("isFallbackPublicClient".into(), Value::Null);
    body.extend(empty.map(|name| (name.to_owned(), json!([]))));
    body
}

fn complete_web(application: &mut Object) {
    let given = application.body.get("web").cloned().unwrap_or_default();
    let or = |name: &str, default: Value| given.get(name).filter(|value| !value.is_null()).cloned().unwrap_or(default);
    let web = json!({
        "homePageUrl": or("homePageUrl", Value::Null),
        "logoutUrl": or("logoutUrl", Value::Null),
        "redirectUris": or("redirectUris", json!([])),
        "implicitGrantSettings": or("implicitGrantSettings", json!({"enableIdTokenIssuance": false, "enableAccessTokenIssuance": false})),
    });
    application.set("web", web);
}

fn shown(application: &Object, with_keys: bool) -> Map<String, Value> {
    let mut body = query::shown(application);
    if let Some(Value::Array(keys)) = body.get_mut("keyCredentials")
        && !with_keys
    {
        keys.iter_mut().for_each(|key| key["key"] = Value::Null);
    }
    if let Some(Value::Array(passwords)) = body.get_mut("passwordCredentials") {
        for password in passwords.iter_mut().filter_map(Value::as_object_mut) {
            password.retain(|name, _| !name.starts_with('_'));
        }
    }
    body
}

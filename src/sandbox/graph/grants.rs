//! Delegated permission grants: what clients may do for people.

use serde_json::Map;
use serde_json::Value;

use super::call::Answer;
use super::call::Call;
use super::fault::Fault;
use super::principals;
use super::properties::PERMISSION_GRANT;
use super::query;
use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::directory;

const WRITABLE: &str = "clientId consentType principalId resourceId scope";

/// `GET /oauth2PermissionGrants`
pub fn list(call: &Call<'_>) -> Answer {
    let all = directory::delegated_grants(call.tx, call.tenant());
    shown(call, "oauth2PermissionGrants", &all)
}

/// `GET /servicePrincipals/{client}/oauth2PermissionGrants`
pub fn of_client(call: &Call<'_>) -> Answer {
    let client = principals::found(call)?;
    let mut all = directory::delegated_grants(call.tx, call.tenant());
    all.retain(|grant| grant.text("clientId") == client.text("id"));
    shown(call, "oauth2PermissionGrants", &all)
}

/// `GET /oauth2PermissionGrants/{id}`
pub fn read(call: &Call<'_>) -> Answer {
    query::single(call, &PERMISSION_GRANT, "oauth2PermissionGrants", query::shown(&found(call)?))
}

/// `POST /oauth2PermissionGrants`: a second one for the same parties is refused.
pub fn create(call: &Call<'_>) -> Answer {
    call.check_properties(&PERMISSION_GRANT, WRITABLE)?;
    let (client_id, resource_id) = (call.needed("clientId")?, call.needed("resourceId")?);
    let user_id = match call.needed("consentType")? {
        "AllPrincipals" if call.text("principalId").is_none() => None,
        "Principal" => Some(call.needed("principalId")?),
        _ => {
            let message = "Invalid value specified for property 'consentType' of resource 'OAuth2PermissionGrant'.";
            return Err(Fault::invalid(message).with_detail("InvalidValue", "consentType"));
        }
    };
    let principal = |id: &str| directory::service_principal_by_id(call.tx, call.tenant(), id).ok_or_else(|| Fault::not_found(id));
    let (client, resource) = (principal(client_id)?, principal(resource_id)?);
    if let Some(id) = user_id {
        directory::user(call.tx, call.tenant(), id).ok_or_else(|| Fault::not_found(id))?;
    }
    let id = directory::grant_id(client_id, resource_id, user_id);
    if directory::delegated_grant(call.tx, call.tenant(), &id).is_some() {
        let message = "Permission entry already exists.";
        return Err(Fault::new(409, "Request_MultipleObjectsWithSameKeyValue", message));
    }
    let grant = directory::grant_delegated(call.tx, call.tenant(), &client, &resource, &scopes(call), user_id)?;
    let mut body = Map::new();
    body.insert("@odata.context".into(), call.context("oauth2PermissionGrants/$entity").into());
    body.append(&mut query::shown(&grant));
    Ok(Reply::json(201, &Value::Object(body)).with_header("location", call.address(&format!("oauth2PermissionGrants/{id}"))))
}

/// `PATCH /oauth2PermissionGrants/{id}`: its scope, replaced.
pub fn update(call: &Call<'_>) -> Answer {
    let mut grant = found(call)?;
    call.check_properties(&PERMISSION_GRANT, "scope")?;
    grant.set("scope", scopes(call).join(" "));
    directory::store_delegated_grant(call.tx, &grant)?;
    Ok(Reply::empty(204))
}

/// `DELETE /oauth2PermissionGrants/{id}`
pub fn delete(call: &Call<'_>) -> Answer {
    call.tx.delete(&found(call)?.id)?;
    Ok(Reply::empty(204))
}

/// The scopes of the body. The service takes what the resource does not publish, and so does the sandbox.
fn scopes(call: &Call<'_>) -> Vec<String> {
    let wanted = call.text("scope").unwrap_or_default().split_whitespace();
    wanted.map(str::to_owned).collect()
}

fn found(call: &Call<'_>) -> Result<Object, Fault> {
    let id = call.capture(0);
    directory::delegated_grant(call.tx, call.tenant(), id).ok_or_else(|| Fault::not_found(id))
}

fn shown(call: &Call<'_>, what: &str, grants: &[Object]) -> Answer {
    query::collection(call, &PERMISSION_GRANT, what, grants.iter().map(query::shown).collect())
}

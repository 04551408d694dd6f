//! Users. Mail attributes are Exchange's business: they are shown from the recipient and never written here.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use uuid::Uuid;

use super::call::Answer;
use super::call::Call;
use super::fault::Fault;
use super::licences;
use super::properties::USER;
use super::properties::USER_WRITABLE;
use super::query;
use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::directory;
use crate::sandbox::exchange;
use crate::sandbox::exchange::recipient;

/// `GET /me`
pub fn me(call: &Call<'_>) -> Answer {
    query::single(call, &USER, "users", shown(call, &myself(call)?)?)
}

/// The person who calls; an application is nobody.
pub fn myself(call: &Call<'_>) -> Result<Object, Fault> {
    if call.caller.scopes.is_none() {
        return Err(Fault::bad_request("/me request is only valid with delegated authentication flow."));
    }
    let id = &call.caller.object_id;
    directory::user(call.tx, call.tenant(), id).ok_or_else(|| Fault::not_found(id))
}

/// `GET /users`
pub fn list(call: &Call<'_>) -> Answer {
    let all = call.indexed(directory::users(call.tx, call.tenant()));
    let shown: Result<Vec<_>, _> = all.iter().map(|user| shown(call, user)).collect();
    query::collection(call, &USER, "users", shown?)
}

/// `GET /users/{id}`
pub fn read(call: &Call<'_>) -> Answer {
    let user = found(call)?;
    let known = call.known(user.clone()).unwrap_or(user);
    query::single(call, &USER, "users", shown(call, &known)?)
}

/// `POST /users`
pub fn create(call: &Call<'_>) -> Answer {
    call.check_properties(&USER, USER_WRITABLE)?;
    call.needed("displayName")?;
    call.needed("mailNickname")?;
    let principal_name = call.needed("userPrincipalName")?;
    if !call.body.get("accountEnabled").is_some_and(Value::is_boolean) {
        return Err(Fault::invalid(
            "A value is required for property 'accountEnabled' of resource 'User'.",
        ));
    }
    let password = call.body.get("passwordProfile").and_then(|profile| profile["password"].as_str());
    if password.is_none_or(|password| password.chars().count() < 8) {
        let message = "The specified password does not comply with password complexity requirements. Please provide a different password.";
        return Err(Fault::invalid(message).with_detail("PasswordPolicyViolation", "passwordProfile"));
    }
    check_principal_name(call, principal_name, None)?;
    let id = Uuid::new_v4().to_string();
    let mut user = Object::new(call.tenant(), "user", Map::new());
    user.set("id", id.as_str());
    user.set("createdDateTime", call.tx.now().to_string());
    user.set("userType", "Member");
    user.set("assignedLicenses", json!([]));
    take_over(call, &mut user);
    directory::store_user(call.tx, &user)?;
    let mut body = Map::new();
    body.insert("@odata.context".into(), call.context("users/$entity").into());
    body.append(&mut shown(call, &user)?);
    Ok(Reply::json(201, &Value::Object(body)).with_header("location", call.address(&format!("users/{id}"))))
}

/// `PATCH /users/{id}`
pub fn update(call: &Call<'_>) -> Answer {
    let mut user = found(call)?;
    call.check_properties(&USER, USER_WRITABLE)?;
    if let Some(principal_name) = call.text("userPrincipalName") {
        check_principal_name(call, principal_name, Some(&user))?;
    }
    take_over(call, &mut user);
    directory::store_user(call.tx, &user)?;
    if let Some(mut recipient) = recipient::by_directory_id(call.tx, call.tenant(), user.text("id"))? {
        for (of_user, of_recipient) in [("userPrincipalName", "UserPrincipalName"), ("displayName", "DisplayName")] {
            if call.body.contains_key(of_user) {
                recipient.set(of_recipient, user.text(of_user));
            }
        }
        recipient::store(call.tx, &recipient)?;
    }
    Ok(Reply::empty(204))
}

/// `DELETE /users/{id}`: the user and its recipient go to the recycle bin.
pub fn delete(call: &Call<'_>) -> Answer {
    let user = found(call)?;
    directory::soft_delete_user(call.tx, &user)?;
    exchange::user_deleted(call.tx, call.tenant(), user.text("id"))?;
    Ok(Reply::empty(204))
}

/// The user that the path names, by object id or user principal name.
pub fn found(call: &Call<'_>) -> Result<Object, Fault> {
    let key = call.capture(0);
    let is_known = |user: &Object| call.known(user.clone()).is_some();
    let found = directory::user(call.tx, call.tenant(), key).filter(is_known);
    found.ok_or_else(|| Fault::not_found(key))
}

/// The user as Graph shows it.
pub fn shown(call: &Call<'_>, user: &Object) -> Result<Map<String, Value>, Fault> {
    let mut body = query::shown(user);
    let recipient = recipient::by_directory_id(call.tx, call.tenant(), user.text("id"))?;
    match recipient.and_then(|recipient| call.known(recipient)) {
        Some(recipient) => {
            let proxies = recipient.body.get("EmailAddresses").cloned();
            body.insert("proxyAddresses".into(), proxies.unwrap_or_else(|| json!([])));
            body.insert("mail".into(), recipient.text("PrimarySmtpAddress").into());
        }
        None => {
            body.entry("proxyAddresses").or_insert_with(|| json!([]));
            body.entry("mail").or_insert(Value::Null);
        }
    }
    body.entry("businessPhones").or_insert_with(|| json!([]));
    body.insert("assignedPlans".into(), licences::assigned_plans(user));
    body.insert("licenseAssignmentStates".into(), licences::states(user));
    Ok(body)
}

fn take_over(call: &Call<'_>, user: &mut Object) {
    call.take_over(user);
    // Passwords are taken and forgotten: nobody signs in with one here.
    user.body.remove("passwordProfile");
}

fn check_principal_name(call: &Call<'_>, principal_name: &str, own: Option<&Object>) -> Result<(), Fault> {
    let domain = principal_name.rsplit_once('@').map_or("", |(_, domain)| domain);
    let verified = directory::accepted_domains(call.tx, call.tenant());
    if !verified.iter().any(|known| known.eq_ignore_ascii_case(domain)) {
        let message = "The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization.";
        return Err(Fault::invalid(message).with_detail("InvalidValue", "userPrincipalName"));
    }
    match directory::user(call.tx, call.tenant(), principal_name) {
        Some(other) if own.is_none_or(|own| own.id != other.id) => Err(Fault::taken("userPrincipalName")),
        _ => Ok(()),
    }
}

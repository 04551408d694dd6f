//! Making a certificate: the operation under `pending`, which ends when its time on the sandbox's clock has come.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::SignedDuration;
use serde_json::Value;
use serde_json::json;

use super::call::Answer;
use super::call::Call;
use super::certificates;
use super::fault::Fault;
use super::fields;
use super::issue;
use super::items;
use super::key;
use super::material;
use super::material::Material;
use super::policy;
use super::policy_rules;
use crate::sandbox::Event;
use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::Tx;
use crate::sandbox::azure::Container;

/// The kind of the event at which an operation ends.
const EVENT: &str = "vault-certificate";
/// How long a self-signed certificate takes.
const DURATION: SignedDuration = SignedDuration::from_secs(10);
const OPERATION: &str = "_operation";

const IN_PROGRESS: &str = "Pending certificate created. Certificate request is in progress. This may take some time based on the issuer \
                           provider. Please check again later.";
const WAITS: &str = "Pending certificate created. Please Perform Merge to complete the request.";
const CANCELLED: &str = "Certificate request was cancelled.";

/// `POST /certificates/{name}/create`
pub fn create(call: &Call<'_>) -> Answer {
    call.only(&["policy", "attributes", "tags"])?;
    let now = call.tx.now();
    let mut item = free(call)?;
    let policy = match call.body.get("policy").filter(|given| !given.is_null()) {
        Some(given) => policy::merged(None, given, now)?,
        None => item
            .body
            .get("policy")
            .cloned()
            .ok_or_else(|| Fault::bad_parameter("Property policy is required."))?,
    };
    // The held one may be that of a certificate from elsewhere.
    policy_rules::check_makeable(&policy)?;
    let reused = reused_key(call, &item, &policy)?;
    let unmade = || Fault::bad_parameter("The policy asks for a certificate that cannot be made.");
    let key = reused.or_else(|| issue::new_key(&policy)).ok_or_else(unmade)?;
    let request = issue::request(&policy, &key).ok_or_else(unmade)?;
    let id = items::new_id();
    let is_own = policy["issuer"]["name"] == policy::SELF;
    item.set(
        OPERATION,
        json!({
            "issuer": policy["issuer"], "csr": STANDARD.encode(request), "cancellation_requested": false, "status": "inProgress",
            "status_details": if is_own { IN_PROGRESS } else { WAITS }, "request_id": id.as_str(), "_version": items::new_id(),
            "_key": STANDARD.encode(&key), "_attributes": fields::new_attributes(&call.body, now)?,
            "_tags": fields::tags(&call.body)?.unwrap_or_else(|| json!({})),
        }),
    );
    item.set("_planned", item.body[OPERATION]["_version"].clone());
    item.set("policy", policy);
    items::store(call.tx, &item)?;
    if is_own {
        schedule_end(call, &item)?;
    }
    let version = call.request.parameter("api-version").unwrap_or_default();
    let location = format!("certificates/{}/pending?api-version={version}&request_id={id}", item.text("name"));
    Ok(Reply::json(202, &shown(call, &item))
        .with_header("location", call.url(&location))
        .with_header("retry-after", DURATION.as_secs().to_string()))
}

/// The key of the newest version when the policy wants it again. It cannot have another size than it has.
fn reused_key(call: &Call<'_>, item: &Object, policy: &Value) -> Result<Option<Vec<u8>>, Fault> {
    if policy["key_props"]["reuse_key"] != true {
        return Ok(None);
    }
    let newest = items::version(call.tx, item, None)?;
    let held = newest.and_then(|version| STANDARD.decode(version.text("_key")).ok());
    match held.as_deref().and_then(key::bits) {
        Some(bits) if policy["key_props"]["key_size"] != bits => Err(Fault::bad_parameter(format!(
            "Property key_size has invalid value: the key to be reused has {bits} bits."
        ))),
        _ => Ok(held),
    }
}

/// The certificate of the path when it can get a new version, or a new one of that name.
pub fn free(call: &Call<'_>) -> Result<Object, Fault> {
    let name = call.name()?;
    if let Some(taken) = items::find(call.tx, call.vault, Container::Secrets, name)? {
        if items::is_deleted(&taken) {
            return Err(Fault::recoverable("Secret", name));
        }
        let message = format!("A secret with the name {name} exists already and does not belong to a certificate.");
        return Err(Fault::new(409, "Conflict", message));
    }
    match items::find(call.tx, call.vault, Container::Certificates, name)? {
        None => Ok(items::new(call.vault, Container::Certificates, name)),
        Some(item) if items::is_deleted(&item) => Err(Fault::recoverable("Certificate", name)),
        Some(item) if item.body.get(OPERATION).is_some_and(is_in_progress) => Err(Fault::new(
            409,
            "Forbidden",
            format!(
                "A new key vault certificate can not be created or imported while a pending key vault certificate's status is inProgress: {name}"
            ),
        )),
        Some(item) => Ok(item),
    }
}

fn is_in_progress(operation: &Value) -> bool {
    operation["status"] == "inProgress"
}

fn schedule_end(call: &Call<'_>, item: &Object) -> rusqlite::Result<()> {
    let body = json!({"certificate": item.id, "request": item.body[OPERATION]["request_id"]});
    call.tx.schedule(call.tx.now() + DURATION, &item.tenant, EVENT, &body)
}

fn shown(call: &Call<'_>, item: &Object) -> Value {
    let name = item.text("name");
    let mut shown = json!({"id": call.url(&format!("certificates/{name}/pending"))});
    for (field, value) in item.body[OPERATION].as_object().into_iter().flatten() {
        if !field.starts_with('_') {
            shown[field] = value.clone();
        }
    }
    if shown["status"] == "completed" {
        shown["target"] = json!(call.url(&format!("certificates/{name}")));
    }
    shown
}

/// The certificate whose operation the path names.
fn pending(call: &Call<'_>) -> Result<Object, Fault> {
    let unknown = || {
        let name = call.captures.first().map_or("", String::as_str);
        Fault::new(404, "PendingCertificateNotFound", format!("Pending certificate not found: {name}"))
    };
    let item = certificates::found(call).map_err(|fault| if fault.is_not_found() { unknown() } else { fault })?;
    let wanted = call.request.parameter("request_id");
    let operation = item.body.get(OPERATION).ok_or_else(unknown)?;
    match wanted.is_none_or(|id| operation["request_id"] == id) {
        true => Ok(item),
        false => Err(unknown()),
    }
}

/// `GET /certificates/{name}/pending`
pub fn get(call: &Call<'_>) -> Answer {
    let item = pending(call)?;
    let reply = Reply::json(200, &shown(call, &item));
    Ok(match is_in_progress(&item.body[OPERATION]) {
        true => reply.with_header("retry-after", DURATION.as_secs().to_string()),
        false => reply,
    })
}

/// `PATCH /certificates/{name}/pending`: asks for the end of an operation, which takes its time too.
pub fn cancel(call: &Call<'_>) -> Answer {
    call.only(&["cancellation_requested"])?;
    let wanted = call.body.get("cancellation_requested").and_then(Value::as_bool);
    let wanted = wanted.ok_or_else(|| Fault::bad_parameter("Property cancellation_requested is required."))?;
    let mut item = pending(call)?;
    if !is_in_progress(&item.body[OPERATION]) {
        return Err(Fault::bad_parameter("Only an operation that is in progress can be cancelled."));
    }
    item.body[OPERATION]["cancellation_requested"] = json!(wanted);
    items::store(call.tx, &item)?;
    schedule_end(call, &item)?;
    Ok(Reply::json(200, &shown(call, &item)))
}

/// `DELETE /certificates/{name}/pending`: forgets the operation.
pub fn forget(call: &Call<'_>) -> Answer {
    let mut item = pending(call)?;
    let reply = Reply::json(200, &shown(call, &item));
    item.body.shift_remove(OPERATION);
    match items::version(call.tx, &item, None)? {
        Some(_) => items::store(call.tx, &item)?,
        None => items::purge(call.tx, &item)?,
    }
    Ok(reply)
}

/// Ends an operation whose time has come.
pub fn run_event(tx: &Tx<'_>, event: &Event) -> rusqlite::Result<()> {
    let Some(mut item) = tx.get(event.body["certificate"].as_str().unwrap_or_default())? else {
        return Ok(());
    };
    let Some(mut operation) = item.body.get(OPERATION).cloned() else {
        return Ok(());
    };
    let vault = tx.get(item.text("_vault"))?;
    if vault.is_none() || operation["request_id"] != event.body["request"] || !is_in_progress(&operation) {
        return Ok(());
    }
    if operation["cancellation_requested"] == true {
        operation["status"] = json!("cancelled");
        operation["status_details"] = json!(CANCELLED);
    } else if item.body["policy"]["issuer"]["name"] == policy::SELF {
        let key = STANDARD.decode(operation["_key"].as_str().unwrap_or_default()).unwrap_or_default();
        match issue::self_signed(&item.body["policy"], &key, tx.now()) {
            Some(issued) => {
                let id = operation["_version"].as_str().unwrap_or_default().to_owned();
                let mut attributes = operation["_attributes"].clone();
                attributes["created"] = json!(tx.now().as_second());
                attributes["updated"] = json!(tx.now().as_second());
                let material = Material {
                    certificate: issued.certificate,
                    key,
                    not_before: issued.not_before,
                    not_after: issued.not_after,
                };
                material::add(tx, &item, &id, &material, attributes, operation["_tags"].clone())?;
                operation["status"] = json!("completed");
            }
            None => {
                operation["status"] = json!("failed");
                operation["error"] = json!({"code": "InvalidRequest", "message": "The certificate could not be made."});
            }
        }
    }
    // The key is with the version now, and what was to be waited for is over.
    if let Some(fields) = operation.as_object_mut().filter(|fields| fields["status"] != "inProgress") {
        fields.shift_remove("_key");
        if fields["status"] != "cancelled" {
            fields.shift_remove("status_details");
        }
    }
    item.set(OPERATION, operation);
    items::store(tx, &item)
}

//! The recycle bin: deleting, looking at what was deleted, bringing it back, and purging it.

use serde_json::Value;
use serde_json::json;

use super::call::Answer;
use super::call::Call;
use super::certificates;
use super::fault::Fault;
use super::items;
use super::secrets;
use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::azure::Container;

/// `DELETE /certificates/{name}` and `DELETE /secrets/{name}`
pub fn delete(call: &Call<'_>) -> Answer {
    let mut item = match call.container {
        Container::Secrets => secrets::own(call, "delete")?,
        _ => certificates::found(call)?,
    };
    item.body.shift_remove("_operation");
    items::delete(call.tx, call.vault, &mut item)?;
    Ok(Reply::json(200, &shown(call, &item, true)?))
}

/// `GET /deletedcertificates/{name}` and `GET /deletedsecrets/{name}`
pub fn get(call: &Call<'_>) -> Answer {
    Ok(Reply::json(200, &shown(call, &found(call)?, true)?))
}

/// `GET /deletedcertificates` and `GET /deletedsecrets`
pub fn list(call: &Call<'_>) -> Answer {
    let deleted = items::deleted(call.tx, call.vault, call.container)?;
    let listed: Result<Vec<Value>, Fault> = deleted.iter().map(|item| shown(call, item, false)).collect();
    call.page(listed?)
}

/// `POST /deletedcertificates/{name}/recover` and `POST /deletedsecrets/{name}/recover`
pub fn recover(call: &Call<'_>) -> Answer {
    let mut item = found(call)?;
    items::recover(call.tx, &mut item)?;
    Ok(Reply::json(200, &live(call, &item, true)?))
}

/// `DELETE /deletedcertificates/{name}` and `DELETE /deletedsecrets/{name}`
pub fn purge(call: &Call<'_>) -> Answer {
    let item = found(call)?;
    if call.vault.body["properties"]["enablePurgeProtection"] == true {
        let message = "Operation \"purge\" is not allowed because purge protection is enabled for this vault.";
        return Err(Fault::new(403, "Forbidden", message));
    }
    items::purge(call.tx, &item)?;
    Ok(Reply::empty(204))
}

fn found(call: &Call<'_>) -> Result<Object, Fault> {
    let name = call.name()?;
    let item = items::find(call.tx, call.vault, call.container, name)?;
    item.filter(items::is_deleted).ok_or_else(|| {
        let (code, what) = match call.container {
            Container::Secrets => ("SecretNotFound", "Secret"),
            _ => ("CertificateNotFound", "Certificate"),
        };
        Fault::new(404, code, format!("Deleted {what} not found: {name}"))
    })
}

/// The item as it was when live: whole, or as a list has it.
fn live(call: &Call<'_>, item: &Object, is_whole: bool) -> Result<Value, Fault> {
    let version = items::version(call.tx, item, None)?;
    Ok(match (call.container, version) {
        (Container::Secrets, Some(version)) => secrets::listed(call, item, &version, is_whole),
        (Container::Secrets, None) => json!({}),
        (_, version) if is_whole => Value::Object(certificates::bundle(call, item, version.as_ref())),
        (_, version) => certificates::listed(call, item, version.as_ref(), &format!("certificates/{}", item.text("name"))),
    })
}

fn shown(call: &Call<'_>, item: &Object, is_whole: bool) -> Result<Value, Fault> {
    let place = format!("deleted{}/{}", call.container.name(), item.text("name"));
    let mut shown = json!({
        "recoveryId": call.url(&place),
        "deletedDate": items::deletion_time(item).map(jiff::Timestamp::as_second),
        "scheduledPurgeDate": items::purge_time(item).map(jiff::Timestamp::as_second),
    });
    for (name, value) in live(call, item, is_whole)?.as_object().into_iter().flatten() {
        shown[name] = value.clone();
    }
    Ok(shown)
}

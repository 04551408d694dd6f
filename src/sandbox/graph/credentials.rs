//! Secrets and certificates of applications.

use aws_lc_rs::digest;
use aws_lc_rs::rand;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use jiff::ToSpan;
use jiff::tz::TimeZone;
use serde_json::Value;
use serde_json::json;
use uuid::Uuid;
use x509_cert::Certificate;
use x509_cert::der::Decode;

use super::applications::found;
use super::call::Answer;
use super::call::Call;
use super::fault::Fault;
use super::shape::PASSWORD;
use super::shape::Shape;
use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::directory;

/// `POST /applications/{id}/addPassword`: the answer is the only place where the secret is ever shown.
pub fn add_password(call: &Call<'_>) -> Answer {
    let mut application = found(call)?;
    call.check_parameters("addPassword", &[("passwordCredential", Shape::Object(PASSWORD))])?;
    let wanted = call.body.get("passwordCredential").cloned().unwrap_or_else(|| json!({}));
    let now = call.tx.now();
    let two_years = TimeZone::UTC.to_datetime(now).saturating_add(2.years());
    let start = time_of(&wanted["startDateTime"])?.unwrap_or(now);
    let default_end = TimeZone::UTC.to_timestamp(two_years).unwrap_or(now);
    let end = time_of(&wanted["endDateTime"])?.unwrap_or(default_end);
    if end <= start {
        return Err(Fault::invalid("Credential end date must be after its start date.").with_detail("InvalidValue", "endDateTime"));
    }
    let secret = new_secret();
    let mut credential = directory::add_secret(&mut application, wanted["displayName"].as_str(), &secret, start, end);
    directory::store_application(call.tx, &application)?;
    credential["secretText"] = secret.into();
    let mut body = json!({"@odata.context": call.context("microsoft.graph.passwordCredential")});
    for (name, value) in credential.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    Ok(Reply::json(200, &body))
}

/// `POST /applications/{id}/removePassword`
pub fn remove_password(call: &Call<'_>) -> Answer {
    let mut application = found(call)?;
    call.check_parameters("removePassword", &[("keyId", Shape::Text)])?;
    let key_id = call.needed("keyId")?;
    let credentials = application.body.get_mut("passwordCredentials").and_then(Value::as_array_mut);
    let removed = credentials.is_some_and(|credentials| {
        let before = credentials.len();
        credentials.retain(|credential| credential["keyId"] != key_id);
        credentials.len() < before
    });
    if !removed {
        return Err(Fault::invalid(format!("No password credential found with keyId {key_id}.")));
    }
    directory::store_application(call.tx, &application)?;
    Ok(Reply::empty(204))
}

/// Completes and checks the certificates in `application` when the body brought some; the list replaces the old one.
pub fn take_keys(call: &Call<'_>, application: &mut Object) -> Result<(), Fault> {
    if !call.body.contains_key("keyCredentials") {
        return Ok(());
    }
    let known = directory::application(call.tx, application.text("appId"));
    let given = application
        .body
        .get("keyCredentials")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let mut keys = Vec::new();
    for key in given {
        // A key that is repeated without its bytes stays what it was.
        let kept = known.as_ref().and_then(|application| with_id(application, &key["keyId"]));
        match kept {
            Some(kept) if key["key"].is_null() => keys.push(kept),
            _ => keys.push(completed(&key)?),
        }
    }
    application.set("keyCredentials", keys);
    Ok(())
}

fn with_id(application: &Object, id: &Value) -> Option<Value> {
    let keys = application.body.get("keyCredentials")?.as_array()?;
    keys.iter().find(|key| id.is_string() && key["keyId"] == *id).cloned()
}

fn completed(key: &Value) -> Result<Value, Fault> {
    let unreadable = || Fault::invalid("Key credential must contain a valid certificate.").with_detail("InvalidValue", "keyCredentials");
    let text = key["key"].as_str().ok_or_else(unreadable)?;
    let der = STANDARD.decode(text).map_err(|_| unreadable())?;
    let certificate = Certificate::from_der(&der).map_err(|_| unreadable())?;
    let validity = certificate.tbs_certificate().validity();
    let instant = |seconds: u64| Timestamp::from_second(i64::try_from(seconds).unwrap_or(i64::MAX)).unwrap_or(Timestamp::MAX);
    let from = instant(validity.not_before.to_unix_duration().as_secs());
    let until = instant(validity.not_after.to_unix_duration().as_secs());
    let start = time_of(&key["startDateTime"])?.unwrap_or(from);
    let end = time_of(&key["endDateTime"])?.unwrap_or(until);
    if end > until {
        let message = "Key credential end date is invalid. It must be within the validity of the certificate.";
        return Err(Fault::new(400, "KeyCredentialsInvalidEndDate", message));
    }
    let thumbprint = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, &der);
    let hex: String = thumbprint.as_ref().iter().map(|byte| format!("{byte:02X}")).collect();
    Ok(json!({
        "customKeyIdentifier": key["customKeyIdentifier"].as_str().unwrap_or(&hex),
        "displayName": key["displayName"],
        "endDateTime": end.to_string(),
        "key": STANDARD.encode(&der),
        "keyId": key["keyId"].as_str().map_or_else(|| Uuid::new_v4().to_string(), str::to_owned),
        "startDateTime": start.to_string(),
        "type": "AsymmetricX509Cert",
        "usage": "Verify",
    }))
}

fn time_of(value: &Value) -> Result<Option<Timestamp>, Fault> {
    let Some(text) = value.as_str() else { return Ok(None) };
    let parsed = text.parse().map_err(|_| {
        Fault::bad_request(format!(
            "Cannot convert the literal '{text}' to the expected type 'Edm.DateTimeOffset'."
        ))
    });
    parsed.map(Some)
}

/// As the service makes them: 40 characters, the third and fourth telling the version.
fn new_secret() -> String {
    let mut bytes = [0; 30];
    rand::fill(&mut bytes).expect("the system has random numbers");
    let text = URL_SAFE_NO_PAD.encode(bytes);
    format!("{}8Q~{}", &text[..3], &text[3..37])
}

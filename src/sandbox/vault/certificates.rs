//! Certificates: bundles, lists, versions and policies.
//!
//! A certificate's row holds `policy`, `_planned` (the version that is or was made first) and, since it was last asked for,
//! `_operation`. A version holds `attributes`, `tags`, `cer` and `x5t`, and `_key`, `_secret` and `_contentType` of the secret behind it.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::call::Answer;
use super::call::Call;
use super::fault::Fault;
use super::fields;
use super::items;
use super::policy;
use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::azure::Container;

/// The live certificate that the path names.
pub fn found(call: &Call<'_>) -> Result<Object, Fault> {
    let name = call.name()?;
    let item = items::find(call.tx, call.vault, Container::Certificates, name)?;
    item.filter(|item| !items::is_deleted(item)).ok_or_else(|| unknown(name))
}

/// 404 of a certificate or of one of its versions.
pub fn unknown(name: &str) -> Fault {
    let message = format!(
        "A certificate with (name/id) {name} was not found in this key vault. If you recently deleted this certificate you may be able \
         to recover it using the correct recovery command. For help resolving this issue, please see \
         https://go.microsoft.com/fwlink/?linkid=2125182"
    );
    Fault::new(404, "CertificateNotFound", message)
}

fn unknown_version(call: &Call<'_>, item: &Object) -> Fault {
    unknown(&format!("{}/{}", item.text("name"), call.version().unwrap_or_default()))
}

/// `GET /certificates/{name}/{version}`: while the first version is being made, without `cer`.
pub fn get(call: &Call<'_>) -> Answer {
    let item = found(call)?;
    let version = items::version(call.tx, &item, call.version())?;
    match (&version, call.version()) {
        (None, Some(_)) => Err(unknown_version(call, &item)),
        _ => Ok(Reply::json(200, &Value::Object(bundle(call, &item, version.as_ref())))),
    }
}

/// A certificate as its owner sees it.
pub fn bundle(call: &Call<'_>, item: &Object, version: Option<&Object>) -> Map<String, Value> {
    let name = item.text("name");
    let id = version.map_or_else(|| item.text("_planned"), |version| version.text("version"));
    let mut shown = Map::new();
    shown.insert("id".into(), json!(call.url(&format!("certificates/{name}/{id}"))));
    match version {
        Some(version) => {
            shown.insert("kid".into(), json!(call.url(&format!("keys/{name}/{id}"))));
            shown.insert("sid".into(), json!(call.url(&format!("secrets/{name}/{id}"))));
            shown.insert("x5t".into(), json!(version.text("x5t")));
            shown.insert("cer".into(), json!(version.text("cer")));
            shown.insert("attributes".into(), call.attributes(&version.body["attributes"]));
            shown.insert("tags".into(), version.body["tags"].clone());
        }
        None => {
            let made = &item.body["policy"]["attributes"];
            let attributes = json!({"enabled": false, "created": made["created"], "updated": made["updated"]});
            shown.insert("attributes".into(), call.attributes(&attributes));
        }
    }
    shown.insert("policy".into(), policy_of(call, item));
    if item.body.contains_key("_operation") {
        let pending = call.url(&format!("certificates/{name}/pending"));
        shown.insert("pending".into(), json!({"id": pending}));
    }
    shown
}

fn policy_of(call: &Call<'_>, item: &Object) -> Value {
    let mut shown = json!({"id": call.url(&format!("certificates/{}/policy", item.text("name")))});
    for (name, value) in item.body["policy"].as_object().into_iter().flatten() {
        shown[name] = value.clone();
    }
    shown
}

/// A certificate in a list of certificates, or a version in one of versions.
pub fn listed(call: &Call<'_>, item: &Object, version: Option<&Object>, path: &str) -> Value {
    let mut shown = json!({"id": call.url(path)});
    let whole = bundle(call, item, version);
    for name in ["x5t", "attributes", "tags"] {
        if let Some(value) = whole.get(name) {
            shown[name] = value.clone();
        }
    }
    shown
}

/// `GET /certificates`: with `includePending` also those whose first version is still being made.
pub fn list(call: &Call<'_>) -> Answer {
    let with_pending = call
        .request
        .parameter("includePending")
        .is_some_and(|text| text.eq_ignore_ascii_case("true"));
    let mut shown = Vec::new();
    for item in items::live(call.tx, call.vault, Container::Certificates)? {
        let version = items::version(call.tx, &item, None)?;
        if version.is_some() || with_pending {
            let path = format!("certificates/{}", item.text("name"));
            shown.push(listed(call, &item, version.as_ref(), &path));
        }
    }
    call.page(shown)
}

/// `GET /certificates/{name}/versions`
pub fn versions(call: &Call<'_>) -> Answer {
    let item = found(call)?;
    let versions = items::versions(call.tx, &item)?;
    let shown = versions.iter().map(|version| {
        let path = format!("certificates/{}/{}", item.text("name"), version.text("version"));
        listed(call, &item, Some(version), &path)
    });
    call.page(shown.collect())
}

/// `PATCH /certificates/{name}/{version}`: attributes, tags and, with them, the policy.
pub fn update(call: &Call<'_>) -> Answer {
    call.only(&["policy", "attributes", "tags"])?;
    let mut item = found(call)?;
    let found = items::version(call.tx, &item, call.version())?;
    let mut version = found.ok_or_else(|| unknown_version(call, &item))?;
    if let Some(given) = call.body.get("policy").filter(|given| !given.is_null()) {
        let merged = policy::merged(item.body.get("policy"), given, call.tx.now())?;
        item.set("policy", merged);
        items::store(call.tx, &item)?;
    }
    // A certificate's validity is in the certificate; only whether it may be used is the vault's.
    fields::take_attributes(&mut version.body["attributes"], &call.body, &["enabled"], call.tx.now())?;
    if let Some(tags) = fields::tags(&call.body)? {
        version.set("tags", tags);
    }
    items::store_version(call.tx, &version)?;
    Ok(Reply::json(200, &Value::Object(bundle(call, &item, Some(&version)))))
}

/// `GET /certificates/{name}/policy`
pub fn policy(call: &Call<'_>) -> Answer {
    Ok(Reply::json(200, &policy_of(call, &found(call)?)))
}

/// `PATCH /certificates/{name}/policy`: holds for the next version.
pub fn update_policy(call: &Call<'_>) -> Answer {
    let mut item = found(call)?;
    let merged = policy::merged(item.body.get("policy"), &Value::Object(call.body.clone()), call.tx.now())?;
    item.set("policy", merged);
    items::store(call.tx, &item)?;
    Ok(Reply::json(200, &policy_of(call, &item)))
}

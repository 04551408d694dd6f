//! Storage accounts.

use jiff::ToSpan;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use uuid::Uuid;

use super::call::Answer;
use super::call::Call;
use super::fault::Fault;
use super::name;
use super::place;
use super::shape::Field;
use super::shape::Kind;
use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::azure;

/// The type of a storage account.
pub const KIND: &str = "Microsoft.Storage/storageAccounts";
/// What the service asks a client to wait, in seconds.
const RETRY_AFTER: i64 = 17;
/// How long an account takes to be made, in seconds of the sandbox's clock.
const CREATION: i64 = 25;

const KINDS: &[&str] = &["Storage", "StorageV2", "BlobStorage", "FileStorage", "BlockBlobStorage"];
const SKUS: &[&str] = &[
    "Standard_LRS",
    "Standard_GRS",
    "Standard_RAGRS",
    "Standard_ZRS",
    "Standard_GZRS",
    "Standard_RAGZRS",
    "Premium_LRS",
    "Premium_ZRS",
];

const NETWORK: &[Field] = &[
    ("bypass", Kind::Word(&["None", "Logging", "Metrics", "AzureServices"])),
    ("defaultAction", Kind::Required(&Kind::Word(&["Allow", "Deny"]))),
    (
        "ipRules",
        Kind::Objects(&[("value", Kind::Required(&Kind::Text)), ("action", Kind::Word(&["Allow"]))]),
    ),
    (
        "virtualNetworkRules",
        Kind::Objects(&[
            ("id", Kind::Required(&Kind::Text)),
            ("action", Kind::Word(&["Allow"])),
            ("state", Kind::Text),
        ]),
    ),
    (
        "resourceAccessRules",
        Kind::Objects(&[("tenantId", Kind::Text), ("resourceId", Kind::Text)]),
    ),
];

const BODY: &[Field] = &[
    ("location", Kind::Text),
    ("kind", Kind::Text),
    ("sku", Kind::Object(&[("name", Kind::Text), ("tier", Kind::Text)])),
    ("tags", Kind::Tags),
    (
        "properties",
        Kind::Object(&[
            ("minimumTlsVersion", Kind::Word(&["TLS1_0", "TLS1_1", "TLS1_2", "TLS1_3"])),
            ("allowBlobPublicAccess", Kind::Flag),
            ("allowSharedKeyAccess", Kind::Flag),
            ("allowCrossTenantReplication", Kind::Flag),
            ("defaultToOAuthAuthentication", Kind::Flag),
            ("supportsHttpsTrafficOnly", Kind::Flag),
            ("publicNetworkAccess", Kind::Word(&["Enabled", "Disabled", "SecuredByPerimeter"])),
            ("accessTier", Kind::Word(&["Hot", "Cool", "Cold", "Premium"])),
            ("networkAcls", Kind::Object(NETWORK)),
            ("encryption", Kind::Any),
        ]),
    ),
];

/// `GET .../storageAccounts`, of the subscription or of a group.
pub fn list(call: &Call<'_>) -> Answer {
    let group = match call.captures.len() {
        1 => None,
        _ => Some(call.group()?.text("name").to_owned()),
    };
    let subscription = call.subscription()?.text("subscriptionId");
    let mut all = azure::accounts(call.tx, &call.caller.tenant);
    all.retain(|account| account.text("_subscription") == subscription);
    all.retain(|account| group.as_deref().is_none_or(|group| account.text("_resourceGroup") == group));
    call.list(all.iter().map(|account| shown(call, account)).collect())
}

/// `GET .../storageAccounts/{name}`
pub fn read(call: &Call<'_>) -> Answer {
    Ok(Reply::json(200, &shown(call, &found(call)?)))
}

/// `PUT .../storageAccounts/{name}`: takes a while, and is polled by its address.
pub fn put(call: &Call<'_>) -> Answer {
    let group = call.group()?;
    let name = call.capture(2);
    if !name::is_account_name(name) {
        return Err(Fault::new(400, "AccountNameInvalid", name::bad_account_name(name)));
    }
    let body = call.body(BODY)?;
    let location = place::named(call, body.get("location").and_then(Value::as_str), KIND)?;
    let sku = one_of(SKUS, body.get("sku").and_then(|sku| sku["name"].as_str()), "sku.name")?;
    let kind = one_of(KINDS, body.get("kind").and_then(Value::as_str), "kind")?;
    let Some(account) = azure::account(call.tx, name) else {
        return create(call, &group, [location.name, kind, sku], &body);
    };
    if account.tenant != group.tenant {
        return Err(Fault::new(409, "StorageAccountAlreadyTaken", name::taken_account(name)));
    }
    let has = |property: &str, wanted: &str| account.text(property) == wanted;
    let is_equal = has("_resourceGroup", group.text("name")) && has("location", location.name) && has("kind", kind) && has("_sku", sku);
    if !is_equal {
        let message = format!("The storage account named {name} already exists under the subscription.");
        return Err(Fault::new(409, "StorageAccountAlreadyExists", message));
    }
    let mut changed = account.clone();
    take(&mut changed, &body);
    if changed != account {
        azure::store_account(call.tx, &changed)?;
    }
    progress(call, &changed)
}

/// `DELETE .../storageAccounts/{name}`, with what is in it.
pub fn delete(call: &Call<'_>) -> Answer {
    let Ok(account) = found(call) else {
        return Ok(Reply::empty(204));
    };
    azure::delete_account(call.tx, &account)?;
    Ok(Reply::empty(200))
}

/// `GET .../locations/{location}/asyncoperations/{id}`
pub fn operation(call: &Call<'_>) -> Answer {
    let id = call.capture(2);
    let accounts = azure::accounts(call.tx, &call.caller.tenant);
    match accounts.iter().find(|account| account.text("_operation").eq_ignore_ascii_case(id)) {
        Some(account) => progress(call, account),
        None => Err(Fault::new(404, "OperationNotFound", format!("The operation '{id}' was not found."))),
    }
}

fn create(call: &Call<'_>, group: &Object, [location, kind, sku]: [&str; 3], body: &Map<String, Value>) -> Answer {
    let mut account = Object::new(&call.caller.tenant, azure::ACCOUNT, Map::new());
    account.set("name", call.capture(2));
    account.set("location", location);
    account.set("kind", kind);
    account.set("_sku", sku);
    account.set("tags", json!({}));
    account.set("properties", json!({}));
    take(&mut account, body);
    account.set("_subscription", group.text("_subscription"));
    account.set("_resourceGroup", group.text("name"));
    account.set("_createdAt", call.tx.now().to_string());
    account.set("_readyAt", (call.tx.now() + CREATION.seconds()).to_string());
    account.set("_operation", Uuid::new_v4().to_string());
    azure::store_account(call.tx, &account)?;
    progress(call, &account)
}

/// Takes over the tags and the properties that are given; the others stay.
fn take(account: &mut Object, body: &Map<String, Value>) {
    if let Some(tags) = body.get("tags").filter(|tags| tags.is_object()) {
        account.set("tags", tags.clone());
    }
    let given = body.get("properties").and_then(Value::as_object).into_iter().flatten();
    for (name, value) in given.filter(|(_, value)| !value.is_null()) {
        account.body["properties"][name] = value.clone();
    }
}

/// 202 until the account is made, then the account.
fn progress(call: &Call<'_>, account: &Object) -> Answer {
    if azure::is_account_ready(call.tx, account) {
        return Ok(Reply::json(200, &shown(call, account)));
    }
    let path = format!(
        "subscriptions/{}/providers/Microsoft.Storage/locations/{}/asyncoperations/{}",
        account.text("_subscription"),
        account.text("location"),
        account.text("_operation")
    );
    let address = format!("{}?monitor=true&api-version={}", call.address(&path), call.version);
    let reply = Reply::empty(202).with_header("location", address);
    Ok(reply.with_header("retry-after", RETRY_AFTER.to_string()))
}

fn found(call: &Call<'_>) -> Result<Object, Fault> {
    let group = call.group()?;
    let in_group = |account: &Object| account.tenant == group.tenant && account.text("_resourceGroup") == group.text("name");
    let found = azure::account(call.tx, call.capture(2)).filter(in_group);
    found.ok_or_else(|| Fault::no_resource(KIND, call.capture(2), call.capture(1)))
}

fn one_of(known: &[&'static str], given: Option<&str>, parameter: &str) -> Result<&'static str, Fault> {
    let found = given.and_then(|given| known.iter().find(|known| known.eq_ignore_ascii_case(given)));
    found.copied().ok_or_else(|| {
        let message = format!("Values for request parameters are invalid: {parameter}.");
        Fault::new(400, "InvalidValuesForRequestParameters", message)
    })
}

fn shown(call: &Call<'_>, account: &Object) -> Value {
    let core = call.cloud.blob.trim_start_matches("blob.");
    let name = account.text("name");
    let is_ready = azure::is_account_ready(call.tx, account);
    let sku = account.text("_sku");
    let mut properties = account.body.get("properties").cloned().unwrap_or_default();
    properties["provisioningState"] = json!(if is_ready { "Succeeded" } else { "Creating" });
    properties["creationTime"] = json!(account.text("_createdAt"));
    properties["primaryLocation"] = json!(account.text("location"));
    properties["statusOfPrimary"] = json!("available");
    properties["primaryEndpoints"] = ["blob", "queue", "table", "file", "dfs"]
        .iter()
        .map(|service| ((*service).to_owned(), json!(format!("https://{name}.{service}.{core}/"))))
        .collect::<Map<_, _>>()
        .into();
    json!({
        "id": azure::account_id(account),
        "name": name,
        "type": KIND,
        "location": account.text("location"),
        "kind": account.text("kind"),
        "sku": {"name": sku, "tier": sku.split('_').next()},
        "tags": account.body.get("tags"),
        "properties": properties,
    })
}

//! What a vault's properties may be, and become.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::call::Call;
use super::fault::Fault;
use super::policy;
use super::shape::Field;
use super::shape::Kind;
use super::version;
use crate::sandbox::Object;
use crate::sandbox::azure;

/// The type of a vault.
pub const KIND: &str = "Microsoft.KeyVault/vaults";

const SKU: &[Field] = &[("family", Kind::Text), ("name", Kind::Text)];
const NETWORK: &[Field] = &[
    ("bypass", Kind::Word(&["AzureServices", "None"])),
    ("defaultAction", Kind::Word(&["Allow", "Deny"])),
    ("ipRules", Kind::Objects(&[("value", Kind::Required(&Kind::Text))])),
    (
        "virtualNetworkRules",
        Kind::Objects(&[
            ("id", Kind::Required(&Kind::Text)),
            ("ignoreMissingVnetServiceEndpoint", Kind::Flag),
        ]),
    ),
];

macro_rules! properties {
    ($($more:expr),*) => {
        &[
            ("tenantId", Kind::Text),
            ("sku", Kind::Object(SKU)),
            ("accessPolicies", Kind::Objects(policy::ENTRY)),
            ("enabledForDeployment", Kind::Flag),
            ("enabledForDiskEncryption", Kind::Flag),
            ("enabledForTemplateDeployment", Kind::Flag),
            ("enableSoftDelete", Kind::Flag),
            ("softDeleteRetentionInDays", Kind::Number),
            ("enableRbacAuthorization", Kind::Flag),
            ("createMode", Kind::Word(&["recover", "default"])),
            ("enablePurgeProtection", Kind::Flag),
            ("networkAcls", Kind::Object(NETWORK)),
            ("publicNetworkAccess", Kind::Text),
            $($more),*
        ]
    };
}

/// The body that makes or replaces a vault. What only the service writes may stand in it and is passed over, as it does when a
/// client sends back what it read.
pub const PUT: &[Field] = &[
    ("id", Kind::Text),
    ("name", Kind::Text),
    ("type", Kind::Text),
    ("systemData", Kind::Any),
    ("location", Kind::Text),
    ("tags", Kind::Tags),
    (
        "properties",
        Kind::Object(properties!(
            ("vaultUri", Kind::Text),
            ("provisioningState", Kind::Text),
            ("hsmPoolResourceId", Kind::Text),
            ("privateEndpointConnections", Kind::Any)
        )),
    ),
];

/// The body that changes a vault.
pub const PATCH: &[Field] = &[("tags", Kind::Tags), ("properties", Kind::Object(properties!()))];

/// The properties of a new vault before its maker's wishes. From 2026 on it uses roles, and where the subscription wants it so.
pub fn of_new(call: &Call<'_>) -> Result<Value, Fault> {
    let uses_roles = version::uses_roles_by_default(call.version) || call.subscription()?.flag(azure::RBAC_VAULTS);
    Ok(json!({
        "accessPolicies": [],
        "enabledForDeployment": false,
        "enableSoftDelete": true,
        "softDeleteRetentionInDays": 90,
        "enableRbacAuthorization": uses_roles,
        "publicNetworkAccess": "Enabled",
    }))
}

/// The properties that a vault has.
pub fn kept(vault: &Object) -> Value {
    vault.body.get("properties").cloned().unwrap_or_default()
}

/// What happens to the properties of a vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// They are made.
    Make,
    /// They are replaced.
    Replace,
    /// Some of them are changed; nothing has to be given.
    Patch,
}

/// The tenant and the price level, which every PUT has to name.
pub fn check_identity(call: &Call<'_>, given: &Map<String, Value>) -> Result<(), Fault> {
    let mut scratch = Value::Null;
    tenant(call, &mut scratch, given.get("tenantId"), false)?;
    sku(&mut scratch, given.get("sku"), false)
}

/// Takes over what is given into the properties.
pub fn apply(call: &Call<'_>, properties: &mut Value, given: &Map<String, Value>, change: Change) -> Result<(), Fault> {
    let is_part = change == Change::Patch;
    let wish = |name: &str| given.get(name).filter(|value| !value.is_null());
    tenant(call, properties, wish("tenantId"), is_part)?;
    sku(properties, wish("sku"), is_part)?;
    delete_rules(properties, &wish, change == Change::Make)?;
    for name in [
        "enabledForDeployment",
        "enabledForDiskEncryption",
        "enabledForTemplateDeployment",
        "enableRbacAuthorization",
        "networkAcls",
        "publicNetworkAccess",
    ] {
        if let Some(value) = wish(name) {
            properties[name] = value.clone();
        }
    }
    check_addresses(properties)?;
    match wish("accessPolicies").and_then(Value::as_array) {
        Some(entries) => properties["accessPolicies"] = json!(policy::checked(call, entries)?),
        None if is_part || properties["enableRbacAuthorization"] == true => {}
        None => return Err(Fault::bad_request("The parameter accessPolicies is not specified.")),
    }
    Ok(())
}

fn tenant(call: &Call<'_>, properties: &mut Value, given: Option<&Value>, is_part: bool) -> Result<(), Fault> {
    match given.and_then(Value::as_str) {
        Some(id) if id.eq_ignore_ascii_case(&call.tenant_id()) => properties["tenantId"] = json!(call.tenant_id()),
        Some(id) => {
            let message = format!("The parameter tenantId has the value '{id}', which is not the tenant of the subscription.");
            return Err(Fault::bad_request(message));
        }
        None if is_part => {}
        None => return Err(Fault::bad_request("The parameter tenantId is not specified.")),
    }
    Ok(())
}

fn check_addresses(properties: &Value) -> Result<(), Fault> {
    let rules = properties["networkAcls"]["ipRules"].as_array().into_iter().flatten();
    let mut values = rules.map(|rule| rule["value"].as_str().unwrap_or_default());
    match values.find(|value| !azure::is_range(value)) {
        Some(wrong) => Err(Fault::bad_request(format!(
            "The value '{wrong}' of networkAcls.ipRules is no IPv4 address and no range of them."
        ))),
        None => Ok(()),
    }
}

fn sku(properties: &mut Value, given: Option<&Value>, is_part: bool) -> Result<(), Fault> {
    let Some(sku) = given else {
        return match is_part {
            true => Ok(()),
            false => Err(Fault::bad_request("The parameter sku is not specified.")),
        };
    };
    let name = sku["name"].as_str().unwrap_or_default().to_ascii_lowercase();
    if sku["family"] != "A" || !["standard", "premium"].contains(&name.as_str()) {
        return Err(Fault::bad_request("An invalid value was provided for 'sku'."));
    }
    properties["sku"] = json!({"family": "A", "name": name});
    Ok(())
}

/// Soft delete cannot be switched off, its time is set once, and purge protection stays.
fn delete_rules<'v>(properties: &mut Value, wish: &impl Fn(&str) -> Option<&'v Value>, is_new: bool) -> Result<(), Fault> {
    if wish("enableSoftDelete").is_some_and(|value| value == false) {
        let message = "The property \"enableSoftDelete\" cannot be set to false. Enabling the 'soft delete' functionality is an \
                       irreversible action.";
        return Err(Fault::bad_request(message));
    }
    if let Some(days) = wish("softDeleteRetentionInDays").and_then(Value::as_i64) {
        if !(7..=90).contains(&days) {
            let message = "The property \"softDeleteRetentionInDays\" has to be between 7 and 90.";
            return Err(Fault::bad_request(message));
        }
        if !is_new && properties["softDeleteRetentionInDays"] != days {
            let message = "The property \"softDeleteRetentionInDays\" has been set already and it can't be modified.";
            return Err(Fault::bad_request(message));
        }
        properties["softDeleteRetentionInDays"] = json!(days);
    }
    match wish("enablePurgeProtection").and_then(Value::as_bool) {
        Some(false) => {
            let message = "The property \"enablePurgeProtection\" cannot be set to false. Enabling the purge protection for a vault is \
                           an irreversible action.";
            Err(Fault::bad_request(message))
        }
        Some(true) => {
            properties["enablePurgeProtection"] = json!(true);
            Ok(())
        }
        None => Ok(()),
    }
}

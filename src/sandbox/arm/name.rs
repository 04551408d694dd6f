//! Names that are unique in the whole cloud: what they look like, and whether one is free.

use serde_json::Value;
use serde_json::json;

use super::call::Answer;
use super::call::Call;
use super::fault::Fault;
use super::shape::Field;
use super::shape::Kind;
use crate::sandbox::Reply;
use crate::sandbox::azure;

const BODY: &[Field] = &[("name", Kind::Text), ("type", Kind::Text)];

/// `POST .../Microsoft.KeyVault/checkNameAvailability`
pub fn vault(call: &Call<'_>) -> Answer {
    let name = asked(call, "Microsoft.KeyVault/vaults")?;
    let is_taken = azure::vault(call.tx, &name).is_some() || azure::deleted_vault(call.tx, &name).is_some();
    Ok(match is_vault_name(&name) {
        false => refused("AccountNameInvalid", bad_vault_name(&name)),
        true if is_taken => refused("AlreadyExists", taken_vault(&name)),
        true => free(),
    })
}

/// `POST .../Microsoft.Storage/checkNameAvailability`
pub fn account(call: &Call<'_>) -> Answer {
    let name = asked(call, "Microsoft.Storage/storageAccounts")?;
    Ok(match is_account_name(&name) {
        false => refused("AccountNameInvalid", bad_account_name(&name)),
        true if azure::account(call.tx, &name).is_some() => refused("AlreadyExists", taken_account(&name)),
        true => free(),
    })
}

/// 3 to 24 letters, digits and hyphens; begins with a letter, does not end with a hyphen, no two hyphens in a row.
pub fn is_vault_name(name: &str) -> bool {
    (3..=24).contains(&name.len())
        && name.chars().all(|character| character.is_ascii_alphanumeric() || character == '-')
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && !name.ends_with('-')
        && !name.contains("--")
}

/// 3 to 24 lower-case letters and digits.
pub fn is_account_name(name: &str) -> bool {
    let is_fit = |character: char| character.is_ascii_lowercase() || character.is_ascii_digit();
    (3..=24).contains(&name.len()) && name.chars().all(is_fit)
}

/// What is wrong with a vault's name.
pub fn bad_vault_name(name: &str) -> String {
    format!(
        "The vault name '{name}' is invalid. A vault's name must be between 3-24 alphanumeric characters. The name must begin with a \
         letter, end with a letter or digit, and not contain consecutive hyphens. Follow this link for more information: \
         https://go.microsoft.com/fwlink/?linkid=2147742"
    )
}

/// That a vault's name is taken.
pub fn taken_vault(name: &str) -> String {
    format!(
        "The vault name '{name}' is already in use. Vault names are globally unique so it is possible that the name is already taken. If \
         you are sure that the vault name was not taken then it is possible that a vault with the same name was recently deleted but not \
         purged after being placed in a recoverable state. If the vault is in a recoverable state then the vault will need to be purged \
         before reusing the name."
    )
}

/// What is wrong with a storage account's name.
pub fn bad_account_name(name: &str) -> String {
    format!(
        "{name} is not a valid storage account name. Storage account name must be between 3 and 24 characters in length and use numbers \
         and lower-case letters only."
    )
}

/// That a storage account's name is taken.
pub fn taken_account(name: &str) -> String {
    format!("The storage account named {name} is already taken.")
}

fn asked(call: &Call<'_>, kind: &str) -> Result<String, Fault> {
    let body = call.body(BODY)?;
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    if !text("type").eq_ignore_ascii_case(kind) {
        let message = format!("The value '{}' of the parameter type is not '{kind}'.", text("type"));
        return Err(Fault::bad_request(message));
    }
    match text("name") {
        "" => Err(Fault::bad_request("The parameter name is not specified.")),
        name => Ok(name.to_owned()),
    }
}

fn free() -> Reply {
    Reply::json(200, &json!({"nameAvailable": true}))
}

fn refused(reason: &str, message: String) -> Reply {
    Reply::json(200, &json!({"nameAvailable": false, "reason": reason, "message": message}))
}

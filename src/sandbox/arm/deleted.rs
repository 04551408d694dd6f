//! Soft-deleted vaults.

use serde_json::Value;
use serde_json::json;

use super::call::Answer;
use super::call::Call;
use super::fault::Fault;
use super::vault;
use crate::sandbox;
use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::azure;

/// `GET .../deletedVaults`
pub fn list(call: &Call<'_>) -> Answer {
    let subscription = call.subscription()?.text("subscriptionId");
    let mut all = azure::deleted_vaults(call.tx, &call.caller.tenant);
    all.retain(|vault| vault.text("_subscription") == subscription);
    call.list(all.iter().map(shown).collect())
}

/// `GET .../locations/{location}/deletedVaults/{name}`
pub fn read(call: &Call<'_>) -> Answer {
    Ok(Reply::json(200, &shown(&found(call)?)))
}

/// `POST .../locations/{location}/deletedVaults/{name}/purge`
pub fn purge(call: &Call<'_>) -> Answer {
    let vault = found(call)?;
    if vault.body["properties"]["enablePurgeProtection"] == true {
        let message = "Operation 'DeletedVaultPurge' is not allowed.";
        return Err(Fault::new(405, "MethodNotAllowed", message));
    }
    vault::audit(call, &vault, "VaultPurge", 200)?;
    sandbox::vault::forget(call.tx, &vault)?;
    Ok(Reply::empty(200))
}

fn found(call: &Call<'_>) -> Result<Object, Fault> {
    let (place, name) = (azure::location(call.capture(1)), call.capture(2));
    let subscription = call.subscription()?.text("subscriptionId");
    let is_it =
        |vault: &Object| vault.text("_subscription") == subscription && place.is_some_and(|place| place.name == vault.text("location"));
    azure::deleted_vault(call.tx, name).filter(is_it).ok_or_else(|| {
        let message = format!("The specified deleted vault '{name}' does not exist.");
        Fault::new(404, "DeletedVaultNotFound", message)
    })
}

fn shown(vault: &Object) -> Value {
    let (name, location) = (vault.text("name"), vault.text("location"));
    let subscription = vault.text("_subscription");
    let mut properties = json!({
        "vaultId": azure::vault_id(vault),
        "location": location,
        "tags": vault.body.get("tags"),
        "deletionDate": vault.text("_deletedAt"),
        "scheduledPurgeDate": vault.text("_purgeAt"),
    });
    if vault.body["properties"]["enablePurgeProtection"] == true {
        properties["purgeProtectionEnabled"] = json!(true);
    }
    json!({
        "id": format!("/subscriptions/{subscription}/providers/Microsoft.KeyVault/locations/{location}/deletedVaults/{name}"),
        "name": name,
        "type": "Microsoft.KeyVault/deletedVaults",
        "properties": properties,
    })
}

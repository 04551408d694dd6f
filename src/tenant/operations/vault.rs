//! Writes on key vaults as Azure resources, and on who may read them.

use super::base::ARM;
use super::base::PROVISIONED;
use super::base::az;
use super::base::high;
use super::base::irreversible;
use super::base::object;
use super::base::resource_id;
use super::base::text;
use super::evidence::POLICY_ADDED;
use super::evidence::POLICY_REMOVED;
use super::evidence::VAULT_PURGED;
use super::evidence::VAULT_RECOVERED;
use crate::change::Argument;
use crate::change::Call;
use crate::change::Descriptor;
use crate::change::ITS_PLACE;
use crate::change::Inverse;
use crate::change::Part;
use crate::change::Retry;
use crate::change::Verb;
use crate::cloud::api_version::KEY_VAULT;

const CONTRIBUTOR: &str = "Contributor on the vault's resource group";
const POLICIES: &[Argument] = &[object("properties").required()];

pub static NEW_VAULT: Descriptor = Descriptor {
    name: "new_vault",
    noun: "vault",
    verb: Verb::Create,
    help: "Makes a key vault, which access policies rule unless `properties.enableRbacAuthorization` says otherwise.",
    call: Call::Arm {
        method: "PUT",
        path: "{group}/providers/Microsoft.KeyVault/vaults/{name}",
        api_version: KEY_VAULT,
    },
    resource: Some("resourceGroups"),
    identity: None,
    arguments: &[
        resource_id("group").required(),
        text("name").required(),
        text("location").required(),
        object("tags"),
        object("properties"),
    ],
    made: Some(("get_vault", ITS_PLACE)),
    inverse: Inverse::Remove("remove_vault"),
    permission: CONTRIBUTOR,
    retry: Retry::ReadBack,
    powershell: PROVISIONED,
    ..ARM
};

pub static SET_VAULT: Descriptor = Descriptor {
    name: "set_vault",
    noun: "vault",
    verb: Verb::Update,
    help: "Changes a key vault; `properties.accessPolicies` would replace all of them.",
    call: Call::Arm {
        method: "PATCH",
        path: "{id}",
        api_version: KEY_VAULT,
    },
    resource: Some("Microsoft.KeyVault/vaults"),
    arguments: &[object("tags"), object("properties")],
    impact: high,
    loses: |_, _| Some("access policies that are given take the place of all that are there: whoever is left out loses the access"),
    before: Some("get_vault"),
    inverse: Inverse::Restore,
    permission: CONTRIBUTOR,
    ..ARM
};

pub static REMOVE_VAULT: Descriptor = Descriptor {
    name: "remove_vault",
    noun: "vault",
    verb: Verb::Remove,
    help: "Removes a key vault; it keeps its name and can be recovered for as long as it was set up for (90 days by default).",
    call: Call::Arm {
        method: "DELETE",
        path: "{id}",
        api_version: KEY_VAULT,
    },
    resource: Some("Microsoft.KeyVault/vaults"),
    arguments: &[],
    impact: high,
    loses: |_, _| Some("nothing in it can be read any more, and a migration endpoint whose certificate lies in it stops working"),
    before: Some("get_vault"),
    keeps: &["location"],
    inverse: Inverse::Opposite("recover_vault"),
    permission: CONTRIBUTOR,
    retry: Retry::ReadBack,
    powershell: az(
        "Remove-AzKeyVault",
        "Az.KeyVault",
        &[
            ("VaultName", Part::Last),
            ("ResourceGroupName", Part::After("resourceGroups")),
            ("Force", Part::On),
        ],
    ),
    ..ARM
};

pub static RECOVER_VAULT: Descriptor = Descriptor {
    name: "recover_vault",
    noun: "vault",
    verb: Verb::Act("recovered"),
    help: "Brings a removed key vault back; `vaultId` and `location` stand in the properties of the deleted vault, and a live one is left alone.",
    call: Call::Arm {
        method: "PUT",
        path: "{vaultId}",
        api_version: KEY_VAULT,
    },
    resource: Some("Microsoft.KeyVault/vaults"),
    identity: None,
    label: "vaultId",
    arguments: &[resource_id("vaultId").required(), text("location").required()],
    impact: high,
    evidence: Some(VAULT_RECOVERED),
    loses: |_, _| Some("what lies in it can be read again by those whom its access policies name"),
    inverse: Inverse::Opposite("remove_vault"),
    permission: CONTRIBUTOR,
    retry: Retry::ReadBack,
    powershell: az(
        "Undo-AzKeyVaultRemoval",
        "Az.KeyVault",
        &[
            ("VaultName", Part::Last),
            ("ResourceGroupName", Part::After("resourceGroups")),
            ("Location", Part::Member("/location")),
        ],
    ),
    ..ARM
};

pub static PURGE_VAULT: Descriptor = Descriptor {
    name: "purge_vault",
    noun: "deleted vault",
    verb: Verb::Act("purged"),
    help: "Ends a removed key vault for good and frees its name.",
    call: Call::Arm {
        method: "POST",
        path: "{id}/purge",
        api_version: KEY_VAULT,
    },
    resource: Some("Microsoft.KeyVault/locations/deletedVaults"),
    arguments: &[],
    impact: irreversible,
    evidence: Some(VAULT_PURGED),
    loses: |_, _| Some("its keys, secrets and certificates are gone for good"),
    inverse: Inverse::None("what was in the vault is gone"),
    permission: "Key Vault Contributor on the subscription",
    retry: Retry::ReadBack,
    powershell: az(
        "Remove-AzKeyVault",
        "Az.KeyVault",
        &[
            ("VaultName", Part::Last),
            ("Location", Part::After("locations")),
            ("InRemovedState", Part::On),
            ("Force", Part::On),
        ],
    ),
    ..ARM
};

pub static ADD_ACCESS_POLICY: Descriptor = Descriptor {
    name: "add_access_policy",
    noun: "vault",
    verb: Verb::Act("given an access policy"),
    help: "Adds to the access policies of a key vault; `properties.accessPolicies` holds `objectId` and `permissions`.",
    call: Call::Arm {
        method: "PUT",
        path: "{id}/accessPolicies/add",
        api_version: KEY_VAULT,
    },
    resource: Some("Microsoft.KeyVault/vaults"),
    arguments: POLICIES,
    impact: high,
    evidence: Some(POLICY_ADDED),
    loses: |_, _| Some("whoever is named can use what lies in the vault, as far as the permissions go"),
    inverse: Inverse::Opposite("remove_access_policy"),
    permission: CONTRIBUTOR,
    ..ARM
};

pub static REMOVE_ACCESS_POLICY: Descriptor = Descriptor {
    name: "remove_access_policy",
    noun: "vault",
    verb: Verb::Act("relieved of an access policy"),
    help: "Takes the permissions in `properties.accessPolicies` away from the access policies of a key vault.",
    call: Call::Arm {
        method: "PUT",
        path: "{id}/accessPolicies/remove",
        api_version: KEY_VAULT,
    },
    resource: Some("Microsoft.KeyVault/vaults"),
    arguments: POLICIES,
    impact: high,
    evidence: Some(POLICY_REMOVED),
    loses: |_, _| {
        Some("whoever is named no longer can use what lies in the vault; without Exchange Online among them the endpoint stops working")
    },
    inverse: Inverse::Opposite("add_access_policy"),
    permission: CONTRIBUTOR,
    ..ARM
};

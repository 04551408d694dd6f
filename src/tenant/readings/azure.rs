//! What Azure Resource Manager and the key vaults can be asked.

use super::Reading;
use crate::cloud::api_version::AUTHORIZATION;
use crate::cloud::api_version::DIAGNOSTICS;
use crate::cloud::api_version::KEY_VAULT;
use crate::cloud::api_version::RESOURCES;
use crate::cloud::api_version::STORAGE;
use crate::cloud::api_version::SUBSCRIPTIONS;

const SUBSCRIPTION_READER: &str = "Reader on the subscription";

pub(super) static READINGS: &[Reading] = &[
    Reading::arm_parts(
        "find_subscriptions",
        "Azure subscription",
        "/subscriptions",
        SUBSCRIPTIONS,
        "Lists the Azure subscriptions that the signed-in application may see.",
    )
    .everywhere()
    .needing("any role in a subscription"),
    Reading::arm_one(
        "get_subscription",
        "Azure subscription",
        "{subscription}",
        SUBSCRIPTIONS,
        "Reads one Azure subscription by its id.",
    )
    .needing(SUBSCRIPTION_READER),
    Reading::arm_parts(
        "find_locations",
        "Azure location",
        "{subscription}/locations",
        SUBSCRIPTIONS,
        "Lists the Azure locations that a subscription may use.",
    )
    .needing(SUBSCRIPTION_READER),
    Reading::arm_one(
        "get_resource_provider",
        "resource provider",
        "{id}",
        RESOURCES,
        "Reads a resource provider of a subscription, such as `/subscriptions/.../providers/Microsoft.KeyVault`, and whether it is registered.",
    )
    .needing(SUBSCRIPTION_READER),
    Reading::arm_parts(
        "find_resource_groups",
        "resource group",
        "{subscription}/resourcegroups",
        RESOURCES,
        "Lists the resource groups of a subscription.",
    )
    .needing(SUBSCRIPTION_READER),
    Reading::arm_one(
        "get_resource_group",
        "resource group",
        "{id}",
        RESOURCES,
        "Reads one resource group by its resource id.",
    ),
    Reading::arm_parts(
        "find_vaults",
        "vault",
        "{subscription}/providers/Microsoft.KeyVault/vaults",
        KEY_VAULT,
        "Lists the key vaults of a subscription.",
    )
    .needing(SUBSCRIPTION_READER),
    Reading::arm_one(
        "get_vault",
        "vault",
        "{id}",
        KEY_VAULT,
        "Reads one key vault by its resource id, with its access policies.",
    ),
    Reading::arm_parts(
        "find_deleted_vaults",
        "deleted vault",
        "{subscription}/providers/Microsoft.KeyVault/deletedVaults",
        KEY_VAULT,
        "Lists the key vaults of a subscription that were removed and can still be recovered.",
    )
    .needing(SUBSCRIPTION_READER),
    Reading::arm_parts(
        "find_storage_accounts",
        "storage account",
        "{subscription}/providers/Microsoft.Storage/storageAccounts",
        STORAGE,
        "Lists the storage accounts of a subscription.",
    )
    .needing(SUBSCRIPTION_READER),
    Reading::arm_one(
        "get_storage_account",
        "storage account",
        "{id}",
        STORAGE,
        "Reads one storage account by its resource id.",
    ),
    Reading::arm_parts(
        "find_diagnostic_settings",
        "diagnostic setting",
        "{id}/providers/Microsoft.Insights/diagnosticSettings",
        DIAGNOSTICS,
        "Lists where a resource sends its logs.",
    ),
    Reading::arm_parts(
        "find_role_assignments",
        "role assignment",
        "{id}/providers/Microsoft.Authorization/roleAssignments",
        AUTHORIZATION,
        "Lists which Azure roles are assigned at a scope: a subscription, group or resource.",
    ),
    Reading::arm_parts(
        "find_role_definitions",
        "role definition",
        "{id}/providers/Microsoft.Authorization/roleDefinitions",
        AUTHORIZATION,
        "Lists the Azure roles that can be assigned at a scope.",
    ),
    Reading::vault_one(
        "get_certificate",
        "certificate",
        "{id}",
        "Reads a certificate of a vault by its URL; without a version the newest. `url`, `expires` and `thumbprint` are told besides.",
    )
    .needing("certificates: get"),
    Reading::vault_parts(
        "find_certificates",
        "certificate",
        "{vault}/certificates",
        "Lists the certificates of a vault.",
    )
    .needing("certificates: list"),
    Reading::vault_parts(
        "find_certificate_versions",
        "certificate",
        "{unversioned}/versions",
        "Lists the versions of a certificate.",
    )
    .needing("certificates: list"),
    Reading::vault_one(
        "get_certificate_operation",
        "certificate operation",
        "{unversioned}/pending",
        "Reads how far the making of a certificate has come.",
    )
    .needing("certificates: get"),
    Reading::vault_parts(
        "find_vault_secrets",
        "vault secret",
        "{vault}/secrets",
        "Lists the secrets of a vault, without what they are.",
    )
    .needing("secrets: list"),
];

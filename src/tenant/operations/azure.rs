//! Writes on Azure's groups, resource providers, storage accounts, diagnostic settings and role assignments. The members of
//! the bodies are the service's own.

use super::base::ARM;
use super::base::PROVISIONED;
use super::base::az;
use super::base::guid;
use super::base::high;
use super::base::irreversible;
use super::base::object;
use super::base::resource_id;
use super::base::text;
use super::evidence::PROVIDER_REGISTERED;
use super::evidence::ROLE_REMOVED;
use super::evidence::SETTING_REMOVED;
use crate::change::Call;
use crate::change::Descriptor;
use crate::change::ITS_PLACE;
use crate::change::Inverse;
use crate::change::Part;
use crate::change::Retry;
use crate::change::Verb;
use crate::cloud::api_version::AUTHORIZATION;
use crate::cloud::api_version::DIAGNOSTICS;
use crate::cloud::api_version::RESOURCES;
use crate::cloud::api_version::STORAGE;

const RESOURCES_MODULE: &str = "Az.Resources";
const GROUP_CONTRIBUTOR: &str = "Contributor on the resource group";

pub static REGISTER_RESOURCE_PROVIDER: Descriptor = Descriptor {
    name: "register_resource_provider",
    noun: "resource provider",
    verb: Verb::Act("registered"),
    help: "Lets a subscription use a resource provider, such as `/subscriptions/.../providers/Microsoft.KeyVault`.",
    call: Call::Arm {
        method: "POST",
        path: "{id}/register",
        api_version: RESOURCES,
    },
    resource: Some("providers"),
    arguments: &[],
    before: Some("get_resource_provider"),
    evidence: Some(PROVIDER_REGISTERED),
    inverse: Inverse::None("a registered provider harms nobody, and others may use it by now"),
    permission: "Contributor on the subscription",
    powershell: az(
        "Register-AzResourceProvider",
        RESOURCES_MODULE,
        &[("ProviderNamespace", Part::Last)],
    ),
    ..ARM
};

pub static NEW_RESOURCE_GROUP: Descriptor = Descriptor {
    name: "new_resource_group",
    noun: "resource group",
    verb: Verb::Create,
    help: "Makes a resource group.",
    call: Call::Arm {
        method: "PUT",
        path: "{subscription}/resourcegroups/{name}",
        api_version: RESOURCES,
    },
    resource: Some("subscriptions"),
    identity: None,
    arguments: &[
        resource_id("subscription").required(),
        text("name").required(),
        text("location").required(),
        object("tags"),
    ],
    made: Some(("get_resource_group", ITS_PLACE)),
    inverse: Inverse::Remove("remove_resource_group"),
    permission: "Contributor on the subscription",
    powershell: az(
        "New-AzResourceGroup",
        RESOURCES_MODULE,
        &[
            ("Name", Part::Member("/name")),
            ("Location", Part::Member("/location")),
            ("Tag", Part::Member("/tags")),
        ],
    ),
    ..ARM
};

pub static REMOVE_RESOURCE_GROUP: Descriptor = Descriptor {
    name: "remove_resource_group",
    noun: "resource group",
    verb: Verb::Remove,
    help: "Removes a resource group with everything in it.",
    call: Call::Arm {
        method: "DELETE",
        path: "{id}",
        api_version: RESOURCES,
    },
    resource: Some("resourceGroups"),
    arguments: &[],
    impact: irreversible,
    loses: |_, _| Some("everything in the group goes with it"),
    before: Some("get_resource_group"),
    inverse: Inverse::None("what was in the group is gone"),
    permission: GROUP_CONTRIBUTOR,
    retry: Retry::ReadBack,
    powershell: az("Remove-AzResourceGroup", RESOURCES_MODULE, &[("Id", Part::Id), ("Force", Part::On)]),
    ..ARM
};

pub static NEW_STORAGE_ACCOUNT: Descriptor = Descriptor {
    name: "new_storage_account",
    noun: "storage account",
    verb: Verb::Create,
    help: "Makes a storage account.",
    call: Call::Arm {
        method: "PUT",
        path: "{group}/providers/Microsoft.Storage/storageAccounts/{name}",
        api_version: STORAGE,
    },
    resource: Some("resourceGroups"),
    identity: None,
    arguments: &[
        resource_id("group").required(),
        text("name").required(),
        text("location").required(),
        text("kind").required(),
        object("sku").required(),
        object("tags"),
        object("properties"),
    ],
    made: Some(("get_storage_account", ITS_PLACE)),
    inverse: Inverse::Remove("remove_storage_account"),
    permission: GROUP_CONTRIBUTOR,
    powershell: PROVISIONED,
    ..ARM
};

pub static REMOVE_STORAGE_ACCOUNT: Descriptor = Descriptor {
    name: "remove_storage_account",
    noun: "storage account",
    verb: Verb::Remove,
    help: "Removes a storage account with everything in it.",
    call: Call::Arm {
        method: "DELETE",
        path: "{id}",
        api_version: STORAGE,
    },
    resource: Some("Microsoft.Storage/storageAccounts"),
    arguments: &[],
    impact: irreversible,
    loses: |_, _| Some("every file, table and log in the account is gone for good"),
    before: Some("get_storage_account"),
    inverse: Inverse::None("what was in the account is gone"),
    permission: GROUP_CONTRIBUTOR,
    retry: Retry::ReadBack,
    powershell: az(
        "Remove-AzStorageAccount",
        "Az.Storage",
        &[
            ("ResourceGroupName", Part::After("resourceGroups")),
            ("Name", Part::Last),
            ("Force", Part::On),
        ],
    ),
    ..ARM
};

pub static NEW_DIAGNOSTIC_SETTING: Descriptor = Descriptor {
    name: "new_diagnostic_setting",
    noun: "diagnostic setting",
    verb: Verb::Act("switched on"),
    help: "Sends the logs of a resource somewhere, by a new setting.",
    call: Call::Arm {
        method: "PUT",
        path: "{resource}/providers/Microsoft.Insights/diagnosticSettings/{name}",
        api_version: DIAGNOSTICS,
    },
    identity: None,
    arguments: &[
        resource_id("resource").required(),
        text("name").required(),
        object("properties").required(),
    ],
    made: Some(("find_diagnostic_settings", "resource")),
    inverse: Inverse::Remove("remove_diagnostic_setting"),
    permission: "Monitoring Contributor on the resource",
    ..ARM
};

pub static REMOVE_DIAGNOSTIC_SETTING: Descriptor = Descriptor {
    name: "remove_diagnostic_setting",
    noun: "diagnostic setting",
    verb: Verb::Remove,
    help: "Ends the sending of a resource's logs; what was sent stays.",
    call: Call::Arm {
        method: "DELETE",
        path: "{id}",
        api_version: DIAGNOSTICS,
    },
    resource: Some("Microsoft.Insights/diagnosticSettings"),
    arguments: &[],
    evidence: Some(SETTING_REMOVED),
    inverse: Inverse::Opposite("new_diagnostic_setting"),
    permission: "Monitoring Contributor on the resource",
    retry: Retry::ReadBack,
    powershell: az(
        "Remove-AzDiagnosticSetting",
        "Az.Monitor",
        &[("ResourceId", Part::Parent), ("Name", Part::Last)],
    ),
    ..ARM
};

pub static NEW_ROLE_ASSIGNMENT: Descriptor = Descriptor {
    name: "new_role_assignment",
    noun: "role assignment",
    verb: Verb::Create,
    help: "Assigns an Azure role at a scope; `properties` holds `roleDefinitionId`, `principalId` and `principalType`.",
    call: Call::Arm {
        method: "PUT",
        path: "{scope}/providers/Microsoft.Authorization/roleAssignments/{name}",
        api_version: AUTHORIZATION,
    },
    identity: None,
    label: "scope",
    arguments: &[
        resource_id("scope").required(),
        guid("name").required(),
        object("properties").required(),
    ],
    impact: high,
    made: Some(("find_role_assignments", "scope")),
    loses: |_, _| Some("the principal may do whatever the role allows, at this scope and everywhere below it"),
    inverse: Inverse::Remove("remove_role_assignment"),
    permission: "User Access Administrator at the scope",
    ..ARM
};

pub static REMOVE_ROLE_ASSIGNMENT: Descriptor = Descriptor {
    name: "remove_role_assignment",
    noun: "role assignment",
    verb: Verb::Remove,
    help: "Takes an Azure role away.",
    call: Call::Arm {
        method: "DELETE",
        path: "{id}",
        api_version: AUTHORIZATION,
    },
    resource: Some("Microsoft.Authorization/roleAssignments"),
    arguments: &[],
    impact: high,
    evidence: Some(ROLE_REMOVED),
    loses: |_, _| Some("the principal no longer may do what the role allows, at this scope and below it"),
    inverse: Inverse::Opposite("new_role_assignment"),
    permission: "User Access Administrator at the scope",
    retry: Retry::ReadBack,
    ..ARM
};

"""azure-mgmt-*: the resource group, vault, storage account and rights that the setup makes."""

import uuid

import azure.core.exceptions
import azure.identity
import pytest
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.keyvault import KeyVaultManagementClient
from azure.mgmt.monitor import MonitorManagementClient
from azure.mgmt.resource.resources import ResourceManagementClient
from azure.mgmt.resource.subscriptions import SubscriptionClient
from azure.mgmt.storage import StorageManagementClient

from site_under_test import EXCHANGE_APP
from site_under_test import ARM
from site_under_test import claims
from site_under_test import eventually
from site_under_test import unique

LOCATION = "westeurope"
KEY_VAULT_READER = "Key Vault Reader"


@pytest.fixture(scope="module")
def credential(northwind):
    return azure.identity.ClientSecretCredential(northwind.tenant_id, northwind.client_id, northwind.client_secret)


@pytest.fixture(scope="module")
def group(northwind, credential):
    """A resource group, made by the library."""
    groups = ResourceManagementClient(credential, northwind.subscription_id).resource_groups
    name = unique("rg-strangers")
    assert not groups.check_existence(name)
    made = groups.create_or_update(name, {"location": LOCATION, "tags": {"of": "strangers"}})
    assert made.properties.provisioning_state == "Succeeded"
    assert groups.check_existence(name)
    assert name in [known.name for known in groups.list()]
    return name


@pytest.fixture(scope="module")
def vault(northwind, credential, group):
    """A vault with access policies, made by the library."""
    vaults = KeyVaultManagementClient(credential, northwind.subscription_id).vaults
    name = unique("kv")
    free = vaults.check_name_availability({"name": name, "type": "Microsoft.KeyVault/vaults"})
    assert free.name_available
    policy = {
        "tenantId": northwind.tenant_id,
        "objectId": claims(northwind.token(ARM))["oid"],
        "permissions": {"certificates": ["get", "list", "create", "import"], "secrets": ["get", "list", "set"]},
    }
    wanted = {
        "location": LOCATION,
        "properties": {
            "tenantId": northwind.tenant_id,
            "sku": {"family": "A", "name": "standard"},
            "enableRbacAuthorization": False,
            "accessPolicies": [policy],
        },
    }
    return vaults.begin_create_or_update(group, name, wanted).result()


@pytest.fixture(scope="module")
def account(northwind, credential, group):
    """A storage account, made by the library."""
    accounts = StorageManagementClient(credential, northwind.subscription_id).storage_accounts
    name = unique("st").replace("-", "")
    free = accounts.check_name_availability({"name": name, "type": "Microsoft.Storage/storageAccounts"})
    assert free.name_available
    wanted = {"location": LOCATION, "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
    return accounts.begin_create(group, name, wanted).result()


def test_the_subscription_is_listed_with_its_tenant_and_its_regions(northwind, credential):
    client = SubscriptionClient(credential)

    [subscription] = client.subscriptions.list()
    [tenant] = client.tenants.list()
    regions = {region.name: region for region in client.subscriptions.list_locations(northwind.subscription_id)}

    assert subscription.subscription_id == northwind.subscription_id
    assert subscription.state == "Enabled"
    assert tenant.tenant_id == northwind.tenant_id
    assert northwind.domain in tenant.domains
    assert regions[LOCATION].display_name == "West Europe"
    assert regions[LOCATION].metadata.region_type == "Physical"


def test_a_provider_is_registered(northwind, credential):
    providers = ResourceManagementClient(credential, northwind.subscription_id).providers

    providers.register("microsoft.insights")

    ask = lambda: providers.get("microsoft.insights").registration_state == "Registered"
    assert eventually(ask)
    assert "Microsoft.KeyVault" in [provider.namespace for provider in providers.list()]


def test_a_vault_is_made_and_read_back(northwind, credential, group, vault):
    vaults = KeyVaultManagementClient(credential, northwind.subscription_id).vaults

    assert vault.properties.provisioning_state == "Succeeded"
    assert vault.properties.vault_uri == f"https://{vault.name}.vault.azure.net/"
    assert vault.properties.enable_soft_delete
    assert vaults.get(group, vault.name).id == vault.id
    assert [known.name for known in vaults.list_by_resource_group(group)] == [vault.name]
    taken = vaults.check_name_availability({"name": vault.name, "type": "Microsoft.KeyVault/vaults"})
    assert not taken.name_available
    assert taken.reason == "AlreadyExists"


def test_exchange_is_let_into_the_vault(northwind, credential, group, vault):
    found = northwind.graph("GET", f"servicePrincipals?$filter=appId eq '{EXCHANGE_APP}'")
    exchange = found["value"][0]["id"]
    vaults = KeyVaultManagementClient(credential, northwind.subscription_id).vaults
    entry = {
        "tenantId": northwind.tenant_id,
        "objectId": exchange,
        "permissions": {"certificates": ["get", "list"], "secrets": ["get", "list"]},
    }

    vaults.update_access_policy(group, vault.name, "add", {"properties": {"accessPolicies": [entry]}})

    policies = {policy.object_id: policy for policy in vaults.get(group, vault.name).properties.access_policies}
    assert policies[exchange].permissions.secrets == ["get", "list"]
    assert len(policies) == 2


def test_a_vault_name_that_cannot_be_is_refused(northwind, credential, group):
    vaults = KeyVaultManagementClient(credential, northwind.subscription_id).vaults
    wanted = {
        "location": LOCATION,
        "properties": {
            "tenantId": northwind.tenant_id,
            "sku": {"family": "A", "name": "standard"},
            "accessPolicies": [],
        },
    }

    with pytest.raises(azure.core.exceptions.HttpResponseError) as refused:
        vaults.begin_create_or_update(group, "1-not-a-name", wanted)

    assert refused.value.status_code == 400
    assert refused.value.error.code == "VaultNameNotValid"


def test_a_deleted_vault_is_listed_and_purged(northwind, credential, group):
    vaults = KeyVaultManagementClient(credential, northwind.subscription_id).vaults
    name = unique("kv")
    wanted = {
        "location": LOCATION,
        "properties": {
            "tenantId": northwind.tenant_id,
            "sku": {"family": "A", "name": "standard"},
            "accessPolicies": [],
        },
    }
    vaults.begin_create_or_update(group, name, wanted).result()

    vaults.delete(group, name)

    assert name in [deleted.name for deleted in vaults.list_deleted()]
    with pytest.raises(azure.core.exceptions.ResourceNotFoundError):
        vaults.get(group, name)
    vaults.begin_purge_deleted(name, LOCATION).result()
    assert name not in [deleted.name for deleted in vaults.list_deleted()]


def test_a_storage_account_takes_the_audit_log_of_the_vault(northwind, credential, account, vault):
    assert account.provisioning_state == "Succeeded"
    settings = MonitorManagementClient(credential, northwind.subscription_id).diagnostic_settings

    settings.create_or_update(
        vault.id,
        "audit",
        {
            "storage_account_id": account.id,
            "logs": [{"category": "AuditEvent", "enabled": True, "retention_policy": {"enabled": False, "days": 0}}],
        },
    )

    [kept] = settings.list(vault.id).value if hasattr(settings.list(vault.id), "value") else settings.list(vault.id)
    assert kept.storage_account_id.lower() == account.id.lower()
    assert [(log.category, log.enabled) for log in kept.logs] == [("AuditEvent", True)]


def test_a_role_is_assigned_at_the_vault_and_found(northwind, credential, vault):
    client = AuthorizationManagementClient(credential, northwind.subscription_id)
    [definition] = client.role_definitions.list(vault.id, filter=f"roleName eq '{KEY_VAULT_READER}'")
    application = northwind.application()
    found = northwind.graph("GET", f"servicePrincipals?$filter=appId eq '{application['appId']}'")
    principal = found["value"][0]["id"]
    name = str(uuid.uuid4())
    wanted = {"role_definition_id": definition.id, "principal_id": principal, "principal_type": "ServicePrincipal"}

    made = client.role_assignments.create(vault.id, name, wanted)

    assert made.name == name
    at_vault = client.role_assignments.list_for_scope(vault.id, filter="atScope()")
    assert principal in [assignment.principal_id for assignment in at_vault]


def test_what_is_not_there_is_told_as_such(northwind, credential):
    groups = ResourceManagementClient(credential, northwind.subscription_id).resource_groups

    with pytest.raises(azure.core.exceptions.ResourceNotFoundError) as missing:
        groups.get("rg-nowhere")

    assert missing.value.error.code == "ResourceGroupNotFound"


def test_another_tenants_subscription_is_out_of_reach(contoso, northwind):
    credential = azure.identity.ClientSecretCredential(contoso.tenant_id, contoso.client_id, contoso.client_secret)
    groups = ResourceManagementClient(credential, northwind.subscription_id).resource_groups

    with pytest.raises(azure.core.exceptions.ClientAuthenticationError, match="InvalidAuthenticationTokenTenant"):
        list(groups.list())

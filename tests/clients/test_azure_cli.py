"""The Azure CLI as an administrator types it: the setup's own steps, by an application and by a person."""

import json
import os
import re
import subprocess

import pytest

from person import Person
from site_under_test import EXCHANGE_APP
from site_under_test import GRAPH_APP
from site_under_test import MAILBOX_MIGRATION
from site_under_test import eventually
from site_under_test import unique

AZ = os.environ.get("XTENANT_AZ", "az")


class Terminal:
    """A terminal with a configuration folder of its own."""

    def __init__(self, folder):
        self.environment = os.environ | {"AZURE_CONFIG_DIR": str(folder), "AZURE_CORE_NO_COLOR": "true"}

    def start(self, words):
        pipe = subprocess.PIPE
        return subprocess.Popen([AZ, *words, "--output", "json"], env=self.environment, stdout=pipe, stderr=pipe, text=True)

    def az(self, line, *more):
        """Runs a line and gives what it prints, as JSON. What has blanks comes in `more`."""
        program = self.start([*line.split(), *more])
        out, err = program.communicate(timeout=150)
        assert program.returncode == 0, f"az {line}: {err}"
        return json.loads(out) if out.strip() else None

    def refused(self, line, *more):
        """Runs a line that has to fail, and gives what it says."""
        program = self.start([*line.split(), *more])
        _, err = program.communicate(timeout=150)
        assert program.returncode != 0, line
        return err


@pytest.fixture(scope="module")
def terminal(northwind, tmp_path_factory):
    """A terminal where the administrator's application is signed in."""
    terminal = Terminal(tmp_path_factory.mktemp("azure"))
    login = f"login --service-principal -u {northwind.client_id} -p {northwind.client_secret}"
    [account] = terminal.az(f"{login} --tenant {northwind.domain}")
    assert account["id"] == northwind.subscription_id
    return terminal


@pytest.fixture(scope="module")
def group(terminal):
    """A resource group, made by the command line."""
    name = unique("rg-cli")
    assert terminal.az(f"group create -n {name} -l westeurope")["properties"]["provisioningState"] == "Succeeded"
    assert terminal.az(f"group exists -n {name}") is True
    return name


@pytest.fixture(scope="module")
def vault(terminal, group):
    """A vault with access policies, made by the command line: who makes it may do everything in it."""
    return terminal.az(f"keyvault create -n {unique('kv')} -g {group} --enable-rbac-authorization false")


@pytest.fixture(scope="module")
def application(terminal):
    """The migration's application, made by the command line, with its service principal."""
    wanted = [
        {"resourceAppId": EXCHANGE_APP, "resourceAccess": [{"id": MAILBOX_MIGRATION, "type": "Role"}]},
    ]
    name = unique("northwindtraders_Friends_contoso")
    made = terminal.az(
        f"ad app create --display-name {name} --sign-in-audience AzureADMultipleOrgs",
        *["--web-redirect-uris", "https://office.com", "--required-resource-accesses", json.dumps(wanted)],
    )
    principal = terminal.az(f"ad sp create --id {made['appId']}")
    assert principal["appId"] == made["appId"]
    return made


def test_the_account_is_shown(terminal, northwind):
    shown = terminal.az("account show")

    assert shown["tenantId"] == northwind.tenant_id
    assert shown["user"] == {"name": northwind.client_id, "type": "servicePrincipal"}
    assert [known["id"] for known in terminal.az("account list")] == [northwind.subscription_id]
    assert terminal.az("account get-access-token --resource https://vault.azure.net")["tenant"] == northwind.tenant_id
    regions = terminal.az("account list-locations")
    assert "westeurope" in [region["name"] for region in regions]


def test_a_wrong_secret_is_told_with_its_number(northwind, tmp_path):
    login = f"login --service-principal -u {northwind.client_id} -p wrong --tenant {northwind.tenant_id}"

    assert "AADSTS7000215" in Terminal(tmp_path).refused(login)


def test_an_application_is_made_and_found(terminal, application):
    shown = terminal.az(f"ad app show --id {application['appId']}")
    principal = terminal.az(f"ad sp show --id {application['appId']}")

    assert shown["signInAudience"] == "AzureADMultipleOrgs"
    assert shown["requiredResourceAccess"][0]["resourceAccess"][0]["id"] == MAILBOX_MIGRATION
    assert principal["servicePrincipalNames"] == [application["appId"]]
    listed = terminal.az(f"ad app list --display-name {application['displayName']}")
    assert [found["id"] for found in listed] == [application["id"]]


def test_a_reset_credential_signs_in(terminal, application, northwind, tmp_path):
    reset = terminal.az(f"ad app credential reset --id {application['appId']} --append --display-name move")
    assert reset["tenant"] == northwind.tenant_id
    login = f"login --service-principal -u {application['appId']} --tenant {northwind.tenant_id}"
    # A secret may begin with a dash or hold anything else that an option could be taken for.
    login += f" --password={reset['password']} --allow-no-subscriptions"

    [account] = Terminal(tmp_path).az(login)

    assert account["name"].startswith("N/A")


def test_a_delegated_permission_is_granted(terminal, application):
    grant = f"ad app permission grant --id {application['appId']} --api {GRAPH_APP} --scope User.Read"

    assert terminal.az(grant)["scope"] == "User.Read"
    [listed] = terminal.az(f"ad app permission list-grants --id {application['appId']}")
    assert listed["consentType"] == "AllPrincipals"


def test_exchange_is_let_into_the_vault(terminal, vault):
    line = f"keyvault set-policy -n {vault['name']} --spn {EXCHANGE_APP}"

    changed = terminal.az(f"{line} --secret-permissions get list --certificate-permissions get list")

    policies = changed["properties"]["accessPolicies"]
    assert len(policies) == 2
    assert sorted(policies[-1]["permissions"]["secrets"]) == ["get", "list"]


def test_the_vault_is_found_by_its_name_alone(terminal, vault, group):
    shown = terminal.az(f"keyvault show -n {vault['name']}")

    assert shown["resourceGroup"] == group
    assert shown["properties"]["vaultUri"] == f"https://{vault['name']}.vault.azure.net/"
    assert vault["name"] in [known["name"] for known in terminal.az("keyvault list")]


def test_a_certificate_is_made_and_its_secret_read(terminal, vault):
    policy = terminal.az("keyvault certificate get-default-policy")
    policy["x509CertificateProperties"]["subject"] = "CN=northwindtraders_contoso_4711"
    name = ["--vault-name", vault["name"], "-n", "contoso-move-cert"]

    made = terminal.az("keyvault certificate create", *name, "-p", json.dumps(policy))

    assert made["status"] == "completed"
    shown = terminal.az("keyvault certificate show", *name)
    assert shown["policy"]["x509CertificateProperties"]["subject"] == "CN=northwindtraders_contoso_4711"
    assert re.fullmatch("[0-9A-F]{40}", shown["x509ThumbprintHex"])
    secret = terminal.az("keyvault secret show", *name)
    assert secret["contentType"] == "application/x-pkcs12"
    listed = terminal.az(f"keyvault certificate list --vault-name {vault['name']}")
    assert [known["name"] for known in listed] == ["contoso-move-cert"]


def test_a_secret_is_set_and_read(terminal, vault):
    terminal.az(f"keyvault secret set --vault-name {vault['name']} -n app-secret --value correct-horse")

    assert terminal.az(f"keyvault secret show --vault-name {vault['name']} -n app-secret")["value"] == "correct-horse"


def test_an_account_takes_the_audit_log_of_the_vault(terminal, vault, group):
    name = unique("st").replace("-", "")
    made = terminal.az(f"storage account create -n {name} -g {group} -l westeurope --sku Standard_LRS")
    assert made["provisioningState"] == "Succeeded"
    assert name in [known["name"] for known in terminal.az("storage account list")]
    logs = json.dumps([{"category": "AuditEvent", "enabled": True}])
    line = f"monitor diagnostic-settings create -n audit --resource {vault['id']} --storage-account {made['id']}"

    terminal.az(line, "--logs", logs)

    [setting] = terminal.az(f"monitor diagnostic-settings list --resource {vault['id']}")
    assert setting["storageAccountId"].lower() == made["id"].lower()
    assert [(log["category"], log["enabled"]) for log in setting["logs"]] == [("AuditEvent", True)]


def test_a_role_is_assigned_to_an_application_by_its_id(terminal, vault, application):
    role = ["--role", "Key Vault Certificates Officer", "--scope", vault["id"]]

    made = terminal.az(f"role assignment create --assignee {application['appId']}", *role)

    assert made["principalType"] == "ServicePrincipal"
    listed = terminal.az("role assignment list", "--scope", vault["id"])
    assert "Key Vault Certificates Officer" in [entry["roleDefinitionName"] for entry in listed]


def test_a_user_is_made_and_deleted(terminal, northwind):
    upn = f"{unique('cli')}@{northwind.domain}"
    made = terminal.az(f"ad user create --user-principal-name {upn} --password Abc123456!xyz", "--display-name", "A Stranger")

    assert terminal.az(f"ad user show --id {upn}")["id"] == made["id"]
    terminal.az(f"ad user delete --id {upn}")
    assert "does not exist" in terminal.refused(f"ad user show --id {upn}")


def test_any_request_can_be_sent_by_hand(terminal, northwind):
    address = "https://graph.microsoft.com/v1.0/organization?$select=id"

    assert terminal.az(f"rest --method get --url {address}")["value"] == [{"id": northwind.tenant_id}]


def test_an_application_cannot_ask_who_it_is(terminal):
    assert "delegated" in terminal.refused("ad signed-in-user show")


@pytest.fixture(scope="module")
def of_a_person(northwind, tmp_path_factory):
    """A terminal where the administrator signed in with a device code."""
    terminal = Terminal(tmp_path_factory.mktemp("person"))
    with_prompt = terminal.start(["login", "--use-device-code"])
    told = with_prompt.stderr.readline()
    while "enter the code" not in told:
        line = with_prompt.stderr.readline()
        assert line, f"it ended without a code: {told}"
        told += line
    address, code = re.search(r"(https://\S+).* enter the code (\w+)", told).groups()
    Person(northwind.admin_user).approves(address, code)
    out, err = with_prompt.communicate(timeout=120)
    assert with_prompt.returncode == 0, told + err
    [account] = json.loads(out)
    assert account["user"] == {"name": northwind.admin_user, "type": "user"}
    assert account["tenantId"] == northwind.tenant_id
    return terminal


def test_a_person_signs_in_with_a_device_code(of_a_person, northwind):
    me = of_a_person.az("ad signed-in-user show")

    assert me["userPrincipalName"] == northwind.admin_user


def test_a_person_makes_a_vault_and_reads_it(of_a_person, group):
    vault = of_a_person.az(f"keyvault create -n {unique('kv')} -g {group} --enable-rbac-authorization false")
    of_a_person.az(f"keyvault secret set --vault-name {vault['name']} -n one --value two")

    assert of_a_person.az(f"keyvault secret show --vault-name {vault['name']} -n one")["value"] == "two"


def test_a_person_makes_an_application(of_a_person):
    made = of_a_person.az(f"ad app create --display-name {unique('by-person')}")

    assert eventually(lambda: of_a_person.az(f"ad app show --id {made['appId']}"))["id"] == made["id"]


def test_a_person_gets_a_token_for_the_tenant_that_was_asked_for(of_a_person, northwind):
    told = of_a_person.az(f"account get-access-token --tenant {northwind.tenant_id} --scope https://graph.microsoft.com/.default")

    assert told["tenant"] == northwind.tenant_id
    assert told["tokenType"] == "Bearer"

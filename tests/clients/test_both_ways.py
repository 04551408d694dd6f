"""What our scripts make is read by Microsoft's libraries and command line, and what those make is read by our scripts.

The sandbox is one of 2021, where the credential of a migration lay in a vault.
"""

import asyncio
import base64
import json
import os
import subprocess

import azure.identity
import pytest
from azure.keyvault.certificates import CertificateClient
from azure.keyvault.certificates import CertificatePolicy
from azure.mgmt.keyvault import KeyVaultManagementClient
from azure.mgmt.resource.resources import ResourceManagementClient
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from msgraph import GraphServiceClient
from msgraph.generated.models.application import Application
from msgraph.generated.models.key_credential import KeyCredential
from msgraph.generated.models.password_profile import PasswordProfile
from msgraph.generated.models.required_resource_access import RequiredResourceAccess
from msgraph.generated.models.resource_access import ResourceAccess
from msgraph.generated.models.service_principal import ServicePrincipal
from msgraph.generated.models.user import User

import site_under_test
from site_under_test import ARM
from site_under_test import EXCHANGE_APP
from site_under_test import MAILBOX_MIGRATION
from site_under_test import claims
from test_azure_cli import Terminal

PROGRAM = os.path.abspath(os.environ.get("XTENANT", "target/debug/xtenant"))

READS = """
//! Reads what others made.

const PARAMS = #{
    tenant: #{ type: "tenant", help: "Where it was made" },
    application: #{ type: "guid", help: "The application" },
    user: #{ type: "string", help: "The user" },
    vault: #{ type: "string", help: "The vault" },
    certificate: #{ type: "string", help: "The certificate" },
};

let tenant = args.tenant;
let application = tenant.get_application(args.application);
let vault = tenant.find_vaults(tenant.find_subscriptions().first()).filter(|vault| vault.name == args.vault).first();
let certificate = tenant.get_certificate(args.certificate);
#{
    application: application.displayName,
    asks: tenant.find_requested_role_names(application),
    keys: application.keyCredentials.len(),
    principal: tenant.get_service_principal(args.application).appOwnerOrganizationId,
    user: tenant.get_entra_user(args.user).displayName,
    recipient: tenant.get_user(args.user).RecipientTypeDetails,
    vault: vault.location,
    thumbprint: certificate.thumbprint,
    url: certificate.url,
}
"""


class Beside:
    """A sandbox that is served, and a folder in which scripts are run beside it."""

    def __init__(self, folder):
        self.folder = folder
        self.data = folder / "sandbox"
        self.run("sandbox", "new", "--era", "2021", "--start", "now", "--data", str(self.data))
        serve = [PROGRAM, "sandbox", "serve", "--data", str(self.data)]
        self.process = subprocess.Popen(serve, stdout=subprocess.PIPE, text=True, env=self.environment())
        told = json.loads(self.process.stdout.readline())
        self.contoso, self.northwind = (site_under_test.of(tenant) for tenant in told["tenants"])
        self.variables = json.loads(self.run("sandbox", "serve", "--data", str(self.data), "--print-env", "json"))

    def environment(self):
        own = {"XTENANT_SANDBOX": str(self.data), "XTENANT_CONFIG_DIR": str(self.folder / "config")}
        return {"PATH": os.environ["PATH"], "HOME": str(self.folder)} | own

    def run(self, *arguments):
        done = subprocess.run(
            [PROGRAM, *arguments], capture_output=True, text=True, env=self.environment(), cwd=self.folder, timeout=150
        )
        assert done.returncode == 0, f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def script(self, *arguments):
        """Runs a script, and gives its result."""
        return json.loads(self.run("--json", "--yes-irreversible", "run", *arguments))

    @property
    def credential(self):
        tenant = self.northwind
        return azure.identity.ClientSecretCredential(tenant.tenant_id, tenant.client_id, tenant.client_secret)

    def graph(self, work):
        return asyncio.run(work(GraphServiceClient(self.credential)))

    def terminal(self, folder):
        terminal = Terminal(folder)
        tenant = self.northwind
        terminal.az(f"login --service-principal -u {tenant.client_id} -p {tenant.client_secret} --tenant {tenant.domain}")
        return terminal


@pytest.fixture(scope="module")
def beside(tmp_path_factory):
    """The sandbox, with the variables that lead libraries to it."""
    beside = Beside(tmp_path_factory.mktemp("both-ways"))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in beside.variables.items():
            patch.setenv(name, value)
        yield beside
    beside.process.terminate()
    assert beside.process.wait(timeout=30) == 0


VAULT = ["--auth", "key-vault", "--resource-group", "rg-xtmove", "--location", "West Europe"]


@pytest.fixture(scope="module")
def set_up(beside):
    """What `setup-target` and the scripts after it made: application, vault, certificate and one MailUser."""
    domain = beside.contoso.domain
    target = ["setup-target", "--target", "northwind"]
    made = beside.script(*target, "--source-domain", domain, *VAULT, "--key-vault-name", "nwt-xtmove-kv")
    lara = ["--filter", "DisplayName -eq 'Lara Newton'", "--out", "users.csv"]
    beside.script("export-attributes", "--source", "contoso", *lara)
    (beside.folder / "domains.csv").write_text("source,target\ncontoso.com,northwind.com\n", encoding="utf-8")
    files = ["--users", "users.csv", "--domain-map", "domains.csv"]
    beside.script("import-attributes", "--target", "northwind", *files)
    return made


def test_libraries_read_the_application_and_the_certificate_that_our_scripts_made(beside, set_up):
    async def work(client):
        found = await client.applications_with_app_id(set_up["application_id"]).get()
        principal = await client.service_principals_with_app_id(set_up["application_id"]).get()
        return found, principal

    application, principal = beside.graph(work)
    vaults = KeyVaultManagementClient(beside.credential, beside.northwind.subscription_id).vaults
    vault = vaults.get("rg-xtmove", "nwt-xtmove-kv")
    certificates = CertificateClient(vault.properties.vault_uri, beside.credential)
    [listed] = certificates.list_properties_of_certificates()
    certificate = certificates.get_certificate(listed.name)

    assert application.sign_in_audience == "AzureADMultipleOrgs"
    assert str(principal.app_owner_organization_id) == beside.northwind.tenant_id
    [key] = application.key_credentials
    thumbprint = x509.load_der_x509_certificate(bytes(certificate.cer)).fingerprint(hashes.SHA1())
    assert thumbprint == certificate.properties.x509_thumbprint
    assert base64.b64encode(key.custom_key_identifier).decode().upper() == thumbprint.hex().upper()
    readers = [policy.permissions.secrets for policy in vault.properties.access_policies]
    assert ["get", "list"] in [sorted(secrets) for secrets in readers], "Exchange Online reads the certificate"


def test_libraries_read_the_person_whom_our_scripts_prepared(beside, set_up):
    async def work(client):
        return await client.users.by_user_id("Lara.Newton@northwind.com").get()

    lara = beside.graph(work)

    assert lara.display_name == "Lara Newton"
    assert lara.user_principal_name == "Lara.Newton@northwind.com"


def test_the_azure_cli_reads_what_our_scripts_made(beside, set_up, tmp_path):
    terminal = beside.terminal(tmp_path)

    application = terminal.az(f"ad app show --id {set_up['application_id']}")
    [certificate] = terminal.az("keyvault certificate list --vault-name nwt-xtmove-kv")

    assert application["requiredResourceAccess"][0]["resourceAccess"][0]["id"] == MAILBOX_MIGRATION
    name = ["--vault-name", "nwt-xtmove-kv", "-n", certificate["name"]]
    assert terminal.az("keyvault certificate show", *name)["x509ThumbprintHex"] in [
        key["customKeyIdentifier"] for key in application["keyCredentials"]
    ]


@pytest.fixture(scope="module")
def theirs(beside, set_up):
    """What libraries made: an application with the certificate of a vault, all of it their own, and a user."""
    northwind = beside.northwind
    groups = ResourceManagementClient(beside.credential, northwind.subscription_id).resource_groups
    groups.create_or_update("rg-theirs", {"location": "westeurope"})
    policy = {
        "tenantId": northwind.tenant_id,
        "objectId": claims(northwind.token(ARM))["oid"],
        "permissions": {"certificates": ["get", "list", "create"], "secrets": ["get", "list"]},
    }
    properties = {
        "tenantId": northwind.tenant_id,
        "sku": {"family": "A", "name": "standard"},
        "enableRbacAuthorization": False,
        "accessPolicies": [policy],
    }
    vaults = KeyVaultManagementClient(beside.credential, northwind.subscription_id).vaults
    wanted = {"location": "westeurope", "properties": properties}
    vault = vaults.begin_create_or_update("rg-theirs", "theirs-kv", wanted).result()
    certificates = CertificateClient(vault.properties.vault_uri, beside.credential)
    policy = CertificatePolicy("Self", subject="CN=theirs", validity_in_months=12)
    certificate = certificates.begin_create_certificate("theirs", policy).result()
    key = KeyCredential(
        type="AsymmetricX509Cert",
        usage="Verify",
        key=bytes(certificate.cer),
        end_date_time=certificate.properties.expires_on,
    )
    role = ResourceAccess(id=MAILBOX_MIGRATION, type="Role")
    wish = Application(
        display_name="made by a library",
        sign_in_audience="AzureADMultipleOrgs",
        required_resource_access=[RequiredResourceAccess(resource_app_id=EXCHANGE_APP, resource_access=[role])],
        key_credentials=[key],
    )
    person = User(
        account_enabled=True,
        display_name="Made by a library",
        mail_nickname="library",
        user_principal_name=f"library@{northwind.domain}",
        password_profile=PasswordProfile(password="correct Horse 1"),
    )

    async def work(client):
        application = await client.applications.post(wish)
        await client.service_principals.post(ServicePrincipal(app_id=application.app_id))
        await client.users.post(person)
        return application

    return beside.graph(work), certificate


def test_our_scripts_read_what_libraries_made(beside, theirs):
    application, certificate = theirs
    (beside.folder / "reads.rhai").write_text(READS, encoding="utf-8")
    which = ["--application", application.app_id, "--user", f"library@{beside.northwind.domain}"]
    where = ["--vault", "theirs-kv", "--certificate", certificate.id]

    read = beside.script("reads.rhai", "--tenant", "northwind", *which, *where)

    assert read == {
        "application": "made by a library",
        "asks": ["Mailbox.Migration"],
        "keys": 1,
        "principal": beside.northwind.tenant_id,
        "user": "Made by a library",
        "recipient": "User",
        "vault": "westeurope",
        "thumbprint": certificate.properties.x509_thumbprint.hex().upper(),
        "url": certificate.id.replace(".net/", ".net:443/"),
    }


def test_setup_target_takes_over_what_libraries_made(beside, theirs):
    application, certificate = theirs
    theirs = ["--existing-application-id", application.app_id, "--key-vault-name", "theirs-kv", "--certificate-name", "theirs"]
    stage = ["--stage", "azure", "--out", "theirs.json", "--source-domain", beside.contoso.domain]
    vault = ["--auth", "key-vault", "--resource-group", "rg-theirs", "--location", "West Europe"]

    done = beside.script("setup-target", "--target", "northwind", *stage, *vault, *theirs)

    assert done["application_id"] == application.app_id
    assert done["certificate"] == certificate.id.replace(".net/", ".net:443/")
    assert done["state"] == "go on with --stage exchange"

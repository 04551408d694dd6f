"""azure-keyvault-certificates and -secrets: the certificate with which the migration signed in until 2022."""

import base64

import azure.core.exceptions
import azure.identity
import pytest
from azure.keyvault.certificates import CertificateClient
from azure.keyvault.certificates import CertificateContentType
from azure.keyvault.certificates import CertificatePolicy
from azure.keyvault.certificates import KeyType
from azure.keyvault.certificates import WellKnownIssuerNames
from azure.keyvault.secrets import SecretClient
from azure.mgmt.keyvault import KeyVaultManagementClient
from azure.mgmt.resource.resources import ResourceManagementClient
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from site_under_test import ARM
from site_under_test import Certificate
from site_under_test import claims
from site_under_test import unique

SUBJECT = "CN=northwindtraders_contoso_4711"
PERMISSIONS = {
    "certificates": ["get", "list", "create", "import", "update", "delete", "recover"],
    "secrets": ["get", "list", "set", "delete", "recover"],
}


@pytest.fixture(scope="module")
def credential(northwind):
    return azure.identity.ClientSecretCredential(northwind.tenant_id, northwind.client_id, northwind.client_secret)


@pytest.fixture(scope="module")
def vault_url(northwind, credential):
    """A vault in which the administrator's application may do what the setup does."""
    group, name = unique("rg-vault"), unique("kv")
    ResourceManagementClient(credential, northwind.subscription_id).resource_groups.create_or_update(
        group, {"location": "westeurope"}
    )
    policy = {
        "tenantId": northwind.tenant_id,
        "objectId": claims(northwind.token(ARM))["oid"],
        "permissions": PERMISSIONS,
    }
    wanted = {
        "location": "westeurope",
        "properties": {
            "tenantId": northwind.tenant_id,
            "sku": {"family": "A", "name": "standard"},
            "enableRbacAuthorization": False,
            "accessPolicies": [policy],
        },
    }
    vaults = KeyVaultManagementClient(credential, northwind.subscription_id).vaults
    return vaults.begin_create_or_update(group, name, wanted).result().properties.vault_uri


@pytest.fixture(scope="module")
def certificates(vault_url, credential):
    return CertificateClient(vault_url, credential)


@pytest.fixture(scope="module")
def secrets(vault_url, credential):
    return SecretClient(vault_url, credential)


@pytest.fixture(scope="module")
def made(certificates):
    """A self-signed certificate of the kind that the setup asks for, once the vault has made it."""
    policy = CertificatePolicy(
        WellKnownIssuerNames.self,
        subject=SUBJECT,
        key_type=KeyType.rsa,
        key_size=2048,
        exportable=True,
        content_type=CertificateContentType.pkcs12,
        validity_in_months=12,
        enhanced_key_usage=["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"],
    )
    return certificates.begin_create_certificate("contoso-move-cert", policy).result()


def test_a_certificate_is_made_by_its_policy(certificates, made):
    parsed = x509.load_der_x509_certificate(bytes(made.cer))

    assert parsed.subject.rfc4514_string() == SUBJECT
    assert parsed.public_key().key_size == 2048
    assert made.properties.x509_thumbprint == parsed.fingerprint(hashes.SHA1())
    assert made.properties.enabled
    assert made.policy.issuer_name == "Self"
    assert made.policy.validity_in_months == 12
    usages = parsed.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert x509.ExtendedKeyUsageOID.CLIENT_AUTH in usages
    again = certificates.get_certificate("contoso-move-cert")
    assert again.properties.version == made.properties.version
    assert bytes(certificates.get_certificate_version(made.name, made.properties.version).cer) == bytes(made.cer)
    assert "contoso-move-cert" in [known.name for known in certificates.list_properties_of_certificates()]
    operation = certificates.get_certificate_operation("contoso-move-cert")
    assert operation.status == "completed"


def test_the_secret_behind_a_certificate_is_a_pfx_with_the_key(secrets, made):
    secret = secrets.get_secret("contoso-move-cert", made.properties.version)

    assert secret.properties.content_type == "application/x-pkcs12"
    assert secret.properties.managed
    key, certificate, _ = pkcs12.load_key_and_certificates(base64.b64decode(secret.value), None)
    assert certificate.public_bytes(serialization.Encoding.DER) == bytes(made.cer)
    assert key.public_key().public_numbers() == certificate.public_key().public_numbers()


def test_the_vault_s_certificate_signs_in_as_the_application(northwind, secrets, made):
    """The round of the old setup: vault, application, token."""
    key = {
        "type": "AsymmetricX509Cert",
        "usage": "Verify",
        "key": base64.b64encode(bytes(made.cer)).decode(),
        "endDateTime": made.properties.expires_on.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    application = northwind.application(keyCredentials=[key])
    pfx = base64.b64decode(secrets.get_secret("contoso-move-cert").value)

    credential = azure.identity.CertificateCredential(
        northwind.tenant_id, application["appId"], certificate_data=pfx
    )

    assert claims(credential.get_token(f"{ARM}/.default").token)["appid"] == application["appId"]


@pytest.mark.parametrize("form", ["pfx", "pem"])
def test_a_certificate_is_imported(certificates, secrets, form):
    own = Certificate.new(f"imported-{form}")
    if form == "pem":
        given = (own.key_pem + own.pem).encode()
        policy = CertificatePolicy(WellKnownIssuerNames.unknown, content_type=CertificateContentType.pem)
    else:
        given = pkcs12.serialize_key_and_certificates(
            b"imported", own.key, own.certificate, None, serialization.BestAvailableEncryption(b"open sesame")
        )
        policy = None
    password = "open sesame" if form == "pfx" else None

    imported = certificates.import_certificate(f"imported-{form}", given, password=password, policy=policy)

    assert bytes(imported.cer) == own.der
    value = secrets.get_secret(f"imported-{form}").value
    if form == "pem":
        assert "BEGIN PRIVATE KEY" in value
        assert x509.load_pem_x509_certificate(value[value.index("-----BEGIN CERT") :].encode()) == own.certificate
    else:
        assert pkcs12.load_key_and_certificates(base64.b64decode(value), None)[1] == own.certificate


def test_a_secret_is_set_changed_and_read(secrets):
    first = secrets.set_secret("app-secret", "one", content_type="text/plain")
    second = secrets.set_secret("app-secret", "two")

    assert secrets.get_secret("app-secret").value == "two"
    assert secrets.get_secret("app-secret", first.properties.version).value == "one"
    versions = [version.version for version in secrets.list_properties_of_secret_versions("app-secret")]
    assert sorted(versions) == sorted([first.properties.version, second.properties.version])


def test_a_deleted_secret_is_recovered(secrets):
    secrets.set_secret("soon-gone", "here")

    secrets.begin_delete_secret("soon-gone").wait()

    with pytest.raises(azure.core.exceptions.ResourceNotFoundError):
        secrets.get_secret("soon-gone")
    secrets.begin_recover_deleted_secret("soon-gone").wait()
    assert secrets.get_secret("soon-gone").value == "here"


def test_what_the_policy_does_not_permit_is_refused(northwind, vault_url):
    application = northwind.application()
    secret = northwind.graph("POST", f"applications/{application['id']}/addPassword", {})["secretText"]
    stranger = azure.identity.ClientSecretCredential(northwind.tenant_id, application["appId"], secret)

    with pytest.raises(azure.core.exceptions.HttpResponseError) as refused:
        CertificateClient(vault_url, stranger).get_certificate("contoso-move-cert")

    assert refused.value.status_code == 403
    assert refused.value.error.code == "Forbidden"
    assert refused.value.error.innererror["code"] == "ForbiddenByPolicy"


def test_a_certificate_that_is_not_there_is_told_as_such(certificates):
    with pytest.raises(azure.core.exceptions.ResourceNotFoundError) as missing:
        certificates.get_certificate("nowhere")

    assert missing.value.error.code == "CertificateNotFound"

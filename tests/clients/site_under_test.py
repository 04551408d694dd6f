"""The served sandbox as the tests see it: what its first line on standard output says, and raw HTTP for what no SDK is asked to do."""

import base64
import dataclasses
import datetime
import json
import os
import time
import uuid

import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

LOGIN = "https://login.microsoftonline.com"
GRAPH = "https://graph.microsoft.com"
ARM = "https://management.azure.com"
VAULT = "https://vault.azure.net"
EXCHANGE = "https://outlook.office365.com"

# Microsoft's own public clients and resources, by the ids that Microsoft publishes.
AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
GRAPH_APP = "00000003-0000-0000-c000-000000000000"
EXCHANGE_APP = "00000002-0000-0ff1-ce00-000000000000"
USER_INVITE_ALL = "09850681-111b-4a89-9bed-3f2cae46d706"
MAILBOX_MIGRATION = "f7264778-fba9-422d-8e9e-2675a2c4b513"


@dataclasses.dataclass(frozen=True)
class Tenant:
    """One of the two tenants, with its administrator as a person and as an application."""

    name: str
    domain: str
    tenant_id: str
    subscription_id: str
    admin_user: str
    client_id: str
    client_secret: str

    @property
    def authority(self):
        return f"{LOGIN}/{self.tenant_id}"

    def token(self, resource):
        """A token of the administrator's application."""
        form = {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "scope": f"{resource}/.default",
        }
        answer = requests.post(f"{self.authority}/oauth2/v2.0/token", data=form, timeout=60)
        answer.raise_for_status()
        return answer.json()["access_token"]

    def graph(self, method, path, body=None):
        """Asks Graph as the administrator's application."""
        headers = {"Authorization": f"Bearer {self.token(GRAPH)}"}
        answer = requests.request(method, f"{GRAPH}/v1.0/{path}", json=body, headers=headers, timeout=60)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def application(self, **properties):
        """Makes an application with a service principal, and gives the application."""
        application = self.graph("POST", "applications", {"displayName": unique("strangers"), **properties})
        self.graph("POST", "servicePrincipals", {"appId": application["appId"]})
        return application


def tenants():
    """The tenants that the sandbox under test named when it started."""
    with open(os.environ["XTENANT_SITE"], encoding="utf-8") as file:
        told = json.loads(file.readline())
    return {tenant["name"]: of(tenant) for tenant in told["tenants"]}


def of(told):
    application = told["admin_app"]
    names = ["name", "domain", "tenant_id", "subscription_id", "admin_user"]
    return Tenant(*(told[name] for name in names), application["client_id"], application["client_secret"])


def unique(prefix):
    """A name that nothing else in the sandbox has."""
    return f"{prefix}-{uuid.uuid4().hex[:8]}"


def claims(token):
    """What a token says, unverified: a client has no business to verify it."""
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def eventually(ask, seconds=90):
    """Asks until the answer is true, as the directory may need time to replicate."""
    end = time.monotonic() + seconds
    while True:
        answer = ask()
        if answer or time.monotonic() > end:
            return answer
        time.sleep(1)


@dataclasses.dataclass(frozen=True)
class Certificate:
    """A self-signed certificate with its key, as an administrator makes one with OpenSSL."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey

    @classmethod
    def new(cls, subject):
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, subject)])
        now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(minutes=10))
            .not_valid_after(now + datetime.timedelta(days=360))
            .sign(key, hashes.SHA256())
        )
        return cls(made, key)

    @property
    def der(self):
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def pem(self):
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def key_pem(self):
        form = serialization.PrivateFormat.PKCS8
        return self.key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()

    @property
    def sha1(self):
        return self.certificate.fingerprint(hashes.SHA1()).hex()

    def credential(self):
        """As Graph takes it into `keyCredentials`."""
        start, end = self.certificate.not_valid_before_utc, self.certificate.not_valid_after_utc
        return {
            "type": "AsymmetricX509Cert",
            "usage": "Verify",
            "key": base64.b64encode(self.der).decode(),
            "startDateTime": start.isoformat().replace("+00:00", "Z"),
            "endDateTime": end.isoformat().replace("+00:00", "Z"),
        }

"""azure-identity: the credentials that the other Azure libraries are given."""

import azure.identity
import pytest

from person import Person
from site_under_test import ARM
from site_under_test import Certificate
from site_under_test import GRAPH
from site_under_test import VAULT
from site_under_test import claims
from site_under_test import eventually


@pytest.fixture(scope="module")
def certified(northwind, tmp_path_factory):
    """An application of northwind, and the file with the certificate that it signs in with."""
    certificate = Certificate.new("strangers-identity")
    application = northwind.application(keyCredentials=[certificate.credential()])
    file = tmp_path_factory.mktemp("identity") / "certificate.pem"
    file.write_text(certificate.key_pem + certificate.pem)
    return application, str(file)


def test_a_secret(contoso):
    credential = azure.identity.ClientSecretCredential(contoso.tenant_id, contoso.client_id, contoso.client_secret)

    token = credential.get_token(f"{ARM}/.default")

    said = claims(token.token)
    assert said["aud"] == ARM
    assert said["appid"] == contoso.client_id
    assert token.expires_on == said["exp"] or abs(token.expires_on - said["exp"]) < 300


def test_a_wrong_secret_is_told(contoso):
    credential = azure.identity.ClientSecretCredential(contoso.tenant_id, contoso.client_id, "wrong")

    with pytest.raises(azure.core.exceptions.ClientAuthenticationError, match="AADSTS7000215"):
        credential.get_token(f"{ARM}/.default")


@pytest.mark.parametrize("with_chain", [False, True])
def test_a_certificate(northwind, certified, with_chain):
    application, file = certified

    def ask():
        try:
            credential = azure.identity.CertificateCredential(
                northwind.tenant_id, application["appId"], file, send_certificate_chain=with_chain
            )
            return credential.get_token(f"{GRAPH}/.default")
        except azure.core.exceptions.ClientAuthenticationError:
            return None

    said = claims(eventually(ask).token)

    assert said["appid"] == application["appId"]
    assert said["appidacr"] == "2"


def test_a_device_code_is_approved_on_the_page(northwind):
    shown = []

    def prompt(address, code, expires):
        shown.append(expires)
        Person(northwind.admin_user).approves(address, code)

    credential = azure.identity.DeviceCodeCredential(tenant_id=northwind.tenant_id, prompt_callback=prompt)

    token = credential.get_token(f"{ARM}/.default")

    said = claims(token.token)
    assert said["upn"] == northwind.admin_user
    assert said["scp"] == "user_impersonation"
    assert claims(credential.get_token(f"{VAULT}/.default").token)["aud"] == VAULT
    assert len(shown) == 1, "the second token comes from the refresh token"


def test_a_window_of_the_browser(northwind, browser):
    browser.of(northwind.admin_user)
    credential = azure.identity.InteractiveBrowserCredential(tenant_id=northwind.tenant_id, timeout=60)

    said = claims(credential.get_token(f"{GRAPH}/.default").token)

    assert said["upn"] == northwind.admin_user
    assert browser.opened == 1


def test_a_code_that_a_web_application_was_sent(contoso):
    """As an application with its own registration does it, with a secret, a redirect address and consent."""
    redirect = "http://localhost:48124/signed-in"
    application = contoso.application(web={"redirectUris": [redirect]})
    secret = contoso.graph("POST", f"applications/{application['id']}/addPassword", {})["secretText"]
    query = {
        "client_id": application["appId"],
        "response_type": "code",
        "redirect_uri": redirect,
        "response_mode": "query",
        "scope": f"{GRAPH}/User.Read offline_access openid profile",
        "state": "42",
    }
    person = Person(contoso.admin_user)
    person.signs_in(f"{contoso.authority}/oauth2/v2.0/authorize", **query)
    person.press("Accept")
    answered = person.landed()
    assert answered["state"] == "42", answered
    credential = azure.identity.AuthorizationCodeCredential(
        contoso.tenant_id, application["appId"], answered["code"], redirect, client_secret=secret
    )

    said = claims(credential.get_token(f"{GRAPH}/User.Read").token)

    assert "User.Read" in said["scp"].split()
    assert said["appid"] == application["appId"]

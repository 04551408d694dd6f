"""Microsoft's sign-in library: each way to a token that it has for our purposes."""

import msal
import pytest

from person import Person
from site_under_test import ARM
from site_under_test import AZURE_CLI
from site_under_test import Certificate
from site_under_test import EXCHANGE
from site_under_test import GRAPH
from site_under_test import LOGIN
from site_under_test import VAULT
from site_under_test import claims
from site_under_test import eventually

ORGANIZATIONS = f"{LOGIN}/organizations"
REDIRECT = "http://localhost:48123"


@pytest.fixture(scope="module")
def certified(northwind):
    """An application of northwind, and the certificate that it signs in with."""
    certificate = Certificate.new("strangers-msal")
    application = northwind.application(keyCredentials=[certificate.credential()])
    return application, certificate


def confidential(tenant, client_id, credential):
    return msal.ConfidentialClientApplication(client_id, client_credential=credential, authority=tenant.authority)


def got(answer):
    assert answer and "access_token" in answer, answer
    return claims(answer["access_token"])


@pytest.mark.parametrize(
    ("resource", "audience"),
    [(GRAPH, GRAPH), (ARM, ARM), (VAULT, VAULT), (EXCHANGE, EXCHANGE)],
)
def test_a_secret_gets_a_token_for_each_resource(contoso, resource, audience):
    app = confidential(contoso, contoso.client_id, contoso.client_secret)

    said = got(app.acquire_token_for_client([f"{resource}/.default"]))

    assert said["aud"] == audience
    assert said["tid"] == contoso.tenant_id
    assert said["appid"] == contoso.client_id
    assert said["idtyp"] == "app"
    assert said["appidacr"] == "1"


def test_a_token_is_kept_and_given_again(contoso):
    app = confidential(contoso, contoso.client_id, contoso.client_secret)
    first = app.acquire_token_for_client([f"{GRAPH}/.default"])

    again = app.acquire_token_for_client([f"{GRAPH}/.default"])

    assert again["token_source"] == "cache"
    assert again["access_token"] == first["access_token"]


def test_a_wrong_secret_is_told_by_its_number(contoso):
    app = confidential(contoso, contoso.client_id, "wrong")

    answer = app.acquire_token_for_client([f"{GRAPH}/.default"])

    assert answer["error"] == "invalid_client"
    assert answer["error_codes"] == [7000215]


def test_an_authority_is_known_by_its_domain(contoso):
    app = msal.ConfidentialClientApplication(
        contoso.client_id, client_credential=contoso.client_secret, authority=f"{LOGIN}/{contoso.domain}"
    )

    assert got(app.acquire_token_for_client([f"{GRAPH}/.default"]))["tid"] == contoso.tenant_id


def test_a_certificate_signs_with_ps256(northwind, certified):
    application, certificate = certified
    credential = {"private_key": certificate.key_pem, "public_certificate": certificate.pem}

    said = certificate_token(northwind, application, credential)

    assert said["appidacr"] == "2"


def test_a_certificate_signs_with_rs256_and_its_thumbprint(northwind, certified):
    application, certificate = certified
    credential = {"private_key": certificate.key_pem, "thumbprint": certificate.sha1}

    said = certificate_token(northwind, application, credential)

    assert said["appid"] == application["appId"]


def test_a_certificate_that_nobody_registered_is_refused(northwind, certified):
    application, _ = certified
    other = Certificate.new("somebody-else")
    app = confidential(northwind, application["appId"], {"private_key": other.key_pem, "thumbprint": other.sha1})

    answer = app.acquire_token_for_client([f"{GRAPH}/.default"])

    assert answer["error_codes"] == [700027]


def certificate_token(tenant, application, credential):
    def ask():
        app = confidential(tenant, application["appId"], credential)
        answer = app.acquire_token_for_client([f"{GRAPH}/.default"])
        return answer if "access_token" in answer else None

    return got(eventually(ask))


def test_a_device_code_is_approved_on_the_page_and_serves_every_resource(northwind):
    app = msal.PublicClientApplication(AZURE_CLI, authority=ORGANIZATIONS)
    flow = app.initiate_device_flow([f"{GRAPH}/.default"])
    assert flow["verification_uri"] == "https://microsoft.com/devicelogin"
    Person(northwind.admin_user).approves(flow["verification_uri"], flow["user_code"])

    answer = app.acquire_token_by_device_flow(flow)

    said = got(answer)
    assert said["upn"] == northwind.admin_user
    assert said["tid"] == northwind.tenant_id
    assert "Directory.AccessAsUser.All" in said["scp"].split()
    assert answer["id_token_claims"]["preferred_username"] == northwind.admin_user
    assert answer["id_token_claims"]["aud"] == AZURE_CLI
    [account] = app.get_accounts()
    assert account["username"] == northwind.admin_user
    for resource in (ARM, VAULT):
        other = got(app.acquire_token_silent([f"{resource}/.default"], account))
        assert other["aud"] == resource
        assert other["scp"] == "user_impersonation"
        assert other["oid"] == said["oid"]


def test_a_declined_device_code_ends_the_wait(northwind):
    app = msal.PublicClientApplication(AZURE_CLI, authority=northwind.authority)
    flow = app.initiate_device_flow([f"{GRAPH}/.default"])
    Person(northwind.admin_user).declines(flow["verification_uri"], flow["user_code"])

    answer = app.acquire_token_by_device_flow(flow)

    assert answer["error"] == "authorization_declined"


def test_a_code_with_pkce_is_redeemed_once(contoso):
    app = msal.PublicClientApplication(AZURE_CLI, authority=contoso.authority)
    flow = app.initiate_auth_code_flow([f"{GRAPH}/.default"], redirect_uri=REDIRECT)
    person = Person(contoso.admin_user)
    person.signs_in(flow["auth_uri"])
    answered = person.landed()
    assert person.address.startswith(REDIRECT)
    assert answered["state"] == flow["state"]

    said = got(app.acquire_token_by_auth_code_flow(flow, answered))

    assert said["upn"] == contoso.admin_user
    again = app.acquire_token_by_auth_code_flow(flow, answered)
    assert again["error"] == "invalid_grant"
    assert again["error_codes"] == [54005]


def test_a_window_of_the_browser_posts_the_code_to_the_listener(contoso, browser):
    browser.of(contoso.admin_user)
    app = msal.PublicClientApplication(AZURE_CLI, authority=contoso.authority)

    answer = app.acquire_token_interactive([f"{ARM}/.default"], prompt="select_account", timeout=60)

    assert got(answer)["upn"] == contoso.admin_user
    assert browser.opened == 1


def test_a_person_of_another_tenant_is_not_let_in(contoso, northwind):
    app = msal.PublicClientApplication(AZURE_CLI, authority=contoso.authority)
    flow = app.initiate_auth_code_flow([f"{GRAPH}/.default"], redirect_uri=REDIRECT)
    person = Person(northwind.admin_user)

    person.signs_in(flow["auth_uri"])

    assert "AADSTS50020" in person.told() or "AADSTS50020" in person.landed().get("error_description", "")

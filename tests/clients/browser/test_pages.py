"""The pages of the sandbox in Chromium: an administrator presses the buttons that a migration waits for."""

import urllib.parse

import pytest
from playwright.sync_api import Error
from playwright.sync_api import sync_playwright

from served import CHROMIUM
from served import chromium
from served import served
from served import sign_in
from served import wait_until

AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
LOGIN = "https://login.microsoftonline.com"
SOURCE = "contoso.onmicrosoft.com"
APP_ROLE_ASSIGNMENT_READ_WRITE_ALL = "06b708a9-e830-4db3-a914-8e69da51d44f"


@pytest.fixture(scope="module")
def today():
    with served() as site:
        yield site


def landed(page):
    """The parameters of the address where the browser is."""
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(page.url).query))


def consent(page, link, account):
    """Opens a consent link and presses Accept."""
    page.goto(link)
    sign_in(page, account)
    accept(page)


def accept(page):
    page.get_by_role("heading", name="Permissions requested").wait_for()
    assert page.get_by_text("Move mailboxes between organizations").is_visible()
    page.get_by_role("button", name="Accept").click()
    page.get_by_text("Consent was given").wait_for()
    assert landed(page)["admin_consent"] == "True"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_the_set_up_goes_on_when_the_source_has_consented_in_the_browser(scripts):
    with served() as site, chromium(site, scripts) as page:
        asked = site.script("setup-target", "--target", "northwind", "--source-domain", SOURCE)
        assert asked["state"] == f"waiting for {SOURCE}", asked

        consent(page, asked["consent_link"], site.admin("contoso"))

        assert landed(page)["tenant"] == site.tenants["contoso"]["tenant_id"]
        site.script("setup-source", "--source", "contoso", "--handoff", "to-source.json", "--scope-group", "Kermit Scope")
        done = site.script("setup-target", "--target", "northwind", "--continue", "to-target.json")
        assert done["state"] == "ready", done


def test_a_run_that_may_not_consent_itself_waits_for_the_button(today):
    target = today.tenants["northwind"]
    app_id = target["admin_app"]["client_id"]
    take_away(today, app_id, APP_ROLE_ASSIGNMENT_READ_WRITE_ALL)
    (today.folder / "config").mkdir()
    profile = f'[profiles.rehearsal]\ndomain = "{target["domain"]}"\nclient_id = "{app_id}"\nsecret_env = "REHEARSAL_SECRET"\n'
    (today.folder / "config" / "config.toml").write_text(profile, encoding="utf-8")
    run = today.start(
        *["--yes-irreversible", "run", "setup-target", "--target", "rehearsal", "--source-domain", SOURCE],
        REHEARSAL_SECRET=target["admin_app"]["client_secret"],
        HTTPS_PROXY=today.told["proxy"],
        SSL_CERT_FILE=today.told["ca_file"],
    )
    try:
        # The organization takes its time to open, by the sandbox's clock, and the run waits by this computer's.
        wait_until(lambda: "opened for customization" in today.log())
        today.run("sandbox", "advance", "30m")
        link = wait_until(lambda: link_in(today.log(), target["domain"]))
        assert run.poll() is None, today.log()

        with chromium(today) as page:
            consent(page, link, today.admin("northwind"))

        assert run.wait(timeout=90) == 0, today.log()
        assert f"waiting for {SOURCE}" in today.log()
    finally:
        print(today.log())
        run.kill()


def take_away(site, app_id, role_id):
    """Takes an app role from an application of the target."""
    principal = site.graph("northwind", "GET", f"servicePrincipals(appId='{app_id}')")["id"]
    held = site.graph("northwind", "GET", f"servicePrincipals/{principal}/appRoleAssignments")["value"]
    assignment = next(held["id"] for held in held if held["appRoleId"] == role_id)
    site.graph("northwind", "DELETE", f"servicePrincipals/{principal}/appRoleAssignments/{assignment}")


def link_in(log, tenant):
    """The consent link for that tenant among what a run has written."""
    links = [word for word in log.split() if word.startswith(f"{LOGIN}/{tenant}/adminconsent")]
    return links[0] if links else None


def test_the_administrator_of_the_source_finds_the_invitation_of_the_classic_flow_and_consents():
    with served(era="2021") as site, chromium(site) as page:
        cleo = site.admin("contoso")
        vault = ["--auth", "key-vault", "--resource-group", "rg-xtmove", "--key-vault-name", "nwt-xtmove-kv", "--location", "West Europe"]
        mail = ["--app-permissions", "exchange,graph", "--source-admin", cleo, "--use-app-for-invitation"]
        site.script("setup-target", "--target", "northwind", "--source-domain", SOURCE, *vault, *mail)

        page.goto("https://outlook.office.com/mail/")
        sign_in(page, cleo)
        page.get_by_role("link", name="invited you to access applications").click()
        assert page.get_by_text("asks for permission to move mailboxes").is_visible()
        page.get_by_role("link", name="Accept invitation").click()
        page.get_by_role("heading", name="Review permissions").wait_for()
        page.get_by_role("button", name="Accept").click()
        accept(page)

        guests = site.graph("northwind", "GET", f"users?$filter=mail eq '{cleo}'&$select=id,externalUserState")["value"]
        assert [guest["externalUserState"] for guest in guests] == ["Accepted"]
        site.script("setup-source", "--source", "contoso", "--handoff", "to-source.json", "--scope-group", "Kermit Scope")
        checked = site.script("setup-target", "--target", "northwind", "--continue", "to-target.json", *vault)
        assert checked["state"] == "ready", checked


def test_cancel_is_told_to_the_application_and_grants_nothing(today):
    application = {
        "displayName": "<script>document.title = 'taken'</script>",
        "signInAudience": "AzureADMultipleOrgs",
        "web": {"redirectUris": ["https://office.com"]},
    }
    app_id = today.graph("northwind", "POST", "applications", application)["appId"]
    with chromium(today) as page:
        page.goto(f"{LOGIN}/{SOURCE}/adminconsent?client_id={app_id}&redirect_uri=https://office.com&state=12")
        sign_in(page, today.admin("contoso"))
        assert page.get_by_text("<script>document.title").first.is_visible()
        assert page.title() == "Permissions requested"
        page.get_by_role("button", name="Cancel").click()

        page.get_by_role("alert").wait_for()
        assert landed(page)["error"] == "permission_denied"
    assert today.graph("contoso", "GET", f"servicePrincipals?$filter=appId eq '{app_id}'")["value"] == []


def test_a_device_code_is_approved_in_the_browser(today):
    authority = f"{LOGIN}/organizations/oauth2/v2.0"
    form = {"client_id": AZURE_CLI, "scope": "https://management.core.windows.net//.default offline_access"}
    code = today.http.post(f"{authority}/devicecode", data=form).json()
    poll = {
        "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
        "client_id": AZURE_CLI,
        "device_code": code["device_code"],
    }
    assert today.http.post(f"{authority}/token", data=poll).json()["error"] == "authorization_pending"

    with chromium(today) as page:
        page.goto(code["verification_uri"])
        page.get_by_label("Code").fill(code["user_code"])
        page.get_by_role("button", name="Next").click()
        sign_in(page, today.admin("northwind"))
        page.get_by_role("heading", name="Are you trying to sign in to Microsoft Azure CLI?").wait_for()
        page.get_by_role("button", name="Continue").click()
        page.get_by_text("You have signed in to the Microsoft Azure CLI application").wait_for()

    answer = wait_until(lambda: token_of(today.http.post(f"{authority}/token", data=poll).json()))
    assert answer["token_type"] == "Bearer"


def token_of(answer):
    """The answer when it is one; a program that polls too soon is told to wait."""
    assert answer.get("error") in (None, "authorization_pending", "slow_down"), answer
    return answer if "access_token" in answer else None


def test_a_browser_that_was_not_told_of_the_authority_does_not_trust_the_sandbox(today):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, proxy={"server": today.told["proxy"]}, args=["--no-sandbox"])
        page = browser.new_page()
        with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
            page.goto(f"{LOGIN}/common/oauth2/deviceauth")
        browser.close()

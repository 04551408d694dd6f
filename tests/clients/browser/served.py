"""A sandbox that is served for one test, the program under test beside it, and Chromium in front of it."""

import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

import requests
from playwright.sync_api import sync_playwright

PROGRAM = os.environ.get("XTENANT", "target/debug/xtenant")
CHROMIUM = os.environ.get("CHROMIUM", shutil.which("chromium") or "/usr/bin/chromium")


class Served:
    """A folder with a sandbox, and the process that serves it."""

    def __init__(self, folder, era):
        self.folder = pathlib.Path(folder)
        self.data = self.folder / "sandbox"
        self.run("sandbox", "new", "--mailboxes", "100", "--era", era, "--start", "now", "--data", str(self.data))
        arguments = [self.program, "sandbox", "serve", "--data", str(self.data)]
        self.process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, env=self.environment(), cwd=self.folder)
        self.told = json.loads(self.process.stdout.readline())
        self.tenants = {tenant["name"]: tenant for tenant in self.told["tenants"]}
        self.http = requests.Session()
        self.http.trust_env = False
        self.http.proxies = {"https": self.told["proxy"]}
        self.http.verify = self.told["ca_file"]

    @property
    def program(self):
        return str(pathlib.Path(PROGRAM).resolve())

    def environment(self, **more):
        """What the program finds around it: nothing of this computer's proxies and profiles."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
        own = {"HOME": str(self.folder), "XTENANT_SANDBOX": str(self.data), "XTENANT_CONFIG_DIR": str(self.folder / "config")}
        return {**kept, **own, **more}

    def run(self, *arguments, **more):
        """Runs the program in the folder, and gives its result as it prints it for programs."""
        command = [self.program, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, env=self.environment(**more), cwd=self.folder, timeout=240)
        assert done.returncode == 0, f"{' '.join(arguments)}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def script(self, *arguments):
        """Runs a script as the profile of a built-in administrator, and gives its result."""
        return json.loads(self.run("--json", "--yes-irreversible", "run", *arguments).stdout)

    def start(self, *arguments, **more):
        """Starts the program and leaves it running."""
        command = [self.program, *arguments]
        with open(self.folder / "run.log", "w", encoding="utf-8") as log:
            return subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=self.environment(**more), cwd=self.folder)

    def log(self):
        return (self.folder / "run.log").read_text(encoding="utf-8")

    def token(self, tenant, resource):
        """A token of the tenant's administrator application."""
        told = self.tenants[tenant]
        form = {
            "grant_type": "client_credentials",
            "client_id": told["admin_app"]["client_id"],
            "client_secret": told["admin_app"]["client_secret"],
            "scope": f"{resource}/.default",
        }
        answer = self.http.post(f"https://login.microsoftonline.com/{told['tenant_id']}/oauth2/v2.0/token", data=form)
        answer.raise_for_status()
        return answer.json()["access_token"]

    def graph(self, tenant, method, path, body=None):
        """Asks Graph as the tenant's administrator application."""
        headers = {"Authorization": f"Bearer {self.token(tenant, 'https://graph.microsoft.com')}"}
        answer = self.http.request(method, f"https://graph.microsoft.com/v1.0/{path}", json=body, headers=headers)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def admin(self, tenant):
        """The name of the tenant's administrator as a person."""
        return self.tenants[tenant]["admin_user"]

    def stop(self):
        self.process.terminate()
        assert self.process.wait(timeout=30) == 0


@contextlib.contextmanager
def served(era="today"):
    """A served sandbox that is gone with the test."""
    with tempfile.TemporaryDirectory(prefix="xtenant-browser-") as folder:
        site = Served(folder, era)
        try:
            yield site
        finally:
            site.stop()


@contextlib.contextmanager
def chromium(site, scripts=True):
    """A page of a browser that knows the sandbox only as its proxy, and trusts its CA as an administrator makes it trusted."""
    # Chromium may still be writing to its home when it has ended.
    homes = tempfile.TemporaryDirectory(prefix="xtenant-chromium-", ignore_cleanup_errors=True)
    with homes as home, sync_playwright() as playwright:
        store = pathlib.Path(home) / ".pki" / "nssdb"
        store.mkdir(parents=True)
        subprocess.run(["certutil", "-d", f"sql:{store}", "-N", "--empty-password"], check=True)
        trust = ["-A", "-t", "C,,", "-n", "xtenant sandbox", "-i", site.told["ca_file"]]
        subprocess.run(["certutil", "-d", f"sql:{store}", *trust], check=True)
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            proxy={"server": site.told["proxy"]},
            env={**os.environ, "HOME": home},
            # Tests may run as root, where Chromium's own sandbox does not start.
            args=["--no-sandbox", "--disable-background-networking", "--disable-component-update"],
        )
        page = browser.new_context(java_script_enabled=scripts).new_page()
        page.set_default_timeout(60_000)
        try:
            yield page
        except Exception:
            print(f"the browser was at {page.url}:\n{page.inner_text('body')}")
            raise
        finally:
            browser.close()


def sign_in(page, account):
    """Chooses an account on the page that asks who signs in."""
    page.get_by_label("Account").fill(account)
    page.get_by_role("button", name="Sign in", exact=True).click()


def wait_until(ask, seconds=180):
    """Asks until the answer is true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := ask():
            return answer
        time.sleep(0.2)
    raise AssertionError("it did not happen in time")

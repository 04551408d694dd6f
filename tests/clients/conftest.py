"""What all tests are given: the two tenants, and a browser that clients may open."""

import threading
import webbrowser

import pytest

import site_under_test
from person import Person


@pytest.fixture(scope="session")
def contoso():
    """The source tenant."""
    return site_under_test.tenants()["contoso"]


@pytest.fixture(scope="session")
def northwind():
    """The target tenant."""
    return site_under_test.tenants()["northwind"]


class Browser(webbrowser.BaseBrowser):
    """What the operating system opens for an address: here, a person who signs in without being asked twice."""

    def __init__(self):
        super().__init__("person")
        self.account = None
        self.opened = 0

    def of(self, account):
        """Says who sits at the browser."""
        self.account = account

    def open(self, url, new=0, autoraise=True):
        self.opened += 1
        threading.Thread(target=Person(self.account, listens=True).signs_in, args=[url]).start()
        return True


@pytest.fixture
def browser():
    """The browser that clients open, at which nobody sits yet."""
    opened = Browser()
    webbrowser.register("person", None, opened, preferred=True)
    return opened

"""A person at a browser without scripts: follows redirects, reads forms and presses their buttons."""

import html.parser
import urllib.parse

import requests


class Form:
    """A form of a page: where it goes, and what it sends."""

    def __init__(self, attributes, base):
        self.method = attributes.get("method", "get").upper()
        self.action = urllib.parse.urljoin(base, attributes.get("action") or base)
        self.fields = {}
        self.typed = []
        self.buttons = []

    def take(self, tag, attributes, text=""):
        name, value = attributes.get("name"), attributes.get("value", "")
        kind = attributes.get("type", "submit" if tag == "button" else "text")
        if kind == "submit":
            self.buttons.append((text or value, name, value))
        elif name and (kind not in ("radio", "checkbox") or "checked" in attributes):
            self.fields[name] = value
            if kind not in ("hidden", "radio", "checkbox"):
                self.typed.append(name)


class Reader(html.parser.HTMLParser):
    """What a page shows: title, text and forms."""

    def __init__(self, base):
        super().__init__()
        self.base = base
        self.text = ""
        self.title = ""
        self.forms = []
        self.form = None
        self.open = None

    def handle_starttag(self, tag, attributes):
        attributes = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.form = Form(attributes, self.base)
            self.forms.append(self.form)
        elif tag in ("button", "title"):
            self.open = (tag, attributes, "")
        elif tag in ("input", "select", "textarea") and self.form:
            self.form.take(tag, attributes)

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif self.open and tag == self.open[0]:
            kind, attributes, text = self.open
            if kind == "title":
                self.title = " ".join(text.split())
            elif self.form:
                self.form.take(kind, attributes, " ".join(text.split()))
            self.open = None

    def handle_data(self, data):
        self.text += data
        if self.open:
            tag, attributes, text = self.open
            self.open = (tag, attributes, text + data)


class Person:
    """Somebody with a browser and an account. What is at `localhost`, where a client may listen, is asked only by who `listens`."""

    def __init__(self, account, listens=False):
        self.account = account
        self.listens = listens
        self.session = requests.Session()
        self.address = None
        self.page = None

    def open(self, address, **query):
        """Opens an address and follows its redirects."""
        return self.go("GET", address, query)

    def signs_in(self, address, **query):
        """Opens an address that asks who is there, says it, and presses on when a page only has to be sent."""
        self.open(address, **query)
        if self.page and "Sign in" in self.page.title:
            self.press("Sign in", self.account)
        return self.continues()

    def continues(self):
        """Presses the button of a page that would press it itself in a browser with scripts."""
        if self.page and self.listens and any(is_local(form.action) for form in self.page.forms):
            self.press("Continue")
        return self

    def approves(self, address, code):
        """Enters a device code and says yes."""
        self.enters(address, code).press("Continue")
        assert "You are signed in" in self.page.title, self.told()

    def declines(self, address, code):
        """Enters a device code and says no."""
        self.enters(address, code).press("Cancel")

    def enters(self, address, code):
        self.open(address).press("Next", code)
        if "Sign in" in self.page.title:
            self.press("Sign in", self.account)
        assert "Are you trying to sign in" in self.page.title, self.told()
        return self

    def press(self, button, text=None):
        """Presses the first button of that name, after typing `text` into the one field of its form."""
        for form in self.page.forms:
            for name, field, value in form.buttons:
                if button == name:
                    fields = dict(form.fields)
                    if text is not None:
                        [wanted] = form.typed
                        fields[wanted] = text
                    return self.go(form.method, form.action, fields | ({field: value} if field else {}))
        raise AssertionError(f"no button `{button}` on {self.address}: {self.told()}")

    def told(self):
        """The text of the page."""
        return " ".join(self.page.text.split()) if self.page else ""

    def landed(self):
        """The fields that came with the address where the person ended up."""
        parts = urllib.parse.urlsplit(self.address)
        return dict(urllib.parse.parse_qsl(parts.query or parts.fragment))

    def go(self, method, address, fields):
        for _ in range(12):
            self.address, self.page = address, None
            if is_local(address) and not self.listens:
                return self
            sent = {"params": fields} if method == "GET" else {"data": fields}
            answer = self.session.request(method, address, allow_redirects=False, timeout=60, **sent)
            location = answer.headers.get("location")
            if answer.status_code not in (301, 302, 303) or not location:
                self.page = Reader(address)
                self.page.feed(answer.text)
                return self
            method, fields = "GET", None
            address = urllib.parse.urljoin(address, location)
        raise AssertionError(f"too many redirects, at last to {address}")


def is_local(address):
    return urllib.parse.urlsplit(address).hostname in ("localhost", "127.0.0.1")

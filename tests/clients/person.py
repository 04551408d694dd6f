"""A person at a browser without scripts: follows links and redirects, reads forms and presses their buttons."""

import html.parser
import urllib.parse

import requests


class Form:
    """A form of a page: where it goes, and what it sends."""

    def __init__(self, attributes, base):
        self.method = attributes.get("method", "get").upper()
        self.action = urllib.parse.urljoin(base, attributes.get("action") or base)
        self.fields = []
        self.choices = []
        self.buttons = []

    def take(self, tag, attributes, text=""):
        name, value = attributes.get("name"), attributes.get("value", "")
        kind = attributes.get("type", "submit" if tag == "button" else "text")
        if kind == "submit":
            self.buttons.append((text or value, name, value))
        elif kind in ("radio", "checkbox"):
            self.choices.append((name, value))
            if "checked" in attributes:
                self.fields.append((name, value))
        elif name:
            self.fields.append((name, value))


class Reader(html.parser.HTMLParser):
    """What a page shows: text, links and forms."""

    def __init__(self, base):
        super().__init__()
        self.base = base
        self.text = ""
        self.links = []
        self.forms = []
        self.form = None
        self.open = None

    def handle_starttag(self, tag, attributes):
        attributes = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.form = Form(attributes, self.base)
            self.forms.append(self.form)
        elif tag in ("a", "button"):
            self.open = (tag, attributes, "")
        elif tag in ("input", "select", "textarea") and self.form:
            self.form.take(tag, attributes)

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif self.open and tag == self.open[0]:
            kind, attributes, text = self.open
            if kind == "a" and "href" in attributes:
                self.links.append((" ".join(text.split()), urllib.parse.urljoin(self.base, attributes["href"])))
            elif kind == "button" and self.form:
                self.form.take(kind, attributes, " ".join(text.split()))
            self.open = None

    def handle_data(self, data):
        self.text += data
        if self.open:
            tag, attributes, text = self.open
            self.open = (tag, attributes, text + data)


class Person:
    """Somebody with a browser and an account."""

    def __init__(self, account):
        self.account = account
        self.session = requests.Session()
        self.address = None
        self.page = None
        self.status = None

    def open(self, address):
        """Opens an address and follows redirects, to the first address that no sandbox answers: it is kept, not asked."""
        return self.go("GET", address)

    def press(self, button, **typed):
        """Fills in the form that has the button of that text, and presses it."""
        for form in self.page.forms:
            for text, name, value in form.buttons:
                if button.lower() in text.lower():
                    return self.send(form, typed, [(name, value)] if name else [])
        raise AssertionError(f"no button `{button}` on {self.address}: {self.told()}")

    def choose(self, text):
        """Presses the first link or button whose text has `text`."""
        for link, address in self.page.links:
            if text.lower() in link.lower():
                return self.open(address)
        return self.press(text)

    def told(self):
        """The text of the page."""
        return " ".join(self.page.text.split()) if self.page else ""

    def landed(self):
        """The fields that came with the address where the person ended up."""
        parts = urllib.parse.urlsplit(self.address)
        return dict(urllib.parse.parse_qsl(parts.query or parts.fragment))

    def send(self, form, typed, pressed):
        known = {name for name, _ in form.fields} | {name for name, _ in form.choices}
        missing = set(typed) - known
        assert not missing, f"the form on {self.address} has no {missing}, but {known}"
        fields = [pair for pair in form.fields if pair[0] not in typed] + list(typed.items()) + pressed
        return self.go(form.method, form.action, fields)

    def go(self, method, address, fields=None):
        for _ in range(12):
            self.address = address
            self.page = None
            if method == "GET" and fields:
                address, fields = f"{address}?{urllib.parse.urlencode(fields)}", None
            answer = self.session.request(method, address, data=fields, allow_redirects=False, timeout=60)
            self.status = answer.status_code
            location = answer.headers.get("location")
            if answer.status_code not in (301, 302, 303, 307, 308) or not location:
                self.page = Reader(address)
                self.page.feed(answer.text)
                return self
            if answer.status_code != 307 and answer.status_code != 308:
                method, fields = "GET", None
            address = urllib.parse.urljoin(address, location)
            if self.leaves(address):
                self.address = address
                return self
        raise AssertionError(f"too many redirects, at last to {address}")

    @staticmethod
    def leaves(address):
        """Whether the address is at this computer, where only the client under test listens, if anybody does."""
        return urllib.parse.urlsplit(address).hostname in ("localhost", "127.0.0.1")

"""The stand-in WHMCS, started once, and what staff and customers do on its pages."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import urllib3
from playwright.sync_api import Locator, Page, expect

from tests.ops.conftest import ROOT, environment

THEMES = ("six", "twenty-one", "nexus")
PAGES = ("overview", "password", "aliases", "lists")
CONNECTION_FILE = "housemail-whmcs.php"
DOMAIN = "thexyz.com"
Form = dict[str, str | float | bool]
TOKEN = r'name="token" value="(\w+)"'


def read(url: str) -> Any:
    """Return the JSON that answers there."""
    return urllib3.request("GET", url, timeout=30).json()


def found(text: str, pattern: str) -> str:
    """Return what a pattern finds; it must be there."""
    match = re.search(pattern, text)
    assert match is not None, (pattern, text)
    return match[1]


@dataclass(frozen=True)
class StandIn:
    """A running stand-in, with the service and the imitated platform behind it."""

    said: dict[str, Any] = field(repr=False)
    folder: Path

    @property
    def url(self) -> str:
        """Its root."""
        return str(self.said["whmcs"])

    def id_of(self, name: str) -> str:
        """Return an id of its set-up, as forms have it."""
        return str(self.said["ids"][name])

    @property
    def platform_port(self) -> str:
        """Where the imitated admin API answers, on 127.0.0.1."""
        return str(urlsplit(self.said["server"]["endpoint"]).port)

    @property
    def connection_file(self) -> Path:
        """What tells the module where the service is."""
        return self.folder / "whmcs" / CONNECTION_FILE

    @property
    def database(self) -> Path:
        """WHMCS's own records."""
        return self.folder / "whmcs" / "whmcs.sqlite3"

    def faults(self) -> list[str]:
        """Return warnings, stray output and exceptions of the module so far."""
        found: list[str] = read(self.said["faults"])
        return found

    def platform(self, domain: str = DOMAIN) -> dict[str, Any]:
        """Return what the imitated platform holds for a domain."""
        state = read(f"{self.said['emulator']}state")
        held: dict[str, Any] = state["domains"][domain]
        return held

    def mailbox(self, handle: str, domain: str = DOMAIN) -> dict[str, Any]:
        """Return a mailbox as the platform has it; it must be there."""
        box: dict[str, Any] = self.platform(domain)["mailboxes"][handle]
        return box

    def requests_to_platform(self) -> list[dict[str, Any]]:
        """Return what the imitated platform was asked so far, secrets masked."""
        found: list[dict[str, Any]] = read(f"{self.said['emulator']}journal")["entries"]
        return found

    def tell_platform(self, path: str, wish: dict[str, Any]) -> None:
        """Change something at the imitated platform by its control interface."""
        where = f"{self.said['emulator']}{path}"
        answer = urllib3.request("POST", where, json=wish, timeout=10)
        assert answer.status == 200, answer.data

    @contextmanager
    def without_service(self) -> Iterator[None]:
        """Point the module at a port where nobody listens."""
        kept = self.connection_file.read_text("utf-8")
        port = str(urlsplit(self.said["api"]).port)
        self.connection_file.write_text(kept.replace(f":{port}", ":9"), "utf-8")
        try:
            yield
        finally:
            self.connection_file.write_text(kept, "utf-8")


@contextmanager
def running(folder: Path) -> Iterator[StandIn]:
    """Start ``housemail whmcs demo`` on free ports, and end it."""
    line = [sys.executable, "-m", "housemail", "whmcs", "demo", "--json"]
    line += ["--port=0", "--service-port=0", f"--data-dir={folder}"]
    variables = environment(folder)
    with (
        (folder.parent / f"{folder.name}.err").open("w+") as said,
        subprocess.Popen(
            line, cwd=ROOT, env=variables, stdout=subprocess.PIPE, stderr=said
        ) as process,
    ):
        assert process.stdout is not None
        try:
            first = process.stdout.readline()
            assert first, Path(said.name).read_text("utf-8")
            yield StandIn(json.loads(first), folder)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)


class Staff:
    """Somebody at work in the admin area."""

    def __init__(self, page: Page, standin: StandIn) -> None:
        """Sign in."""
        self.page = page
        self.standin = standin
        page.goto(f"{standin.url}/admin/login.php")
        page.get_by_label("Username").fill(standin.said["admin"]["username"])
        page.get_by_label("Password").fill(standin.said["admin"]["password"])
        page.get_by_role("button", name="Login").click()

    def menu(self, *labels: str) -> None:
        """Follow a menu path of the sheet, then links."""
        for label in labels:
            self.page.get_by_role("link", name=label, exact=True).first.click()

    def fill(self, values: dict[str, str]) -> None:
        """Fill fields by their labels; choose where there is a choice."""
        for label, value in values.items():
            target = self.page.get_by_label(label, exact=True)
            if target.evaluate("node => node.tagName") == "SELECT":
                target.select_option(value)
            else:
                target.fill(value)

    def press(self, name: str) -> None:
        """Press a button of the page."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def save(self) -> None:
        """Save the form that is open."""
        self.press("Save Changes")
        self.hears("Saved Successfully")

    def hears(self, words: str | re.Pattern[str]) -> None:
        """Expect words in the answer at the top of the page."""
        expect(self.page.locator("main > .alert").first).to_contain_text(words)

    def server(self, **typed: str) -> None:
        """Open the form of a new server with the sheet's values; some may differ."""
        self.menu("System Settings > Servers", "Add New Server")
        self.fill({"Name": "PolarisMail", "Type": "Thexyz Mailboxes"})
        said = self.standin.said["server"]
        values = {"Username": said["username"], "Password": said["password"]}
        values |= {"Hostname": "127.0.0.1", "Port": self.standin.platform_port}
        self.fill(values | typed)
        # The imitation speaks plain HTTP.
        self.page.get_by_label("Tick to use SSL Mode for Connections").uncheck()

    def test_connection(self) -> Locator:
        """Press Test Connection; what it says comes in place."""
        self.press("Test Connection")
        result = self.page.locator("#testresult .alert")
        expect(result).to_be_visible(timeout=15_000)
        return result

    def module_settings(self, product: str) -> None:
        """Open the tab Module Settings of a product."""
        self.product(product)
        self.menu("Module Settings")

    def product(self, name: str) -> None:
        """Open a product."""
        self.menu("System Settings > Products/Services")
        row = self.page.get_by_role("row").filter(has_text=name)
        row.get_by_role("link", name="Edit").click()

    def service(self, service: str) -> None:
        """Open a service."""
        self.page.goto(f"{self.standin.url}/admin/clientsservices.php?id={service}")

    def command(self, service: str, name: str, reason: str = "") -> None:
        """Press a module command on a service; it must succeed."""
        self.service(service)
        if reason:
            self.page.get_by_label("Suspension Reason").fill(reason)
        self.press(name)
        self.hears(f"{name}: Module Command Success")

    def accept(self, service: str) -> None:
        """Accept the order of a service."""
        self.open_order(service)
        self.press("Accept Order")
        expect(self.page.locator("#orderstatus")).to_have_text("Active")

    def open_order(self, service: str) -> None:
        """Open the order of a service; there is one service in each."""
        self.page.goto(f"{self.standin.url}/admin/orders.php?action=view&id={service}")

    def accept_quickly(self, service: str) -> None:
        """Accept an order by its form, without the page."""
        send, url = self.page.request, f"{self.standin.url}/admin/orders.php"
        token = found(send.get(f"{url}?action=view&id={service}").text(), TOKEN)
        form: Form = {"token": token, "id": service, "action": "accept"}
        assert "Module Command Success" in send.post(url, form=form).text()

    def new_product(self, name: str, settings: dict[str, str]) -> str:
        """Create a product of type Other, with these module settings; return its id."""
        self.menu("System Settings > Products/Services", "Create a New Product")
        self.page.get_by_label("Other", exact=True).check()
        self.fill({"Product Group": "Email Services", "Product Name": name})
        self.press("Continue")
        product = found(self.page.url, r"[?&]id=(\d+)")
        self.menu("Module Settings")
        self.fill({"Module Name": "Thexyz Mailboxes"})
        self.press("Choose")
        self.fill({"Server Group": "PolarisMail Servers"})
        self.fill({"API Endpoint": self.standin.said["server"]["endpoint"], **settings})
        self.page.get_by_label("when you manually accept a pending order").check()
        self.save()
        self.menu("Custom Fields")
        self.fill({"Field Name": "Mailbox"})
        for flag in ("Required Field", "Show on Order Form"):
            self.page.get_by_label(flag, exact=True).check()
        self.save()
        return product


class Customer:
    """Somebody who buys a mailbox and looks after it."""

    def __init__(self, page: Page, standin: StandIn, email: str = "") -> None:
        """Sign in by the form, without its page."""
        self.page = page
        self.standin = standin
        who = standin.said["client"]
        send, url = page.request, standin.url
        token = found(send.get(f"{url}/clientarea.php").text(), TOKEN)
        form: Form = {"token": token, "password": who["password"]}
        form["username"] = email or who["username"]
        assert "Logout" in send.post(f"{url}/dologin.php", form=form).text()

    @property
    def token(self) -> str:
        """WHMCS's token against forged forms, as its pages carry it."""
        page = self.page.request.get(f"{self.standin.url}/clientarea.php")
        return found(page.text(), r"csrfToken = '(\w+)'")

    def choose(self, product: str, **fields: str) -> None:
        """Put a product into the cart, and fill its form."""
        self.page.goto(f"{self.standin.url}/cart.php?a=add&pid={product}")
        for label, value in fields.items():
            target = self.field(label)
            if target.evaluate("node => node.tagName") == "SELECT":
                target.select_option(value)
            else:
                target.fill(value)
        self.press_continue()

    def press_continue(self) -> None:
        """Send the product's form; it is stored, or says why not."""
        self.page.get_by_role("button", name="Continue").click()
        answers = "#frmCheckout, #containerProductValidationErrors"
        expect(self.page.locator(answers).locator("visible=true")).to_have_count(1)
        self.page.wait_for_load_state()

    def field(self, label: str) -> Locator:
        """Return a field of the order form; a required one has a star."""
        return self.page.get_by_label(re.compile(rf"^{re.escape(label)}( \*)?$"))

    def is_told(self, words: str | re.Pattern[str]) -> None:
        """Expect an objection of the cart."""
        errors = self.page.locator("#containerProductValidationErrors")
        expect(errors).to_be_visible()
        expect(errors).to_contain_text(words)

    def check_out(self) -> str:
        """Complete the order; return the id of its one service."""
        self.page.get_by_role("button", name="Complete Order").click()
        expect(self.page.get_by_text("Your Order Number is")).to_be_visible()
        link = self.page.get_by_role("link", name=re.compile(r"^Service \d+$"))
        return link.inner_text().removeprefix("Service ")

    def order(self, product: str, mailbox: str, **fields: str) -> str:
        """Order a mailbox; return the id of its service."""
        self.choose(product, Mailbox=mailbox, **fields)
        return self.check_out()

    def buy_quickly(self, product: str, mailbox: str) -> str:
        """Order by the forms of the cart, without its pages; return the service."""
        send, url = self.page.request, f"{self.standin.url}/cart.php"
        form = send.get(f"{url}?a=add&pid={product}")
        field = found(form.text(), r'name="(customfield\[\d+\])"')
        review = send.post(form.url, form={"a": "confproduct", field: mailbox}).text()
        fields: Form = {"a": "checkout", "token": found(review, TOKEN)}
        done = send.post(f"{url}?a=checkout", form=fields).text()
        return found(done, r">Service (\d+)<")

    def open(self, service: str, page: str = "overview", theme: str = "") -> None:
        """Open one of the four pages of a mailbox."""
        path = f"clientarea.php?action=productdetails&id={service}&pm={page}"
        more = f"&systpl={theme}" if theme else ""
        self.page.goto(f"{self.standin.url}/{path}{more}")

    @property
    def flashes(self) -> Locator:
        """What our page answers."""
        return self.page.locator(".thexyz-pm .pm-flash")

    def send(self, function: str, within: str = "", **fields: str) -> None:
        """Fill one of our forms, which may have to be opened first, and send it."""
        form = self.page.locator(f"{within} .pm-form-{function}").first
        inside = self.page.locator(f".pm-form-{function}")
        details = self.page.locator(f"{within} details").filter(has=inside).first
        if details.count():
            details.locator("summary").click()
        for name, value in fields.items():
            form.locator(f"[name={name}]").fill(value)
        form.get_by_role("button").click()

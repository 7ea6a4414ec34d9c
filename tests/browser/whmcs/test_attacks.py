"""Nothing that is typed or sent runs as a script, and no form can be forged."""

from __future__ import annotations

import itertools
import sqlite3
from contextlib import closing
from dataclasses import dataclass

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.browser.whmcs.standin import PAGES, Customer, Staff

SCRIPT = "<img src=x onerror=\"caught('it ran')\">"
BREAKOUT = f"\"'></textarea></script>{SCRIPT}"
NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Victim:
    """A mailbox that has everything that a forged form could touch."""

    name: str
    service: str

    def forms(self) -> dict[str, dict[str, str]]:
        """What each form of the page would send."""
        one = {"list": f"{self.name}.list"}
        address = f"{self.name}.tim@thexyz.com"
        return {
            "addAlias": {"handle": "for.ged", "destination": address},
            "removeAlias": {"handle": f"{self.name}.alias"},
            "addList": {"handle": "forged.list", "members": address},
            "removeList": one,
            "addListMembers": one | {"members": "evil@example.org"},
            "removeListMember": one | {"member": "friend@example.org"},
            "openWebmail": {},
        }


@pytest.fixture
def alarm(window):
    """Windows in which a script that was smuggled in rings a bell."""
    rung: list[str] = []

    def ring(what: str) -> None:
        rung.append(what)

    def asked(dialog: Dialog) -> None:
        ring(dialog.message)
        dialog.dismiss()

    def prove(page: Page) -> None:
        page.set_content(f"<textarea>{BREAKOUT}")
        page.wait_for_function("() => document.images[0].complete")
        assert rung.pop() == "it ran"

    def alarm(**wishes):
        page = window(**wishes)
        page.expose_function("caught", ring)
        page.on("dialog", asked)
        prove(page)
        return page

    yield alarm
    assert rung == []


def test_what_a_customer_types_never_runs(standin, alarm, mailbox):
    service = mailbox("in.ject")
    customer = Customer(alarm(), standin)
    page = customer.page
    tries = [
        ("aliases", "addAlias", {"handle": BREAKOUT}),
        ("aliases", "addAlias", {"handle": "in.one", "destination": BREAKOUT}),
        ("lists", "addList", {"handle": BREAKOUT, "members": BREAKOUT}),
        ("lists", "addList", {"handle": "in.list", "members": BREAKOUT}),
        ("lists", "addListMembers", {"members": f"{BREAKOUT}\n{SCRIPT}"}),
        ("password", "password", {"newpw": BREAKOUT, "confirmpw": BREAKOUT}),
    ]
    for name, function, fields in tries:
        customer.open(service, name)
        customer.send(function, **fields)
        expect(customer.flashes.first).to_be_visible()
        expect(page.locator(".thexyz-pm img")).to_have_count(0)
    page.goto(
        f"{standin.url}/clientarea.php?action=productdetails&id={service}&pm={BREAKOUT}"
    )
    expect(page.locator(".thexyz-pm")).to_be_visible()


def test_what_is_typed_into_the_cart_never_runs(standin, alarm):
    customer = Customer(alarm(), standin)
    customer.choose(standin.id_of("product"), Mailbox=BREAKOUT)
    customer.is_told("letter")
    expect(
        customer.page.locator("#containerProductValidationErrors img")
    ).to_have_count(0)


def test_what_staff_and_the_platform_say_never_runs(standin, alarm, mailbox):
    service = mailbox("sta.ff")
    staff = Staff(alarm(), standin)
    customer = Customer(alarm(), standin)
    for hostname in (SCRIPT, f"{SCRIPT}.example.net"):
        staff.server(Hostname=hostname)
        expect(staff.test_connection()).to_contain_text("Connection failed")
        expect(staff.page.locator("#testresult img")).to_have_count(0)
    staff.command(service, "Suspend", reason=BREAKOUT)
    for name in PAGES:
        customer.open(service, name)
        expect(customer.page.locator(".thexyz-pm .pm-readonly")).to_be_visible()
    staff.command(service, "Unsuspend")
    staff.service(service)
    # What the stand-in itself prints of it is not ours to mend.
    staff.fill({"Mailbox": BREAKOUT})
    staff.save()
    staff.press("Check now")
    staff.press("Release quarantined address")
    staff.hears("Module Command Error")
    staff.menu("Utilities > Logs > Module Log")
    expect(staff.page.locator("#modulelog img")).to_have_count(0)


@pytest.fixture
def victim(standin, customer, mailbox):
    """Somebody whose forms are forged."""
    name = f"vic{next(NUMBERS)}"
    service = mailbox(f"{name}.tim")
    customer.open(service, "aliases")
    customer.send("addAlias", handle=f"{name}.alias")
    customer.open(service, "lists")
    customer.send("addList", handle=f"{name}.list", members="friend@example.org")
    return Victim(name, service)


def other_customer(standin) -> str:
    """Let somebody else have an account, with the same password; return the address."""
    email = "eve@example.org"
    with closing(sqlite3.connect(standin.database, timeout=10)) as database, database:
        columns = [row[1] for row in database.execute("PRAGMA table_info(tblclients)")]
        names = ", ".join(name for name in columns if name not in ("id", "email"))
        database.execute("DELETE FROM tblclients WHERE email = ?", [email])
        database.execute(
            f"INSERT INTO tblclients (email, {names})"  # noqa: S608 - its own columns
            f" SELECT ?, {names} FROM tblclients WHERE id = 1",
            [email],
        )
    return email


@pytest.mark.parametrize("strict", ["on", "off"], ids=["new WHMCS", "older WHMCS"])
def test_a_forged_form_changes_nothing(staff, customer, victim, window, strict):
    """By GET, without a token, with a wrong one, for the service of somebody else."""
    standin = staff.standin
    before = standin.platform()
    url = f"{standin.url}/clientarea.php?action=productdetails"
    staff.menu("Stand-in")
    staff.page.locator("#customNeedsToken").select_option(strict)
    staff.save()
    try:
        token = customer.token
        eve = Customer(window(), standin, other_customer(standin))
        own = {"token": eve.token}
        for function, fields in victim.forms().items():
            form = {"modop": "custom", "a": function, "id": victim.service, **fields}
            mine, theirs = customer.page.request, eve.page.request
            for answer in (
                mine.get(url, params=form | {"token": token}, max_redirects=0),
                mine.post(url, form=form, max_redirects=0),
                mine.post(url, form=form | {"token": "0" * 40}, max_redirects=0),
                theirs.post(url, form=form | own, max_redirects=0),
            ):
                assert answer.status in (200, 403), (function, answer.status)
                assert "location" not in answer.headers
                assert "processlogin" not in answer.text()
                assert standin.platform() == before, function
    finally:
        staff.menu("Stand-in")
        staff.page.locator("#customNeedsToken").select_option("on")
        staff.save()


def test_a_forged_password_form_changes_nothing(customer, victim, window):
    standin = customer.standin
    customer.open(victim.service, "password")
    url = f"{standin.url}/clientarea.php?action=productdetails"
    form = {"id": victim.service, "modulechangepassword": "true"}
    form |= {"newpw": "Forged-Pass_123", "confirmpw": "Forged-Pass_123"}
    for sent in (form, form | {"token": "0" * 40}):
        answer = customer.page.request.post(url, form=sent)
        assert "Invalid token" in answer.text()
    eve = Customer(window(), standin, other_customer(standin))
    own = {"token": eve.token}
    assert eve.page.request.post(url, form=form | own).status == 403
    changes = [
        entry
        for entry in standin.requests_to_platform()
        if victim.name in str(entry["params"]) and "assw" in str(entry["action"])
    ]
    assert changes == []


def test_somebody_elses_mailbox_is_neither_shown_nor_opened(standin, victim, window):
    eve = Customer(window(), standin, other_customer(standin))
    eve.page.goto(
        f"{standin.url}/clientarea.php?action=productdetails&id={victim.service}"
    )
    expect(eve.page.locator("body")).to_contain_text("do not have access")
    expect(eve.page.locator("body")).not_to_contain_text(victim.name)

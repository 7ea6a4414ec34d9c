"""The customer's four tabs, as a person goes through them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from housemail.mailboxes import servers
from housemail.mailboxes.models import Mailbox
from housemail.people.enrol import enrol
from tests.browser.pages import (
    assert_accessible,
    assert_fits,
    assert_targets_are_large,
    expect_heading,
    sign_in,
)
from tests.customer.conftest import Owner, sold
from tests.sales.conftest import (
    Store,
    _fresh_process_state,
    emulator,
    running_emulator,
    store,
)

__all__ = ["_fresh_process_state", "emulator", "running_emulator", "store"]

EMAIL, PASSWORD = "anna@example.org", "correct horse 7 battery"
TABS = ["Overview", "Password", "Aliases", "Lists"]


@pytest.fixture
def owner(site, store: Store, client, settings) -> Owner:
    """Somebody with a password here and a mailbox; webmail is the emulator's page."""
    settings.HOUSEMAIL_PANEL_LOGIN_URL = store.emulator.panel_login_url
    store.customer = enrol(EMAIL, PASSWORD)
    store.sells("order", max_aliases=2)
    return Owner(store, client, sold(store))


def at_home(visit, **how) -> Page:
    """The list of mailboxes, after a sign-in that was asked for on the way."""
    page: Page = visit("/mailboxes/", **how)
    sign_in(page, EMAIL, PASSWORD)
    expect_heading(page, "My mailboxes")
    return page


def said(page: Page, words: str | re.Pattern[str]) -> None:
    expect(page.locator(".hm-notice").filter(has_text=words)).to_be_visible()


def tab(page: Page, name: str) -> None:
    tabs = page.get_by_role("navigation", name="Pages of this mailbox")
    tabs.get_by_role("link", name=name).click()
    expect(tabs.locator("[aria-current=page]")).to_have_text(name)


def looks_well(page: Page) -> None:
    """In light and dark, and with large targets."""
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert_accessible(page)
    assert_targets_are_large(page)


def test_a_customer_goes_through_the_four_tabs(owner, visit):
    page = at_home(visit)
    assert_targets_are_large(page)
    page.get_by_role("link", name="anna@thexyz.com").click()
    expect_heading(page, "anna@thexyz.com")
    assert_targets_are_large(page)
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Open webmail").click()
    opened.value.wait_for_url(owner.store.emulator.panel_login_url + "*")
    opened.value.close()
    sets_a_password(owner, page)
    adds_and_removes_aliases(owner, page)
    keeps_lists(owner, page)


def sets_a_password(owner: Owner, page: Page) -> None:
    page.get_by_role("link", name="Set the password").click()
    assert_targets_are_large(page)
    page.get_by_role("button", name="Suggest a password").click()
    chosen = page.get_by_label("New password").input_value()
    page.get_by_role("button", name="Change password").click()
    said(page, "The password was changed.")
    assert owner.store.mailboxes["anna"].password == chosen


def adds_and_removes_aliases(owner: Owner, page: Page) -> None:
    tab(page, "Aliases")
    for name in ("orders-in", "post-box"):
        page.get_by_label("New alias").fill(name)
        page.get_by_role("button", name="Add alias").click()
        said(page, f"The alias {name} was added.")
    expect(page.get_by_text("2 of 2 aliases are in use")).to_be_visible()
    expect(page.get_by_label("New alias")).to_have_count(0)
    row = page.get_by_role("row").filter(has_text="orders-in@thexyz.com")
    row.get_by_text("Remove", exact=False).first.click()
    expect(row.get_by_text("Remove orders-in@thexyz.com?")).to_be_visible()
    looks_well(page)
    row.get_by_role("button", name="Yes, remove orders-in").click()
    expect(page.get_by_text("The alias orders-in was removed.")).to_be_visible()
    assert list(owner.aliases()) == ["post-box"]
    looks_well(page)
    page.get_by_role("button", name="Undo orders-in").click()
    said(page, "The alias orders-in is back.")
    assert sorted(owner.aliases()) == ["orders-in", "post-box"]


def keeps_lists(owner: Owner, page: Page) -> None:
    tab(page, "Lists")
    page.get_by_label("New list").fill("team")
    page.get_by_label("Members").fill("a@example.org, nonsense\nb@example.org")
    page.get_by_role("button", name="Add list").click()
    card = page.get_by_role("region", name="team@thexyz.com")
    expect(card.get_by_role("status").get_by_role("listitem")).to_have_count(3)
    expect(card.get_by_text("nonsense is not an e-mail address.")).to_be_visible()
    expect(card.get_by_label("Add members")).to_have_value("nonsense")
    looks_well(page)
    card.get_by_label("Add members").fill("c@example.org")
    card.get_by_role("button", name="Add members").click()
    expect(card.get_by_role("list", name="Members")).to_contain_text("c@example.org")
    card.get_by_role("button", name="Remove a@example.org").click()
    expect(card.get_by_text("2 members")).to_be_visible()
    assert owner.lists() == {"team": ["b@example.org", "c@example.org"]}
    card.get_by_text("Remove this list").click()
    card.get_by_role("button", name="Yes, remove team@thexyz.com").click()
    said(page, "The list team was removed.")
    assert owner.lists() == {}


def test_all_of_it_works_on_a_phone_without_scripts(owner, visit):
    page = at_home(visit, javascript=False, narrow=True)
    assert_fits(page)
    page.get_by_role("link", name="anna@thexyz.com").click()
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Open webmail").click()
    opened.value.wait_for_url(owner.store.emulator.panel_login_url + "*")
    opened.value.close()
    on_a_phone(owner, page)


def on_a_phone(owner: Owner, page: Page) -> None:
    tab(page, "Password")
    for field in ("New password", "The same password again"):
        page.get_by_label(field).fill("Correct-horse-7")
    page.get_by_role("button", name="Change password").click()
    said(page, "The password was changed.")
    assert_fits(page)
    tab(page, "Aliases")
    page.get_by_label("New alias").fill("a-name-that-is-rather-long-for-a-telephone")
    page.get_by_label("Another address").check()
    page.get_by_label("Address it delivers to").fill("somebody.else@thexyz.com")
    page.get_by_role("button", name="Add alias").click()
    said(page, "was added")
    page.locator("summary").click()
    assert_fits(page)
    page.get_by_role("button", name="Yes, remove").click()
    page.get_by_role("button", name="Undo").click()
    assert list(owner.aliases().values()) == ["somebody.else@thexyz.com"]
    page.get_by_label("New alias").fill("post-box")
    page.get_by_role("button", name="Add alias").click()
    expect(page.get_by_text("2 of 2 aliases are in use")).to_be_visible()
    expect(page.get_by_label("New alias")).to_have_count(0)
    assert_fits(page)
    tab(page, "Lists")
    page.get_by_label("New list").fill("team")
    page.get_by_label("Members").fill("a-very-long-name-of-a-member@post.example.org")
    page.get_by_role("button", name="Add list").click()
    said(page, "The list team was added.")
    assert_fits(page)
    page.get_by_role("button", name="Remove a-very-long-name").click()
    assert owner.lists() == {"team": []}


def test_webmail_that_needs_a_form_opens_by_itself(owner, visit, settings):
    settings.HOUSEMAIL_WEBMAIL_FORM_URL = owner.store.emulator.panel_login_url
    servers.forget_platforms()
    page = at_home(visit)
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Open webmail anna@thexyz.com").click()
    opened.value.wait_for_url(owner.store.emulator.panel_login_url)


def test_an_alias_is_added_with_the_keyboard_alone(owner, visit):
    page = at_home(visit)
    for words in ("anna@thexyz.com", "Aliases"):
        reach(page, page.get_by_role("link", name=words))
        page.keyboard.press("Enter")
    reach(page, page.get_by_label("New alias"))
    page.keyboard.type("orders-in")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    reach(page, page.get_by_label("Address it delivers to"))
    page.keyboard.type("else@thexyz.com")
    reach(page, page.get_by_role("button", name="Add alias"))
    page.keyboard.press("Enter")
    said(page, "The alias orders-in was added.")
    assert owner.aliases() == {"orders-in": "else@thexyz.com"}


def reach(page: Page, target: Locator) -> None:
    """Press Tab until this has the focus."""
    target.wait_for()
    for _ in range(40):
        if target.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no Tab leads to {target}")


@pytest.mark.parametrize("phone", [False, True], ids=["scripts", "bare phone"])
@pytest.mark.parametrize("trouble", ["suspended", "down"])
def test_in_trouble_all_can_be_read_and_nothing_changed(owner, visit, trouble, phone):
    owner.add_alias("orders-in")
    owner.add_list("team", "a@example.org")
    if trouble == "suspended":
        owner.suspend()
        told = "This mailbox is suspended"
    else:
        seen = timezone.now() - timedelta(hours=3)
        Mailbox.objects.update(used_bytes=2_000_000_000, seen_at=seen)
        servers.forget_platforms()
        owner.store.emulator.switch_on("primary_down", mode="refused")
        told = "does not answer for this mailbox right now"
    # How it looks when it is suspended is looked at in test_every_page.py.
    check = looks_well if trouble == "down" else assert_targets_are_large
    if phone:
        check = assert_fits
    page = at_home(visit, javascript=not phone, narrow=phone)
    page.get_by_role("link", name="anna@thexyz.com").click()
    shown = dict(
        zip(TABS, ["Storage", "", "orders-in@thexyz.com", "a@example.org"], strict=True)
    )
    for name, words in shown.items():
        tab(page, name)
        said(page, told)
        expect(page.get_by_role("main")).to_contain_text(words)
        check(page)
        buttons = page.get_by_role("main").locator("form button:enabled")
        expect(buttons).to_have_count(0)

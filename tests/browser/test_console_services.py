"""Staff at the running half of the console: one walk through a day's work."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from housemail.modulelog import storage
from housemail.people.enrol import enrol, give_second_factor
from housemail.people.roles import Role
from housemail.sales import services
from tests.browser.pages import assert_accessible, assert_fits, sign_in
from tests.browser.test_account import code_of
from tests.sales.conftest import (
    STAFF,
    Store,
    _fresh_process_state,
    emulator,
    running_emulator,
    store,
)

__all__ = ["_fresh_process_state", "emulator", "running_emulator", "store"]
PASSWORD = "correct horse 7 battery"
SECRET = "Tricky&<pass>+7/=%"


def enter(page: Page, secret: str) -> None:
    """Sign in with the second factor."""
    sign_in(page, "owner@example.com", PASSWORD)
    page.get_by_label(re.compile("code", re.IGNORECASE)).fill(code_of(secret))
    page.get_by_role("main").get_by_role("button").first.click()


def press(page: Page, command: str, **fields: str) -> None:
    """Press a command's button, fill its page and send it."""
    main = page.locator("#content-main, #content").first
    main.get_by_role("link", name=command, exact=True).click()
    for label, value in fields.items():
        page.get_by_label(label.replace("_", " ")).fill(value)
    page.get_by_role("button", name=command, exact=True).click()


@pytest.fixture
def day(site, store: Store, emulator) -> Store:
    """A mailbox, an order whose name is taken on the platform, and a full log."""
    storage.turn_on(1)
    store.sells("order")
    service = store.service(store.order())
    services.set_password(service, STAFF, store.deadline(), password=f"{SECRET}Aa")
    emulator.seed_mailbox("thexyz.com", "carol")
    store.order("carol")
    return store


def suspend_and_adopt(page: Page, day: Store) -> None:
    page.get_by_role("link", name="anna@thexyz.com").click()
    expect(page.get_by_role("link", name="Suspend", exact=True)).to_be_visible()
    assert_fits(page)
    press(page, "Suspend", Reason="unpaid")
    expect(page.get_by_text("The mailbox is suspended.").first).to_be_visible()
    assert_fits(page)
    assert day.mailboxes["anna"].disabled
    # What stands in an order's way on the platform is taken over.
    page.goto("/console/mailboxes/mailbox/?q=carol")
    page.get_by_role("link", name="carol@thexyz.com").click()
    press(page, "Adopt")
    expect(page.get_by_text("The mailbox was taken over.").first).to_be_visible()
    assert_fits(page)


def read_the_log(page: Page) -> None:
    page.goto("/console/modulelog/modulelogentry/")
    assert_fits(page)
    page.get_by_label("Action", exact=True).select_option("updateUser")
    page.get_by_role("button", name="Filter").click()
    page.locator("#result_list").get_by_role("link", name="updateUser").first.click()
    expect(page.locator(".hc-text").first).to_contain_text("anna")
    assert SECRET not in page.content()
    assert_fits(page)


def make_a_key(page: Page) -> None:
    page.goto("/console/installations/apikey/")
    main = page.locator("#content-main, #content").first
    main.get_by_role("link", name="New key").click()
    page.get_by_label("Or a new one").fill("Our WHMCS")
    page.get_by_role("button", name="New key").click()
    key = page.locator(".hc-key").inner_text()
    assert re.fullmatch(r"hm_[0-9a-f]{12}_[A-Za-z0-9_-]{43}", key)
    assert_accessible(page)
    page.get_by_role("link", name="I have copied it").click()
    expect(page.get_by_role("link", name=key[:15])).to_be_visible()
    assert key not in page.content()


def test_a_days_work(visit, day):
    owner = enrol("owner@example.com", PASSWORD, role=Role.OWNER)
    secret = give_second_factor(owner).secret
    page = visit("/console/mailboxes/mailbox/")
    enter(page, secret)
    suspend_and_adopt(page, day)
    read_the_log(page)
    make_a_key(page)


def test_the_work_is_done_on_a_phone_without_scripts_too(visit, day):
    owner = enrol("owner@example.com", PASSWORD, role=Role.OWNER)
    secret = give_second_factor(owner).secret
    page = visit("/console/mailboxes/mailbox/?q=anna", javascript=False, narrow=True)
    enter(page, secret)
    page.goto("/console/mailboxes/mailbox/?q=anna")
    page.get_by_label("State", exact=True).select_option("active")
    page.get_by_role("button", name="Filter").click()
    suspend_and_adopt(page, day)
    read_the_log(page)
    page.goto("/console/installations/apikey/do/new/")
    page.get_by_label("Or a new one").fill("Our WHMCS")
    page.get_by_role("button", name="New key").click()
    expect(page.locator(".hc-key")).to_contain_text("hm_")
    assert_fits(page)

"""The shop as a visitor walks it: with scripts, without, and by keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from housemail.account.enrol import enrol
from housemail.sales import orders
from housemail.sales.models import Order
from tests.browser.pages import (
    assert_accessible,
    assert_fits,
    assert_targets_are_large,
    expect_heading,
    sign_in,
)
from tests.sales.conftest import (
    STAFF,
    Store,
    emulator,
    person,
    running_emulator,
    store,
)

__all__ = ["emulator", "running_emulator", "store"]

PASSWORD = "correct horse 7 battery"
MAILBOX_PASSWORD = "Better-Pass_123"


def assert_good(page: Page) -> None:
    """Accessible in light and in dark, and every button large enough."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert_accessible(page)
    page.emulate_media(color_scheme="light")
    assert_targets_are_large(page)


def number_of(page: Page) -> str:
    """The number of the order that is shown."""
    found = re.search(r"/orders/([^/]+)/$", page.url)
    assert found is not None, page.url
    return found[1]


def pay(store: Store, page: Page) -> Order:
    """What staff or the web hook do elsewhere; the engine does the rest."""
    return orders.mark_paid(Order.objects.get(number=number_of(page)), STAFF)


def sign_up(page: Page) -> None:
    """Fill the sign-up form that is open, and send it."""
    expect_heading(page, "Sign Up")
    page.get_by_label("Email").fill("anna@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign Up").click()


def test_a_visitor_comes_to_a_mailbox(site, store: Store, visit: Callable[..., Page]):
    store.order("anna", customer=person())
    page = visit("/")
    expect_heading(page, "Choose your address")
    said = page.get_by_role("status").filter(has=page.locator("p"))
    page.get_by_label("The name you would like").press_sequentially("anna")
    expect(said).to_contain_text("This address is not available.")
    expect(page.locator("[data-suggestion]")).to_have_count(3)
    assert_good(page)
    page.get_by_role("link", name="anna2@thexyz.com").click()
    expect(said).to_contain_text("anna2@thexyz.com is free.")
    expect(page.get_by_label("The name you would like")).to_have_value("anna2")
    page.get_by_label("Domain").select_option("thexyz.ca")
    expect(said).to_contain_text("anna2@thexyz.ca is free.")
    page.get_by_label("Domain").select_option("thexyz.com")
    expect(said).to_contain_text("anna2@thexyz.com is free.")
    page.get_by_role("button", name="Continue").click()

    expect(page.get_by_text("anna2@thexyz.com is held for you until")).to_be_visible()
    assert_good(page)
    sign_up(page)

    expect_heading(page, "anna2@thexyz.com")
    expect(page.get_by_text("Held for you until")).to_contain_text("(15 minutes)")
    page.get_by_label("Mailbox Quota (GB)").select_option("50")
    assert_good(page)
    page.get_by_role("button", name="Order", exact=True).click()

    expect(page.get_by_text("Thank you. We received your order")).to_be_visible()
    expect(page.locator("#progress")).to_contain_text("We wait for your payment.")
    assert_good(page)
    pay(store, page)
    page.reload()  # else the page asks by itself, every ten seconds
    expect(page.locator("#progress")).to_contain_text("This takes a few seconds.")
    store.engine()
    # The page, left alone, finds out.
    ready = page.get_by_role("heading", name="Your mailbox is ready: set its password")
    expect(ready).to_be_visible()
    assert_good(page)

    page.get_by_label("New password").fill(MAILBOX_PASSWORD)
    page.get_by_label("The same password again").fill(MAILBOX_PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_text("The password is set.")).to_be_visible()
    expect(page.get_by_label("New password")).to_have_count(0)
    assert_good(page)
    page.get_by_role("link", name="All my orders").click()
    expect(page.get_by_role("link", name="anna2@thexyz.com")).to_be_visible()
    assert_good(page)

    assert store.mailboxes["anna2"].password == MAILBOX_PASSWORD
    page.goto(store.emulator.page_url)
    expect(page.get_by_text("anna2", exact=False).first).to_be_visible()


def test_without_scripts_on_a_phone(site, store: Store, visit: Callable[..., Page]):
    store.order("anna", customer=person())
    page = visit("/", javascript=False, narrow=True)
    # No script may run here, so what is too wide is seen by the page that scrolls.
    page.get_by_label("The name you would like").fill("anna")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("status")).to_contain_text("This address is not available.")
    assert_fits(page)
    page.get_by_role("link", name="anna3@thexyz.com").click()
    expect(page.get_by_role("status")).to_contain_text("anna3@thexyz.com is free.")
    page.get_by_role("button", name="Continue").click()
    sign_up(page)
    expect_heading(page, "anna3@thexyz.com")
    assert_fits(page)
    page.get_by_role("button", name="Order", exact=True).click()
    expect(page.get_by_text("We wait for your payment.")).to_be_visible()
    assert_fits(page)
    # Another took the name where we do not look: the order asks for another one.
    store.emulator.seed_mailbox("thexyz.com", "anna3")
    pay(store, page)
    store.engine()
    page.get_by_role("link", name="Look again").click()
    expect(page.get_by_text("What you paid is kept for this order.")).to_be_visible()
    assert_fits(page)
    page.get_by_label("The name you would like").fill("anna4")
    page.get_by_role("button", name="Use this name").click()
    expect(page.get_by_text("Your order is for anna4@thexyz.com now.")).to_be_visible()
    page.get_by_label("New password").fill("short")
    page.get_by_label("The same password again").fill("short")
    page.get_by_role("button", name="Set the password").click()
    field = page.get_by_label("New password")
    expect(field).to_have_accessible_description(re.compile("at least 10 characters"))
    assert_fits(page)
    page.get_by_label("New password").fill(MAILBOX_PASSWORD)
    page.get_by_label("The same password again").fill(MAILBOX_PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_text("The password is set.")).to_be_visible()
    assert store.mailboxes["anna4"].password == MAILBOX_PASSWORD
    page.goto("/orders/")
    assert_fits(page)


def test_by_keyboard_alone(site, store: Store, visit: Callable[..., Page]):
    enrol("anna@example.com", PASSWORD)
    store.sells("order")
    page = visit("/account/login/")
    sign_in(page, "anna@example.com", PASSWORD)
    expect_heading(page, "Your account")
    page.goto("/")

    def tab_to(role: str, name: str | re.Pattern[str]) -> None:
        wanted = page.get_by_role(role, name=name, exact=True)  # type: ignore[arg-type]
        for _ in range(40):
            page.keyboard.press("Tab")
            if wanted.evaluate("node => node === document.activeElement"):
                return
        pytest.fail(f"{name} was not reached")

    tab_to("textbox", "The name you would like")
    page.keyboard.type("anna")
    expect(page.get_by_text("anna@thexyz.com is free.")).to_be_visible()
    tab_to("radio", "Premium Email Account")
    tab_to("button", "Continue")
    page.keyboard.press("Enter")
    expect_heading(page, "anna@thexyz.com")
    tab_to("combobox", "Account Type")
    page.keyboard.press("ArrowDown")
    tab_to("button", "Order")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Thank you. We received your order")).to_be_visible()
    tab_to("textbox", "New password")
    page.keyboard.type(MAILBOX_PASSWORD)
    tab_to("textbox", "The same password again")
    page.keyboard.type(MAILBOX_PASSWORD)
    tab_to("button", "Set the password")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The password is set.")).to_be_visible()
    assert store.mailboxes["anna"].password == MAILBOX_PASSWORD
    order = Order.objects.get()
    assert order.options == {"Account Type": "Basic"}

"""The shop as a visitor walks it: with scripts, without, and by keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from housemail.people.enrol import enrol
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
    for scheme in ("dark", "light"):
        # Without motion, so that no colour is on its way when axe looks.
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert_accessible(page)
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


def set_password(page: Page, typed: str = MAILBOX_PASSWORD) -> None:
    """Type the first password twice and send it."""
    page.get_by_label("New password").fill(typed)
    page.get_by_label("The same password again").fill(typed)
    page.get_by_role("button", name="Set the password").click()


def order(page: Page) -> None:
    """Press Order and see that it was received."""
    page.get_by_role("button", name="Order", exact=True).click()
    expect(page.get_by_text("Thank you. We received your order")).to_be_visible()


def test_a_visitor_comes_to_a_mailbox(site, store: Store, visit: Callable[..., Page]):
    store.order("anna", customer=person())
    page = visit("/")
    choose_a_suggestion(page)
    expect(page.get_by_text("anna2@thexyz.com is held for you until")).to_be_visible()
    assert_targets_are_large(page)
    sign_up(page)

    expect_heading(page, "anna2@thexyz.com")
    expect(page.get_by_text("Held for you until")).to_contain_text("(15 minutes)")
    page.get_by_label("Mailbox Quota (GB)").select_option("50")
    assert_targets_are_large(page)
    order(page)
    follow_the_order(store, page)

    set_password(page)
    expect(page.get_by_text("The password is set.")).to_be_visible()
    expect(page.get_by_label("New password")).to_have_count(0)
    assert_targets_are_large(page)
    page.get_by_role("link", name="All my orders").click()
    expect(page.get_by_role("link", name="anna2@thexyz.com")).to_be_visible()
    assert_targets_are_large(page)
    assert store.mailboxes["anna2"].password == MAILBOX_PASSWORD
    page.goto(store.emulator.page_url)
    expect(page.get_by_text("anna2").first).to_be_visible()


def choose_a_suggestion(page: Page) -> None:
    """Type a name that is taken, click one that is free, change the domain and back."""
    expect_heading(page, "Choose your address")
    said = page.locator("#availability")
    page.get_by_label("The name you would like").press_sequentially("anna")
    expect(said).to_contain_text("This address is not available.")
    expect(page.locator("[data-suggestion]")).to_have_count(3)
    expect(page.get_by_label("The name you")).to_have_attribute("aria-invalid", "true")
    assert_good(page)
    page.get_by_role("link", name="anna2@thexyz.com").click()
    expect(said).to_contain_text("anna2@thexyz.com is free.")
    field = page.get_by_label("The name you would like")
    expect(field).to_have_value("anna2")
    expect(field).not_to_have_attribute("aria-invalid", "true")
    for domain in ("thexyz.ca", "thexyz.com"):
        page.get_by_label("Domain").select_option(domain)
        expect(said).to_contain_text(f"anna2@{domain} is free.")
    page.get_by_role("button", name="Continue").click()


def follow_the_order(store: Store, page: Page) -> None:
    """Pay, let the engine work, and see that the page finds out by itself."""
    expect(page.locator("#progress")).to_contain_text("We wait for your payment.")
    assert_targets_are_large(page)
    pay(store, page)
    page.reload()  # else the page asks by itself, every ten seconds
    expect(page.locator("#progress")).to_contain_text("This takes a few seconds.")
    store.engine()
    ready = page.get_by_role("heading", name="Your mailbox is ready: set its password")
    expect(ready).to_be_visible(timeout=15_000)
    assert_good(page)


def test_without_scripts_on_a_phone(site, store: Store, visit: Callable[..., Page]):
    store.order("anna", customer=person())
    page = visit("/", javascript=False, narrow=True)
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
    order(page)
    assert_fits(page)
    choose_another_name(store, page)
    set_password(page, "short")
    field = page.get_by_label("New password")
    expect(field).to_have_accessible_description(re.compile("at least 10 characters"))
    assert_fits(page)
    set_password(page)
    expect(page.get_by_text("The password is set.")).to_be_visible()
    assert store.mailboxes["anna4"].password == MAILBOX_PASSWORD
    page.goto("/orders/")
    assert_fits(page)
    page.goto(store.emulator.page_url)
    expect(page.get_by_text("anna4").first).to_be_visible()


def choose_another_name(store: Store, page: Page) -> None:
    """Somebody took the name where we do not look: the order asks for another one."""
    store.emulator.seed_mailbox("thexyz.com", "anna3")
    pay(store, page)
    store.engine()
    page.get_by_role("link", name="Look again").click()
    expect(page.get_by_text("What you paid is kept for this order.")).to_be_visible()
    assert_fits(page)
    page.get_by_label("The name you would like").fill("anna4")
    page.get_by_role("button", name="Use this name").click()
    expect(page.get_by_text("Your order is for anna4@thexyz.com now.")).to_be_visible()


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until it has the focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if wanted.evaluate("node => node === document.activeElement"):
            return
    pytest.fail(f"{wanted} was not reached")


def test_by_keyboard_alone(site, store: Store, visit: Callable[..., Page]):
    enrol("anna@example.com", PASSWORD)
    store.sells("order")
    page = visit("/account/login/?next=/")
    sign_in(page, "anna@example.com", PASSWORD)
    expect_heading(page, "Choose your address")
    tab_to(page, page.get_by_label("The name you would like"))
    page.keyboard.type("anna")
    expect(page.get_by_text("anna@thexyz.com is free.")).to_be_visible()
    tab_to(page, page.get_by_role("radio", name="Premium Email Account"))
    tab_to(page, page.get_by_role("button", name="Continue"))
    page.keyboard.press("Enter")
    expect_heading(page, "anna@thexyz.com")
    tab_to(page, page.get_by_label("Account Type"))
    page.keyboard.press("ArrowDown")
    tab_to(page, page.get_by_role("button", name="Order", exact=True))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Thank you. We received your order")).to_be_visible()
    for label in ("New password", "The same password again"):
        tab_to(page, page.get_by_label(label))
        page.keyboard.type(MAILBOX_PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("The password is set.")).to_be_visible()
    assert store.mailboxes["anna"].password == MAILBOX_PASSWORD
    assert Order.objects.get().options == {"Account Type": "Basic"}

"""The console as staff uses it: with scripts, and without them on a phone.

Its pages as they are, light and dark, are looked at in test_every_page.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from housemail.people.enrol import enrol, give_second_factor
from housemail.people.roles import Role
from housemail.sales import bulk, orders
from housemail.sales.models import BulkRun, Order, Product, SaleServer
from tests.browser.pages import assert_accessible, assert_fits, sign_in
from tests.browser.test_account import code_of
from tests.sales.conftest import (
    STAFF,
    Store,
    _fresh_process_state,
    clock,
    emulator,
    kill,
    running_emulator,
    store,
)

__all__ = [
    "_fresh_process_state",
    "clock",
    "emulator",
    "kill",
    "running_emulator",
    "store",
]
PASSWORD = "correct horse 7 battery"


def enter(page: Page, secret: str) -> None:
    """Sign in as staff does: with password and second factor."""
    sign_in(page, "owner@example.com", PASSWORD)
    page.get_by_label("Code").fill(code_of(secret))
    page.get_by_role("main").get_by_role("button", name="Sign In").click()


def looks_well(page: Page) -> None:
    """A page that only a form leads to, in light and in dark."""
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert_accessible(page)


def the_dashboard(page: Page) -> None:
    """Numbers lead to their lists."""
    expect(page.get_by_role("heading", name="Orders waiting")).to_be_visible()
    page.get_by_role("link", name=re.compile("Ordered")).click()
    page.wait_for_url("**/sales/order/?state=placed")
    filters = page.get_by_role("navigation", name="Filters")
    shown = filters.get_by_role("link", name="Ordered", exact=True)
    expect(shown).to_have_attribute("aria-current", "page")
    assert_accessible(page)


def a_server(page: Page, store: Store, good: Callable[[Page], None]) -> None:
    """Tested with a wrong password, then with the right one, then saved.

    ``good``: what is asked of the page after each.
    """
    page.goto("/console/sales/saleserver/add/")
    page.get_by_label("Name", exact=False).first.fill("Second")
    page.get_by_label(re.compile("^Hostname")).fill("127.0.0.1")
    page.get_by_label(re.compile("^Username")).fill(store.emulator.username)
    page.get_by_label(re.compile("^API endpoint$")).fill(store.emulator.endpoint)
    page.get_by_label("Password").fill("wrong")
    page.get_by_label("PolarisMail Servers").check()
    page.get_by_role("button", name="Test connection").click()
    expect(page.get_by_text("The connection failed")).to_be_visible()
    expect(page.get_by_text("refused the user name or the password")).to_be_visible()
    expect(page.get_by_label(re.compile("^Hostname"))).to_have_value("127.0.0.1")
    good(page)
    page.get_by_label("Password").fill(store.emulator.password)
    page.get_by_role("button", name="Test connection").click()
    expect(page.get_by_text("The connection works")).to_be_visible()
    expect(page.get_by_role("listitem").get_by_text("thexyz.com")).to_be_visible()
    expect(page.get_by_label("Password")).to_have_value("")
    good(page)
    assert not SaleServer.objects.filter(name="Second").exists()
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/sales/saleserver/")
    saved = SaleServer.objects.get(name="Second")
    assert saved.password == store.emulator.password


def a_product(page: Page, store: Store) -> None:
    """A mistake is explained at its field, then it is saved with suggested options."""
    page.goto("/console/sales/product/add/")
    page.get_by_label(re.compile("^Product group")).select_option("Email Services")
    page.get_by_label(re.compile("^Name")).first.fill("Personal Email Account")
    page.get_by_label(re.compile("^Allowed Domains CSV")).fill("thexyz.com")
    page.get_by_label(re.compile("^Default Quota GB")).fill("plenty")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text(re.compile("Use a number of GB above 0"))).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Module settings: Default Quota GB").click()
    expect(page.get_by_label(re.compile("^Default Quota GB"))).to_be_in_viewport()
    page.get_by_label(re.compile("^Default Quota GB")).fill("30")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/sales/product/")
    made = Product.objects.get(name="Personal Email Account")
    assert (made.slug, made.quota_gb) == ("personal-email-account", "30")
    assert made.options.count() == len(store.product.options.all())


def saved_again(page: Page, product: Product) -> None:
    """A product is saved as it was opened, then with another price."""
    path = f"/console/sales/product/{product.pk}/change/"
    options = [str(row) for row in product.options.all()]
    for price in (product.price_text, "€4/month"):
        page.goto(path)
        page.locator("#id_price_text").fill(price)
        page.get_by_role("button", name="Save", exact=True).click()
        page.wait_for_url("**/sales/product/")
        product.refresh_from_db()
        assert product.price_text == price
        assert [str(row) for row in product.options.all()] == options


def an_order(page: Page, order: Order) -> None:
    """Accepted by keyboard; a second try with the back button changes nothing."""
    page.goto(f"/console/sales/order/{order.pk}/change/")
    page.get_by_role("link", name="Accept").press("Enter")
    page.get_by_role("button", name="Accept").press("Enter")
    expect(page.get_by_text(f"{order.number}: Set up.")).to_be_visible()
    page.go_back()
    expect(page.get_by_text(f"{order.number} was accepted already")).to_be_visible()
    assert order.events.filter(kind="accepted").count() == 1
    expect(page.get_by_role("link", name="Accept")).to_have_count(0)


def picked_rows(page: Page, store: Store) -> None:
    """Rows are picked, confirmed, and the run shows how far it is."""
    page.goto("/console/sales/order/")
    page.locator("input.action-select").nth(1).check()
    page.locator("select[name=action]").select_option("mark_paid")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_text("1 order was picked")).to_be_visible()
    page.get_by_role("button", name="Mark paid").click()
    expect(page.get_by_text("0 of 1 line is finished")).to_be_visible()
    run = BulkRun.objects.get()
    assert bulk.work(run.pk, store.deadline())
    expect(page.get_by_text("1 of 1 line is finished")).to_be_visible()


def rows_that_are_asked_about(page: Page) -> None:
    """The page between, which only the list's form leads to."""
    page.goto("/console/sales/order/")
    page.locator("input.action-select").first.check()
    page.locator("select[name=action]").select_option("accept")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_role("button", name="Accept", exact=True)).to_be_visible()
    looks_well(page)


# Cells whose content is larger than they are, or that reach beyond the window.
CUT = """() => [...document.querySelectorAll('#content td, #content th')].filter(
  (cell) => !cell.closest('thead') && (cell.scrollWidth > cell.clientWidth + 1
    || cell.scrollHeight > cell.clientHeight + 1
    || cell.getBoundingClientRect().right > innerWidth)
).map((cell) => cell.innerText)"""


def nothing_is_cut(page: Page) -> None:
    """Lists and tables on a phone are read without scrolling sideways."""
    assert_fits(page)
    assert page.evaluate(CUT) == []


def lists_on_a_phone(page: Page, order: Order) -> None:
    """Long sentences, addresses and names of accounts are shown whole."""
    for path in (
        f"sales/order/{order.pk}/change/",
        "sales/order/",
        "mailboxes/operation/",
        "mailboxes/housedomain/",
        "mailboxes/reservedname/",
        "admin/logentry/",
        "",
    ):
        page.goto(f"/console/{path}")
        nothing_is_cut(page)


def by_keyboard_to_the_sidebar(page: Page) -> None:
    """The menu of a small window opens and closes by keyboard."""
    page.goto("/console/")
    expect(page.locator(".hc-sidebar a").first).to_be_visible()
    page.set_viewport_size({"width": 1000, "height": 900})
    page.get_by_role("button", name="Menu").press("Enter")
    expect(page.locator(".hc-sidebar a").first).to_be_focused()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert_accessible(page)


def test_staff_runs_the_shop(site, store, visit):
    store.sells("accept")
    placed = [store.order(name) for name in ("anna", "bob")]
    owner = enrol("owner@example.com", PASSWORD, role=Role.OWNER)
    secret = give_second_factor(owner).secret
    page = visit("/console/")
    enter(page, secret)
    the_dashboard(page)
    a_server(page, store, assert_accessible)
    a_product(page, store)
    for product in Product.objects.all():
        saved_again(page, product)
    an_order(page, placed[0])
    picked_rows(page, store)
    rows_that_are_asked_about(page)
    by_keyboard_to_the_sidebar(page)


def test_the_console_works_on_a_phone_without_scripts(site, store, visit):
    store.sells("accept")
    order = store.order("anna")
    failed = store.order("bob")
    store.emulator.switch_on("rate_limit", action="addUser")
    orders.set_up(failed, STAFF, store.deadline())
    store.emulator.switches_off()
    owner = enrol("owner@example.com", PASSWORD, role=Role.OWNER)
    secret = give_second_factor(owner).secret
    page = visit("/console/", javascript=False, narrow=True)
    enter(page, secret)
    expect(page.get_by_role("heading", name="Orders waiting")).to_be_visible()
    assert_fits(page)
    page.get_by_role("link", name="Orders", exact=True).click()
    expect(page.get_by_role("link", name=order.number)).to_be_visible()
    assert_fits(page)
    page.get_by_role("link", name=order.number).click()
    expect(page.get_by_role("link", name="Accept")).to_be_visible()
    assert_fits(page)
    page.get_by_role("link", name="Accept").click()
    expect(page.get_by_role("button", name="Accept")).to_be_visible()
    assert_fits(page)
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_text(f"{order.number}: Set up.")).to_be_visible()
    a_server(page, store, assert_fits)
    lists_on_a_phone(page, order)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Orders", exact=True)).to_have_count(0)

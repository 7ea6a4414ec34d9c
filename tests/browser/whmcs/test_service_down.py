"""Housemail does not answer: pages stay calm, WHMCS goes on working."""

from __future__ import annotations

import itertools

import pytest
from playwright.sync_api import expect

from tests.browser.pages import assert_accessible, assert_fits
from tests.browser.whmcs.standin import PAGES, THEMES

NUMBERS = itertools.count(1)


@pytest.fixture
def service(mailbox):
    """A mailbox whose service will go away."""
    return mailbox(f"calm.{next(NUMBERS)}")


def test_the_page_is_calm_and_billing_stays_usable(standin, customer, service):
    page = customer.page
    page.set_viewport_size({"width": 360, "height": 900})
    with standin.without_service():
        for theme in THEMES:
            for name in PAGES:
                customer.open(service, name, theme)
                ours = page.locator(".thexyz-pm")
                expect(ours.locator(".pm-calm")).to_contain_text(
                    "Your mail is not affected"
                )
                expect(ours.locator("form")).to_have_count(0)
                expect(ours.get_by_text("Request cancellation")).to_be_visible()
                assert "127.0.0.1" not in ours.inner_text()
            assert_accessible(page, within=".thexyz-pm")
            assert_fits(page)


def test_a_change_that_was_begun_before_is_answered_with_a_sentence(
    standin, customer, service
):
    customer.open(service, "aliases")
    with standin.without_service():
        customer.send("addAlias", handle="too.late")
        expect(customer.flashes.first).to_contain_text("Please try again")
    assert "too.late" not in standin.platform()["aliases"]


def test_the_cart_still_sells(standin, staff, customer):
    with standin.without_service():
        order = customer.order(standin.id_of("product2"), "sold.blind")
        reserved = customer.order(standin.id_of("product2"), "abuse")
    staff.accept(order)
    assert standin.mailbox("sold.blind")["disabled"] is False
    staff.open_order(reserved)
    staff.press("Accept Order")
    staff.hears("Module Command Error")
    assert "abuse" not in standin.platform()["mailboxes"]


def test_staff_read_what_is_wrong(standin, staff, service):
    with standin.without_service():
        staff.service(service)
        expect(staff.page.locator("#tabfields")).to_contain_text("cannot be reached")
        for name in ("Suspend", "Unsuspend", "Change Package", "Check now"):
            staff.press(name)
            staff.hears("cannot be reached; nothing was sent")

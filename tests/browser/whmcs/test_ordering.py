"""The cart: what is refused before anybody pays, and what an accepted order becomes."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.whmcs.standin import Customer


def test_a_reserved_a_malformed_and_a_taken_name_are_refused_before_payment(
    staff, customer
):
    product = staff.standin.id_of("product")
    taken = customer.order(product, "taken.name", Domain="thexyz.com")
    staff.open_order(taken)
    staff.press("Mark Paid")
    for mailbox, words in {
        "postmaster": "This address is not available. Choose another name.",
        "post-master": "This address is not available. Choose another name.",
        "Taken.Name": "Still free: ",
        "two..dots": "two dots",
        "ends.with-": "letter or a digit",
    }.items():
        customer.choose(product, Mailbox=mailbox, Domain="thexyz.com")
        customer.is_told(words)
    customer.choose(product, Mailbox="taken.name", Domain="thexyz.ca")
    expect(customer.page.get_by_role("button", name="Complete Order")).to_be_visible()


def test_the_cart_refuses_without_javascript_too(standin, window):
    customer = Customer(window(javascript=False), standin)
    customer.choose(standin.id_of("product2"), Mailbox="abuse")
    customer.is_told("This address is not available")
    customer.field("Mailbox").fill("no.script")
    customer.press_continue()
    customer.check_out()


def test_two_lines_with_one_address_and_a_quantity_of_two_are_refused(
    staff, customer, window
):
    standin = staff.standin
    product = standin.id_of("product2")
    customer.choose(product, Mailbox="twice.same")
    customer.choose(product, Mailbox="Twice.Same")
    customer.page.get_by_role("button", name="Complete Order").click()
    error = customer.page.locator(".checkout-error-feedback")
    expect(error).to_contain_text("is in your cart twice")
    customer.page.get_by_role("button", name="Remove").first.click()
    customer.check_out()

    staff.new_product("By the dozen", {"Allowed Domains CSV": "thexyz.com"})
    staff.menu("Details")
    staff.page.get_by_label("Allow Multiple Quantities").check()
    staff.save()
    page = customer.page
    page.goto(f"{standin.url}/cart.php")
    offer = page.locator(".product").filter(has_text="By the dozen")
    offer.get_by_role("link", name="Order Now").click()
    customer.field("Mailbox").fill("a.dozen")
    page.get_by_label("Quantity").fill("2")
    customer.press_continue()
    customer.is_told("Order one at a time")


def test_a_visitor_is_asked_to_sign_in_before_the_check_out(standin, window):
    page, who = window(), standin.said["client"]
    page.goto(f"{standin.url}/cart.php?a=add&pid={standin.id_of('product2')}")
    page.get_by_label("Mailbox *").fill("visi.tor")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Complete Order").click()
    page.get_by_label("Email Address").fill(who["username"])
    page.get_by_label("Password").fill(who["password"])
    page.locator("#login").click()
    page.get_by_role("button", name="Complete Order").click()
    expect(page.get_by_text("Your Order Number is")).to_be_visible()


def test_an_accepted_order_is_an_active_mailbox(staff, customer, window):
    standin = staff.standin
    product = standin.id_of("product2")
    options = {"Account Type": "Enhanced", "Mailbox Quota (GB)": "10"}
    service = customer.order(product, "TestUser", **options)
    customer.open(service)
    expect(customer.page.locator(".pm-calm")).to_contain_text("is being set up")
    assert "testuser" not in standin.platform()["mailboxes"]
    staff.accept(service)
    staff.service(service)
    page = staff.page
    expect(page.get_by_label("Status")).to_have_value("Active")
    expect(page.get_by_label("Username")).to_have_value("testuser@thexyz.com")
    expect(page.get_by_label("Domain", exact=True)).to_have_value("thexyz.com")
    expect(page.locator("#tabfields")).to_contain_text("testuser@thexyz.com")

    page = window()
    page.goto(f"{standin.said['emulator']}?domain=thexyz.com")
    row = page.get_by_role("row").filter(
        has=page.get_by_role("cell", name="testuser", exact=True)
    )
    expect(row.first).to_contain_text("Enhanced")
    expect(row.first).to_contain_text("of 10000 MB")
    customer.page.goto(f"{standin.url}/clientarea.php")
    services = customer.page.locator("#tableServicesList")
    expect(services).to_contain_text("testuser@thexyz.com")


@pytest.mark.parametrize("button", ["Cancel Order", "Set as Fraud", "Delete Service"])
def test_an_order_that_comes_to_nothing_gives_its_name_back(staff, customer, button):
    product = staff.standin.id_of("product2")
    name = button.lower().replace(" ", "-")
    service = customer.order(product, name)
    customer.choose(product, Mailbox=name)
    customer.is_told("not available")
    if button == "Delete Service":
        staff.service(service)
    else:
        staff.open_order(service)
    staff.press(button)
    customer.press_continue()
    customer.check_out()


def test_the_domain_field_of_a_service_names_the_domain(staff, customer):
    """The sheet's Option 1: several domains, none chosen in the cart."""
    domains = {"Allowed Domains CSV": "thexyz.com,thexyz.ca"}
    product = staff.new_product("Domain by staff", domains)
    service = customer.order(product, "option.one")
    staff.service(service)
    staff.press("Create")
    staff.hears("Enter a domain on the service")
    staff.fill({"Domain": "thexyz.cn"})
    staff.save()
    staff.press("Create")
    staff.hears("Allowed Domains CSV")
    staff.fill({"Domain": "thexyz.ca"})
    staff.save()
    staff.command(service, "Create")
    assert staff.standin.mailbox("option.one", "thexyz.ca")["disabled"] is False

"""The product details page as a customer: look, password, aliases, lists, webmail."""

from __future__ import annotations

import re

import pytest
import urllib3
from playwright.sync_api import Page, expect

from tests.browser.pages import assert_accessible, assert_fits, assert_targets_are_large
from tests.browser.whmcs.standin import PAGES, THEMES, Customer

GOOD = "Better-Pass_123"


@pytest.fixture
def filled(customer, mailbox):
    """A mailbox with an alias and a list of two, one of them outside."""

    def filled(handle: str, customer: Customer = customer) -> str:
        service: str = mailbox(handle)
        customer.open(service, "aliases")
        customer.send("addAlias", handle=f"{handle}.alias")
        customer.open(service, "lists")
        members = f"{handle}@thexyz.com\nfriend@example.org"
        customer.send("addList", handle=f"{handle}.list", members=members)
        return service

    return filled


def test_every_page_is_accessible_and_fits_a_phone_in_every_theme(
    standin, window, customer, filled
):
    """The frame belongs to WHMCS's themes; only our part of the page is judged."""
    service = filled("looks")
    narrow = Customer(window(narrow=True), standin)
    for theme in THEMES:
        for name in PAGES:
            customer.open(service, name, theme)
            body = customer.page.locator(".thexyz-pm")
            expect(body.get_by_label("Your address")).to_have_value("looks@thexyz.com")
            for summary in body.locator("summary").all():
                summary.click()
            assert_accessible(customer.page, within=".thexyz-pm")
            narrow.open(service, name, theme)
            for summary in narrow.page.locator(".thexyz-pm summary").all():
                summary.click()
            assert_fits(narrow.page)
            assert_nothing_scrolls(narrow.page)
            assert_targets_are_large(narrow.page)


def assert_nothing_scrolls(page: Page) -> None:
    """No part of ours is cut off either; Bootstrap lets tables scroll by themselves."""
    cut = page.locator(".thexyz-pm *").evaluate_all(
        """nodes => nodes
            .filter(node => node.clientWidth > 1 && node.scrollWidth > node.clientWidth)
            .filter(node => !["INPUT", "TEXTAREA"].includes(node.tagName))
            .map(node => node.outerHTML.slice(0, 160))"""
    )
    assert cut == [], page.url


def test_the_overview_shows_what_belongs_to_this_product_and_nothing_else(
    customer, filled
):
    customer.open(filled("overview.one"))
    ours = customer.page.locator(".thexyz-pm")
    for words in (
        "Active",
        "0 kB of 25 GB used",
        "Basic",
        "1 of 25",
        "1 of 5",
        "$5.00",
    ):
        expect(ours).to_contain_text(words)
    for words in ("Visit Website", "Nameservers", "Server Name", "Resource Usage"):
        expect(customer.page.get_by_text(words)).to_have_count(0)


def signs_in(standin, handle: str, password: str) -> bool:
    """Whether the platform's API for mailboxes lets somebody in."""
    url = standin.said["server"]["endpoint"].replace("/admin/", "/")
    who = {"username": handle, "domain": "thexyz.com", "password": password}
    fields = {"action": "login", **who}
    answer = urllib3.PoolManager().request(
        "POST", url, fields=fields, encode_multipart=False, timeout=10
    )
    return bool(answer.json()["returncode"])


def test_a_password_is_refused_with_a_sentence_or_changed(customer, mailbox):
    standin = customer.standin
    service = mailbox("pass.word")
    customer.open(service, "password")
    page = customer.page
    for password, again, words in (
        ("short1!A", "short1!A", "at least 10 characters"),
        ("With a-space1", "With a-space1", "space"),
        (GOOD, "Another-1234", "did not match"),
    ):
        customer.send("password", newpw=password, confirmpw=again)
        expect(customer.flashes.first).to_contain_text("was not changed")
        expect(customer.flashes.first).to_contain_text(words)
    assert not signs_in(standin, "pass.word", GOOD)
    page.get_by_label("New password", exact=True).fill("abcdefghijk")
    expect(page.locator("[data-rule=length]")).to_have_class("pm-met")
    expect(page.locator("[data-rule=digit]")).not_to_have_class("pm-met")
    customer.send("password", newpw=GOOD, confirmpw=GOOD)
    expect(customer.flashes.first).to_contain_text("The password was changed")
    assert signs_in(standin, "pass.word", GOOD)
    assert GOOD not in page.content()


def test_aliases_are_added_and_removed_after_a_question(customer, mailbox):
    standin = customer.standin
    customer.open(mailbox("ali.as"), "aliases")
    page = customer.page
    customer.send("addAlias", handle="news.ali")
    expect(customer.flashes).to_have_text("The alias news.ali was added.")
    assert standin.platform()["aliases"]["news.ali"] == "ali.as@thexyz.com"
    for handle, destination, words in (
        ("postmaster", "ali.as@thexyz.com", "not available"),
        ("other.ali", "somebody@example.org", "thexyz.com"),
    ):
        customer.send("addAlias", handle=handle, destination=destination)
        expect(customer.flashes).to_contain_text(words)
        assert handle not in standin.platform()["aliases"]
    row = "[data-alias='news.ali@thexyz.com']"
    expect(page.locator(f"{row} .pm-form-removeAlias")).to_be_hidden()
    page.locator(f"{row} summary").click()
    expect(page.locator(row)).to_contain_text("Mail to it will no longer arrive.")
    page.locator(f"{row} summary").click()
    customer.send("removeAlias", row)
    expect(customer.flashes).to_have_text("The alias news.ali was removed.")
    expect(page.locator(row)).to_have_count(0)
    assert "news.ali" not in standin.platform()["aliases"]


def test_the_limits_of_the_plan_hold(staff, customer, mailbox):
    limits = {"Max Aliases": "1", "Max Distribution Lists": "1"}
    product = staff.new_product(
        "Small", {"Allowed Domains CSV": "thexyz.com", **limits}
    )
    service = mailbox("small.one", product)
    ours = customer.page.locator(".thexyz-pm")
    for page, function, what in (
        ("aliases", "addAlias", "alias"),
        ("lists", "addList", "list"),
    ):
        customer.open(service, page)
        customer.send(function, handle=f"one.{what}")
        expect(ours.locator(".pm-title small").first).to_have_text("1 of 1")
        expect(ours.locator(f".pm-form-{function}")).to_have_count(0)
        expect(ours.locator(".pm-why")).to_contain_text("1")


def test_a_list_answers_for_each_member_and_each_is_removed(customer, mailbox):
    standin = customer.standin
    customer.open(mailbox("lis.ter"), "lists")
    customer.send("addList", handle="fam.ily", members="lis.ter@thexyz.com")
    assert standin.platform()["lists"]["fam.ily"]["members"] == ["lis.ter@thexyz.com"]
    card = "[data-list='fam.ily@thexyz.com']"
    members = "lis.ter@thexyz.com\nfriend@example.org, not-an-address"
    customer.send("addListMembers", card, members=members)
    expect(customer.flashes).to_have_count(3)
    for line, words in enumerate(
        ("needed no change", "friend@example.org was added", "not-an-address: ")
    ):
        expect(customer.flashes.nth(line)).to_contain_text(words)
    assert "friend@example.org" in standin.platform()["lists"]["fam.ily"]["members"]
    customer.send("removeListMember", f"{card} [data-member='friend@example.org']")
    expect(customer.flashes).to_have_text("friend@example.org was removed.")
    customer.send("removeList", card)
    expect(customer.flashes).to_have_text("The distribution list fam.ily was removed.")
    assert "fam.ily" not in standin.platform()["lists"]


def test_webmail_opens_in_a_window_of_its_own_and_only_once(customer, mailbox):
    customer.open(mailbox("letter.box"))
    with customer.page.expect_popup() as opened:
        customer.send("openWebmail")
    expect(opened.value.locator("body")).to_contain_text("letter.box@thexyz.com")
    expect(opened.value.locator("body")).to_contain_text("you are in the mailbox")
    address = opened.value.url
    assert "processlogin.php" in address
    opened.value.goto(address)
    expect(opened.value.locator("body")).not_to_contain_text("you are in the mailbox")
    secret = re.search(r"[?&]p=([^&]+)", address)
    assert secret is not None
    assert secret[1].encode() not in customer.standin.database.read_bytes()


def test_everything_works_without_javascript(standin, window, filled):
    customer = Customer(window(javascript=False), standin)
    service = filled("no.javascript", customer)
    expect(customer.flashes.first).to_contain_text("no.javascript.list was added")
    customer.send("removeListMember", "[data-member='friend@example.org']")
    customer.send("removeList")
    customer.open(service, "aliases")
    customer.send("removeAlias")
    expect(customer.flashes).to_contain_text("was removed")
    customer.open(service, "password")
    customer.send("password", newpw=GOOD, confirmpw=GOOD)
    expect(customer.flashes.first).to_contain_text("The password was changed")
    assert signs_in(standin, "no.javascript", GOOD)
    customer.open(service)
    with customer.page.expect_popup() as opened:
        customer.send("openWebmail")
    expect(opened.value.locator("body")).to_contain_text("you are in the mailbox")


def test_words_are_in_the_customers_language_and_fit_a_phone(standin, window, mailbox):
    service = mailbox("lan.guage")
    customer = Customer(window(narrow=True), standin)
    for language, words in {
        "german": "Verteilerlisten",
        "french": "Listes de distribution",
        "spanish": "Listas de distribución",
        "portuguese-br": "Listas de distribuição",
        "indonesian": "Daftar distribusi",
    }.items():
        customer.page.goto(f"{standin.url}/clientarea.php?language={language}")
        for name in PAGES:
            customer.open(service, name)
            nav = customer.page.locator(".thexyz-pm nav")
            expect(nav.get_by_role("link").last).to_have_text(words)
            assert_fits(customer.page)

"""The first page: free or not, in the same words to strangers, and which plan."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from housemail.mailboxes.models import Claim
from housemail.sales import services
from housemail.sales.models import OptionValue, Product, ProductGroup
from tests.sales.conftest import STAFF, claim, person
from tests.shop.conftest import CHOICE, words

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def live(client: Client, handle: str, **changes: str):
    return client.get("/check/", {**CHOICE, "handle": handle, **changes}, headers=HTMX)


def test_the_first_page_shows_plans_and_domains(client, store, second):
    page = client.get("/")
    text = words(page)
    for said in (
        "Premium Email Account",
        "€3/month",
        "25 GB of storage",
        "Account type Basic",
        "25 aliases",
        "5 distribution lists",
        "Large Email Account",
        "100 GB of storage",
        "As many aliases as you like",
        "No distribution lists",
    ):
        assert said in text
    html = page.content.decode()
    assert re.findall(r'<option value="([^"]+)"', html)[:2] == [
        "thexyz.com",
        "thexyz.ca",
    ]
    assert html.count("btn-primary") == 1
    assert len(re.findall(r"type=\"radio\"[^>]* checked", html)) == 1
    assert set(client.cookies) == {"csrftoken"}


def test_a_single_domain_is_a_text(client, store):
    store.sells(allowed_domains="thexyz.com")
    html = client.get("/").content.decode()
    assert '<input type="hidden" name="domain" value="thexyz.com">' in html
    assert 'name="domain" aria-label' not in html


def test_a_shop_with_nothing_to_sell_says_so(client, store):
    store.sells(on_sale=False)
    answer = client.get("/")
    assert answer.status_code == 200
    assert "Nothing is on sale yet" in words(answer)
    assert client.post("/", CHOICE).status_code == 200


def test_the_live_check_says_free_or_how_to_mend_it(client, store):
    assert words(live(client, "Anna")) == "anna@thexyz.com is free."
    assert "begin and end with a letter" in words(live(client, "-anna"))
    assert words(live(client, "")) == ""
    assert words(live(client, "   ")) == ""
    for answer in (live(client, "x" * 300), live(client, "a\0b"), live(client, "ä")):
        assert answer.status_code == 200
        assert "Use" in words(answer)
    assert not Claim.objects.exists()


def test_the_check_without_a_script_is_a_page(client, store):
    answer = client.post("/", {**CHOICE, "check": "1"})
    assert answer.status_code == 302
    page = client.get(answer["Location"])
    assert "anna@thexyz.com is free." in words(page)
    assert 'value="anna"' in page.content.decode()
    assert client.get("/check/", CHOICE)["Location"] == answer["Location"]
    assert not Claim.objects.exists()


def test_taken_reserved_quarantined_and_held_are_one_answer(client, store):
    stranger = person()
    store.sells("order")
    gone = store.order("gone", customer=stranger)
    services.terminate(store.service(gone), STAFF, store.deadline())
    store.order("taken", customer=stranger)
    Client().post("/", {**CHOICE, "handle": "held"})
    assert claim("held") is not None
    pages = set()
    for name in ("gone", "taken", "held", "postmaster"):
        for page in (live(client, name), client.post("/", {**CHOICE, "handle": name})):
            text = re.sub(rf"{name}(\.?\d+)?", "NAME", page.content.decode())
            text = re.sub(r'csrfmiddlewaretoken" value="[^"]+"', "", text)
            pages.add((page.status_code, text))
    assert len(pages) == 2
    assert sorted(status for status, _ in pages) == [200, 409]
    shown = live(client, "taken")
    assert "This address is not available. Choose another name." in words(shown)
    assert shown.content.count(b"data-suggestion=") == 3


def test_a_suggestion_is_a_page_with_that_name(client, store):
    store.order("taken", customer=person())
    html = live(client, "taken").content.decode()
    link = re.search(r'href="([^"]+)" data-suggestion="([^"]+)"', html)
    assert link is not None
    page = client.get(link[1].replace("&amp;", "&"))
    assert f"{link[2]}@thexyz.com is free." in words(page)


def test_too_many_checks_say_when_to_come_back(client, store, settings):
    settings.HOUSEMAIL_AVAILABILITY_PER_MINUTE = 2
    for _ in range(2):
        assert live(client, "anna").status_code == 200
    answer = live(client, "anna")
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 61
    assert f"Try again in {answer['Retry-After']} seconds." in words(answer)
    # Another browser behind the same address is the same visitor; typed input stays.
    page = Client().get("/", CHOICE)
    assert page.status_code == 429
    assert 'value="anna"' in page.content.decode()


def test_a_name_is_held_and_a_stranger_is_led_to_the_account(client, store, choose):
    answer = choose(handle=" Anna ")
    assert answer["Location"].startswith("/account/signup/?next=%2Forder%2F%3F")
    kept = claim("anna")
    assert kept is not None
    assert kept.kind == "hold"
    page = client.get(answer["Location"])
    assert "anna@thexyz.com is held for you until" in words(page)
    cookie = client.cookies["housemail_visitor"]
    assert cookie["secure"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie.value.split(":")[0] not in kept.ref


def test_another_name_lets_the_first_go(client, store, choose):
    choose()
    choose(handle="berta")
    assert claim("anna") is None
    assert claim("berta") is not None


def test_a_refused_name_keeps_what_was_typed(client, store, second, choose):
    page = choose(handle="-anna", domain="thexyz.ca", product="large")
    assert page.status_code == 422
    html = page.content.decode()
    assert 'value="-anna"' in html
    assert re.search(r'value="thexyz.ca"\s+selected', html)
    assert re.search(r'value="large"[^>]* checked', html)
    assert 'aria-invalid="true"' in html
    assert choose(handle="").status_code == 422


def test_a_domain_that_the_plan_does_not_have_is_said(client, store, second, choose):
    page = choose(domain="thexyz.ca", product="large")
    assert page.status_code == 422
    assert "Choose another domain" in words(page)


def test_a_plan_that_is_gone_leaves_the_others(client, store, second, choose):
    store.sells(on_sale=False)
    page = choose()
    assert "Premium Email Account is no longer on sale" in words(page)
    assert 'value="anna"' in page.content.decode()
    assert "Large Email Account" in words(page)
    assert claim("anna") is None
    assert "Choose one of these plans." in words(choose(product="nothing"))
    assert "Choose one of these plans." in words(choose(product="\0"))


def test_a_platform_that_is_down_is_a_sentence(client, store, choose):
    store.emulator.switch_on("connection_reset", action="*", phase="before")
    page = choose()
    assert page.status_code == 503
    assert "nothing was changed" in words(page)


def test_a_full_house_is_a_sentence(client, store, choose):
    store.server.max_mailboxes = 1
    store.server.save()
    store.order("first", customer=person())
    assert "No new mailbox can be ordered" in words(choose())


def test_a_forged_cookie_is_a_new_visitor(client, store, choose):
    client.cookies["housemail_visitor"] = "forged:1:x"
    assert choose().status_code == 302
    assert client.cookies["housemail_visitor"].value != "forged:1:x"


def test_the_first_page_costs_the_same_with_many_plans(
    client, store, django_assert_num_queries
):
    with django_assert_num_queries(3):
        client.get("/")
    for number in range(12):
        group = ProductGroup.objects.create(name=f"G{number}", slug=f"g{number}")
        product = Product.objects.create(
            group=group,
            name=f"P{number}",
            slug=f"p{number}",
            allowed_domains="thexyz.com",
            server_group=store.group,
            on_sale=True,
        )
        OptionValue.objects.create(
            product=product, option="Account Type", value="Basic"
        )
    with django_assert_num_queries(3):
        client.get("/")


def test_a_check_costs_the_same_on_a_full_domain(
    client, store, django_assert_max_num_queries
):
    store.order("one", customer=person())
    with django_assert_max_num_queries(16):
        live(client, "one")
    for number in range(2, 12):
        store.order(f"one{number}", customer=person())
    with django_assert_max_num_queries(16):
        live(client, "one")


def test_a_name_that_is_held_for_the_longest_time_says_so(
    client, store, anna, choose, clock
):
    there = choose()["Location"]
    assert "longest time" not in words(client.get(there))
    for _ in range(5):
        clock.advance(10 * 60)
        there = choose()["Location"]
    text = words(client.get(there))
    assert "anna@thexyz.com is held for the longest time, until" in text
    assert "Order it by then, or choose again." in text

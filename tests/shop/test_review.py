"""Review and order: one order, no lost input and a sentence, whatever happens."""

from __future__ import annotations

import re
import threading
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client

from housemail.people.enrol import enrol
from housemail.sales.models import OptionValue, Order, OutgoingMail
from tests.sales.conftest import Store, claim, ended_well
from tests.shop.conftest import CHOICE, PASSWORD, form_key, words

pytestmark = pytest.mark.django_db
OPTIONS = {"account_type": "Enhanced", "quota_gb": "50"}


def numbers() -> list[str]:
    return list(Order.objects.values_list("number", flat=True))


def until(handle: str) -> datetime:
    kept = claim(handle)
    assert kept is not None
    assert kept.expires_at is not None
    return kept.expires_at


# --- what the page shows


@pytest.mark.parametrize(
    ("auto_setup", "said"),
    [
        ("order", "set up as soon as you order"),
        ("payment", "set up as soon as your payment has arrived. The name is kept"),
        ("accept", "set up when we accept yours. The name is kept for you for 72"),
        ("never", "set your mailbox up by hand"),
    ],
)
def test_the_review_shows_everything(client, store, anna, choose, auto_setup, said):
    store.sells(auto_setup)
    page = client.get(choose()["Location"])
    text = words(page)
    for part in (
        "anna@thexyz.com",
        "Premium Email Account",
        "€3/month",
        "Account Type",
        "Mailbox Quota (GB)",
        "Basic, as in the plan",
        "25, as in the plan",
        "Enhanced (+ €1/month)",
        "(15 minutes)",
        said,
    ):
        assert part in text
    assert re.search(r"Held for you until [^(]+UTC \(15 minutes\)\.", text)
    assert page.content.count(b"btn-primary") == 1


def test_looking_at_the_review_holds_and_renews_nothing(
    client, store, anna, choose, clock
):
    there = choose()["Location"]
    ends = until("anna")
    clock.advance(300)
    assert "(10 minutes)" in words(client.get(there))
    assert until("anna") == ends
    clock.advance(601)
    page = client.get(there)
    assert "anna@thexyz.com is not held for you any more" in words(page)
    assert until("anna") == ends
    client.get("/order/", {**CHOICE, "handle": "never-held"})
    assert claim("never-held") is None


def test_a_review_that_is_open_counts_down(client, store, anna, choose, clock):
    there = choose()["Location"]
    page = client.get(there).content.decode()
    asked = re.search(r'hx-get="([^"]+)" hx-trigger="every 30s"', page)
    assert asked is not None
    part = asked[1].replace("&amp;", "&")
    clock.advance(14 * 60)
    now = client.get(part, headers={"HX-Request": "true"})
    assert "(1 minute)" in words(now)
    assert "<html" not in now.content.decode()
    clock.advance(61)
    over = client.get(part, headers={"HX-Request": "true"})
    assert "if nobody else took it" in words(over)
    assert "hx-trigger" not in over.content.decode()
    assert client.get(part)["Location"] == there


def test_a_name_whose_time_is_over_is_held_again_by_a_button(
    client, store, anna, choose, clock
):
    there = choose()["Location"]
    clock.advance(16 * 60)
    page = client.get(there)
    assert page.content.count(b"btn-primary") == 1
    assert 'formaction="/order/hold/?' in page.content.decode()
    again = client.post("/order/hold/", {**CHOICE, **OPTIONS})
    assert again.status_code == 302
    page = client.get(again["Location"])
    assert "Held for you until" in words(page)
    # What was chosen is chosen still.
    html = page.content.decode()
    assert re.search(r'value="Enhanced"\s+selected', html)
    assert re.search(r'value="50"\s+selected', html)


def test_a_name_that_somebody_else_took_meanwhile_is_said(
    client, store, anna, choose, send, clock
):
    choose()
    key = form_key(client)
    clock.advance(16 * 60)
    Client().post("/", CHOICE)
    for answer in (send(key), client.post("/order/hold/", CHOICE)):
        assert answer.status_code == 409
        assert "This address is not available. Choose another name." in words(answer)
        # Choosing another one begins with what was typed.
        assert 'href="/?handle=anna&amp;domain=thexyz.com' in answer.content.decode()
    assert numbers() == []


def test_an_order_after_the_hold_ended_is_taken_when_the_name_is_free(
    client, store, anna, choose, send, clock
):
    choose()
    key = form_key(client)
    clock.advance(16 * 60)
    assert send(key)["Location"] == f"/orders/{numbers()[0]}/"


# --- ordering


def test_an_order_is_placed_with_its_options(client, store, anna, choose, send):
    choose()
    answer = send(**OPTIONS)
    order = Order.objects.get()
    assert answer["Location"] == f"/orders/{order.number}/"
    assert order.customer == anna
    assert order.options == {"Account Type": "Enhanced", "Mailbox Quota (GB)": "50"}
    assert order.price_text == "€5/month (€3/month + €1/month + €1/month)"
    page = client.get(answer["Location"])
    assert f"Thank you. We received your order {order.number}" in words(page)
    kept = claim("anna")
    assert kept is not None
    assert kept.ref == str(order.service.pk)


def test_an_order_is_set_up_at_once_where_the_product_says_so(
    client, store, anna, choose, send
):
    store.sells("order")
    choose()
    send()
    ended_well(store, Order.objects.get())


def test_a_double_click_is_one_order(client, store, anna, choose, send):
    choose()
    key = form_key(client)
    first, second = send(key), send(key)
    assert first["Location"] == second["Location"] == f"/orders/{numbers()[0]}/"
    assert len(numbers()) == 1
    assert OutgoingMail.objects.count() == 1
    assert "Nothing was ordered twice." in words(client.get(second["Location"]))


def test_a_click_on_an_old_form_is_not_thanked_for(client, store, anna, choose, send):
    choose()
    key = form_key(client)
    client.get(send(key)["Location"])
    text = words(client.get(send(key)["Location"]))
    assert "You ordered anna@thexyz.com before" in text
    assert "Thank you" not in text


@pytest.mark.parametrize("changed", [{"domain": "thexyz.ca"}, OPTIONS])
def test_an_old_form_with_another_wish_is_not_taken_for_the_old_order(
    client, store, anna, choose, send, changed
):
    choose()
    key = form_key(client)
    send(key)
    answer = send(key, **changed)
    assert answer.status_code == 409
    assert f"became order {numbers()[0]} for anna@thexyz.com" in words(answer)
    assert len(numbers()) == 1


@pytest.mark.parametrize(
    "typed",
    [
        {"handle": "\uff21\uff2e\uff2e\uff21"},
        {"handle": "Anna@TheXYZ.com"},
        {"handle": "anna", "domain": "THEXYZ.com"},
    ],
)
def test_the_review_knows_its_name_however_it_is_typed(
    client, store, anna, choose, typed
):
    choose()
    page = client.get("/order/", {"product": "premium", **typed})
    assert "anna@thexyz.com Held for you until" in words(page)
    html = page.content.decode()
    assert 'name="handle" value="anna"' in html
    assert 'name="domain" value="thexyz.com"' in html


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_are_one_order(client, store, anna, choose, send):
    choose()
    key, found = form_key(client), []

    def click() -> None:
        other = Client()
        other.cookies = client.cookies
        found.append(other.post("/order/place/", {"key": key, **CHOICE})["Location"])
        connection.close()

    clicks = [threading.Thread(target=click) for _ in range(4)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    assert set(found) == {f"/orders/{numbers()[0]}/"}
    assert len(found) == 4
    assert len(numbers()) == 1


def test_back_and_a_second_tab_lead_to_the_order_that_was_placed(
    client, store, anna, choose, send
):
    there = choose()["Location"]
    other_tab = form_key(client)
    send()
    placed = f"/orders/{numbers()[0]}/"
    for come_back in (
        lambda: client.get(there),
        lambda: send(other_tab),
        lambda: client.post("/order/hold/", CHOICE),
        choose,
    ):
        assert come_back()["Location"] == placed
        assert "You ordered anna@thexyz.com before" in words(client.get(placed))
    assert len(numbers()) == 1


def test_another_name_in_a_second_tab_is_a_second_order(
    client, store, anna, choose, send
):
    choose()
    first = form_key(client)
    choose(handle="berta")
    second = form_key(client, handle="berta")
    assert send(first).status_code == 302
    assert send(second, handle="berta").status_code == 302
    assert len(numbers()) == 2


def test_a_form_that_was_sent_with_another_name_says_what_it_became(
    client, store, anna, choose, send
):
    choose()
    key = form_key(client)
    send(key)
    answer = send(key, handle="berta")
    assert answer.status_code == 409
    assert f"became order {numbers()[0]} for anna@thexyz.com" in words(answer)


def test_an_order_that_was_cancelled_may_be_placed_again(
    client, store, anna, choose, send
):
    choose()
    send()
    client.post(f"/orders/{numbers()[0]}/cancel/")
    choose()
    assert send().status_code == 302
    assert len(numbers()) == 2


def test_a_product_withdrawn_meanwhile_leaves_name_and_other_plans(
    client, store, anna, second, choose, send
):
    there = choose()["Location"]
    key = form_key(client)
    store.sells(on_sale=False)
    for page in (client.get(there), send(key), client.post("/order/hold/", CHOICE)):
        text = words(page)
        assert "Premium Email Account is no longer on sale." in text
        assert "Your name is still held" in text
        assert "Large Email Account" in text
        assert 'value="anna"' in page.content.decode()
    assert numbers() == []
    assert choose(product="large").status_code == 302
    assert send(product="large").status_code == 302
    assert Order.objects.get().product == second


def test_a_withdrawn_product_whose_hold_is_over_says_nothing_of_a_hold(
    client, store, anna, choose, clock
):
    there = choose()["Location"]
    clock.advance(16 * 60)
    store.sells(on_sale=False)
    text = words(client.get(there))
    assert "no longer on sale" in text
    assert "still held" not in text


def test_a_second_click_after_the_product_was_withdrawn_finds_the_order(
    client, store, anna, choose, send
):
    choose()
    key = form_key(client)
    send(key)
    store.sells(on_sale=False)
    assert send(key)["Location"] == f"/orders/{numbers()[0]}/"


def test_an_option_that_is_not_offered_is_said(client, store, anna, choose, send):
    choose()
    answer = send(quota_gb="9000")
    assert answer.status_code == 422
    assert "Mailbox Quota (GB): 9000 is not offered" in words(answer)
    assert numbers() == []


def test_the_new_address_cannot_be_the_sign_in_address(client, store, choose, send):
    enrol("anna@thexyz.com", PASSWORD)
    client.post("/account/login/", {"login": "anna@thexyz.com", "password": PASSWORD})
    for answer in (client.get(choose()["Location"]), send("a-key")):
        assert "anna@thexyz.com is the address you sign in with" in words(answer)
        html = answer.content.decode()
        assert html.count("btn-primary") == 1
        assert "Choose another name" in html
    assert answer.status_code == 422
    assert numbers() == []


def test_a_platform_that_is_down_delays_an_order_and_loses_none(
    client, store, anna, choose, send
):
    store.sells("order")
    choose()
    key = form_key(client)
    store.emulator.switch_on("connection_reset", action="*", phase="before")
    page = client.get(send(key)["Location"])
    assert "We try again by ourselves" in words(page)
    store.emulator.switches_off()
    assert Order.objects.get().state == "setting_up"


def test_the_review_costs_a_fixed_few_queries(
    client, store: Store, anna, choose, send, django_assert_max_num_queries
):
    choose(handle="one")
    send(handle="one")
    there = choose()["Location"]
    with django_assert_max_num_queries(9):
        client.get(there)
    for number in range(6):
        choose(handle=f"many{number}")
        send(handle=f"many{number}")
    choose()
    with django_assert_max_num_queries(9):
        client.get(there)


def test_account_types_are_named_however_the_option_spells_them(
    client, store, anna, choose, send
):
    values = OptionValue.objects.filter(option="Account Type", value="Enhanced")
    values.update(value="2|Enhanced")
    html = client.get(choose()["Location"]).content.decode()
    assert '<option value="2|Enhanced">Enhanced (+ €1/month)</option>' in html
    page = client.get(send(account_type="2|Enhanced")["Location"])
    assert "<dd>Enhanced</dd>" in page.content.decode()

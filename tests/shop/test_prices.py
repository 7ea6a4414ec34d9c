"""What the review says an order costs, before it is placed."""

from __future__ import annotations

import re

import pytest

from tests.shop.conftest import CHOICE, words

pytestmark = pytest.mark.django_db
OPTIONS = {"account_type": "Enhanced", "quota_gb": "50"}


def test_the_review_adds_up_what_the_options_cost(client, store, anna, choose):
    choose()
    page = words(client.get("/order/", {**CHOICE, **OPTIONS}))
    assert "Premium Email Account €3/month" in page
    assert "Account Type: Enhanced €1/month" in page
    assert "Mailbox Quota (GB): 50 €1/month" in page
    assert "Total €5/month" in page
    assert "Total" not in words(client.get("/order/", CHOICE))


def test_prices_of_another_kind_stand_line_by_line(client, store, anna, choose):
    store.product.options.filter(value="50").update(price_text="€9 once")
    choose()
    page = words(client.get("/order/", {**CHOICE, **OPTIONS}))
    assert "Mailbox Quota (GB): 50 €9 once" in page
    assert "Total" not in page


def test_the_price_follows_the_options_with_and_without_a_script(
    client, store, anna, choose
):
    html = client.get(choose()["Location"]).content.decode()
    asked = re.search(r'hx-get="(/order/price/[^"]+)" hx-trigger="change"', html)
    assert asked is not None
    part = asked[1].replace("&amp;", "&")
    live = client.get(f"{part}&quota_gb=50", headers={"HX-Request": "true"})
    assert "Total €4/month" in words(live)
    assert "<html" not in live.content.decode()
    pressed = client.post(part, {**CHOICE, **OPTIONS})
    assert "account_type=Enhanced" in pressed["Location"]
    assert "Total €5/month" in words(client.get(pressed["Location"]))
    store.product.on_sale = False
    store.product.save()
    gone = client.get(part, headers={"HX-Request": "true"})
    assert gone.status_code == 204

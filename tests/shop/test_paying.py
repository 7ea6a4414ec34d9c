"""How to pay is said where a payment is awaited, and nowhere else."""

from __future__ import annotations

import pytest

from housemail.sales import orders
from tests.sales.conftest import STAFF, Store
from tests.shop.conftest import CHOICE, words
from tests.shop.test_orders import fragment, path

pytestmark = pytest.mark.django_db


def test_how_to_pay_is_said_while_a_payment_is_awaited(
    client, store: Store, anna, choose, settings
):
    settings.HOUSEMAIL_HOW_TO_PAY = "Send <it> to\nhttps://pay.example/x"
    review = client.get(choose()["Location"])
    assert "Send &lt;it&gt; to<br>" in review.content.decode()
    assert 'href="https://pay.example/x"' in review.content.decode()
    assert "Give the order number as the reference." in words(review)
    order = store.order("berta")
    for part in (client.get(path(order)), fragment(client, order)):
        assert "Send &lt;it&gt; to<br>" in part.content.decode()
        assert f"as the reference: {order.number}" in words(part)
    store.sells("accept")
    for page in (client.get(path(order)), client.get("/order/", CHOICE)):
        assert "Send" not in words(page)
    store.sells("payment")
    store.emulator.switch_on("connection_reset", action="*", phase="before")
    orders.mark_paid(order, STAFF, store.deadline())
    store.emulator.switches_off()
    for part in (client.get(path(order)), fragment(client, order)):
        assert "Send" not in words(part)


def test_without_words_for_it_the_contact_is_asked_how_to_pay(
    client, store: Store, anna, settings
):
    order = store.order()
    assert "How to pay" not in words(client.get(path(order)))
    settings.HOUSEMAIL_CONTACT = "mailto:help@example.com"
    page = client.get(path(order))
    assert "Ask us how to pay: help@example.com" in words(page)
    assert 'href="mailto:help@example.com"' in page.content.decode()

"""Two clicks, two tabs, staff and a web hook at once: one move, one set-up."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from housemail.mailboxes.errors import Refusal
from housemail.sales import orders, placing, webhook
from housemail.sales.models import Order, PaidEvent, SaleServer, Service
from housemail.sales.placing import Form
from tests.sales.conftest import STAFF, Store, a_server, events, mails, person

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.databases,
    pytest.mark.timeout(180),
]
SECRET = "shared-by-both"


def together(count: int, work: Callable[[int], object]) -> Counter[str]:
    """Run ``work`` in that many threads at once; count what came of it."""
    barrier = threading.Barrier(count)

    def one(index: int) -> str:
        barrier.wait(timeout=30)
        try:
            return str(work(index))
        except Refusal as refusal:
            return refusal.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=count) as pool:
        return Counter(pool.map(one, range(count)))


def ordered(store: Store, handle: str, **who: Any) -> str:
    store.order(handle, **who)
    return "ordered"


def test_a_form_sent_eight_times_is_one_order(store: Store) -> None:
    store.sells("order")
    form = Form(key="one form", handle="anna", domain="thexyz.com")

    def click(_: int) -> str:
        visitor = store.visitor()
        return placing.place(visitor, store.product, form, store.deadline()).number

    outcomes = together(8, click)
    assert len(outcomes) == 1, outcomes
    order = Order.objects.get()
    assert order.state == "done"
    assert Service.objects.count() == 1
    assert store.created("anna") == 1
    assert mails(order) == ["order_received", "mailbox_ready"]


def test_one_name_is_ordered_by_one_of_eight_customers(store: Store) -> None:
    people = [person() for _ in range(8)]
    outcomes = together(8, lambda index: ordered(store, "anna", customer=people[index]))
    assert outcomes == {"ordered": 1, "not_available": 7}
    assert Order.objects.count() == 1


def test_paid_by_staff_and_web_hook_at_once_is_paid_once(
    store: Store, settings
) -> None:
    settings.HOUSEMAIL_WEBHOOK_SECRET = SECRET
    order = store.order()

    def pay(index: int) -> str:
        if index % 2:
            mine = Order.objects.get(pk=order.pk)
            orders.mark_paid(mine, STAFF, store.deadline())
        else:
            message = {"id": f"evt{index}", "type": "orders.paid"}
            body = json.dumps({**message, "order": order.number}).encode()
            sign = webhook.sign(body, SECRET, int(time.time()))
            webhook.receive({webhook.HEADER: sign}, body)
        return "ok"

    assert together(8, pay) == {"ok": 8}
    store.engine()
    order.refresh_from_db()
    assert order.state == "done"
    assert store.created("anna") == 1
    assert events(order) == ["placed", "paid", "set_up", "finished"]
    assert PaidEvent.objects.count() == 4
    assert mails(order) == ["order_received", "mailbox_ready"]


def test_the_same_web_hook_eight_times_is_one_payment(store: Store, settings) -> None:
    settings.HOUSEMAIL_WEBHOOK_SECRET = SECRET
    order = store.order()
    body = json.dumps(
        {"id": "evt", "type": "orders.paid", "order": order.number}
    ).encode()
    header = {webhook.HEADER: webhook.sign(body, SECRET, int(time.time()))}
    outcomes = together(8, lambda _: webhook.receive(header, body).result)
    assert outcomes == {"paid": 1, "already": 7}
    assert PaidEvent.objects.count() == 1
    assert events(order) == ["placed", "paid", "set_up"]


def test_six_clicks_on_accept_make_one_mailbox(store: Store) -> None:
    store.sells("accept")
    order = store.order()

    def click(_: int) -> str:
        mine = Order.objects.get(pk=order.pk)
        orders.accept(mine, STAFF, store.deadline())
        return "ok"

    assert together(6, click) == {"ok": 6}
    assert events(order) == ["placed", "accepted", "set_up", "finished"]
    assert store.created("anna") == 1


def test_expiry_and_payment_at_once_never_lose_the_payment(store: Store) -> None:
    from django.utils import timezone

    from housemail.sales import expiry

    order = store.order()
    Order.objects.filter(pk=order.pk).update(expires_at=timezone.now())

    def either(index: int) -> str:
        if index % 2:
            orders.mark_paid(Order.objects.get(pk=order.pk), STAFF, store.deadline())
        else:
            expiry.expire_due()
        return "ok"

    assert together(4, either) == {"ok": 4}
    order.refresh_from_db()
    assert order.state == "done"
    assert order.paid_at is not None
    assert store.created("anna") == 1


def test_the_last_place_on_a_server_is_given_once(store: Store) -> None:
    SaleServer.objects.update(max_mailboxes=3)
    people = [person() for _ in range(6)]
    outcomes = together(
        6,
        lambda index: ordered(store, f"n{index}", customer=people[index]),
    )
    assert outcomes == {"ordered": 3, "servers_full": 3}
    assert Service.objects.count() == 3


def test_orders_fill_two_servers_evenly(store: Store) -> None:
    second = a_server(store.emulator, "Second")
    second.groups.add(store.group)
    people = [person() for _ in range(6)]
    together(6, lambda index: store.order(f"n{index}", customer=people[index]))
    counts = Counter(Service.objects.values_list("server__name", flat=True))
    assert counts == {"PolarisMail": 3, "Second": 3}


def test_two_tabs_with_two_names_make_two_orders(store: Store) -> None:
    outcomes = together(
        2,
        lambda index: ordered(store, f"name{index}", session="same"),
    )
    assert outcomes == {"ordered": 2}
    assert set(Order.objects.values_list("handle", flat=True)) == {"name0", "name1"}

"""The web hook: signed, timed, once."""

from __future__ import annotations

import json
import time

import pytest

from housemail.mailboxes.errors import Refusal
from housemail.sales import orders, webhook
from housemail.sales.models import PaidEvent
from housemail.sales.webhook import HEADER, WINDOW_SECONDS, Received, receive, sign
from tests.sales.conftest import STAFF, Store, events

SECRET = "shared-by-both-sides"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _secret(settings) -> None:
    settings.HOUSEMAIL_WEBHOOK_SECRET = SECRET


def body_of(order: object, event: str = "evt_1", kind: str = "orders.paid") -> bytes:
    return json.dumps({"id": event, "type": kind, "order": str(order)}).encode()


def send(body: bytes, *, secret: str = SECRET, at: float | None = None) -> Received:
    now = int(time.time() if at is None else at)
    return receive({HEADER.lower(): sign(body, secret, now)}, body)


def refused(body: bytes, header: str) -> tuple[int, str]:
    with pytest.raises(Refusal) as caught:
        receive({HEADER: header}, body)
    return caught.value.status, caught.value.code


def test_a_good_message_marks_the_order_paid_and_the_engine_sets_it_up(
    store: Store,
) -> None:
    order = store.order()
    assert send(body_of(order)) == Received("paid", order.number)
    order.refresh_from_db()
    assert order.state == "setting_up"
    assert store.created("anna") == 0  # the sender does not wait for the platform
    assert order.events.get(kind="paid").actor == "automation:webhook"
    store.engine()
    order.refresh_from_db()
    assert order.state == "done"


@pytest.mark.databases
def test_events_that_differ_in_case_are_two(store: Store) -> None:
    for handle, event in (("first", "evt_aB"), ("second", "evt_AB")):
        order = store.order(handle=handle)
        assert send(body_of(order, event)).result == "paid"


def test_a_replay_and_a_second_event_change_nothing(store: Store) -> None:
    order = store.order()
    body = body_of(order)
    assert send(body).result == "paid"
    assert send(body).result == "already"
    assert send(body_of(order, event="evt_2")).result == "already"
    assert events(order) == ["placed", "paid", "set_up"]
    assert PaidEvent.objects.count() == 2


def test_what_staff_marked_paid_is_already_paid(store: Store) -> None:
    order = store.order()
    orders.mark_paid(order, STAFF)
    assert send(body_of(order)).result == "already"


def test_an_unknown_order_is_404_and_may_be_sent_again_later(store: Store) -> None:
    with pytest.raises(Refusal) as caught:
        send(body_of("HM-0000-0000"))
    assert (caught.value.status, caught.value.code) == (404, "order_unknown")
    assert not PaidEvent.objects.exists()


def test_an_event_is_good_for_one_order(store: Store) -> None:
    first, second = store.order("anna"), store.order("berta")
    send(body_of(first))
    with pytest.raises(Refusal) as caught:
        send(body_of(second))
    assert (caught.value.status, caught.value.code) == (409, "webhook_event_reused")
    second.refresh_from_db()
    assert second.paid_at is None


def test_other_types_are_ignored(store: Store) -> None:
    assert send(body_of("x", kind="orders.refunded")) == Received("ignored")
    assert not PaidEvent.objects.exists()


@pytest.mark.parametrize("off", [-WINDOW_SECONDS - 5, WINDOW_SECONDS + 5])
def test_a_message_is_good_for_five_minutes(store: Store, off: int) -> None:
    order = store.order()
    with pytest.raises(Refusal) as caught:
        send(body_of(order), at=time.time() + off)
    assert (caught.value.status, caught.value.code) == (403, "webhook_time")
    order.refresh_from_db()
    assert order.paid_at is None


def test_a_wrong_secret_or_a_changed_body_is_refused(store: Store) -> None:
    body = body_of(store.order())
    with pytest.raises(Refusal) as caught:
        send(body, secret="another")
    assert caught.value.code == "webhook_signature"
    header = sign(body, SECRET, int(time.time()))
    assert refused(body + b" ", header) == (403, "webhook_signature")


@pytest.mark.parametrize(
    "header",
    ["", "v1=ab", "t=1", "t=x,v1=ab", "t=-1,v1=ab", "t=1,v1=é", "t=1,v1=", "=,=,="],
)
def test_a_header_that_is_none_is_refused(header: str) -> None:
    status, code = refused(b"{}", header)
    assert (status, code) == (403, "webhook_signature")


def test_two_signatures_are_taken_while_a_secret_changes(store: Store) -> None:
    order = store.order()
    body, now = body_of(order), int(time.time())
    old = sign(body, "old", now).partition("v1=")[2]
    header = f"{sign(body, SECRET, now)},v1={old}"
    assert receive({HEADER: header}, body).result == "paid"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        b"[" * 5000,
        b'{"id": 1, "type": "orders.paid", "order": "x"}',
        b'{"id": "a b", "type": "orders.paid", "order": "x"}',
        b'{"id": "e", "type": "orders.paid"}',
        json.dumps({"id": "e" * 101, "type": "orders.paid", "order": "x"}).encode(),
        b" " * (webhook.BODY_MAX_BYTES + 1),
    ],
)
def test_a_body_that_is_not_understood_is_422(body: bytes) -> None:
    header = sign(body, SECRET, int(time.time()))
    assert refused(body, header) == (422, "webhook_body")


def test_without_a_secret_the_hook_is_off(settings, store: Store) -> None:
    settings.HOUSEMAIL_WEBHOOK_SECRET = ""
    body = body_of(store.order())
    assert refused(body, sign(body, "", int(time.time()))) == (403, "webhook_off")

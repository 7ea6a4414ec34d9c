"""How orders end: cancelled, expired, and paid after that."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from housemail.mailboxes import claims
from housemail.mailboxes.errors import Refusal
from housemail.sales import expiry, order_book, orders, problems, webhook
from housemail.sales.models import Order
from tests.sales.conftest import (
    STAFF,
    Store,
    claim,
    ended_well,
    events,
    mails,
    order_state,
    person,
)

pytestmark = pytest.mark.django_db


# --- cancelling, and who may


def test_a_customer_cancels_what_is_not_paid(store: Store) -> None:
    order = store.order()
    orders.cancel(order, store.actor(), "changed my mind")
    assert order.state == "cancelled"
    assert claim("anna") is None
    assert store.service(order).state == "Cancelled"
    orders.cancel(order, store.actor())
    assert events(order) == ["placed", "cancelled"]


def test_who_cancels_an_order_of_somebody_else_tells_him_why(store: Store) -> None:
    own, theirs = store.order("berta"), store.order()
    orders.cancel(own, store.actor())
    for _ in range(2):
        orders.cancel(theirs, STAFF, "The domain is sold out")
    assert mails(own) == ["order_received"]
    assert mails(theirs) == ["order_received", "order_cancelled"]


def test_only_staff_cancels_what_is_paid(store: Store) -> None:
    store.sells("accept")
    order = store.order()
    orders.mark_paid(order, STAFF)
    with pytest.raises(Refusal) as refused:
        orders.cancel(order, store.actor())
    assert refused.value.code == "order_paid"
    orders.cancel(order, STAFF)
    assert order.state == "cancelled"


def test_a_payment_brings_a_cancelled_order_back(store: Store) -> None:
    order = store.order()
    orders.cancel(order, store.actor())
    orders.mark_paid(order, webhook.ACTOR, store.deadline())
    assert order_state(order) == "done"
    assert store.created("anna") == 1
    assert store.service(order).state == "Active"


def test_a_payment_after_a_cancelled_orders_name_went_is_a_problem(store) -> None:
    order = store.order()
    orders.cancel(order, store.actor())
    store.order(customer=person())
    orders.mark_paid(order, webhook.ACTOR, store.deadline())
    assert (order.state, order.problem_code) == ("problem", "address_held")
    assert order.paid_at is not None
    order = orders.choose_other_name(
        order, store.actor(), store.deadline(), handle="anna2"
    )
    assert order.state == "done"


def test_a_payment_for_what_staff_cancelled_waits_for_staff(store: Store) -> None:
    order = store.order()
    orders.cancel(order, STAFF)
    orders.mark_paid(order, webhook.ACTOR, store.deadline())
    assert (order.state, order.problem_code) == ("problem", "paid_although_ended")
    assert order.paid_at is not None
    assert store.created("anna") == 0
    assert claim("anna") is not None
    told = problems.explain(order)
    assert "after the order had been cancelled" in told.sentence
    assert "paid back" in told.next_step
    orders.set_up(order, STAFF, store.deadline())
    assert order_state(order) == "done"


def test_staff_who_marks_a_cancelled_order_paid_brings_it_back(store: Store) -> None:
    order = store.order()
    orders.cancel(order, STAFF)
    orders.mark_paid(order, STAFF, store.deadline())
    assert order_state(order) == "done"


@pytest.mark.parametrize("work", [orders.accept, orders.set_up, orders.retry])
def test_a_cancelled_order_is_not_set_up(store: Store, work) -> None:
    order = store.order()
    orders.cancel(order, STAFF)
    with pytest.raises(Refusal) as refused:
        work(order, STAFF, store.deadline())
    assert refused.value.code == "order_state"
    assert "Cancelled" in refused.value.detail


def test_another_customers_order_does_not_exist(store: Store) -> None:
    order = store.order()
    assert order_book.get(store.customer, order.number.lower()) == order
    with pytest.raises(Refusal) as refused:
        order_book.get(person(), order.number)
    assert (refused.value.status, refused.value.code) == (404, "order_unknown")


# --- expiry


def test_an_unpaid_order_expires_and_frees_its_name(store: Store, clock) -> None:
    order = store.order()
    clock.advance(71 * 3600)
    expiry.renew_holds()
    assert expiry.expire_due() == 0
    clock.advance(3600)
    held = claim("anna")
    assert held is not None
    assert held.expires_at is not None
    assert held.expires_at > timezone.now()
    assert expiry.expire_due() == 1
    assert expiry.expire_due() == 0
    assert order_state(order) == "expired"
    assert mails(order) == ["order_received", "order_expired"]
    assert claim("anna") is None
    assert store.service(order).state == "Cancelled"


@pytest.mark.parametrize("auto_setup", ["payment", "never"])
def test_an_order_that_staff_accepted_never_expires(store, clock, auto_setup) -> None:
    store.sells(auto_setup)
    order = store.order()
    orders.accept(order, STAFF)
    clock.advance(80 * 3600)
    assert expiry.expire_due() == 0
    assert not expiry.expire(order)
    assert order_state(order) == "accepted"
    # Not even when it had a problem since.
    Order.objects.filter(pk=order.pk).update(state="problem")
    assert expiry.expire_due() == 0


def test_a_paid_order_never_expires_and_keeps_its_name(store: Store, clock) -> None:
    store.sells("accept")
    order = store.order()
    orders.mark_paid(order, STAFF)
    for _ in range(20):
        clock.advance(24 * 3600)
        assert expiry.expire_due() == 0
        expiry.renew_holds()
        claims.end_expired()
    orders.accept(order, STAFF, store.deadline())
    ended_well(store, order)


def test_a_payment_brings_an_expired_order_back(store: Store, clock) -> None:
    order = store.order()
    clock.advance(73 * 3600)
    expiry.expire_due()
    orders.mark_paid(order, STAFF, store.deadline())
    order.refresh_from_db()
    assert order.state == "done"
    assert store.service(order).state == "Active"


def test_a_payment_after_the_name_went_asks_for_another(store: Store, clock) -> None:
    order = store.order()
    clock.advance(73 * 3600)
    expiry.expire_due()
    store.order(customer=person())
    orders.mark_paid(order, STAFF, store.deadline())
    assert (order.state, order.problem_code) == ("problem", "address_held")
    order = orders.choose_other_name(
        order, store.actor(), store.deadline(), handle="anna2"
    )
    assert order.state == "done"
    assert order.expires_at < timezone.now() + timedelta(hours=72)

"""The process dies at each step of a set-up; the engine ends it as one mailbox."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest

from housemail.mailboxes.journal import Step
from housemail.sales import orders, placing, setting_up
from housemail.sales.models import Order
from housemail.sales.placing import Form
from tests.flows.conftest import Clock, Killed
from tests.sales.conftest import STAFF, Store, claim, events, mailbox, mails

FATES: dict[str, dict[str, Any] | None] = {
    "answered": None,
    "applied, answer lost": {"phase": "after"},
    "not applied, answer lost": {"phase": "before"},
}
pytestmark = pytest.mark.django_db


def run(store: Store, clock: Clock, order: Order, minutes: int) -> None:
    """Let the engine work, a sweep every 20 seconds; it may be killed as well.

    Some sweeps more than it needs: what is done must stay as it is.
    """
    more = 3
    for _ in range(minutes * 3):
        clock.advance(20)
        with contextlib.suppress(Killed):
            store.engine()
        order.refresh_from_db()
        more -= order.state == "done"
        if not more:
            break


@pytest.mark.parametrize("fate", FATES)
@pytest.mark.parametrize("step", list(Step), ids=lambda step: step.name.lower())
def test_a_set_up_that_dies_ends_as_one_mailbox(
    store: Store, kill, clock: Clock, step: Step, fate: str
) -> None:
    # Sold first, so that "nothing found" is a proof on this domain.
    orders.mark_paid(store.order("first"), STAFF, store.deadline())
    order = store.order()
    switch = FATES[fate]
    if switch is not None:
        store.emulator.switch_on(
            "connection_reset", action="addUser", count=1, **switch
        )
    store.seconds = 1.0
    kill(step, "create")
    with contextlib.suppress(Killed):
        orders.mark_paid(order, STAFF, store.deadline())
    store.emulator.switches_off()
    order.refresh_from_db()
    assert order.paid_at is not None
    store.seconds = 1.5  # a set-up whose turn is another's waits for that long
    run(store, clock, order, minutes=14)
    assert order.state == "done"
    assert store.created("anna") == 1
    assert mailbox(order).state == "active"
    assert mails(order) == ["order_received", "mailbox_ready"]
    assert [kind for kind in events(order) if kind != "waiting"] == [
        "placed",
        "paid",
        "set_up",
        "finished",
    ]


def test_a_found_mailbox_gets_another_thrown_away_password(
    store: Store, kill, clock: Clock
) -> None:
    orders.mark_paid(store.order("first"), STAFF, store.deadline())
    order = store.order()
    kill(Step.ANSWERED, "create")
    with contextlib.suppress(Killed):
        orders.mark_paid(order, STAFF, store.deadline())
    first = store.mailboxes["anna"].password
    run(store, clock, order, minutes=3)
    assert order.state == "done"
    assert store.mailboxes["anna"].password != first


def test_dead_between_order_and_set_up_the_engine_begins(store: Store) -> None:
    store.sells("order")
    form = Form(key="one form", handle="berta", domain="thexyz.com")

    def die(*_: object) -> None:
        raise Killed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(setting_up, "attempt", die)
        with pytest.raises(Killed):
            placing.place(store.visitor(), store.product, form, store.deadline())
    left = Order.objects.get(handle="berta")
    assert left.state == "setting_up"
    store.engine()
    left.refresh_from_db()
    assert left.state == "done"
    # The same form, sent again by a customer who saw an error page.
    same = placing.place(store.visitor(), store.product, form, store.deadline())
    assert same == left
    assert store.created("berta") == 1


def test_a_name_lost_by_a_refusal_is_free_for_others(store: Store) -> None:
    store.emulator.seed_mailbox("thexyz.com", "anna")
    order = store.order()
    orders.mark_paid(order, STAFF, store.deadline())
    assert claim("anna") is None

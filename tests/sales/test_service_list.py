"""What an owner reads of a service: in which state it is, and how full."""

from __future__ import annotations

import pytest

from housemail.mailboxes.models import Mailbox
from housemail.sales import service_list
from housemail.sales.models import Order, Service
from housemail.sales.service_list import Row, Shown
from tests.sales.conftest import Store

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(store: Store) -> Service:
    """A mailbox that is ready."""
    store.sells("order")
    return store.service(store.order())


def row(store: Store, service: Service) -> Row:
    return service_list.get_row(store.customer, service.ref)


@pytest.mark.parametrize(
    ("known", "service_state", "order_state", "shown"),
    [
        ("active", "Active", "done", Shown.ACTIVE),
        ("suspending", "Active", "done", Shown.SUSPENDED),
        ("suspended", "Suspended", "done", Shown.SUSPENDED),
        # It is not usable before the platform said so.
        ("unsuspending", "Suspended", "done", Shown.SUSPENDED),
        ("terminating", "Active", "done", Shown.ENDED),
        ("terminated", "Terminated", "done", Shown.ENDED),
        ("creating", "Pending", "setting_up", Shown.SETTING_UP),
        ("failed", "Pending", "setting_up", Shown.SETTING_UP),
        ("failed", "Pending", "problem", Shown.ATTENTION),
        ("creating", "Active", "done", Shown.ATTENTION),
        ("failed", "Terminated", "done", Shown.ENDED),
        ("", "Pending", "placed", Shown.SETTING_UP),
        ("", "Pending", "problem", Shown.ATTENTION),
        ("", "Active", "done", Shown.ATTENTION),
        ("", "Cancelled", "cancelled", Shown.ENDED),
    ],
)
def test_the_state_is_what_the_core_knows_and_else_the_order(
    store: Store,
    service: Service,
    known: str,
    service_state: str,
    order_state: str,
    shown: Shown,
) -> None:
    Mailbox.objects.update(state=known) if known else forget(service)
    Service.objects.update(state=service_state)
    Order.objects.update(state=order_state)
    assert row(store, service).state == shown


def test_an_order_that_is_set_up_when_paid_waits_for_the_payment(store: Store) -> None:
    store.sells("payment")
    order = store.order()
    assert row(store, store.service(order)).state == Shown.UNPAID
    Order.objects.update(state="paid", paid_at=order.placed_at)
    assert row(store, store.service(order)).state == Shown.SETTING_UP


@pytest.mark.parametrize("setup", ["accept", "never"])
def test_an_order_that_staff_must_accept_waits_for_them(
    store: Store, setup: str
) -> None:
    store.sells(setup)
    order = store.order()
    assert row(store, store.service(order)).state == Shown.UNACCEPTED
    Order.objects.update(state="accepted", accepted_at=order.placed_at)
    assert row(store, store.service(order)).state == Shown.SETTING_UP


def forget(service: Service) -> None:
    """Let the core know nothing of it."""
    Mailbox.objects.update(ref="another")


def test_every_state_of_the_core_is_shown(store: Store, service: Service) -> None:
    for state in Mailbox.State:
        Mailbox.objects.update(state=state)
        assert row(store, service).state in Shown


def test_the_address_is_the_one_it_has_or_will_have(
    store: Store, service: Service
) -> None:
    store.sells("payment")
    waiting = store.service(store.order("berta"))
    assert row(store, waiting).address == "berta@thexyz.com"
    Service.objects.filter(pk=service.pk).update(address="other@thexyz.com")
    assert row(store, service).address == "other@thexyz.com"


def test_usage_is_decimal_and_known_only_when_seen(
    store: Store, service: Service
) -> None:
    Mailbox.objects.update(used_bytes=None)
    assert row(store, service).used_gb is None
    Mailbox.objects.update(used_bytes=2_500_000_000)
    assert row(store, service).used_gb == 2.5
    forget(service)
    assert row(store, service).used_gb is None


def test_cancelled_ones_are_not_listed(store: Store, service: Service) -> None:
    assert list(service_list.listed(store.customer)) == [service]
    Service.objects.update(state="Cancelled")
    assert service_list.mailboxes_of(store.customer) == []

"""Orders to look at: lists, one of a customer's own, and its steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from housemail.mailboxes import names
from housemail.people.models import User
from housemail.sales.errors import SaleNotFound
from housemail.sales.models import Order, OrderEvent, Service
from housemail.sales.states import (
    ENDED,
    LIVE,
    TABLE,
    WAITING,
    AutoSetup,
    Move,
    State,
    sets_up_now,
)


def all_orders() -> QuerySet[Order]:
    """Return every order with what its row and its page show (staff)."""
    return Order.objects.select_related("customer", "product", "service")


def of_customer(customer: User) -> QuerySet[Order]:
    """Return a customer's own orders, the newest first; one query when listed."""
    return all_orders().filter(customer=customer)


def get(customer: User, number: str) -> Order:
    """Return one of the customer's own orders. Errors: ``order_unknown``."""
    found = of_customer(customer).filter(number=number[:20].upper()).first()
    if found is None:
        raise SaleNotFound("order_unknown", field="order")
    return found


def standing_for(customer: User, typed: str, domain: str = "") -> Order | None:
    """Return the customer's own order that has this address already, if one has.

    For who comes back to the form: by the back button, or from another tab. ``typed``
    is a name or a whole address.
    """
    handle, domain = names.as_read(typed, domain)
    ended = (Service.State.TERMINATED, Service.State.CANCELLED)
    return (
        of_customer(customer)
        .filter(handle=handle, domain=domain, state__in=LIVE | {State.DONE})
        .exclude(service__state__in=ended)
        .first()
    )


def awaits_payment(order: Order) -> bool:
    """Say whether the order is set up when it is paid, and is not paid yet."""
    setup = order.product.auto_setup
    unpaid = order.paid_at is None and order.state in WAITING
    return unpaid and setup == AutoSetup.PAYMENT


def would_set_up(order: Order, *, paid: bool = False, accepted: bool = False) -> bool:
    """Say whether the order is set up by itself once it is paid, or accepted.

    One that had ended comes back when it is paid.
    """
    ready = sets_up_now(
        order.product.auto_setup,
        paid=paid or order.paid_at is not None,
        accepted=accepted or order.accepted_at is not None,
    )
    waits = order.state in TABLE[Move.SET_UP].sources
    return ready and (waits or (paid and order.state in ENDED))


def awaits_acceptance(order: Order) -> bool:
    """Say whether the order is set up when staff accept it, and is not accepted yet."""
    by_staff = order.product.auto_setup in {AutoSetup.ACCEPT, AutoSetup.NEVER}
    return by_staff and order.accepted_at is None and order.state in WAITING


def was_adopted(order: Order) -> bool:
    """Say whether its mailbox existed before, with a password of its own.

    Cost: one query, or none when the events are at hand.
    """
    return any(event.kind == OrderEvent.Kind.ADOPTED for event in order.events.all())


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way Ordered -> Paid -> Accepted -> Set up.

    ``at`` is None while it has not happened; ``current`` is what the order waits for.
    """

    kind: OrderEvent.Kind
    at: datetime | None
    current: bool


def steps(order: Order) -> list[Step]:
    """Return the order's way: what is needed for its product, and what happened.

    Paid and accepted are shown when set-up waits for them or when they happened.
    Cost: one query.
    """
    times = {event.kind: event.at for event in order.events.all()}
    setup = order.product.auto_setup
    wanted = [OrderEvent.Kind.PLACED]
    if setup == AutoSetup.PAYMENT or order.paid_at is not None:
        wanted.append(OrderEvent.Kind.PAID)
    if setup in {AutoSetup.ACCEPT, AutoSetup.NEVER} or order.accepted_at is not None:
        wanted.append(OrderEvent.Kind.ACCEPTED)
    wanted.append(OrderEvent.Kind.FINISHED)
    happened = {
        OrderEvent.Kind.PLACED: order.placed_at,
        OrderEvent.Kind.PAID: order.paid_at,
        OrderEvent.Kind.ACCEPTED: order.accepted_at,
        OrderEvent.Kind.FINISHED: times.get(OrderEvent.Kind.FINISHED)
        or times.get(OrderEvent.Kind.ADOPTED),
    }
    if order.state in {State.SETTING_UP, State.PROBLEM}:
        waits_for = OrderEvent.Kind.FINISHED
    else:
        waits_for = next((kind for kind in wanted if happened[kind] is None), wanted[0])
    over = order.state in {State.DONE, State.CANCELLED, State.EXPIRED}
    return [
        Step(kind, happened[kind], current=kind == waits_for and not over)
        for kind in wanted
    ]

"""Services to look at: a customer's mailboxes with their usage, and one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import QuerySet

from housemail.mailboxes.models import Mailbox
from housemail.mailboxes.usage import BYTES_PER_GB
from housemail.people.models import User
from housemail.sales import order_book
from housemail.sales.errors import SaleNotFound
from housemail.sales.installation import installation
from housemail.sales.models import Service
from housemail.sales.states import State


def all_services() -> QuerySet[Service]:
    """Return every service with what its row, its page and its context need (staff)."""
    return Service.objects.select_related(
        "order__customer", "order__product", "product", "server", "customer"
    )


def of_customer(customer: User) -> QuerySet[Service]:
    """Return a customer's own services, the newest first; one query when listed."""
    return all_services().filter(customer=customer)


def get(customer: User, ref: str) -> Service:
    """Return one of the customer's own services. Errors: ``service_unknown``."""
    # At most 18 digits: what the databases' whole numbers hold.
    number = int(ref) if ref.isascii() and ref.isdigit() and len(ref) <= 18 else 0
    found = of_customer(customer).filter(pk=number).first()
    if found is None:
        raise SaleNotFound("service_unknown", field="ref")
    return found


def get_any(service_id: int) -> Service:
    """Return a service of whoever's, for staff and the engine."""
    return all_services().get(pk=service_id)


class Shown(StrEnum):
    """A service's state as its owner reads it (ui.md)."""

    UNPAID = "unpaid"
    UNACCEPTED = "unaccepted"
    SETTING_UP = "setting_up"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    ENDED = "ended"
    ATTENTION = "attention"


_SHOWN = {
    Mailbox.State.ACTIVE: Shown.ACTIVE,
    Mailbox.State.SUSPENDING: Shown.SUSPENDED,
    Mailbox.State.SUSPENDED: Shown.SUSPENDED,
    Mailbox.State.UNSUSPENDING: Shown.SUSPENDED,
    Mailbox.State.TERMINATING: Shown.ENDED,
    Mailbox.State.TERMINATED: Shown.ENDED,
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of My mailboxes; ``mailbox`` is None before it is set up."""

    service: Service
    mailbox: Mailbox | None

    @property
    def address(self) -> str:
        """The address that it has, or that was ordered."""
        return self.service.address or self.service.order.address

    @property
    def used_gb(self) -> float | None:
        """How much was in use when it was last seen, if it was."""
        used = None if self.mailbox is None else self.mailbox.used_bytes
        return None if used is None else used / BYTES_PER_GB

    @property
    def state(self) -> Shown:
        """Where it is, by what the core knows; before and after that, by the order."""
        known = None if self.mailbox is None else Mailbox.State(self.mailbox.state)
        if known in _SHOWN:
            return _SHOWN[known]
        if self.service.state in {Service.State.TERMINATED, Service.State.CANCELLED}:
            return Shown.ENDED
        order = self.service.order
        pending = self.service.state == Service.State.PENDING
        if not pending or order.state == State.PROBLEM:
            return Shown.ATTENTION
        if order_book.awaits_payment(order):
            return Shown.UNPAID
        if order_book.awaits_acceptance(order):
            return Shown.UNACCEPTED
        return Shown.SETTING_UP


def listed(customer: User) -> QuerySet[Service]:
    """Return what My mailboxes lists: all but those that never became a mailbox.

    Of those, their orders say why.
    """
    return of_customer(customer).exclude(state=Service.State.CANCELLED)


def with_mailboxes(services: Sequence[Service]) -> list[Row]:
    """Return services with our record of each mailbox. Cost: 3 queries, or none."""
    if not services:
        return []
    boxes = Mailbox.objects.select_related("house_domain").filter(
        installation=installation(), ref__in=[service.ref for service in services]
    )
    by_ref = {box.ref: box for box in boxes}
    return [Row(service, by_ref.get(service.ref)) for service in services]


def mailboxes_of(customer: User) -> list[Row]:
    """Return all of a customer's; cost: 4 queries at most, however many there are."""
    return with_mailboxes(list(listed(customer)))


def get_row(customer: User, ref: str) -> Row:
    """Return one of the customer's own. Errors: ``service_unknown``."""
    return with_mailboxes([get(customer, ref)])[0]

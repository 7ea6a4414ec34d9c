"""Services to look at: a customer's mailboxes with their usage, and one of them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from housemail.mailboxes.models import Mailbox
from housemail.people.models import User
from housemail.sales.errors import SaleNotFound
from housemail.sales.installation import installation
from housemail.sales.models import Service


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


@dataclass(frozen=True, slots=True)
class Row:
    """One line of My mailboxes; ``mailbox`` is None before it is set up."""

    service: Service
    mailbox: Mailbox | None


def mailboxes_of(customer: User) -> list[Row]:
    """Return a customer's services with our record of each mailbox.

    Services that never became a mailbox are left out: their orders say why.
    Cost: 4 queries at most, however many there are.
    """
    services = list(of_customer(customer).exclude(state=Service.State.CANCELLED))
    if not services:
        return []
    boxes = Mailbox.objects.select_related("house_domain").filter(
        installation=installation(), ref__in=[service.ref for service in services]
    )
    by_ref = {box.ref: box for box in boxes}
    return [Row(service, by_ref.get(service.ref)) for service in services]

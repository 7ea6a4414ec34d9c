"""Queues e-mails in the commit of what they tell; sending.py sends them."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils import timezone

from housemail.sales.models import Order, OutgoingMail, Service

Kind = OutgoingMail.Kind


def language_of(order: Order) -> str:
    """Return the language to write in: the person's own, else that of the order."""
    return order.customer.language or order.language or settings.LANGUAGE_CODE


def about_order(kind: Kind, order: Order, **context: str) -> None:
    """Queue an e-mail about an order. Never a secret in its context."""
    _queue(kind, order, None, context)


def about_service(kind: Kind, service: Service, **context: str) -> None:
    """Queue an e-mail about a mailbox. Never a secret in its context."""
    _queue(kind, service.order, service, context)


def _queue(
    kind: Kind, order: Order, service: Service | None, context: dict[str, str]
) -> None:
    now: datetime = timezone.now()
    OutgoingMail.objects.create(
        kind=kind,
        to=order.customer.email,
        language=language_of(order),
        order=order,
        service=service,
        context={
            "number": order.number,
            "address": (service.address if service else "") or order.address,
            "product": (service or order).product.name,
            "name": order.customer.name,
            **context,
        },
        created_at=now,
        next_try_at=now,
    )

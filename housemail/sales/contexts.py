"""What goes with every call from the shop to the verbs, as from any billing system.

The settings and options travel raw; mailboxes/plan.py reads them, there as here.
"""

from __future__ import annotations

import hashlib

from housemail.mailboxes.context import (
    Actor,
    ActorKind,
    Context,
    Owner,
    ServiceRecord,
)
from housemail.people.models import User
from housemail.sales.installation import installation
from housemail.sales.models import Product, SaleServer, Service

ENGINE = Actor(ActorKind.AUTOMATION, "engine")


def owner_of(customer: User | None) -> Owner:
    """Return a customer as the core knows owners."""
    if customer is None:
        return Owner()
    return Owner(
        id=str(customer.pk),
        name=customer.name,
        email=customer.email,
        language=customer.language,
    )


def session_ref(session_key: str) -> str:
    """Return the ref of a visitor's own hold; a service's ref is all digits.

    A digest: the session key itself is as good as a password.
    """
    return f"session-{hashlib.sha256(session_key.encode()).hexdigest()[:40]}"


def for_visitor(
    product: Product,
    server: SaleServer,
    session_key: str,
    *,
    customer: User | None = None,
    visitor: str = "",
) -> Context:
    """Return the context of somebody who has not ordered yet."""
    return Context(
        installation=installation(),
        ref=session_ref(session_key),
        server=server.details(product.endpoint),
        plan=product.module_settings(),
        owner=owner_of(customer),
        actor=Actor(ActorKind.CLIENT, _id(customer), visitor),
    )


def _id(customer: User | None) -> str:
    return "" if customer is None else str(customer.pk)


def for_service(service: Service, actor: Actor, request_id: str = "") -> Context:
    """Return the context of a service; for its customer's own verbs too.

    Reads order, product, server and customer of the service: select them with it
    (services.get does).
    """
    return Context(
        installation=installation(),
        ref=service.ref,
        server=service.server.details(service.product.endpoint),
        plan=service.product.module_settings(),
        options=service.options,
        owner=owner_of(service.customer),
        service=ServiceRecord(service.address, service.order.domain, service.state),
        actor=actor,
        request_id=request_id,
    )

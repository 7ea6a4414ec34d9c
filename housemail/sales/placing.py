"""Places an order: once per form, with the name that the visitor's session holds."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError
from django.utils import timezone

from housemail.mailboxes import availability, names
from housemail.mailboxes.commit import commit
from housemail.mailboxes.context import Actor, ActorKind
from housemail.mailboxes.errors import Refusal, for_client
from housemail.people.models import User
from housemail.platforms.base import Deadline
from housemail.sales import catalogue, contexts, holds, mail, servers, setting_up
from housemail.sales.errors import (
    SaleConflict,
    SaleForbidden,
    SaleInvalid,
    SaleNotFound,
)
from housemail.sales.holds import Held, Visitor
from housemail.sales.models import Order, OrderEvent, Product, Service
from housemail.sales.transitions import note

# No letters and digits that are mistaken for each other on the telephone.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, slots=True)
class Form:
    """An order form as it was sent; ``key`` is made with the empty form."""

    key: str
    handle: str
    domain: str = ""
    options: Mapping[str, str] = field(default_factory=dict)


def place(
    visitor: Visitor,
    product: Product,
    form: Form,
    deadline: Deadline,
    *,
    language: str = "",
) -> Order:
    """Place an order, or return the one that this very form became before.

    That one has ``placed_before``: the door says that nothing was ordered twice.
    The name must be free or held by the visitor's session; the hold becomes the
    order's. Errors: ``product_withdrawn``, ``option_unknown``,
    ``address_is_sign_in``, ``form_used_before``, and those of holds.hold.
    """
    customer = _signed_in(visitor)
    try:
        if _of_form(customer, form) is None:
            return _place_new(visitor, customer, product, form, deadline, language)
    except (IntegrityError, Refusal) as exc:
        # The same form, sent twice at once: the other one has the name.
        if _of_form(customer, form) is None:
            raise (for_client(exc) if isinstance(exc, Refusal) else exc) from exc
    return _same(_of_form(customer, form), product, form)


def _place_new(
    visitor: Visitor,
    customer: User,
    product: Product,
    form: Form,
    deadline: Deadline,
    language: str,
) -> Order:
    catalogue.on_sale(product)
    chosen, price_text = catalogue.chosen_options(product, form.options)
    kept = holds.hold(
        visitor, product, deadline, handle=form.handle, domain=form.domain
    )
    check_address(customer, kept.address)
    draft = Order(
        customer=customer,
        product=product,
        options=chosen,
        price_text=price_text,
        form_key=_stored(form.key),
        language=language or customer.language or settings.LANGUAGE_CODE,
    )
    actor = Actor(ActorKind.CLIENT, str(customer.pk))
    order, begun = commit(lambda: _write(draft, kept, visitor, actor))
    return setting_up.go_on(order, actor, deadline, begun=begun)


def check_address(customer: User, address: str) -> None:
    """Refuse the address that the customer signs in with.

    Who loses the mailbox's password must still get at the account. Errors:
    ``address_is_sign_in``.
    """
    if address == customer.email:
        raise SaleInvalid("address_is_sign_in", field="handle", address=address)


def _signed_in(visitor: Visitor) -> User:
    if visitor.customer is None:  # the door lets nobody else order
        raise SaleForbidden("order_unknown")
    return visitor.customer


def _of_form(customer: User, form: Form) -> Order | None:
    return Order.objects.filter(customer=customer, form_key=_stored(form.key)).first()


def _stored(key: str) -> str:
    """Return a form's key as it is stored: of one length, whatever was sent."""
    return hashlib.sha256(key.encode()).hexdigest()


def _same(order: Order | None, product: Product, form: Form) -> Order:
    """Return the order when the form says the same again; else say what it became."""
    if order is None:  # deleted by staff a moment ago
        raise SaleNotFound("order_unknown")
    handle, domain = names.as_read(form.handle, form.domain)
    sent = (product.pk, handle, domain or order.domain, catalogue.wanted(form.options))
    if sent == (order.product_id, order.handle, order.domain, order.options):
        order.placed_before = True
        return order
    raise SaleConflict("form_used_before", number=order.number, address=order.address)


def _write(
    draft: Order, kept: Held, visitor: Visitor, actor: Actor
) -> tuple[Order, bool]:
    """Write order, service, timeline and e-mail, and take the hold over."""
    product = Product.objects.get(pk=draft.product_id)
    catalogue.on_sale(product)  # withdrawn a moment ago?
    now = timezone.now()
    handle, _, domain = kept.address.partition("@")
    order = Order(
        number=_number(),
        customer=draft.customer,
        product=product,
        handle=handle,
        domain=domain,
        options=draft.options,
        price_text=draft.price_text,
        form_key=draft.form_key,
        language=draft.language,
        placed_at=now,
        expires_at=now + timedelta(hours=settings.HOUSEMAIL_HOLD_HOURS),
    )
    order.save(force_insert=True)
    service = Service.objects.create(
        order=order,
        customer=draft.customer,
        product=product,
        server=servers.choose(product, domain, lock=True),
        options=draft.options,
    )
    availability.take_over(
        contexts.for_service(service, actor),
        handle=handle,
        domain=domain,
        from_ref=contexts.session_ref(visitor.session_key),
    )
    note(order, OrderEvent.Kind.PLACED, actor)
    mail.about_order(mail.Kind.ORDER_RECEIVED, order)
    return order, setting_up.begin_when_due(order, actor)


def _number() -> str:
    """Return a number that says nothing about how much is sold: HM-7K3F-92QD."""
    drawn = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    return f"HM-{drawn[:4]}-{drawn[4:]}"

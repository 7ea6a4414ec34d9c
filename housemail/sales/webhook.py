"""``orders.paid`` from outside: a signed message that may arrive twice.

::

    X-Housemail-Signature: t=1767225600,v1=HEX
    {"id": "evt_1", "type": "orders.paid", "order": "HM-7K3F-92QD"}

``v1`` is HMAC-SHA256 over ``t``, a dot and the raw body, with the secret that both
sides have (HOUSEMAIL_WEBHOOK_SECRET). Several ``v1`` may be given while a secret is
changed. A message is good for five minutes and its id for one order, once.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from django.conf import settings
from django.db import IntegrityError
from django.utils import timezone

from housemail.mailboxes.commit import commit
from housemail.mailboxes.context import Actor, ActorKind
from housemail.sales import orders, setting_up
from housemail.sales.errors import (
    SaleConflict,
    SaleForbidden,
    SaleInvalid,
    SaleNotFound,
)
from housemail.sales.models import Order, PaidEvent

HEADER = "X-Housemail-Signature"
WINDOW_SECONDS = 300
BODY_MAX_BYTES = 65_536
PAID = "orders.paid"
_TIME = re.compile(r"[0-9]{1,12}", re.ASCII)
_EVENT_ID = re.compile(r"[\x21-\x7e]{1,100}", re.ASCII)
ACTOR = Actor(ActorKind.AUTOMATION, "webhook")


@dataclass(frozen=True, slots=True)
class Received:
    """What a good message did: ``paid``, ``already`` or, for other types, ``ignored``.

    The door answers 200 to all three.
    """

    result: Literal["paid", "already", "ignored"]
    order: str = ""


def sign(body: bytes, secret: str, at: int) -> str:
    """Return the header's value for a body; for senders of ours and for tests."""
    return f"t={at},v1={_digest(body, secret, str(at))}"


def receive(headers: Mapping[str, str], body: bytes) -> Received:
    """Take a message. The set-up that follows is the engine's: this answers at once.

    Errors: ``webhook_off`` and ``webhook_signature`` (403), ``webhook_time`` (403),
    ``webhook_body`` (422), ``order_unknown`` (404), ``webhook_event_reused`` (409).
    """
    _check_signature(headers, body)
    event_id, kind, number = _parsed(body)
    if kind != PAID:
        return Received("ignored")
    order = Order.objects.filter(number=number.strip().upper()[:20]).first()
    if order is None:
        raise SaleNotFound("order_unknown", field="order")
    try:
        news, begun = commit(lambda: _pay(event_id, order))
    except IntegrityError:
        return _seen_before(event_id, order)
    if begun:
        setting_up.ring(order)
    return Received("paid" if news else "already", order.number)


def _pay(event_id: str, order: Order) -> tuple[bool, bool]:
    """Write the event and what it means in one commit."""
    PaidEvent.objects.create(event_id=event_id, order=order, received_at=timezone.now())
    news = not Order.objects.filter(pk=order.pk, paid_at__isnull=False).exists()
    return news, orders.pay(order, ACTOR)


def _seen_before(event_id: str, order: Order) -> Received:
    before = PaidEvent.objects.filter(event_id=event_id).first()
    if before is None or before.order_id != order.pk:
        raise SaleConflict("webhook_event_reused", field="id", event=event_id)
    return Received("already", order.number)


def _check_signature(headers: Mapping[str, str], body: bytes) -> None:
    secret = settings.HOUSEMAIL_WEBHOOK_SECRET
    if not secret:
        raise SaleForbidden("webhook_off")
    if len(body) > BODY_MAX_BYTES:
        raise SaleInvalid("webhook_body")
    given = {name.lower(): value for name, value in headers.items()}
    parts = [
        part.strip().partition("=")
        for part in given.get(HEADER.lower(), "").split(",")[:10]
    ]
    at = next((value for name, _, value in parts if name == "t"), "")
    marks = [value for name, _, value in parts if name == "v1"]
    if not _TIME.fullmatch(at) or not marks:
        raise SaleForbidden("webhook_signature", field=HEADER)
    expected = _digest(body, secret, at).encode()
    # Each is compared, so that the time says nothing about which one fitted.
    fits = [hmac.compare_digest(expected, mark.encode()) for mark in marks]
    if not any(fits):
        raise SaleForbidden("webhook_signature", field=HEADER)
    if abs(time.time() - int(at)) > WINDOW_SECONDS:
        raise SaleForbidden("webhook_time", field=HEADER, seconds=WINDOW_SECONDS)


def _digest(body: bytes, secret: str, at: str) -> str:
    signed = at.encode("ascii") + b"." + body
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def _parsed(body: bytes) -> tuple[str, str, str]:
    try:
        message = json.loads(body)
    except (ValueError, RecursionError) as exc:
        raise SaleInvalid("webhook_body") from exc
    found = message if isinstance(message, dict) else {}
    event_id, kind, number = (found.get(key) for key in ("id", "type", "order"))
    texts = isinstance(event_id, str) and isinstance(kind, str)
    if not texts or not _EVENT_ID.fullmatch(str(event_id)):
        raise SaleInvalid("webhook_body")
    if kind == PAID and not isinstance(number, str):
        raise SaleInvalid("webhook_body")
    return str(event_id), str(kind), str(number or "")

"""Moves an order, once: the table of states.py as conditional updates.

Everything here is database work for inside a transaction of the caller's, so that a
move, its line in the timeline, its e-mail and what follows from it are one commit.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone

from housemail.mailboxes.context import Actor
from housemail.sales.models import Order, OrderEvent
from housemail.sales.states import TABLE, Move


def move(
    order: Order,
    move: Move,
    actor: Actor,
    *,
    code: str = "",
    params: Mapping[str, str] | None = None,
    only_if: Mapping[str, object] | None = None,
    **values: object,
) -> bool:
    """Make a move and write its event; say whether it was us who made it.

    ``only_if``: more that must be true in the same UPDATE. ``values``: columns that
    change with the state. The order given is brought up to date.
    """
    transition = TABLE[move]
    made = Order.objects.filter(
        pk=order.pk, state__in=transition.sources, **(only_if or {})
    ).update(state=transition.target, **values)
    if made:
        note(order, OrderEvent.Kind(move), actor, code=code, params=params)
    order.refresh_from_db()
    return bool(made)


def note(
    order: Order,
    kind: OrderEvent.Kind,
    actor: Actor,
    *,
    code: str = "",
    params: Mapping[str, str] | None = None,
) -> None:
    """Write a line of the timeline."""
    OrderEvent.objects.create(
        order=order,
        at=timezone.now(),
        kind=kind,
        actor=str(actor)[:80],
        code=code,
        params=dict(params or {}),
    )

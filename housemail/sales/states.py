"""The states of an order: one table, read by everything that moves an order.

::

                 paid            accepted
        placed --------> paid ------------> accepted      a shorter way is fine:
          |                |                   |          placed -> accepted
          +------ set_up --+------ set_up -----+
                           v
                      setting_up -- finished --> done
                        |    ^                    ^
                 failed |    | set_up             |
                        v    |                    |
                       problem ------ adopted ----+

        placed, paid, accepted, problem -- cancelled --> cancelled -- paid --> paid
        placed, problem -- expired --> expired -- paid --> paid
                        (never when paid or accepted)

"Paid" and "accepted" are facts with a time of their own: an order that is set up at
once is paid later without moving, and a problem never loses that it was paid. A
payment that arrives after the order was cancelled or expired brings it back.

A move is one ``UPDATE ... WHERE state IN (sources)``; its row count decides who of
two clicks, two tabs or a web hook and staff made it (transitions.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """Where an order is."""

    PLACED = "placed", _("Ordered")
    PAID = "paid", _("Paid")
    ACCEPTED = "accepted", _("Accepted")
    SETTING_UP = "setting_up", _("Being set up")
    DONE = "done", _("Set up")
    PROBLEM = "problem", _("Needs attention")
    CANCELLED = "cancelled", _("Cancelled")
    EXPIRED = "expired", _("Expired")


class AutoSetup(TextChoices):
    """When an order is set up by itself; the sheet's "Automatic Setup"."""

    ORDER = "order", _("Automatically as soon as an order is placed")
    PAYMENT = "payment", _("Automatically as soon as the first payment is received")
    ACCEPT = "accept", _("Automatically when you manually accept a pending order")
    NEVER = "never", _("Do not automatically set up this product")


class Move(StrEnum):
    """What happens to an order; also the kind of its event in the timeline."""

    PLACED = "placed"
    PAID = "paid"
    ACCEPTED = "accepted"
    SET_UP = "set_up"
    FINISHED = "finished"
    FAILED = "failed"
    ADOPTED = "adopted"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Transition:
    """From which states a move is possible, and where it leads."""

    sources: frozenset[State]
    target: State


WAITING = frozenset({State.PLACED, State.PAID, State.ACCEPTED})
# Orders whose name is kept for them.
LIVE = WAITING | {State.SETTING_UP, State.PROBLEM}
# Orders that came to nothing; a payment brings one back.
ENDED = frozenset({State.CANCELLED, State.EXPIRED})

TABLE: dict[Move, Transition] = {
    Move.PAID: Transition(ENDED | {State.PLACED}, State.PAID),
    Move.ACCEPTED: Transition(frozenset({State.PLACED, State.PAID}), State.ACCEPTED),
    Move.SET_UP: Transition(WAITING | {State.PROBLEM}, State.SETTING_UP),
    Move.FINISHED: Transition(frozenset({State.SETTING_UP}), State.DONE),
    Move.FAILED: Transition(WAITING | {State.SETTING_UP}, State.PROBLEM),
    Move.ADOPTED: Transition(WAITING | {State.PROBLEM}, State.DONE),
    Move.CANCELLED: Transition(WAITING | {State.PROBLEM}, State.CANCELLED),
    # Only while nobody paid or accepted it: expiry.py's condition, in the same UPDATE.
    Move.EXPIRED: Transition(frozenset({State.PLACED, State.PROBLEM}), State.EXPIRED),
}


def sets_up_now(auto_setup: str, *, paid: bool, accepted: bool) -> bool:
    """Say whether an order of this product is to be set up by itself by now."""
    return {
        AutoSetup.ORDER: True,
        AutoSetup.PAYMENT: paid,
        AutoSetup.ACCEPT: accepted,
        AutoSetup.NEVER: False,
    }[AutoSetup(auto_setup)]

"""An order's way as the page shows it: what happened, what is awaited, and why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from housemail.sales import order_book, problems
from housemail.sales.models import Order, OrderEvent
from housemail.sales.states import AutoSetup, State

Kind = OrderEvent.Kind
FINAL = frozenset({State.DONE, State.CANCELLED, State.EXPIRED})


@dataclass(frozen=True, slots=True)
class Shown:
    """One step, in the words of web's steps element."""

    title: str
    state: str
    at: datetime | None
    note: str = ""


def shown(order: Order, events: Sequence[OrderEvent]) -> list[Shown]:
    """Return the steps of an order; one that ended shows its end as the last."""
    steps = order_book.steps(order)
    if order.state in {State.CANCELLED, State.EXPIRED}:
        done = [_step(order, step, events) for step in steps if step.at is not None]
        return [*done, _ending(order, events)]
    return [_step(order, step, events) for step in steps]


def _step(order: Order, step: order_book.Step, events: Sequence[OrderEvent]) -> Shown:
    title = str(step.kind.label)
    if step.at is not None and not step.current:
        return Shown(title, "done", step.at)
    if not step.current:
        return Shown(title, "waiting", None)
    if order.state == State.PROBLEM:
        problem = problems.explain(order)
        return Shown(title, "failed", None, f"{problem.sentence} {problem.next_step}")
    return Shown(title, "current", None, _awaited(order, step.kind, events))


def _awaited(order: Order, kind: Kind, events: Sequence[OrderEvent]) -> str:
    """Return what the order waits for."""
    if kind in {Kind.PAID, Kind.ACCEPTED}:
        return f"{_waits_for(kind)} {_kept(order)}"
    if order.state != State.SETTING_UP:
        return _("We set your mailbox up by hand and write to you when it is ready.")
    if events and events[-1].kind == Kind.WAITING:
        return _(
            "The mail platform does not answer right now. We try again by ourselves; "
            "you need not do anything."
        )
    return _("This takes a few seconds. You need not do anything.")


def _waits_for(kind: Kind) -> str:
    if kind == Kind.PAID:
        return _("We wait for your payment.")
    return _("We look at your order. You need not do anything.")


def _kept(order: Order) -> str:
    """Say until when the name is kept: for good when it is paid or accepted."""
    if order.paid_at is not None or order.accepted_at is not None:
        return _("The name is kept for you.")
    until = f"{date_format(order.expires_at, 'DATETIME_FORMAT')} UTC"
    return _("The name is kept for you until %(until)s.") % {"until": until}


def _ending(order: Order, events: Sequence[OrderEvent]) -> Shown:
    cancelled = order.state == State.CANCELLED
    kind = Kind.CANCELLED if cancelled else Kind.EXPIRED
    end = next((event for event in reversed(events) if event.kind == kind), None)
    at = None if end is None else end.at
    said = [_("The name is free again.") if cancelled else _expired(order)]
    if order.paid_at is not None:
        said.append(_("Your payment has arrived."))
        if settings.HOUSEMAIL_CONTACT:
            said.append(_("Write to us if it was not paid back yet."))
    reason = "" if end is None else end.params.get("reason", "")
    if reason:
        # The last: who typed it may have left out the full stop.
        said.append(_("Reason: %(reason)s") % {"reason": reason})
    return Shown(str(kind.label), "ended", at, " ".join(said))


def _expired(order: Order) -> str:
    """Say what did not come in time; that is not always a payment."""
    setup = order.product.auto_setup
    if setup == AutoSetup.PAYMENT:
        return _("It was not paid in time, and the name is free again.")
    if setup == AutoSetup.ORDER:
        return _("It could not be set up in time, and the name is free again.")
    return _("It was not accepted in time, and the name is free again.")


def mark(order: Order, events: Sequence[OrderEvent]) -> str:
    """Return a mark that changes with what the page shows."""
    return f"{order.state}-{events[-1].pk if events else 0}"

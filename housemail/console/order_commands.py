"""What staff do about an order: what each command asks, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from housemail.console import shown
from housemail.console.commands import (
    Call,
    Command,
    CommandForm,
    ReasonForm,
    refused,
)
from housemail.people.acts import Ending, Kind
from housemail.people.roles import Action
from housemail.sales import catalogue, order_book, orders, problems
from housemail.sales.errors import SaleConflict
from housemail.sales.models import Order
from housemail.sales.states import ENDED, LIVE, TABLE, WAITING, AutoSetup, Move, State


class NameForm(CommandForm):
    """Another name for the mailbox."""

    handle = forms.CharField(label=_("Mailbox"), max_length=64)
    domain = forms.ChoiceField(label=_("Domain"))

    def __init__(self, *args: Any, obj: Any = None, **kwargs: Any) -> None:
        """Offer the domains of the product; begin with what was ordered."""
        kwargs.setdefault("initial", {"handle": obj.handle, "domain": obj.domain})
        super().__init__(*args, obj=obj, **kwargs)
        names = dict.fromkeys((obj.domain, *catalogue.domains(obj.product)))
        field = self.fields["domain"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(name, name) for name in names]


class CancelForm(ReasonForm):
    """Asks why; the customer reads it."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        required=False,
        help_text=_(
            "The customer reads it: it is in the e-mail and on the page of the order."
        ),
    )


def _ended(order: Order) -> Ending:
    """Say where the order stands now."""
    if order.state == State.PROBLEM:
        return Ending(Kind.ERROR, problems.explain(order, for_staff=True).sentence)
    words = {"number": order.number, "address": order.address}
    if order.state == State.SETTING_UP:
        told = gettext("%(number)s: %(address)s is being set up.")
        return Ending(Kind.WARNING, told % words)
    state = {**words, "state": order.get_state_display()}
    return Ending(Kind.SUCCESS, gettext("%(number)s: %(state)s.") % state)


def _accept(call: Call) -> Ending:
    return _ended(orders.accept(call.obj, call.actor, call.deadline))


def _mark_paid(call: Call) -> Ending:
    return _ended(orders.mark_paid(call.obj, call.actor, call.deadline))


def _set_up(call: Call) -> Ending:
    return _ended(orders.set_up(call.obj, call.actor, call.deadline))


def _cancel(call: Call) -> Ending:
    return _ended(orders.cancel(call.obj, call.actor, call.data["reason"]))


def _choose_other_name(call: Call) -> Ending:
    made = orders.choose_other_name(call.obj, call.actor, call.deadline, **call.data)
    return _ended(made)


def _not_now(order: Order) -> str:
    """Say why a command is not offered: the order has moved on."""
    state = order.get_state_display()
    return refused(SaleConflict("order_state", state=state)).sentence


def _why_not_paid(order: Order) -> str:
    words = gettext("%(number)s was paid already, on %(day)s.")
    return words % {"number": order.number, "day": shown.moment(order.paid_at)}


def _why_not_accepted(order: Order) -> str:
    if order.accepted_at is None:
        return _not_now(order)
    words = gettext("%(number)s was accepted already, on %(day)s.")
    return words % {"number": order.number, "day": shown.moment(order.accepted_at)}


def _why_not_renamed(order: Order) -> str:
    if order.state != State.PROBLEM:
        return _not_now(order)
    return refused(SaleConflict("name_is_not_the_problem")).sentence


def _next(order: Order) -> str:
    """Return the name of the command that the order waits for; empty for none."""
    if order.state == State.PROBLEM:
        return "choose-name" if _may_choose_name(order) else "set-up-again"
    if order.state not in WAITING:
        return ""
    if order_book.awaits_payment(order):
        return "mark-paid"
    if order_book.awaits_acceptance(order):
        return "accept"
    return "set-up"


def _is_next(name: str) -> Callable[[Order], bool]:
    return lambda order: _next(order) == name


def _may_choose_name(order: Order) -> bool:
    return problems.explain(order, for_staff=True).may_choose_name


def _follows(order: Order, *, paid: bool = False, accepted: bool = False) -> str:
    """Say what the product makes of it when the order is paid, or accepted."""
    begins = order_book.would_set_up(order, paid=paid, accepted=accepted)
    if begins:
        words = gettext("%(address)s is set up at once; the customer gets an e-mail.")
        return words % {"address": order.address}
    if order.state in {State.SETTING_UP, State.DONE}:
        return gettext("The mailbox stays as it is.")
    return {
        AutoSetup.PAYMENT: gettext("The mailbox is set up when the order is paid."),
        AutoSetup.ACCEPT: gettext("The mailbox is set up when you accept the order."),
    }.get(
        AutoSetup(order.product.auto_setup),
        gettext("Nothing is set up by itself; press Set up now for that."),
    )


def _when_accepted(order: Order) -> str:
    counts = gettext("The order counts as accepted.")
    return f"{counts} {_follows(order, accepted=True)}"


def _when_paid(order: Order) -> str:
    counts = gettext("The order counts as paid.")
    if order.state in ENDED:
        counts = gettext("The order counts as paid, and comes back.")
    return f"{counts} {_follows(order, paid=True)}"


def _when_set_up(order: Order) -> str:
    words = gettext("The mailbox is set up now, whatever the product says.")
    if order.paid_at is not None:
        return words
    return " ".join((words, gettext("The order is not paid.")))


COMMANDS = (
    Command(
        name="accept",
        title=_("Accept"),
        action=Action.RUN_ORDERS,
        run=_accept,
        primary=_is_next("accept"),
        icon="check",
        question=_when_accepted,
        offered=lambda order: order.accepted_at is None and order.state in LIVE,
        why_not=_why_not_accepted,
    ),
    Command(
        name="mark-paid",
        title=_("Mark paid"),
        action=Action.RUN_ORDERS,
        run=_mark_paid,
        primary=_is_next("mark-paid"),
        icon="payments",
        question=_when_paid,
        offered=lambda order: order.paid_at is None,
        why_not=_why_not_paid,
    ),
    Command(
        name="set-up",
        title=_("Set up now"),
        action=Action.RUN_ORDERS,
        run=_set_up,
        primary=_is_next("set-up"),
        icon="play_arrow",
        question=_when_set_up,
        offered=lambda order: order.state in WAITING,
        why_not=_not_now,
    ),
    Command(
        name="set-up-again",
        title=_("Set up again"),
        action=Action.RUN_ORDERS,
        run=_set_up,
        primary=_is_next("set-up-again"),
        icon="refresh",
        question=_when_set_up,
        offered=lambda order: order.state == State.PROBLEM,
        why_not=_not_now,
    ),
    Command(
        name="choose-name",
        title=_("Choose another name"),
        action=Action.RUN_ORDERS,
        run=_choose_other_name,
        form=NameForm,
        primary=_is_next("choose-name"),
        icon="edit",
        question=_("The order stays as it is, only its mailbox gets another name."),
        offered=_may_choose_name,
        why_not=_why_not_renamed,
    ),
    Command(
        name="cancel",
        title=_("Cancel the order"),
        action=Action.RUN_ORDERS,
        run=_cancel,
        form=CancelForm,
        icon="cancel",
        danger=True,
        question=_(
            "The order ends, its name is free again, and the customer gets an e-mail. "
            "What was paid is not paid back by this."
        ),
        offered=lambda order: order.state in TABLE[Move.CANCELLED].sources,
        why_not=_not_now,
    ),
)

"""Orders: the list by state; each with its timeline, its problem and its commands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from housemail.console import shown
from housemail.console.base import RoomAdmin
from housemail.console.bulk import BulkCommand
from housemail.console.commands import (
    Call,
    Command,
    CommandForm,
    ReasonForm,
    refused,
)
from housemail.console.marks import list_of, mark
from housemail.console.sections import Section
from housemail.console.site import site
from housemail.people.acts import Ending, Kind
from housemail.people.models import User
from housemail.people.roles import Action
from housemail.sales import catalogue, order_book, orders, problems
from housemail.sales.errors import SaleConflict
from housemail.sales.models import Order, OrderEvent
from housemail.sales.states import ENDED, LIVE, TABLE, WAITING, Move, State

TONES = {
    State.DONE: "good",
    State.PROBLEM: "bad",
    State.CANCELLED: "plain",
    State.EXPIRED: "plain",
}


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


COMMANDS = (
    Command(
        name="accept",
        title=_("Accept"),
        action=Action.RUN_ORDERS,
        run=_accept,
        primary=lambda order: order.state in WAITING,
        icon="check",
        question=_("The order counts as accepted. Its product says what follows."),
        offered=lambda order: order.accepted_at is None and order.state in LIVE,
        why_not=_why_not_accepted,
    ),
    Command(
        name="mark-paid",
        title=_("Mark paid"),
        action=Action.RUN_ORDERS,
        run=_mark_paid,
        icon="payments",
        question=_(
            "The order counts as paid, and comes back if it had ended. Its product "
            "says what follows."
        ),
        offered=lambda order: order.paid_at is None,
        why_not=_why_not_paid,
    ),
    Command(
        name="set-up",
        title=_("Set up again"),
        action=Action.RUN_ORDERS,
        run=_set_up,
        primary=lambda order: order.state == State.PROBLEM,
        icon="refresh",
        question=_("The mailbox is set up now, whatever the product says."),
        offered=lambda order: order.state in TABLE[Move.SET_UP].sources,
        why_not=_not_now,
    ),
    Command(
        name="choose-name",
        title=_("Choose another name"),
        action=Action.RUN_ORDERS,
        run=_choose_other_name,
        form=NameForm,
        icon="edit",
        question=_("The order stays as it is, only its mailbox gets another name."),
        offered=lambda order: problems.explain(order, for_staff=True).may_choose_name,
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


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the timeline as staff reads it."""

    at: datetime
    words: str
    who: str
    why: str


def timeline(events: Iterable[OrderEvent]) -> list[Line]:
    """Return the timeline with names in place of ids; one query, and that of events."""
    rows = list(events)
    ids = {_person_id(row.actor) for row in rows} - {0}
    people = {person.pk: str(person) for person in User.objects.filter(pk__in=ids)}
    return [
        Line(row.at, row.get_kind_display(), _who(row.actor, people), _why(row))
        for row in rows
    ]


def _person_id(actor: str) -> int:
    kind, _colon, number = actor.partition(":")
    known = kind in {"staff", "client"} and number.isdigit()
    return int(number) if known and len(number) <= 18 else 0


def _who(actor: str, people: dict[int, str]) -> str:
    name = people.get(_person_id(actor))
    if name is not None:
        return name
    return gettext("by itself") if actor.startswith("automation") else actor


def _why(event: OrderEvent) -> str:
    if event.code:
        return problems.sentence(event.code, event.params)
    return " -> ".join(str(value) for value in event.params.values())


@admin.register(Order, site=site)
class OrderAdmin(RoomAdmin):
    """Orders are placed by customers; staff moves them on."""

    section = Section.SHOP
    icon = "receipt_long"
    position = 10
    list_display = (
        "number",
        "wanted",
        "customer",
        "product",
        "price_text",
        "shown_state",
        "placed_at",
    )
    list_select_related = ("customer", "product", "service")
    search_fields = (
        "number",
        "handle",
        "domain",
        "customer__email",
        "customer__name",
        "product__name",
    )
    search_help_text = _("Number, address, customer or product")
    quick_filters = (
        (_("All"), {}),
        *((state.label, {"state": state.value}) for state in State),
        (
            _("Paid, but ended"),
            {"state__in": ",".join(sorted(ENDED)), "paid_at__isnull": "False"},
        ),
    )
    commands = COMMANDS
    picked = ngettext_lazy(
        "%(number)s order was picked", "%(number)s orders were picked", "number"
    )
    bulk_commands = (
        BulkCommand(
            name="accept",
            title=_("Accept"),
            question=_("These orders count as accepted."),
        ),
        BulkCommand(
            name="mark_paid",
            title=_("Mark paid"),
            question=_("These orders count as paid."),
        ),
    )
    fields = (
        ("number", "shown_state"),
        ("wanted", "product"),
        ("customer", "price_text"),
        "chosen",
        ("placed_at", "paid_at"),
        ("accepted_at", "expires_at"),
    )
    readonly_fields = ("wanted", "shown_state", "chosen")
    change_form_template = "console/order.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        """Read what a row and a page show at once."""
        return order_book.all_orders()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Find a whole address too: it is kept in two columns."""
        handle, at, domain = search_term.strip().partition("@")
        if at and " " not in search_term.strip():
            mailbox = Q(handle__iexact=handle, domain__istartswith=domain)
            customer = Q(customer__email__icontains=search_term.strip())
            return queryset.filter(mailbox | customer), False
        found: tuple[QuerySet[Any], bool] = super().get_search_results(
            request, queryset, search_term
        )
        return found

    @admin.display(description=_("Mailbox"), ordering="handle")
    def wanted(self, order: Order) -> str:
        """The address that was ordered."""
        return order.address

    @admin.display(description=_("State"), ordering="state")
    def shown_state(self, order: Order) -> SafeString:
        """The state as word and icon."""
        tone = TONES.get(State(order.state), "wait")
        return mark(order.get_state_display(), tone)

    @admin.display(description=_("Options"))
    def chosen(self, order: Order) -> str:
        """What was configured."""
        return ", ".join(f"{name}: {value}" for name, value in order.options.items())

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the order with why it failed, and all that happened to it."""
        order = self.get_object(request, object_id)
        found: dict[str, Any] = {}
        if isinstance(order, Order):
            found = {
                "timeline": timeline(order.events.all()),
                "problem": self._problem(order),
                "mailbox_list": list_of("mailboxes_mailbox", q=order.address),
            }
        answer: HttpResponse = super().change_view(
            request, object_id, form_url, {**found, **(extra_context or {})}
        )
        return answer

    def _problem(self, order: Order) -> str:
        """Why it is not set up, in the words for staff; empty when it is no problem."""
        if order.state != State.PROBLEM:
            return ""
        return problems.explain(order, for_staff=True).sentence

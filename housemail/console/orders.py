"""Orders: the list by state; each with its timeline, its problem and its commands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from housemail.console import order_commands, shown
from housemail.console.base import RoomAdmin
from housemail.console.bulk import BulkCommand
from housemail.console.marks import list_of, mark
from housemail.console.sections import Section
from housemail.console.site import site
from housemail.people.models import User
from housemail.sales import catalogue, order_book, problems
from housemail.sales.models import Order, OrderEvent
from housemail.sales.states import ENDED, State

TONES = {
    State.DONE: "good",
    State.PROBLEM: "bad",
    State.CANCELLED: "plain",
    State.EXPIRED: "plain",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the timeline as staff reads it."""

    at: str
    words: str
    who: str
    why: str


def timeline(events: Iterable[OrderEvent]) -> list[Line]:
    """Return the timeline with names in place of ids; one query, and that of events."""
    rows = list(events)
    ids = {_person_id(row.actor) for row in rows} - {0}
    people = {person.pk: str(person) for person in User.objects.filter(pk__in=ids)}
    return [
        Line(
            shown.moment(row.at),
            row.get_kind_display(),
            _who(row.actor, people),
            _why(row),
        )
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
        "shown_state",
        "customer",
        "product",
        "price_text",
        "placed",
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
    commands = order_commands.COMMANDS
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
        ("placed", "paid"),
        ("accepted", "expires"),
    )
    readonly_fields = (
        "wanted",
        "shown_state",
        "chosen",
        "placed",
        "paid",
        "accepted",
        "expires",
    )
    placed = shown.time_of("placed_at", _("ordered"))
    paid = shown.time_of("paid_at", _("paid"))
    accepted = shown.time_of("accepted_at", _("accepted"))
    expires = shown.time_of("expires_at", _("expires"))
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
        return ", ".join(
            f"{gettext(name)}: {catalogue.say_value(name, value)}"
            for name, value in order.options.items()
        )

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

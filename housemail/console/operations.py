"""Operations: what is open, unknown or failing, and what staff do about it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from housemail.console import shown
from housemail.console.commands import Call, Command
from housemail.console.filters import FilteredAdmin, FilterForm
from housemail.console.reasons import WhyForm
from housemail.console.sections import Section
from housemail.console.site import site
from housemail.console.timeline import names_of, sentence_of, steps_of
from housemail.installations.models import Installation
from housemail.mailboxes import attention, deciding
from housemail.mailboxes.deciding import Settled
from housemail.mailboxes.models import Operation
from housemail.mailboxes.wording import say
from housemail.people.acts import Ending, Kind
from housemail.people.roles import Action

_SHOWS = {
    "open": attention.is_open,
    "unknown": attention.is_unknown,
    "staff": attention.waits_for_staff,
}


class OperationFilters(FilterForm):
    """By what is wrong, by verb, and those of one mailbox."""

    show = forms.ChoiceField(
        label=gettext_lazy("Show"),
        choices=[
            ("", gettext_lazy("All")),
            ("open", gettext_lazy("Open")),
            ("unknown", gettext_lazy("Answer lost")),
            ("failing", gettext_lazy("Failing since yesterday")),
            ("staff", gettext_lazy("Waits for staff")),
        ],
    )
    verb = forms.ChoiceField(
        label=gettext_lazy("What was changed"),
        choices=[("", gettext_lazy("All")), *shown.VERBS.items()],
    )
    mailbox = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the operations that fit."""
        show, verb = self.chosen("show"), self.chosen("verb")
        if show == "failing":
            rows = attention.only_last_failures(rows)
        elif show:
            rows = rows.filter(_SHOWS[show]())
        if verb:
            rows = rows.filter(verb=verb)
        mailbox = self.cleaned_data.get("mailbox")
        return rows.filter(mailbox_id=mailbox) if mailbox else rows


def _settle_now(call: Call) -> Ending:
    words = {
        Settled.CLOSED: _("Looked at and settled: %(state)s."),
        Settled.STILL_OPEN: _(
            "Looked at; it is still not known how it ended. The engine looks again."
        ),
        Settled.BUSY: _("Somebody acts on it in this moment. Reload in a minute."),
        Settled.CLOSED_BEFORE: _("It was settled before: %(state)s."),
    }
    settled = deciding.settle_now(call.obj, call.deadline)
    state = shown.OPERATION[call.obj.state].word
    unknown = settled in {Settled.STILL_OPEN, Settled.BUSY}
    kind = Kind.WARNING if unknown else Kind.SUCCESS
    return Ending(kind, words[settled] % {"state": state})


def _give_back(call: Call) -> str:
    done = deciding.give_back(
        call.obj, reason=call.data["reason"], actor=f"console {call.person.email}"
    )
    return say(done.sentence, done.params)


def _looked_at(call: Call) -> None:
    deciding.looked_at(
        call.obj, reason=call.data["reason"], actor=f"console {call.person.email}"
    )


@admin.register(Operation, site=site)
class OperationAdmin(FilteredAdmin):
    """The journal: every attempt to change something on a mail platform."""

    section = Section.MAILBOXES
    icon = "history"
    position = 30
    filter_form = OperationFilters
    search_fields = ("mailbox__handle", "mailbox__ref", "request_id")
    search_help_text = gettext_lazy("Address, service id or request id")
    list_display = ("verb_shown", "of_mailbox", "state_shown", "begun", "why")
    ordering = ("-pk",)
    change_form_outer_after_template = "console/operation.html"
    fields = (
        ("verb_shown", "state_shown"),
        ("mailbox_shown", "installation_shown"),
        ("actor_shown", "request_id"),
        ("attempts", "next_look"),
        "why",
        "wanted_shown",
    )
    readonly_fields = (
        "verb_shown",
        "state_shown",
        "mailbox_shown",
        "installation_shown",
        "actor_shown",
        "request_id",
        "attempts",
        "next_look",
        "why",
        "wanted_shown",
    )
    commands = (
        Command(
            name="settle-now",
            primary=lambda _: True,
            title=gettext_lazy("Settle now"),
            action=Action.SETTLE_OPERATIONS,
            run=_settle_now,
            question=gettext_lazy(
                "The mail platform is asked now how this ended, as the engine does."
            ),
            icon="manage_search",
            offered=lambda operation: operation.state == Operation.State.OPEN,
        ),
        Command(
            name="give-back",
            title=gettext_lazy("Give the name back"),
            action=Action.SETTLE_OPERATIONS,
            run=_give_back,
            form=WhyForm,
            question=gettext_lazy(
                "Only when you have seen in the platform's control panel that the "
                "address does not exist there, or have removed it. To keep a mailbox "
                "that is there, press Adopt on its page instead."
            ),
            icon="undo",
            offered=lambda operation: bool(deciding.name_in_doubt(operation)),
        ),
        Command(
            name="looked-at",
            primary=lambda _: True,
            title=gettext_lazy("Mark as looked at"),
            action=Action.SETTLE_OPERATIONS,
            run=_looked_at,
            form=WhyForm,
            question=gettext_lazy(
                "You have looked in the platform's control panel, and the mailbox may "
                "go on as it is recorded here."
            ),
            done=gettext_lazy("It no longer waits for staff."),
            icon="done",
            offered=lambda operation: (
                operation.needs_staff and not deciding.name_in_doubt(operation)
            ),
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows with what each shows."""
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related(
            "mailbox__house_domain", "mailbox__installation", "mailbox__server"
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Find a whole address too."""
        handle, at, domain = search_term.strip().lower().partition("@")
        if at and " " not in handle:
            of_domain = Q(mailbox__house_domain__name__startswith=domain)
            named = Q(mailbox__handle=handle) if handle else Q()
            return queryset.filter(named & of_domain), False
        found: tuple[QuerySet[Any], bool] = super().get_search_results(
            request, queryset, search_term
        )
        return found

    @admin.display(description=gettext_lazy("What was changed"), ordering="verb")
    def verb_shown(self, operation: Operation) -> str:
        """What was to be changed."""
        return shown.verb(operation.verb)

    @admin.display(description=gettext_lazy("State"), ordering="state")
    def state_shown(self, operation: Operation) -> SafeString:
        """How it stands."""
        if operation.needs_staff:
            word = gettext_lazy("Waits for staff")
            return shown.label(shown.Look(word, "warning", "bad"))
        return shown.badge(shown.OPERATION, operation.state)

    @admin.display(description=gettext_lazy("Begun"), ordering="created_at")
    def begun(self, operation: Operation) -> str:
        """When."""
        return shown.moment(operation.created_at)

    @admin.display(description=gettext_lazy("Why"))
    def why(self, operation: Operation) -> str:
        """Why it ended as it did, and how often when it was tried again."""
        why = sentence_of(operation) or shown.NOTHING
        times = getattr(operation, "times", None) or 1
        if times == 1:
            return why
        return _("%(why)s Tried %(times)s times.") % {"why": why, "times": times}

    @admin.display(description=gettext_lazy("Mailbox"))
    def of_mailbox(self, operation: Operation) -> str:
        """Of which mailbox, for the list."""
        return str(operation.mailbox)

    @admin.display(description=gettext_lazy("Mailbox"))
    def mailbox_shown(self, operation: Operation) -> SafeString:
        """Of which mailbox."""
        pk = operation.mailbox_id
        url = reverse("console:mailboxes_mailbox_change", args=[pk])
        return shown.link(url, operation.mailbox)

    @admin.display(description=gettext_lazy("Billing system"))
    def installation_shown(self, operation: Operation) -> str:
        """Whose mailbox it is."""
        return str(operation.mailbox.installation)

    @admin.display(description=gettext_lazy("By"))
    def actor_shown(self, operation: Operation) -> str:
        """Who wanted it."""
        shop = operation.mailbox.installation.kind == Installation.Kind.SHOP
        names = names_of([operation.actor], shop=shop)
        return names.get(operation.actor, operation.actor) or shown.NOTHING

    @admin.display(description=gettext_lazy("Tries"))
    def attempts(self, operation: Operation) -> str:
        """How often somebody acted, and how often something was sent."""
        return _("%(tries)s, sent %(sent)s times") % {
            "tries": operation.attempt,
            "sent": operation.sends,
        }

    @admin.display(description=gettext_lazy("Next look of the engine"))
    def next_look(self, operation: Operation) -> str:
        """When the engine looks."""
        return shown.moment(operation.next_look_at)

    @admin.display(description=gettext_lazy("What was wanted"))
    def wanted_shown(self, operation: Operation) -> SafeString | str:
        """What was wanted; the journal holds no secret."""
        return shown.structure(operation.wanted) if operation.wanted else shown.NOTHING

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show the page with the operation's own steps."""
        operation = context.get("original")
        if isinstance(operation, Operation):
            context["steps"] = steps_of(operation)
        return super().render_change_form(request, context, *args, **kwargs)

"""Module log: every platform call that was kept, redacted; on, off and how long."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from housemail.console import shown
from housemail.console.commands import Call, Command, CommandForm
from housemail.console.filters import FilteredAdmin, FilterForm
from housemail.console.sections import Section
from housemail.console.site import site
from housemail.installations.models import Installation
from housemail.mailboxes.models import Mailbox
from housemail.modulelog import entries, storage
from housemail.modulelog.models import ModuleLogEntry
from housemail.people.roles import Action


class LogFilters(FilterForm):
    """By service, by platform action and by outcome."""

    service = forms.CharField(label=gettext_lazy("Service id"), max_length=64)
    installation = forms.ModelChoiceField(
        label=gettext_lazy("Billing system"),
        queryset=Installation.objects.order_by("name"),
        empty_label=gettext_lazy("All"),
    )
    call = forms.ChoiceField(label=gettext_lazy("Action"))
    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer what the log holds."""
        super().__init__(*args, **kwargs)
        every = [("", _("All"))]
        self.fields["call"].choices = every + [  # type: ignore[attr-defined]
            (name, name) for name in entries.actions()
        ]
        known = dict.fromkeys([*shown.CALL, *entries.outcomes()])
        self.fields["outcome"].choices = every + [  # type: ignore[attr-defined]
            (name, str(shown.CALL[name].word if name in shown.CALL else name))
            for name in known
        ]

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the entries that fit."""
        installation = self.cleaned_data.get("installation")
        return rows & entries.search(
            installation_id=installation.pk if installation else None,
            ref=self.chosen("service").strip(),
            action=self.chosen("call"),
            outcome=self.chosen("outcome"),
        )


class HoursForm(CommandForm):
    """Asks for how long."""

    hours = forms.IntegerField(
        label=gettext_lazy("Hours"),
        min_value=1,
        max_value=storage.LONGEST_HOURS,
        initial=2,
        help_text=gettext_lazy("It ends by itself then."),
    )


class DaysForm(CommandForm):
    """Asks how long entries are kept."""

    days = forms.IntegerField(
        label=gettext_lazy("Days"), min_value=1, max_value=storage.MOST_DAYS
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Preset the present number."""
        super().__init__(*args, **kwargs)
        self.fields["days"].initial = storage.switch().keep_days


def _on(call: Call) -> str:
    until = storage.turn_on(call.data["hours"])
    words = _("Successful calls are logged too, until %(at)s.")
    return words % {"at": shown.moment(until)}


def _off(call: Call) -> None:
    del call
    storage.turn_off()


def _keep(call: Call) -> str:
    days = call.data["days"]
    storage.keep(days)
    words = ngettext(
        "Entries are kept for %(days)s day.",
        "Entries are kept for %(days)s days.",
        days,
    )
    return words % {"days": days}


@admin.register(ModuleLogEntry, site=site)
class ModuleLogAdmin(FilteredAdmin):
    """The platform calls, without secrets."""

    section = Section.PLATFORM
    title = gettext_lazy("Module log")
    icon = "receipt_long"
    position = 40
    filter_form = LogFilters
    search_fields = ("ref", "action", "verb", "host", "request_id")
    search_help_text = gettext_lazy("Service id, action, host or request id")
    list_display = ("action", "state_shown", "at_shown", "service", "verb_shown", "ms")
    ordering = ("-pk",)
    fields = (
        ("action", "state_shown"),
        ("at_shown", "ms"),
        ("service_shown", "verb_shown"),
        ("host", "request_id"),
        "request_shown",
        "response_shown",
    )
    readonly_fields = (
        "action",
        "state_shown",
        "ms",
        "at_shown",
        "host",
        "service_shown",
        "verb_shown",
        "request_id",
        "request_shown",
        "response_shown",
    )
    list_commands = (
        Command(
            name="on",
            title=gettext_lazy("Log successes too"),
            action=Action.EDIT_SETTINGS,
            run=_on,
            form=HoursForm,
            question=gettext_lazy(
                "Failed calls are always logged. Successful ones only for a while, "
                "because they are many."
            ),
            icon="toggle_on",
        ),
        Command(
            name="off",
            title=gettext_lazy("Log failures only"),
            action=Action.EDIT_SETTINGS,
            run=_off,
            done=gettext_lazy("Only failed calls are logged."),
            icon="toggle_off",
        ),
        Command(
            name="keep",
            title=gettext_lazy("How long kept"),
            action=Action.EDIT_SETTINGS,
            run=_keep,
            form=DaysForm,
            question=gettext_lazy("Older entries are deleted."),
            icon="auto_delete",
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows with the name of their billing system."""
        name = Installation.objects.filter(pk=OuterRef("installation_id"))
        rows: QuerySet[Any] = super().get_queryset(request)
        named: QuerySet[Any] = rows.annotate(
            installation_name=Subquery(name.values("name")[:1])
        )
        return named

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the list, and what is logged at present."""
        row = storage.switch()
        now = _("Failed calls are logged.")
        if storage.is_on(row):
            now = _("All calls are logged until %(at)s.") % {
                "at": shown.moment(row.successes_until)
            }
        kept = ngettext(
            "Entries are kept for %(days)s day.",
            "Entries are kept for %(days)s days.",
            row.keep_days,
        ) % {"days": row.keep_days}
        notice = {"list_notice": f"{now} {kept}", **(extra_context or {})}
        return super().changelist_view(request, notice)

    @admin.display(description=gettext_lazy("Outcome"), ordering="outcome")
    def state_shown(self, entry: ModuleLogEntry) -> SafeString:
        """How it ended."""
        return shown.badge(shown.CALL, entry.outcome)

    @admin.display(description=gettext_lazy("Time"), ordering="pk")
    def at_shown(self, entry: ModuleLogEntry) -> str:
        """When."""
        return shown.moment(entry.at)

    @admin.display(description=gettext_lazy("Service"))
    def service(self, entry: Any) -> str:
        """Whose service it was about."""
        parts = (entry.installation_name, entry.ref)
        return " · ".join(part for part in parts if part) or shown.NOTHING

    @admin.display(description=gettext_lazy("Service"))
    def service_shown(self, entry: Any) -> SafeString | str:
        """Whose service it was about, with the way to its page."""
        mailbox = Mailbox.objects.filter(
            installation_id=entry.installation_id, ref=entry.ref
        ).first()
        if mailbox is None:
            return self.service(entry)
        url = reverse("console:mailboxes_mailbox_change", args=[mailbox.pk])
        return shown.link(url, self.service(entry))

    @admin.display(description=gettext_lazy("For"), ordering="verb")
    def verb_shown(self, entry: ModuleLogEntry) -> str:
        """What it was for."""
        return shown.called_for(entry.verb) or shown.NOTHING

    @admin.display(description=gettext_lazy("Duration"), ordering="duration_ms")
    def ms(self, entry: ModuleLogEntry) -> str:
        """How long it took."""
        return _("%(ms)s ms") % {"ms": entry.duration_ms}

    @admin.display(description=gettext_lazy("Request"))
    def request_shown(self, entry: ModuleLogEntry) -> SafeString:
        """What was asked; passwords are not in it."""
        return shown.structure(entry.request)

    @admin.display(description=gettext_lazy("Answer"))
    def response_shown(self, entry: ModuleLogEntry) -> SafeString:
        """What was answered, reduced and without other people's addresses."""
        return shown.structure(entry.response)

"""History: who did what and when, on every page of the console, however it ended."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from housemail.console import shown
from housemail.console.filters import FilteredAdmin, FilterForm
from housemail.console.sections import Section
from housemail.console.site import site
from housemail.people.models import User


class HistoryFilters(FilterForm):
    """By person."""

    person = forms.ModelChoiceField(
        label=_("Person"), queryset=User.objects.none(), empty_label=_("All")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer who has done something."""
        super().__init__(*args, **kwargs)
        acted = LogEntry.objects.order_by().values("user_id")
        people = User.objects.filter(pk__in=acted).order_by("email")
        self.fields["person"].queryset = people  # type: ignore[attr-defined]

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return what this person did."""
        person = self.cleaned_data.get("person")
        return rows if person is None else rows.filter(user=person)


@admin.register(LogEntry, site=site)
class HistoryAdmin(FilteredAdmin):
    """Every change that staff made or tried here; nobody can change it."""

    section = Section.ACCESS
    title = _("History")
    icon = "history_edu"
    position = 90
    filter_form = HistoryFilters
    search_fields = ("user__email", "object_repr", "change_message")
    search_help_text = _("Person, thing or what was done")
    list_display = ("what", "thing", "person", "at_shown")
    list_select_related = ("user", "content_type")
    ordering = ("-pk",)
    fields = ("what", "thing_link", "person", "at_shown")
    readonly_fields = fields

    @admin.display(description=_("What"))
    def what(self, entry: Any) -> str:
        """What was done, and how it ended."""
        return str(entry.get_change_message() or entry)

    @admin.display(description=_("Thing"))
    def thing(self, entry: Any) -> str:
        """What it was done to."""
        kind = entry.content_type.name if entry.content_type else ""
        return " · ".join(part for part in (kind, entry.object_repr) if part)

    @admin.display(description=_("Thing"))
    def thing_link(self, entry: Any) -> SafeString | str:
        """The way to what it was done to."""
        kind = entry.content_type
        if kind is None or not entry.object_id:
            return self.thing(entry)
        page = f"console:{kind.app_label}_{kind.model}_change"
        try:
            url = reverse(page, args=[entry.object_id])
        except NoReverseMatch:
            return self.thing(entry)
        return shown.link(url, self.thing(entry))

    @admin.display(description=_("Person"), ordering="user")
    def person(self, entry: Any) -> str:
        """Who did it."""
        return str(entry.user.email)

    @admin.display(description=_("Time"), ordering="action_time")
    def at_shown(self, entry: Any) -> str:
        """When."""
        return shown.moment(entry.action_time)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows with who did it, and to what."""
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related("user", "content_type")

"""Held names: until when, whose they are or were, and how to free one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from housemail.console import shown
from housemail.console.commands import Call, Command
from housemail.console.filters import FilteredAdmin, FilterForm
from housemail.console.reasons import WhyForm
from housemail.console.sections import Section
from housemail.console.services import address_of_search
from housemail.console.site import site
from housemail.mailboxes.models import Claim
from housemail.mailboxes.releasing import release_name
from housemail.mailboxes.wording import say
from housemail.people.roles import Action

_FREED = (Claim.Kind.HOLD, Claim.Kind.QUARANTINE)


class ClaimFilters(FilterForm):
    """By what holds the name."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Held by"),
        choices=[
            ("", gettext_lazy("All")),
            *((kind.value, shown.CLAIM[kind].word) for kind in Claim.Kind),
        ],
    )

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the claims that fit."""
        kind = self.chosen("kind")
        return rows.filter(kind=kind) if kind else rows


def _free(call: Call) -> str:
    address = f"{call.obj.handle}@{call.obj.house_domain.name}"
    actor = f"console {call.person.email}"
    done = release_name(address, reason=call.data["reason"], actor=actor)
    return say(done.sentence, done.params)


@admin.register(Claim, site=site)
class ClaimAdmin(FilteredAdmin):
    """Who holds which address: one namespace per house domain."""

    section = Section.MAILBOXES
    icon = "lock_clock"
    position = 50
    filter_form = ClaimFilters
    search_fields = ("handle", "ref", "owner_id")
    search_help_text = gettext_lazy("Address, service id or owner's id")
    list_display = ("address", "kind_shown", "until", "owner", "installation_shown")
    ordering = ("-pk",)
    fields = (
        ("address", "kind_shown"),
        ("until", "changed"),
        ("owner", "ref"),
        ("installation_shown", "mailbox_shown"),
    )
    readonly_fields = (
        "address",
        "kind_shown",
        "until",
        "owner",
        "ref",
        "installation_shown",
        "mailbox_shown",
        "changed",
    )
    commands = (
        Command(
            name="free",
            title=gettext_lazy("Free this name"),
            action=Action.EDIT_NAMES,
            run=_free,
            form=WhyForm,
            question=gettext_lazy(
                "Anybody can order it then. Mail that is still sent to its former "
                "owner would reach the new one."
            ),
            icon="lock_open",
            danger=True,
            offered=lambda claim: claim.kind in _FREED,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows with what each shows."""
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related("house_domain", "installation")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Find a whole address too."""
        address = address_of_search(search_term)
        if address is not None:
            return queryset.filter(address), False
        found: tuple[QuerySet[Any], bool] = super().get_search_results(
            request, queryset, search_term
        )
        return found

    @admin.display(description=gettext_lazy("Address"), ordering="handle")
    def address(self, claim: Claim) -> str:
        """The address."""
        return f"{claim.handle}@{claim.house_domain.name}"

    @admin.display(description=gettext_lazy("Held by"), ordering="kind")
    def kind_shown(self, claim: Claim) -> SafeString:
        """What holds it."""
        return shown.badge(shown.CLAIM, claim.kind)

    @admin.display(description=gettext_lazy("Until"), ordering="expires_at")
    def until(self, claim: Claim) -> str:
        """Until when."""
        return shown.moment(claim.expires_at)

    @admin.display(description=gettext_lazy("Owner's id"), ordering="owner_id")
    def owner(self, claim: Claim) -> str:
        """Whose it is or was."""
        return claim.owner_id or shown.NOTHING

    @admin.display(description=gettext_lazy("Billing system"))
    def installation_shown(self, claim: Claim) -> str:
        """Which billing system's."""
        return str(claim.installation)

    @admin.display(description=gettext_lazy("Since"))
    def changed(self, claim: Claim) -> str:
        """Since when."""
        return shown.moment(claim.changed_at)

    @admin.display(description=gettext_lazy("Mailbox"))
    def mailbox_shown(self, claim: Claim) -> SafeString | str:
        """The mailbox that it belongs to."""
        if claim.mailbox_id is None:
            return _("None")
        url = reverse("console:mailboxes_mailbox_change", args=[claim.mailbox_id])
        return shown.link(url, _("Open mailbox"))

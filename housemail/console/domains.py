"""House domains: where each one's role addresses are, and what to do without them."""

from __future__ import annotations

from collections.abc import Mapping
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
from housemail.console.site import site
from housemail.mailboxes import role_addresses
from housemail.mailboxes.models import HouseDomain
from housemail.mailboxes.releasing import release_name
from housemail.mailboxes.role_addresses import HANDLES, Place, RoleAddress
from housemail.mailboxes.wording import say
from housemail.people.roles import Action

_PLACES: Mapping[Place, shown.Look] = {
    Place.MAILBOX: shown.Look(gettext_lazy("a mailbox"), "check", "good"),
    Place.ALIAS: shown.Look(gettext_lazy("an alias"), "check", "good"),
    Place.LIST: shown.Look(gettext_lazy("a distribution list"), "check", "good"),
    Place.FOREIGN: shown.Look(gettext_lazy("a list that is not ours"), "help", "wait"),
    Place.NOWHERE: shown.Look(gettext_lazy("not with us"), "warning", "bad"),
}


class DomainFilters(FilterForm):
    """Those that lack a role address."""

    show = forms.ChoiceField(
        label=gettext_lazy("Show"),
        choices=[
            ("", gettext_lazy("All")),
            ("without", gettext_lazy("Without postmaster@ or abuse@")),
        ],
    )

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the domains that fit."""
        if self.chosen("show") == "without":
            lacking = role_addresses.domains_without()
            return rows.filter(pk__in=lacking.values("pk"))
        return rows


class RoleForm(WhyForm):
    """Asks which role address is to be given out."""

    handle = forms.ChoiceField(
        label=gettext_lazy("Role address"), choices=[(name, name) for name in HANDLES]
    )
    field_order = ("handle", "reason")


def _release(call: Call) -> str:
    address = f"{call.data['handle']}@{call.obj.name}"
    actor = f"console {call.person.email}"
    done = release_name(address, reason=call.data["reason"], actor=actor)
    return say(done.sentence, done.params)


def _place(found: RoleAddress) -> SafeString:
    """Return one role address, where it is, and the way there."""
    words = [found.address, shown.label(_PLACES[found.place])]
    if found.destination:
        words.append(_("delivers to %(address)s") % {"address": found.destination})
    if found.mailbox_id:
        url = reverse("console:mailboxes_mailbox_change", args=[found.mailbox_id])
        words.append(shown.link(url, _("Open mailbox")))
    return shown.joined(words)


def _advice(found: tuple[RoleAddress, ...]) -> str:
    missing = [each.address for each in found if not each.ours]
    if not missing:
        return _("Nothing: both role addresses are with us.")
    words = _(
        "Release %(addresses)s, then add it as an alias or a list to a mailbox of your "
        "own on this domain. When it exists on the mail platform outside of "
        "Housemail, nothing needs to be done: we see only what we made."
    )
    return words % {"addresses": ", ".join(missing)}


@admin.register(HouseDomain, site=site)
class HouseDomainAdmin(FilteredAdmin):
    """The domains on which mailboxes are sold."""

    section = Section.PLATFORM
    icon = "domain"
    position = 30
    filter_form = DomainFilters
    search_fields = ("name", "account")
    search_help_text = gettext_lazy("Domain or platform account")
    list_display = ("name", "roles_shown", "account")
    ordering = ("name",)
    fields = ("name", "account", "roles_shown", "advice", "mailboxes_shown", "listed")
    readonly_fields = fields
    commands = (
        Command(
            name="release-role",
            title=gettext_lazy("Release a role address"),
            action=Action.EDIT_NAMES,
            run=_release,
            form=RoleForm,
            question=gettext_lazy(
                "The name is reserved, so that no customer gets it. Released on this "
                "domain, it can be added to a mailbox: do that at once."
            ),
            icon="lock_open",
        ),
    )

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Find the role addresses of the whole page at once."""
        listed = super().get_changelist_instance(request)
        rows = list(listed.result_list)
        found = role_addresses.of_domains(rows)
        for row in rows:
            row.role_addresses = found[row.pk]
        listed.result_list = rows
        return listed

    @admin.display(description=gettext_lazy("Role addresses"))
    def roles_shown(self, domain: HouseDomain) -> SafeString:
        """Where ``postmaster@`` and ``abuse@`` are."""
        return shown.lines(_place(found) for found in _roles(domain))

    @admin.display(description=gettext_lazy("What to do"))
    def advice(self, domain: HouseDomain) -> str:
        """What to do when one is missing."""
        return _advice(_roles(domain))

    @admin.display(description=gettext_lazy("Mailboxes"))
    def mailboxes_shown(self, domain: HouseDomain) -> SafeString:
        """The way to its mailboxes."""
        url = reverse("console:mailboxes_mailbox_changelist")
        words = _("Mailboxes of %(domain)s") % {"domain": domain.name}
        return shown.link(f"{url}?q=%40{domain.name}", words)

    @admin.display(description=gettext_lazy("Last complete listings"))
    def listed(self, domain: HouseDomain) -> SafeString:
        """When the platform was last read as a whole."""
        return shown.lines(
            [
                _("lists: %(at)s") % {"at": shown.moment(domain.lists_listed_at)},
                _("usage: %(at)s") % {"at": shown.moment(domain.usage_listed_at)},
            ]
        )


def _roles(domain: Any) -> tuple[RoleAddress, ...]:
    """Return what the list has found for its page, or ask for this one."""
    found: tuple[RoleAddress, ...] | None = getattr(domain, "role_addresses", None)
    if found is None:
        found = domain.role_addresses = role_addresses.of_domains([domain])[domain.pk]
    return found

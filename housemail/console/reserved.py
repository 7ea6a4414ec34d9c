"""Reserved names: all of them with their origin; add, take off, release, take back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from housemail.console import shown
from housemail.console.base import RoomAdmin
from housemail.console.commands import Call, Command
from housemail.console.filters import FilterForm
from housemail.console.reasons import WhyForm
from housemail.console.sections import Section
from housemail.console.site import site
from housemail.mailboxes import reserving
from housemail.mailboxes.errors import Refusal
from housemail.mailboxes.models import ReservedName, ReservedRelease
from housemail.mailboxes.releasing import release_name
from housemail.mailboxes.reserving import Origin
from housemail.mailboxes.wording import say
from housemail.people.acts import Ending, Kind
from housemail.people.roles import Action

_PER_PAGE = 30
_ORIGINS = {
    Origin.BUILTIN: _("comes with Housemail"),
    Origin.CONFIGURED: _("the host's file"),
    Origin.ADDED: _("added by staff"),
}


class ReserveForm(WhyForm):
    """Asks for the name."""

    handle = forms.CharField(
        label=_("Name"),
        max_length=64,
        help_text=_(
            "The part before the @. Dots, dashes and underscores do not count."
        ),
    )
    field_order = ("handle", "reason")


class ReleaseForm(WhyForm):
    """Asks for the address."""

    address = forms.CharField(
        label=_("Address"),
        max_length=254,
        help_text=_("Such as sales@example.com: a name is released on one domain."),
    )
    field_order = ("address", "reason")


class NameFilters(FilterForm):
    """By a part of the name, and by origin."""

    q = forms.CharField(label=_("Name"), max_length=64)
    origin = forms.ChoiceField(
        label=_("Origin"), choices=[("", _("All")), *_ORIGINS.items()]
    )


def _actor(call: Call) -> str:
    return f"console {call.person.email}"


def _reserve(call: Call) -> Ending:
    reason = call.data["reason"]
    kept = reserving.reserve(call.data["handle"], reason=reason, actor=_actor(call))
    words = gettext("The name %(name)s is reserved.") % {"name": kept}
    name = ReservedName.objects.filter(handle=kept).first()
    return Ending(Kind.SUCCESS, words, subject=name)


def _release(call: Call) -> str:
    reason = call.data["reason"]
    done = release_name(call.data["address"], reason=reason, actor=_actor(call))
    return say(done.sentence, done.params)


def _take_off(call: Call) -> str:
    reason, name = call.data["reason"], call.obj.handle
    reserving.take_off(name, reason=reason, actor=_actor(call))
    return gettext("The name %(name)s is no longer reserved.") % {"name": name}


def _take_back(call: Call) -> str:
    name = str(call.obj)
    reserving.take_back(call.obj, reason=call.data["reason"], actor=_actor(call))
    return gettext("The name %(name)s is reserved again.") % {"name": name}


class GoneAdmin(RoomAdmin):
    """A part whose commands remove their object: one goes back to the list."""

    def back_url(self, obj: Any) -> str:
        """Return the list, once the object is gone."""
        if obj is not None and not self.model.objects.filter(pk=obj.pk).exists():
            obj = None
        return super().back_url(obj)


@admin.register(ReservedName, site=site)
class ReservedNameAdmin(GoneAdmin):
    """The whole list, and the names that staff added."""

    section = Section.MAILBOXES
    icon = "block"
    position = 60
    search_fields = ("handle",)
    fields = ("handle", "reason", "actor", "at_shown")
    readonly_fields = fields
    commands = (
        Command(
            name="take-off",
            title=_("Take off the list"),
            action=Action.EDIT_NAMES,
            run=_take_off,
            form=WhyForm,
            question=_("Everybody can order this name then, on every house domain."),
            danger=True,
        ),
    )
    list_commands = (
        Command(
            name="reserve",
            primary=lambda _: True,
            title=_("Reserve a name"),
            action=Action.EDIT_NAMES,
            run=_reserve,
            form=ReserveForm,
            question=_(
                "Nobody can order it then, on any house domain. Who has an address of "
                "that name keeps it."
            ),
            icon="add",
        ),
        Command(
            name="release",
            title=_("Release a name"),
            action=Action.EDIT_NAMES,
            run=_release,
            form=ReleaseForm,
            question=_(
                "A reserved name, or one that is held or in quarantine, can be ordered "
                "then on this domain. What is in use is never released."
            ),
            icon="lock_open",
        ),
    )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show every reserved name, wherever it comes from, a page at a time."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = NameFilters(request.GET)
        form.is_valid()
        trouble, found = "", []
        try:
            chosen = form.chosen("origin")
            origins = [Origin(chosen)] if chosen else []
            found = reserving.everything(form.chosen("q"), origins)
        except Refusal as refusal:
            trouble = say(refusal.sentence, refusal.params)
        ids = dict(ReservedName.objects.values_list("handle", "pk"))
        page = Paginator(found, _PER_PAGE).get_page(request.GET.get("p"))
        context = {
            **self.admin_site.each_context(request),
            "title": self.opts.verbose_name_plural,
            "opts": self.opts,
            "console_commands": self.shown_commands(request, None),
            "filter_form": form,
            "filters_chosen": any(form.cleaned_data.values()),
            "trouble": trouble,
            "page": page,
            "lines": [self._line(row, ids) for row in page],
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "console/reserved.html", context)

    def _line(self, row: reserving.Reserved, ids: dict[str, int]) -> dict[str, Any]:
        added = row.origin is Origin.ADDED
        page = "console:mailboxes_reservedname_change"
        return {
            "handle": row.handle,
            "origin": _ORIGINS[row.origin],
            "reason": row.reason,
            "by": row.actor,
            "at": shown.moment(row.at) if row.at else "",
            "url": reverse(page, args=[ids[row.handle]]) if added else "",
        }

    @admin.display(description=_("Added"))
    def at_shown(self, name: ReservedName) -> str:
        """When."""
        return shown.moment(name.created_at)


@admin.register(ReservedRelease, site=site)
class ReservedReleaseAdmin(GoneAdmin):
    """Reserved names that were given out on one house domain."""

    section = Section.MAILBOXES
    icon = "lock_open"
    position = 70
    search_fields = ("handle", "house_domain__name", "reason", "actor")
    search_help_text = _("Name, domain, reason or person")
    list_display = ("__str__", "reason", "actor", "at_shown")
    list_select_related = ("house_domain",)
    ordering = ("-pk",)
    fields = ("handle", "house_domain", "reason", "actor", "at_shown")
    readonly_fields = fields
    commands = (
        Command(
            name="take-back",
            title=_("Reserve again"),
            action=Action.EDIT_NAMES,
            run=_take_back,
            form=WhyForm,
            question=_("Who has the address keeps it; nobody else gets it any more."),
        ),
    )

    @admin.display(description=_("Released"), ordering="created_at")
    def at_shown(self, release: ReservedRelease) -> str:
        """When."""
        return shown.moment(release.created_at)

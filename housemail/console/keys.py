"""API keys (owners only): made and shown once, rotated, revoked; and whose they are."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from housemail.console import shown
from housemail.console.base import RoomAdmin
from housemail.console.commands import ONCE, Call, Command, CommandForm, Page, Result
from housemail.console.days import DayInput, end_of
from housemail.console.sections import Section
from housemail.console.site import site
from housemail.installations import keys
from housemail.installations.models import ApiKey, Installation
from housemail.people.acts import Ending, Kind
from housemail.people.roles import Action

_PERMISSIONS = {
    "read": gettext_lazy("read: look at services, check names"),
    "write": gettext_lazy("write: create and change mailboxes"),
    "adopt": gettext_lazy("adopt: take over, release and re-point (staff)"),
}


class KeyForm(CommandForm):
    """Asks whose key it is, what it may do, from where and until when."""

    installation = forms.ModelChoiceField(
        label=gettext_lazy("Billing system"),
        queryset=Installation.objects.order_by("name"),
        required=False,
    )
    new_name = forms.CharField(
        label=gettext_lazy("Or a new one"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("The name of a billing system that is not listed yet."),
    )
    permissions = forms.MultipleChoiceField(
        label=gettext_lazy("Permissions"),
        choices=[(name, _PERMISSIONS[name]) for name in keys.PERMISSIONS],
        initial=["read", "write"],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "hc-checks"}),
    )
    networks = forms.CharField(
        label=gettext_lazy("Only from"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "Addresses or networks, one a line, such as 192.0.2.0/24. Empty: anywhere."
        ),
    )
    expires = forms.DateField(
        label=gettext_lazy("Expires on"),
        required=False,
        widget=DayInput(),
        help_text=gettext_lazy("At the end of that day, UTC. Empty: never."),
    )

    def clean_networks(self) -> list[str]:
        """Return the networks; the first that is none is named."""
        found = []
        for line in self.cleaned_data["networks"].split():
            try:
                found.append(keys.network(line))
            except ValueError as exc:
                words = _("%(text)s is neither an address nor a network.")
                raise forms.ValidationError(words % {"text": line}) from exc
        return found

    def clean_expires(self) -> datetime | None:
        """Return the end of the day, which must be to come."""
        day = self.cleaned_data["expires"]
        return end_of(day) if day else None

    def clean(self) -> dict[str, Any]:
        """Need one billing system, listed or new."""
        data = super().clean() or {}
        name = str(data.get("new_name") or "").strip()
        if bool(name) == bool(data.get("installation")):
            words = _("Choose a billing system, or type the name of a new one.")
            self.add_error("installation", words)
        return data


def _shown_once(call: Call, text: str, installation: Installation) -> HttpResponse:
    """Show a key, this once; it is in no history, no log and no address."""
    context = {
        **site.each_context(call.request),
        "title": _("New API key"),
        "opts": ApiKey._meta,
        "key": text,
        "installation": installation,
        "back": reverse("console:installations_apikey_changelist"),
    }
    answer = TemplateResponse(call.request, "console/key_shown.html", context).render()
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _make(call: Call) -> Result:
    data = call.data
    name = data["new_name"].strip()
    installation = data["installation"]
    if installation is None:
        installation = keys.installation_named(name)
    try:
        text = keys.make(
            installation,
            permissions=data["permissions"],
            source_networks=data["networks"],
            expires_at=data["expires"],
            form_key=call.request.POST.get(ONCE, "")[:64],
        )
    except keys.KeyConflict as conflict:
        return Ending(Kind.ERROR, _(conflict.sentence))
    key = keys.of_text(text)
    words = _("%(key)s for %(system)s was made and shown.")
    told = words % {"key": key, "system": installation}
    return Page(
        _shown_once(call, text, installation), Ending(Kind.SUCCESS, told, subject=key)
    )


def _rotate(call: Call) -> Result:
    try:
        text = keys.rotate(call.obj)
    except keys.KeyConflict as conflict:
        return Ending(Kind.ERROR, _(conflict.sentence))
    told = _("Its successor %(key)s was made and shown.") % {"key": keys.of_text(text)}
    answer = _shown_once(call, text, call.obj.installation)
    return Page(answer, Ending(Kind.SUCCESS, told))


def _revoke(call: Call) -> Result:
    try:
        keys.revoke(call.obj)
    except keys.KeyConflict as conflict:
        return Ending(Kind.ERROR, _(conflict.sentence))
    return None


@admin.register(ApiKey, site=site)
class ApiKeyAdmin(RoomAdmin):
    """What billing systems log in with; the keys themselves are not kept."""

    section = Section.ACCESS
    icon = "vpn_key"
    position = 10
    see_action = Action.EDIT_KEYS
    search_fields = ("prefix", "installation__name")
    search_help_text = gettext_lazy("First part of the key, or billing system")
    list_display = (
        "__str__",
        "installation_shown",
        "state_shown",
        "may_shown",
        "used",
    )
    list_select_related = ("installation", "replaces", "successor")
    ordering = ("installation__name", "-pk")
    fields = (
        ("name_shown", "state_shown"),
        ("installation_shown", "rotation"),
        ("may_shown", "from_shown"),
        ("expires_shown", "used"),
        ("made",),
    )
    readonly_fields = (
        "name_shown",
        "state_shown",
        "installation_shown",
        "may_shown",
        "from_shown",
        "expires_shown",
        "made",
        "used",
        "rotation",
    )
    list_commands = (
        Command(
            name="new",
            primary=lambda _: True,
            title=gettext_lazy("New key"),
            action=Action.EDIT_KEYS,
            run=_make,
            form=KeyForm,
            question=gettext_lazy("The key is shown once, on the next page."),
            icon="add",
        ),
    )
    commands = (
        Command(
            name="rotate",
            title=gettext_lazy("Rotate"),
            action=Action.EDIT_KEYS,
            run=_rotate,
            question=gettext_lazy(
                "A second key with the same rights is made and shown once. Both are "
                "valid until you revoke this one: put the new key into the billing "
                "system first."
            ),
            icon="autorenew",
            offered=lambda key: keys.is_valid(key) and successor_of(key) is None,
        ),
        Command(
            name="revoke",
            title=gettext_lazy("Revoke"),
            action=Action.EDIT_KEYS,
            run=_revoke,
            question=gettext_lazy(
                "The billing system that uses this key is refused from now on. It "
                "cannot be undone."
            ),
            done=gettext_lazy("The key is revoked."),
            icon="block",
            danger=True,
            offered=lambda key: key.revoked_at is None,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows with what each shows."""
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related("installation", "replaces", "successor")

    @admin.display(description=gettext_lazy("Key"))
    def name_shown(self, key: ApiKey) -> str:
        """Its public part."""
        return str(key)

    @admin.display(description=gettext_lazy("State"))
    def state_shown(self, key: ApiKey) -> SafeString:
        """Whether it is taken."""
        if key.revoked_at is not None:
            return shown.label(shown.Look(gettext_lazy("Revoked"), "block", "bad"))
        if not keys.is_valid(key):
            return shown.label(shown.Look(gettext_lazy("Expired"), "schedule", "wait"))
        return shown.label(shown.Look(gettext_lazy("Valid"), "check", "good"))

    @admin.display(
        description=gettext_lazy("Billing system"), ordering="installation__name"
    )
    def installation_shown(self, key: ApiKey) -> str:
        """Whose it is."""
        return str(key.installation)

    @admin.display(description=gettext_lazy("Permissions"))
    def may_shown(self, key: ApiKey) -> str:
        """What it may do."""
        return ", ".join(key.permissions)

    @admin.display(description=gettext_lazy("Only from"))
    def from_shown(self, key: ApiKey) -> SafeString | str:
        """From where it is taken."""
        if not key.source_networks:
            return _("anywhere")
        return shown.lines(key.source_networks)

    @admin.display(description=gettext_lazy("Expires"))
    def expires_shown(self, key: ApiKey) -> str:
        """Until when it is taken."""
        return shown.moment(key.expires_at) if key.expires_at else _("never")

    @admin.display(description=gettext_lazy("Made"))
    def made(self, key: ApiKey) -> str:
        """When it was made."""
        return shown.moment(key.created_at)

    @admin.display(description=gettext_lazy("Last used"))
    def used(self, key: ApiKey) -> str:
        """When it was used last."""
        return shown.moment(key.last_used_at) if key.last_used_at else _("never")

    @admin.display(description=gettext_lazy("Rotation"))
    def rotation(self, key: ApiKey) -> SafeString | str:
        """What it replaces, and what replaces it."""
        lines = []
        page = "console:installations_apikey_change"
        if key.replaces is not None:
            other = shown.link(reverse(page, args=[key.replaces.pk]), key.replaces)
            lines.append(shown.joined([_("replaces"), other]))
        successor = successor_of(key)
        if successor is not None:
            other = shown.link(reverse(page, args=[successor.pk]), successor)
            lines.append(shown.joined([_("replaced by"), other]))
        return shown.lines(lines) if lines else shown.NOTHING


def successor_of(key: ApiKey) -> ApiKey | None:
    """Return the key that takes over from this one."""
    try:
        return key.successor
    except ApiKey.DoesNotExist:
        return None


@admin.register(Installation, site=site)
class InstallationAdmin(RoomAdmin):
    """The billing systems that order from us; they are made with their first key."""

    section = Section.ACCESS
    icon = "hub"
    position = 20
    search_fields = ("name",)
    list_display = ("name", "kind", "made")
    ordering = ("name",)
    fields = (("name", "kind"), "made", "hosts", "servers_shown", "mailboxes_shown")
    readonly_fields = (
        "name",
        "kind",
        "made",
        "hosts",
        "servers_shown",
        "mailboxes_shown",
    )

    @admin.display(description=gettext_lazy("Since"), ordering="created_at")
    def made(self, installation: Installation) -> str:
        """Since when it is known."""
        return shown.moment(installation.created_at)

    @admin.display(description=gettext_lazy("Platform hosts it may name"))
    def hosts(self, installation: Installation) -> SafeString | str:
        """Where its servers may be."""
        hosts = installation.endpoint_hosts
        return shown.lines(hosts) if hosts else _("none")

    @admin.display(description=gettext_lazy("Servers"))
    def servers_shown(self, installation: Installation) -> SafeString | str:
        """On which servers it has logged in; passwords are shown nowhere."""
        lines = [
            shown.joined(
                [
                    f"{server.username} @ {server.endpoint}",
                    ", ".join(server.domains) or shown.NOTHING,
                    _("last answer %(at)s") % {"at": shown.moment(server.last_ok_at)},
                ]
            )
            for server in installation.servers.order_by("pk")[:50]
        ]
        return shown.lines(lines) if lines else _("none yet")

    @admin.display(description=gettext_lazy("Mailboxes"))
    def mailboxes_shown(self, installation: Installation) -> SafeString:
        """The way to its mailboxes."""
        url = reverse("console:mailboxes_mailbox_changelist")
        words = _("Mailboxes of %(name)s") % {"name": installation.name}
        return shown.link(f"{url}?installation={installation.pk}", words)

"""Servers, which can be tested before they are saved, and server groups."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin import helpers
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from housemail.console.base import RoomAdmin
from housemail.console.marks import mark
from housemail.console.sections import Section
from housemail.console.server_form import ServerForm
from housemail.console.site import site
from housemail.mailboxes.errors import Refusal
from housemail.mailboxes.wording import say
from housemail.people.roles import Action
from housemail.platforms.base import Deadline
from housemail.sales import servers
from housemail.sales.models import SaleServer, ServerGroup

TEST = "_test"


@admin.register(SaleServer, site=site)
class ServerAdmin(RoomAdmin):
    """Mail platforms that the shop sells on, in the words of the product sheet."""

    section = Section.SHOP
    icon = "dns"
    position = 40
    add_action = Action.EDIT_SERVERS
    change_action = Action.EDIT_SERVERS
    delete_action = Action.EDIT_SERVERS
    secret_fields = ("password",)
    form = ServerForm
    list_display = ("name", "hostname", "kind", "username", "filled", "shown_active")
    search_fields = ("name", "hostname", "username", "typed_endpoint")
    search_help_text = _("Name, host name or user name")
    quick_filters = (
        (_("All"), {}),
        (_("Takes new mailboxes"), {"active": "1"}),
        (_("Switched off"), {"active": "0"}),
    )
    readonly_fields = ("endpoint",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "name",
                    "hostname",
                    "ip_address",
                    "kind",
                    "username",
                    "password",
                )
            },
        ),
        (
            _("More"),
            {
                "fields": (
                    "typed_endpoint",
                    "endpoint",
                    "max_mailboxes",
                    "active",
                    "groups",
                )
            },
        ),
    )
    change_form_template = "console/server.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[SaleServer]:
        """Read how full each is."""
        return servers.all_servers()

    def has_delete_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        """A server on which a mailbox was sold is switched off, not deleted."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and not (isinstance(obj, SaleServer) and servers.is_used(obj))

    @admin.display(description=_("API endpoint in use"))
    def endpoint(self, server: SaleServer) -> str:
        """Where calls go, as it follows from the host name."""
        return server.endpoint if server.hostname or server.typed_endpoint else "-"

    @admin.display(description=_("Mailboxes"))
    def filled(self, server: SaleServer) -> str:
        """How full it is."""
        occupied = getattr(server, "occupied", 0)
        if not server.max_mailboxes:
            return str(occupied)
        known = {"occupied": occupied, "most": server.max_mailboxes}
        return gettext("%(occupied)s of %(most)s") % known

    @admin.display(description=_("State"), ordering="active")
    def shown_active(self, server: SaleServer) -> SafeString:
        """Whether it takes new mailboxes."""
        if server.active:
            return mark(gettext("Takes new mailboxes"), "good")
        return mark(gettext("Switched off"), "plain")

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Save, or only test: then no transaction is open across the network."""
        if request.method == "POST" and TEST in request.POST:
            return self._test(request, object_id, form_url)
        answer: HttpResponse = super().changeform_view(
            request, object_id, form_url, extra_context
        )
        return answer

    def _test(
        self, request: HttpRequest, object_id: str | None, form_url: str
    ) -> HttpResponse:
        """Test what is typed; nothing is saved and nothing that was typed is lost."""
        server = None
        if object_id is not None:
            server = self.get_object(request, unquote(object_id))
            if server is None:
                raise Http404
        if not self._writes(request, server):
            raise PermissionDenied
        made = self.get_form(request, server, change=server is not None)
        form = made(request.POST, instance=server)
        result = self._tested(form) if form.is_valid() else {}
        return self._show_again(request, form, server, object_id, form_url, result)

    def _tested(self, form: ServerForm) -> dict[str, object]:
        """Return what Test connection found, or the sentence of what failed."""
        deadline = Deadline.after(settings.HOUSEMAIL_DEADLINE_MS / 1000)
        groups = list(form.cleaned_data["groups"])
        try:
            return servers.test_connection(form.instance, deadline, groups)
        except Refusal as refusal:
            return {"failed": say(refusal.sentence, refusal.params)}

    def _show_again(
        self,
        request: HttpRequest,
        form: ServerForm,
        server: SaleServer | None,
        object_id: str | None,
        form_url: str,
        result: dict[str, object],
    ) -> HttpResponse:
        """Show the form as it was sent, with the result above it."""
        shown = helpers.AdminForm(
            form,
            list(self.get_fieldsets(request, server)),
            {},
            self.get_readonly_fields(request, server),
            model_admin=self,
        )
        verb = _("Add %s") if server is None else _("Change %s")
        context = {
            **self.admin_site.each_context(request),
            "title": verb % self.opts.verbose_name,
            "adminform": shown,
            "object_id": object_id,
            "original": server,
            "is_popup": False,
            "media": self.media + shown.media,
            "inline_admin_formsets": [],
            "errors": helpers.AdminErrorList(form, []),
            "preserved_filters": self.get_preserved_filters(request),
            "tested": result,
        }
        return self.render_change_form(
            request,
            context,
            add=server is None,
            change=server is not None,
            obj=server,
            form_url=form_url,
        )


@admin.register(ServerGroup, site=site)
class ServerGroupAdmin(RoomAdmin):
    """Servers that share the mailboxes of a product."""

    section = Section.SHOP
    icon = "stacks"
    position = 50
    add_action = Action.EDIT_SERVERS
    change_action = Action.EDIT_SERVERS
    delete_action = Action.EDIT_SERVERS
    list_display = ("name", "fill", "size", "sold")
    search_fields = ("name", "servers__name")
    search_help_text = _("Name of a group or of a server in it")
    fields = ("name", "fill", "members")
    readonly_fields = ("members",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ServerGroup]:
        """Read how many servers and products each has."""
        return servers.all_groups()

    @admin.display(description=_("Servers"))
    def size(self, group: ServerGroup) -> int:
        """How many servers are in it."""
        return int(getattr(group, "size", 0))

    @admin.display(description=_("Products"))
    def sold(self, group: ServerGroup) -> int:
        """How many products it serves."""
        return int(getattr(group, "sold", 0))

    @admin.display(description=_("Servers"))
    def members(self, group: ServerGroup) -> str:
        """Which servers are in it; they are put in at their own page."""
        if not group.pk:
            return gettext("Put servers into the group at each server's own page.")
        names = group.servers.order_by("name").values_list("name", flat=True)
        return ", ".join(names) or gettext("None yet: choose this group at a server.")

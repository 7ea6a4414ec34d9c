"""Services of the shop: those that wait for a mailbox, and the way to the others."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy

from housemail.console import desk_commands, end_commands
from housemail.console.base import RoomAdmin
from housemail.console.desk_commands import case_of
from housemail.console.sections import Section
from housemail.console.services import not_offered
from housemail.console.site import site
from housemail.sales import service_list
from housemail.sales.models import Service


@admin.register(Service, site=site)
class ServiceAdmin(RoomAdmin):
    """The shop's services, also those that have no mailbox yet."""

    section = Section.MAILBOXES
    icon = "shopping_bag"
    position = 20
    commands = (*desk_commands.COMMANDS, *end_commands.COMMANDS)
    search_fields = ("address", "order__number", "order__handle", "customer__email")
    search_help_text = gettext_lazy("Address, order or customer")
    list_display = ("wanted_address", "state", "product", "customer", "order")
    list_select_related = ("order", "product", "customer")
    quick_filters = (
        (gettext_lazy("All"), {}),
        (gettext_lazy("Pending"), {"state__exact": Service.State.PENDING.value}),
        (gettext_lazy("Active"), {"state__exact": Service.State.ACTIVE.value}),
        (gettext_lazy("Suspended"), {"state__exact": Service.State.SUSPENDED.value}),
        (gettext_lazy("Ended"), {"state__exact": Service.State.TERMINATED.value}),
    )
    fields = ("wanted_address", "state", "product", "customer", "order", "ends_at")
    readonly_fields = fields
    change_form_outer_after_template = "console/service_waiting.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows with all that a command needs."""
        del request
        return service_list.all_services()

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        """Let the links above the list filter by state."""
        del value, request
        return lookup == "state__exact"

    @admin.display(description=gettext_lazy("Address"))
    def wanted_address(self, service: Service) -> str:
        """Its address, or the one that was ordered."""
        return service.address or service.order.address

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show the mailbox's page where there is one: it knows more."""
        service = None
        if request.method == "GET" and self.has_view_permission(request):
            service = self.get_object(request, unquote(object_id))
        if service is not None:
            mailbox = case_of(service).mailbox
            if mailbox is not None:
                page = "console:mailboxes_mailbox_change"
                return redirect(reverse(page, args=[mailbox.pk]))
        answer: HttpResponse = super().change_view(request, object_id, *args, **kwargs)
        return answer

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show the page with why some commands are not there."""
        service = context.get("original")
        if isinstance(service, Service):
            context["not_offered"] = not_offered(request, service)
        return super().render_change_form(request, context, *args, **kwargs)

"""Bulk runs: how far one is, and how each line ended."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from housemail.console.base import RoomAdmin
from housemail.console.commands import Call, Command
from housemail.console.sections import Section
from housemail.console.site import site
from housemail.people.roles import Action
from housemail.platforms.base import Deadline
from housemail.sales import bulk
from housemail.sales.models import BulkLine, BulkRun

_GO_ON_SECONDS = 10.0
_LINES = 100


def _go_on(call: Call) -> str:
    finished = bulk.work(call.obj.pk, Deadline.after(_GO_ON_SECONDS))
    words = _("The run is finished.") if finished else _("The run goes on.")
    return str(words)


@admin.register(BulkRun, site=site)
class BulkRunAdmin(RoomAdmin):
    """What was started over many rows, by whom, and how it ended."""

    section = Section.SHOP
    icon = "checklist"
    position = 80
    list_display = ("__str__", "person", "created_at", "finished_at")
    list_select_related = ("person",)
    search_fields = ("title", "person__email", "lines__label")
    commands = (
        Command(
            name="go-on",
            title=_("Go on now"),
            action=Action.RUN_ORDERS,
            run=_go_on,
            question=_("The engine goes on by itself; this does some lines at once."),
            offered=lambda run: run.finished_at is None,
            why_not=lambda _run: _("The run is finished."),
        ),
    )

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the run with its lines."""
        run = self.get_object(request, unquote(object_id or ""))
        if run is None or not self.has_view_permission(request):
            raise Http404
        counts = bulk.counted(run)
        total = sum(counts.values())
        left = counts.get(BulkLine.State.WAITING, 0)
        left += counts.get(BulkLine.State.RUNNING, 0)
        context = {
            **self.admin_site.each_context(request),
            "title": run.title,
            "opts": self.opts,
            "original": run,
            "total": total,
            "finished": total - left,
            "refused": counts.get(BulkLine.State.REFUSED, 0),
            "lines": Paginator(run.lines.all(), _LINES).get_page(request.GET.get("p")),
            "console_commands": self.shown_commands(request, run),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "console/bulk_run.html", context)

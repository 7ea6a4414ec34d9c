"""Commands over picked rows: confirm, start once, watch how each line ends.

The run itself is sales/bulk.py; the engine does it, and the run's page can go on with
it when the engine rests.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib.admin import helpers
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from housemail.console.commands import (
    ONCE,
    CommandForm,
    Words,
    new_key,
    person_of,
)
from housemail.people import roles
from housemail.people.roles import Action
from housemail.sales import bulk
from housemail.sales.models import BulkRun

_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkCommand:
    """What can be done to picked rows; ``name`` is one of sales/bulk.py's KINDS."""

    name: str
    title: Words
    question: Words = ""
    form: type[CommandForm] = CommandForm
    danger: bool = False

    @property
    def action(self) -> Action:
        """What one must be allowed; each line asks the same again."""
        return bulk.KINDS[self.name].action


class BulkPages:
    """The confirmation page of a RoomAdmin's bulk commands."""

    bulk_commands: Sequence[BulkCommand]
    picked: ClassVar[Words]
    admin_site: Any
    model: Any
    opts: Any
    get_queryset: Callable[..., QuerySet[Any]]

    def bulk_urls(self) -> list[URLPattern]:
        """Return the route that starts a run."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_bulk"
        view = self.admin_site.admin_view(self.bulk_start)
        return [path("bulk/<slug:name>/", view, name=name)]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Return what this person may do to picked rows; nothing is deleted in bulk."""
        person = person_of(request)
        return {
            command.name: (_asks(command), command.name, str(command.title))
            for command in self.bulk_commands
            if roles.may(person, command.action)
        }

    def bulk_start(self, request: HttpRequest, name: str) -> HttpResponse:
        """Start the run that was confirmed; the same form again shows the same run."""
        command = next((each for each in self.bulk_commands if each.name == name), None)
        if command is None:
            raise Http404
        person = person_of(request)
        roles.require(person, command.action)
        listed = f"console:{self.opts.app_label}_{self.opts.model_name}_changelist"
        key = request.POST.get(ONCE, "")[:64]
        if request.method != "POST" or not key:
            return redirect(listed)
        ids = _ids(request.POST.getlist("ids"))
        form = command.form(request.POST)
        if not form.is_valid():
            rows = self.get_queryset(request).filter(pk__in=ids[: bulk.MOST])
            return self.ask_bulk(request, command, rows, form, key)
        try:
            run = bulk.start(
                person,
                name,
                ids,
                key=key,
                title=str(command.title),
                params=form.cleaned_data,
            )
        except BulkRun.DoesNotExist as exc:
            raise Http404 from exc
        return redirect(reverse("console:sales_bulkrun_change", args=[run.pk]))

    def ask_bulk(
        self,
        request: HttpRequest,
        command: BulkCommand,
        rows: QuerySet[Any],
        form: CommandForm,
        key: str = "",
    ) -> HttpResponse:
        """Show what was picked and ask; nothing has happened yet."""
        # One more than can be done, to say so.
        picked = list(rows[: bulk.MOST + 1])
        chosen = picked[: bulk.MOST]
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        context = {
            **self.admin_site.each_context(request),
            "title": command.title,
            "opts": self.opts,
            "command": command,
            "form": form,
            "once": key or new_key(),
            "picked": self.picked % {"number": len(chosen)},
            "rows": chosen,
            "shown": chosen[:_SHOWN],
            "most": bulk.MOST if len(picked) > bulk.MOST else 0,
            "more": max(0, len(chosen) - _SHOWN),
            "start": reverse(f"console:{name}_bulk", args=[command.name]),
            "back": reverse(f"console:{name}_changelist"),
            "action_checkbox_name": helpers.ACTION_CHECKBOX_NAME,
        }
        request.current_app = self.admin_site.name
        status = 422 if form.errors else 200
        return TemplateResponse(
            request, "console/bulk.html", context, status=status
        ).render()


def _ids(given: Sequence[str]) -> list[int]:
    """Return what may be ids: at most 18 digits, as the databases hold."""
    return [int(each) for each in given if re.fullmatch(r"[0-9]{1,18}", each)]


def _asks(command: BulkCommand) -> Callable[..., HttpResponse]:
    def ask(
        admin: BulkPages, request: HttpRequest, rows: QuerySet[Any]
    ) -> HttpResponse:
        return admin.ask_bulk(request, command, rows, command.form())

    return ask

"""An end that is announced: the shop's mailbox ends on a day, or goes on after all."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from housemail.console import shown
from housemail.console.commands import Call, Command, ReasonForm
from housemail.console.days import DayInput, end_of
from housemail.console.desk_commands import case_of
from housemail.people.roles import Action
from housemail.sales import desk, services
from housemail.sales.models import Service


class EndForm(ReasonForm):
    """Asks for the day."""

    ends_at = forms.DateField(
        label=gettext_lazy("Ends on"),
        widget=DayInput(),
        help_text=gettext_lazy("At the end of that day, UTC."),
    )
    field_order = ("ends_at", "reason")

    def clean_ends_at(self) -> datetime:
        """Return the end of the day, which must be to come."""
        return end_of(self.cleaned_data["ends_at"])


def _service(obj: Any) -> Service | None:
    """Return the shop's live service of this page; others end in their own system."""
    service = case_of(obj).service
    return service if service and service.state in services.LIVE else None


def _let_end(call: Call) -> str:
    case, ends_at = case_of(call.obj), call.data["ends_at"]
    desk.let_end(case, ends_at)
    words = _("%(address)s ends at %(at)s. Its owner is told by e-mail.")
    return words % {"address": case.address, "at": shown.moment(ends_at)}


def _let_go_on(call: Call) -> str:
    case = case_of(call.obj)
    desk.let_go_on(case)
    return _("%(address)s goes on.") % {"address": case.address}


def _has_end(obj: Any) -> bool:
    service = _service(obj)
    return service is not None and service.ends_at is not None


COMMANDS = (
    Command(
        name="let-end",
        title=gettext_lazy("Let it end on …"),
        action=Action.RUN_SERVICES,
        run=_let_end,
        form=EndForm,
        question=gettext_lazy(
            "The mailbox with all its mail is deleted then. Its owner is told now, by "
            "e-mail. Until then you can let it go on."
        ),
        icon="event_busy",
        danger=True,
        offered=lambda obj: _service(obj) is not None,
    ),
    Command(
        name="let-go-on",
        title=gettext_lazy("Let it go on"),
        action=Action.RUN_SERVICES,
        run=_let_go_on,
        form=ReasonForm,
        question=gettext_lazy("The announced end no longer counts."),
        icon="event_available",
        offered=_has_end,
    ),
)

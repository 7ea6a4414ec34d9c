"""The console's first page: what needs somebody now; every number leads to its list.

The numbers come from functions of the rooms below. Cost: a fixed number of queries.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from housemail.background import engine
from housemail.console import shown
from housemail.console.commands import Words
from housemail.console.marks import list_of
from housemail.mailboxes import attention
from housemail.mailboxes.attention import Figures
from housemail.mailboxes.models import Mailbox
from housemail.modulelog import health
from housemail.modulelog.health import Hour
from housemail.sales import figures
from housemail.sales.states import State

# The engine sweeps every few seconds; silence for longer than this is a fault.
_SILENT = timedelta(minutes=2)
_HOSTS = 8
CHART_HEIGHT = 48
_BAR, _GAP = 8, 2


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its words and where its list is; ``alarm``: not 0 is bad news."""

    words: Words
    number: int
    url: str
    alarm: bool = False

    @property
    def tone(self) -> str:
        """How it is shown."""
        return "bad" if self.alarm and self.number else "plain"


@dataclass(frozen=True, slots=True)
class Card:
    """Numbers that belong together."""

    title: Words
    figures: Sequence[Figure]
    note: Words = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One hour of a chart, in the units of its drawing."""

    x: int
    y: int
    height: int
    words: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A small chart: drawn by us, read out as a sentence."""

    title: Words
    sentence: str
    bars: Sequence[Bar]

    @property
    def width(self) -> int:
        """How wide the drawing is."""
        return len(self.bars) * (_BAR + _GAP)


def orders_card() -> Card:
    """Orders that have not ended."""
    return Card(
        _("Orders waiting"),
        [
            Figure(
                state.label,
                number,
                list_of("sales_order", state=state.value),
                alarm=state is State.PROBLEM,
            )
            for state, number in figures.live_orders().items()
        ],
    )


def mailboxes_card(found: Figures) -> Card:
    """Mailboxes by state."""
    return Card(
        _("Mailboxes"),
        [
            *(
                Figure(
                    shown.MAILBOX[state].word,
                    number,
                    list_of("mailboxes_mailbox", state=state.value),
                    alarm=state is Mailbox.State.FAILED,
                )
                for state, number in found.mailboxes.items()
            ),
            Figure(
                _("Waits for staff"),
                found.mailboxes_for_staff,
                list_of("mailboxes_mailbox", state="staff"),
                alarm=True,
            ),
        ],
    )


def operations_card(found: Figures) -> Card:
    """Changes that are not finished, or not as wanted."""
    rows = (
        (_("Open"), found.operations_open, "open", False),
        (_("Answer lost"), found.operations_unknown, "unknown", True),
        (_("Failing since yesterday"), found.operations_failing, "failing", True),
        (_("Waits for staff"), found.operations_for_staff, "staff", True),
    )
    return Card(
        _("Operations"),
        [
            Figure(words, number, list_of("mailboxes_operation", show=show), alarm)
            for words, number, show, alarm in rows
        ],
    )


def domains_card(found: Figures) -> Card:
    """House domains that strangers cannot complain to."""
    return Card(
        _("House domains"),
        [
            Figure(
                _("Without postmaster@ or abuse@"),
                found.domains_without_role_addresses,
                list_of("mailboxes_housedomain", show="without"),
                alarm=True,
            )
        ],
        _("Other mail servers expect both addresses on every domain."),
    )


def _chart(
    title: Words, hours: Sequence[Hour], numbers: Sequence[int], unit: str, peak: str
) -> Chart:
    """Draw numbers of hours; the largest fills the height."""
    largest = max(numbers, default=0)
    bars = []
    for place, (hour, number) in enumerate(zip(hours, numbers, strict=True)):
        height = round(number / largest * CHART_HEIGHT) if largest else 0
        # What is more than nothing is seen.
        height = max(height, 2) if number else 0
        words = f"{hour.begins:%H:%M} UTC: {number} {unit}"
        bars.append(Bar(place * (_BAR + _GAP), CHART_HEIGHT - height, height, words))
    return Chart(title, peak % {"number": largest}, bars)


def charts(hours: Sequence[Hour]) -> list[Chart]:
    """Return latency and failures of the last 24 hours."""
    return [
        _chart(
            _("Response time"),
            hours,
            [hour.milliseconds for hour in hours],
            _("ms"),
            _("Mean of logged calls by hour, at most %(number)s ms."),
        ),
        _chart(
            _("Failed calls"),
            hours,
            [hour.failed for hour in hours],
            _("failed"),
            _("By hour, at most %(number)s."),
        ),
    ]


def engine_is_silent(beat: datetime | None) -> bool:
    """Say whether the engine has not swept for too long."""
    # Some let it sweep rarely.
    sweeps = timedelta(seconds=3 * settings.HOUSEMAIL_SWEEP_SECONDS)
    return beat is None or timezone.now() - beat > max(_SILENT, sweeps)


def cards(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Give the first page its numbers (Unfold's DASHBOARD_CALLBACK)."""
    found = attention.figures()
    hours = health.hours()
    beat = engine.heartbeat()
    return {
        **context,
        "cards": [
            orders_card(),
            operations_card(found),
            mailboxes_card(found),
            domains_card(found),
        ],
        "charts": charts(hours) if any(hour.calls for hour in hours) else [],
        "chart_height": CHART_HEIGHT,
        "hosts": health.hosts(_HOSTS),
        "log": list_of("modulelog_modulelogentry"),
        "heartbeat": beat,
        "silent": engine_is_silent(beat),
    }

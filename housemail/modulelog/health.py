"""How the mail platforms answered lately, hour by hour, from what was logged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Avg, Count, Q
from django.db.models.functions import TruncHour
from django.utils import timezone

from housemail.modulelog.models import ModuleLogEntry
from housemail.modulelog.storage import SUCCESS

HOURS = 24


@dataclass(frozen=True, slots=True)
class Hour:
    """The logged calls of one hour; ``milliseconds`` is their mean, 0 without any."""

    begins: datetime
    calls: int = 0
    failed: int = 0
    milliseconds: int = 0


@dataclass(frozen=True, slots=True)
class Host:
    """The logged calls to one host within the last day."""

    name: str
    calls: int
    failed: int
    milliseconds: int


def _lately() -> datetime:
    this_hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    return this_hour - timedelta(hours=HOURS - 1)


def hours() -> list[Hour]:
    """Return the last 24 hours, the oldest first; one query."""
    begins = _lately()
    rows = (
        ModuleLogEntry.objects.filter(at__gte=begins)
        .order_by()
        .annotate(hour=TruncHour("at", tzinfo=UTC))
        .values("hour")
        .annotate(
            calls=Count("pk"),
            failed=Count("pk", filter=~Q(outcome=SUCCESS)),
            mean=Avg("duration_ms"),
        )
    )
    found = {row["hour"]: row for row in rows}
    return [_hour(begins + timedelta(hours=number), found) for number in range(HOURS)]


def _hour(begins: datetime, found: dict[datetime, dict[str, float]]) -> Hour:
    row = found.get(begins)
    if row is None:
        return Hour(begins)
    return Hour(begins, int(row["calls"]), int(row["failed"]), round(row["mean"]))


def hosts(most: int) -> list[Host]:
    """Return the hosts that were called most within the last day; one query."""
    rows = (
        ModuleLogEntry.objects.filter(at__gte=_lately())
        .order_by()
        .values("host")
        .annotate(
            calls=Count("pk"),
            failed=Count("pk", filter=~Q(outcome=SUCCESS)),
            mean=Avg("duration_ms"),
        )
        .order_by("-calls", "host")[:most]
    )
    return [
        Host(row["host"], row["calls"], row["failed"], round(row["mean"] or 0))
        for row in rows
    ]

"""Entries to look at: filtered by service, action and outcome, the newest first."""

from __future__ import annotations

from django.db.models import QuerySet

from housemail.modulelog.models import ModuleLogEntry


def search(
    *,
    installation_id: int | None = None,
    ref: str = "",
    action: str = "",
    outcome: str = "",
) -> QuerySet[ModuleLogEntry]:
    """Return the entries that match everything given; one query when listed."""
    wanted: dict[str, object] = {"ref": ref, "action": action, "outcome": outcome}
    entries = ModuleLogEntry.objects.filter(
        **{name: value for name, value in wanted.items() if value}
    )
    if installation_id is not None:
        entries = entries.filter(installation_id=installation_id)
    return entries.order_by("-id")


def of_service(installation_id: int, ref: str, most: int) -> list[ModuleLogEntry]:
    """Return the last platform calls about one service."""
    return list(search(installation_id=installation_id, ref=ref)[:most])


def actions() -> list[str]:
    """Return the platform actions that the log holds, for a filter."""
    return _values("action")


def outcomes() -> list[str]:
    """Return the outcomes that the log holds, for a filter."""
    return _values("outcome")


def _values(field: str) -> list[str]:
    rows = ModuleLogEntry.objects.order_by(field).values_list(field, flat=True)
    return list(rows.distinct())

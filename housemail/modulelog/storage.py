"""Storage of platform calls: failures always, successes while switched on."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Protocol

from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.utils import timezone

from housemail.modulelog.models import LogSwitch, ModuleLogEntry
from housemail.writers import writing

logger = logging.getLogger(__name__)
_CUT = 300
_MOST = 50
SUCCESS = "done"
# Asked with every call, so a process reads it this often and not more.
_SWITCH_SECONDS = 5
_UNTIL = "modulelog:successes_until"
_OFF = "off"
LONGEST_HOURS = 24 * 31
MOST_DAYS = 3650


class RecordedCall(Protocol):
    """What a redacted platform call looks like to us."""

    @property
    def action(self) -> str:
        """The platform's action."""
        ...

    @property
    def host(self) -> str:
        """Which host answered."""
        ...

    @property
    def duration_ms(self) -> int:
        """How long it took."""
        ...

    @property
    def outcome(self) -> str:
        """Our class of outcome; "done" is success."""
        ...

    @property
    def request(self) -> Mapping[str, str]:
        """The redacted request."""
        ...

    @property
    def response(self) -> Mapping[str, object]:
        """The reduced answer."""
        ...


def switch() -> LogSwitch:
    """Return how the switch stands; nothing is written by looking."""
    return LogSwitch.objects.filter(pk=1).first() or LogSwitch(pk=1)


def _change(**values: object) -> None:
    LogSwitch.objects.update_or_create(pk=1, defaults=values)


def turn_on(hours: float) -> datetime:
    """Log successes too for that many hours; return until when.

    Errors: ValueError beyond LONGEST_HOURS: it must not be forgotten.
    """
    if not 0 < hours <= LONGEST_HOURS:
        raise ValueError(f"hours: more than 0 and at most {LONGEST_HOURS}")
    until = timezone.now() + timedelta(hours=hours)
    _change(successes_until=until)
    cache.delete(_UNTIL)
    return until


def turn_off() -> None:
    """Log failures only."""
    _change(successes_until=None)
    cache.delete(_UNTIL)


def is_on(row: LogSwitch) -> bool:
    """Say whether successful calls are logged now."""
    return row.successes_until is not None and row.successes_until > timezone.now()


def keep(days: int) -> None:
    """Keep entries for that many days. Errors: ValueError outside 1 to MOST_DAYS."""
    if not 1 <= days <= MOST_DAYS:
        raise ValueError(f"days: from 1 to {MOST_DAYS}")
    _change(keep_days=days)


def _successes_wanted() -> bool:
    """Say whether the switch is on; other processes notice within seconds."""
    until: datetime | str | None = cache.get(_UNTIL)
    if until is None:
        row = LogSwitch.objects.filter(pk=1).first()
        until = (row.successes_until if row else None) or _OFF
        cache.set(_UNTIL, until, _SWITCH_SECONDS)
    return isinstance(until, datetime) and until > timezone.now()


def _cut(value: Any) -> Any:
    if isinstance(value, str):
        return value if len(value) <= _CUT else value[:_CUT] + "…"
    if isinstance(value, Mapping):
        items = islice(value.items(), _MOST)
        return {_cut(str(key)): _cut(item) for key, item in items}
    if isinstance(value, list | tuple):
        return [_cut(item) for item in value[:_MOST]]
    return value


def store(
    calls: Sequence[RecordedCall],
    *,
    installation_id: int | None,
    ref: str,
    verb: str,
    request_id: str,
) -> None:
    """Store failed calls, and the others while the switch is on."""
    if not calls:
        return
    failed = [call for call in calls if call.outcome != SUCCESS]
    all_failed = len(failed) == len(calls)
    wanted = failed if all_failed or not _successes_wanted() else calls
    if not wanted:
        return
    entries = [
        ModuleLogEntry(
            at=timezone.now(),
            installation_id=installation_id,
            ref=ref,
            verb=verb,
            action=call.action[:40],
            host=call.host[:255],
            duration_ms=max(0, call.duration_ms),
            outcome=call.outcome[:20],
            request=_cut(call.request),
            response=_cut(call.response),
            request_id=request_id,
        )
        for call in wanted
    ]
    try:
        with writing(), transaction.atomic():
            ModuleLogEntry.objects.bulk_create(entries)
    except DatabaseError:
        # The change itself is journaled; losing a log line must not undo it.
        logger.exception("module log could not be written")


def prune() -> int:
    """Delete entries older than the switch's ``keep_days``; return how many."""
    cut = timezone.now() - timedelta(days=switch().keep_days)
    removed, _ = ModuleLogEntry.objects.filter(at__lt=cut).delete()
    return removed

"""Times as the person who looks at the page reads them."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import ngettext


def clock_time(at: datetime) -> str:
    """Return a time of day as the reader writes it, in UTC and saying so."""
    return f"{time_format(at, 'TIME_FORMAT')} UTC"


def minutes_left(until: datetime) -> str:
    """Return how long it is until then; the last minute counts as one."""
    seconds = (until - timezone.now()).total_seconds()
    minutes = max(1, round(seconds / 60))
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}

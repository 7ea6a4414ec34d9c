"""How long what a page asks for may take."""

from __future__ import annotations

from django.conf import settings

# Goes to the page itself: it is there before whoever waits in front of us gives up.
MARGIN_SECONDS = 2.0


def page_seconds() -> float:
    """Return how many seconds a page may wait for its answer."""
    return settings.HOUSEMAIL_DEADLINE_MS / 1000 - MARGIN_SECONDS

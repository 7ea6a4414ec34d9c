"""What we say when the platform did nothing: it is away, or takes no calls for now."""

from __future__ import annotations

from housemail.mailboxes.errors import Unavailable
from housemail.platforms.base import PlatformBusy, PlatformError


def unavailable(exc: PlatformError) -> Unavailable:
    """Return the refusal: ``platform_busy`` or ``platform_unavailable``."""
    busy = isinstance(exc, PlatformBusy)
    return Unavailable("platform_busy" if busy else "platform_unavailable")

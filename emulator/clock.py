"""The emulator's own time: real time plus an offset that a test may move.

Tokens, one-time passwords, late changes and maintenance windows are measured on
this clock (API reference 10.1). Waiting on a socket is not: that is real time.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

Listener = Callable[[], None]


class Clock:
    """Real time plus an offset; only ever moved forward."""

    def __init__(self, source: Callable[[], float] = time.time) -> None:
        self._source = source
        self._offset = 0.0
        self._lock = threading.Lock()
        self._listeners: list[Listener] = []

    @property
    def offset(self) -> float:
        """Seconds this clock is ahead of its source."""
        return self._offset

    def now(self) -> float:
        """Seconds since 1970."""
        return self._source() + self._offset

    def advance(self, seconds: float) -> None:
        """Move forward; changes that fall due are applied before this returns."""
        if not math.isfinite(seconds) or seconds < 0:
            raise ValueError(
                "The clock moves forward by a number of seconds, 0 or more."
            )
        with self._lock:
            self._offset += seconds
        for listener in self._listeners:
            listener()

    def reset(self) -> None:
        """Back to the time of the source."""
        with self._lock:
            self._offset = 0.0

    def on_advance(self, listener: Listener) -> None:
        """Call ``listener`` after each move."""
        self._listeners.append(listener)


def stamp(moment: float) -> str:
    """A moment the way the platform writes dates (API reference 5.1)."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M:%S")

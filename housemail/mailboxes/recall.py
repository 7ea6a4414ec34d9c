"""What this process read a moment ago and need not read again for every call.

For facts only that another process may change without harm to us: what never changes
once it is true, and what is proven anew before anything depends on it.
"""

from __future__ import annotations

import time
from collections.abc import Hashable
from typing import Generic, TypeVar

T = TypeVar("T")
_MOST = 10_000


class Recall(Generic[T]):
    """A small dictionary whose entries are forgotten after ``seconds``."""

    def __init__(self, seconds: float) -> None:
        """Know nothing yet."""
        self._seconds = seconds
        self._known: dict[Hashable, tuple[float, T]] = {}

    def get(self, key: Hashable) -> T | None:
        """Return what was put under the key, while it is young enough."""
        found = self._known.get(key)
        if found is None or time.monotonic() - found[0] > self._seconds:
            return None
        return found[1]

    def put(self, key: Hashable, value: T) -> T:
        """Keep it and return it."""
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[key] = (time.monotonic(), value)
        return value

    def forget(self) -> None:
        """Know nothing any more."""
        self._known.clear()

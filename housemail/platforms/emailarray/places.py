"""Who may wait on one server: at most half of the process's threads (protocol 7).

A server that answers nothing must not hold the threads that others need. So nobody
queues for it: who finds all places taken waits for a moment, in which a server that
works gives some back, and is then told that nothing was sent.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakValueDictionary

from housemail.platforms.base import Deadline, PlatformUnavailable

# Short against the seconds that a server which hangs would cost.
MOMENT_SECONDS = 0.2


class Places:
    """The places of one server."""

    def __init__(self, threads: int) -> None:
        """Have half as many places as the process has threads, and at least one."""
        self.count = max(1, threads // 2)
        self._free = threading.BoundedSemaphore(self.count)

    @contextmanager
    def one(self, deadline: Deadline, action: str) -> Iterator[None]:
        """Hold one place. Errors: PlatformUnavailable when there is none."""
        if not self._free.acquire(timeout=min(MOMENT_SECONDS, deadline.remaining())):
            raise PlatformUnavailable(
                "too many calls are waiting on this server", action=action
            )
        try:
            yield
        finally:
            self._free.release()


_lock = threading.Lock()
_known: WeakValueDictionary[tuple[str, int], Places] = WeakValueDictionary()


def places_at(host: str, threads: int) -> Places:
    """Return the places at a host, the same for every client of this process.

    Each account has a client of its own, and each test of a connection too: together
    they wait on one server.
    """
    with _lock:
        places = _known.get((host, threads))
        if places is None:
            places = _known[host, threads] = Places(threads)
        return places

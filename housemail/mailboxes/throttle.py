"""Counting how often somebody asks, in a fixed window.

Counts live in Django's cache: one serving process (the default) counts exactly,
several processes count each on their own unless a shared cache is configured.
"""

from __future__ import annotations

import time

from django.core.cache import cache

from housemail.mailboxes.errors import Throttled


def hit(key: str, limit: int, window_seconds: int) -> None:
    """Count one; Errors: Throttled when it is more than ``limit`` in the window."""
    now = time.time()
    window = int(now // window_seconds)
    name = f"throttle:{key}:{window}"
    cache.add(name, 0, timeout=window_seconds * 2)
    try:
        count = cache.incr(name)
    except ValueError:  # evicted between the two
        cache.set(name, 1, timeout=window_seconds * 2)
        count = 1
    if count > limit:
        raise Throttled(int((window + 1) * window_seconds - now) + 1)

"""Counting how often somebody asks, in a window that begins with the first time.

Counts live in Django's cache: one serving process (the default) counts exactly,
several processes count each on their own unless a shared cache is configured.
"""

from __future__ import annotations

import math
import time

from django.core.cache import cache

from housemail.mailboxes.errors import Throttled


def hit(key: str, limit: int, window_seconds: int) -> None:
    """Count one; Errors: Throttled when it is more than ``limit`` in the window."""
    name = f"throttle:{key}"
    if cache.add(name, 0, timeout=window_seconds):
        _begin(name, window_seconds)
    try:
        count = cache.incr(name)
    except ValueError:  # it ended between the two
        cache.set(name, 1, timeout=window_seconds)
        _begin(name, window_seconds)
        count = 1
    if count > limit:
        left = cache.get(f"{name}:until", 0.0) - time.time()
        raise Throttled(max(1, math.ceil(left)))


def _begin(name: str, window_seconds: int) -> None:
    """Remember when the window ends, to say how long to wait."""
    cache.set(f"{name}:until", time.time() + window_seconds, timeout=window_seconds)

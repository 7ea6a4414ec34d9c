"""Which part of the house a path belongs to."""

from __future__ import annotations

API_PREFIX = "/api/"


def is_api(path: str) -> bool:
    """Return whether programs, not people, read the answer."""
    return path.startswith(API_PREFIX)

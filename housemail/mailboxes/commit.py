"""Transactions that are repeated when the database asks for it.

PostgreSQL (40001, 40P01) and MariaDB (1213, 1205) abort one of two transactions that
block each other and expect the client to repeat the whole.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError, transaction

from housemail.writers import writing

T = TypeVar("T")
_TRIES = 20
_REPEATABLE = {"40001", "40P01", "1213", "1205"}


def _asks_for_repeat(exc: OperationalError) -> bool:
    cause = exc.__cause__
    state = str(getattr(cause, "sqlstate", "") or "")
    number = str(exc.args[0]) if exc.args else ""
    return state in _REPEATABLE or number in _REPEATABLE


def commit(work: Callable[[], T]) -> T:
    """Run ``work`` in one transaction, and the whole again when it lost a deadlock.

    ``work`` does database work only: it may run more than once.
    """
    for attempt in range(_TRIES):
        try:
            with writing(), transaction.atomic():
                return work()
        except OperationalError as exc:
            if attempt == _TRIES - 1 or not _asks_for_repeat(exc):
                raise
            time.sleep(random.uniform(0.005, 0.02) * (attempt + 1))  # noqa: S311
    raise AssertionError("unreachable")  # pragma: no cover

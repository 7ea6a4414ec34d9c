"""Transactions that are repeated when the database asks for it.

PostgreSQL (40001, 40P01) and MariaDB (1213, 1205) abort one of two transactions that
block each other and expect the client to repeat the whole.

SQLite lets one writer in at a time and makes the others poll, up to 100 ms apart and
in no order: under load the file is idle while they sleep, and the unlucky one hears
"database is locked" after its time-out. The threads of one process therefore queue
here; those of other processes still wait in SQLite.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import OperationalError, connection, transaction

T = TypeVar("T")
_TRIES = 20
_REPEATABLE = {"40001", "40P01", "1213", "1205"}
_turn = threading.Lock()


@contextmanager
def writing() -> Iterator[None]:
    """Wait for this thread's turn to write; a single statement needs no more.

    Never around a call to the network. Inside a transaction the turn is ours already.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with _turn:
        yield


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

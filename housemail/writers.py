"""Whose turn it is to write, among the threads of one process.

SQLite lets one writer in at a time and makes the others poll, up to 100 ms apart and
in no order: under load the file is idle while they sleep, and the unlucky one hears
"database is locked" after its time-out. The threads of one process therefore queue
here; those of other processes still wait in SQLite.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

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

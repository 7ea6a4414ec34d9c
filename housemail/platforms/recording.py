"""Who hears of the platform calls made while a block of code runs.

The recorder belongs to a call of ours, not to a client: clients are shared between
threads, and each verb wants its own calls only. A ``ContextVar`` gives just that.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from housemail.platforms.base import Call, Recorder

logger = logging.getLogger(__name__)

_recorder: ContextVar[Recorder | None] = ContextVar("platform_recorder", default=None)


@contextmanager
def recording(recorder: Recorder | None) -> Iterator[None]:
    """Send every platform call made inside the block to ``recorder``.

    Blocks nest: the innermost one hears. ``None`` makes the block silent.
    """
    token = _recorder.set(recorder)
    try:
        yield
    finally:
        _recorder.reset(token)


def report(call: Call) -> None:
    """Hand one redacted call to whoever is recording.

    Errors: none. A recorder that fails must not turn a write whose outcome is
    known into one that is not, so its exception is logged and dropped.
    """
    recorder = _recorder.get()
    if recorder is None:
        return
    try:
        recorder(call)
    except Exception:
        logger.exception("a recorder failed on platform action %s", call.action)

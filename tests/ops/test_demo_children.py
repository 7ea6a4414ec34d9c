"""A demo's programs can be ended whenever the signal comes."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from housemail.ops.demo.children import Child, interrupt

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]


class WorstMoment:
    """Popen's lock, with a signal right after somebody took it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        got = self._lock.acquire(blocking, timeout)
        signal.raise_signal(signal.SIGTERM)
        return got

    def release(self) -> None:
        self._lock.release()

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()


@pytest.fixture
def interrupting() -> Iterator[None]:
    before = signal.signal(signal.SIGTERM, interrupt)
    yield
    signal.signal(signal.SIGTERM, before)


def test_a_signal_while_it_is_asked_leaves_it_to_be_ended(
    interrupting: None, tmp_path: Path
) -> None:
    child = Child("sleeper", SLEEPER, dict(os.environ), tmp_path / "log")
    child._process._waitpid_lock = WorstMoment()  # type: ignore[attr-defined]
    with pytest.raises(KeyboardInterrupt):
        child.alive()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # as the demo does from then on
    started = time.monotonic()
    child.stop()
    assert not child.alive()
    assert time.monotonic() - started < 5


def test_a_signal_at_any_other_time_is_heard_at_once(interrupting: None) -> None:
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGTERM)
    with interrupt.later():
        pass

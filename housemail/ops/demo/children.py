"""The programs that a demo starts, and how they end with it."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

STOP_SECONDS = 10
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_PR_SET_PDEATHSIG = 1


class ChildError(Exception):
    """A program did not start or has ended; the text says what it said last."""


class _Signals:
    """Ctrl-C as an exception, but never while Popen holds a lock of its own.

    It would be held for ever, and nobody could wait for the program's end any more.
    """

    def __init__(self) -> None:
        self._deaf = 0
        self._missed = False

    def __call__(self, *_: object) -> None:
        """Handle a signal; Errors: KeyboardInterrupt, now or a moment later."""
        if not self._deaf:
            raise KeyboardInterrupt
        self._missed = True

    @contextmanager
    def later(self) -> Iterator[None]:
        """Let signals come when this is over."""
        self._deaf += 1
        try:
            yield
        finally:
            self._deaf -= 1
            if self._missed and not self._deaf:
                self._missed = False
                raise KeyboardInterrupt


interrupt = _Signals()


def _end_with_parent() -> None:
    """Ask Linux to end this child when the demo itself is killed."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class Child:
    """One program: what it says goes to a file, what it prints first to us."""

    def __init__(
        self,
        name: str,
        command: list[str],
        environment: Mapping[str, str],
        log: Path,
        *,
        speaks: bool = False,
    ) -> None:
        """Start it. ``speaks``: its first line is for us."""
        self.name = name
        self.log = log
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        with os.fdopen(os.open(log, flags, 0o600), "w") as file:
            # A session of its own: Ctrl-C reaches the demo, which ends its children.
            self._process = subprocess.Popen(  # noqa: S603 - our own programs
                command,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE if speaks else file,
                stderr=file,
                text=True,
                start_new_session=True,
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,
            )

    def first_line(self) -> str:
        """Return the first line that it prints; Errors: ChildError."""
        pipe = self._process.stdout
        line = pipe.readline() if pipe else ""
        if not line:
            with interrupt.later():
                self._process.wait(STOP_SECONDS)
            raise ChildError(self.obituary())
        return line

    def alive(self) -> bool:
        """Say whether it runs."""
        with interrupt.later():
            return self._process.poll() is None

    def obituary(self) -> str:
        """Say that it has ended, with what it said last."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        last = next((line for line in reversed(lines) if line.strip()), "no word")
        return f"The {self.name} has ended: {last.strip()[:300]} ({self.log})"

    def stop(self) -> None:
        """End it, kindly first."""
        if self.alive():
            self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()


def watch(children: list[Child]) -> None:
    """Wait for ever, while all of them run; Errors: ChildError."""
    while True:
        for child in children:
            if not child.alive():
                raise ChildError(child.obituary())
        time.sleep(0.5)

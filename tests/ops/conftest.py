"""Running commands inside the test, and as programs of their own."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def run(db: None) -> Callable[..., str]:
    """Run a command in this process; return what it printed."""

    def run(*arguments: str) -> str:
        out = io.StringIO()
        call_command(*arguments, stdout=out, stderr=out)
        return out.getvalue()

    return run


def environment(data: Path, **more: str) -> dict[str, str]:
    """The environment of a stranger who has just unpacked this."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("HOUSEMAIL_", "DJANGO_"))
    }
    return {**kept, "HOUSEMAIL_DATA_DIR": str(data), **more}


@dataclass
class Ended:
    """How a program ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def housemail(tmp_path: Path) -> Callable[..., Ended]:
    """Run the program ``housemail`` to its end."""

    def housemail(*arguments: str, **variables: str) -> Ended:
        done = subprocess.run(
            [sys.executable, "-m", "housemail", *arguments],
            cwd=ROOT,
            env=environment(tmp_path / "data", **variables),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    return housemail


@dataclass
class Running:
    """A program that runs until it is told to end."""

    process: subprocess.Popen[str]

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def said(self) -> dict[str, Any]:
        line = self.line()
        assert line, self.process.communicate()
        found = json.loads(line)
        assert isinstance(found, dict)
        return found

    def end(self, number: int = signal.SIGINT) -> Ended:
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=60)
        return Ended(self.process.returncode, out, err)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Start the program ``housemail``; whatever still runs is ended."""
    running: list[Running] = []

    def start(*arguments: str, **variables: str) -> Running:
        process = subprocess.Popen(
            [sys.executable, "-m", "housemail", *arguments],
            cwd=ROOT,
            env=environment(tmp_path / "data", **variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(Running(process))
        return running[-1]

    yield start
    for one in running:
        if one.process.poll() is None:
            one.process.terminate()
            one.process.communicate(timeout=60)

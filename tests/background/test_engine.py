"""The engine in a process of its own: it settles what nobody holds, and is single."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

SCRIPT = """
import django, sys, time
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from housemail.background import engine
print("started" if engine.start_once() else "refused", flush=True)
from django.utils import timezone
from datetime import timedelta
if sys.argv[1:] == ["seed"]:
    from housemail.installations.models import Installation, Server
    from housemail.mailboxes.models import HouseDomain, Mailbox, Operation
    one = Installation.objects.create(name="one")
    server = Server.objects.create(
        installation=one, platform="memory", endpoint="memory", username="u",
        account="memory:u@memory", password="p",
    )
    domain = HouseDomain.objects.create(name="thexyz.com", account=server.account)
    box = Mailbox.objects.create(
        installation=one, ref="1", server=server, house_domain=domain,
        handle="testuser", state="active", state_changed_at=timezone.now(),
        quota_gb=1, account_type=1, language="en", timezone="UTC",
        date_format="yyyy-mm-dd",
    )
    past = timezone.now() - timedelta(seconds=60)
    Operation.objects.create(
        mailbox=box, verb="plan", open_for="mailbox:1", lease_until=past,
        created_at=past,
    )
while True:
    time.sleep(0.2)
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A data directory of its own and a fast sweep."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "housemail.settings",
        "HOUSEMAIL_DATA_DIR": str(tmp_path),
        "HOUSEMAIL_DATABASE_URL": f"sqlite:///{tmp_path / 'housemail.sqlite3'}",
        "HOUSEMAIL_SECRET_KEY": "x" * 50,
        "HOUSEMAIL_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "HOUSEMAIL_SWEEP_SECONDS": "1",
    }


def start(environment: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    """Start a process with an engine."""
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )


def end(process: subprocess.Popen[str], number: int) -> None:
    """End a process that this test started."""
    process.send_signal(number)
    process.wait(timeout=20)
    if process.stdout is not None:
        process.stdout.close()


def state(database: Path) -> str:
    """The state of the seeded operation."""
    with sqlite3.connect(database, timeout=10) as connection:
        row = connection.execute("select state from mailboxes_operation").fetchone()
    connection.close()
    return row[0] if row else ""


def test_the_engine_settles_what_a_dead_process_left(
    environment: dict[str, str], tmp_path: Path
) -> None:
    first = start(environment, "seed")
    try:
        assert first.stdout is not None
        assert first.stdout.readline().strip() == "started"
        second = start(environment)
        assert second.stdout is not None
        assert second.stdout.readline().strip() == "refused"
        end(second, signal.SIGKILL)
        until = time.monotonic() + 40
        while state(tmp_path / "housemail.sqlite3") != "unavailable":
            assert time.monotonic() < until, "the sweep did not settle it"
            time.sleep(0.2)
        assert (tmp_path / "engine.heartbeat").exists()
    finally:
        end(first, signal.SIGKILL)
    third = start(environment)
    try:
        assert third.stdout is not None
        assert third.stdout.readline().strip() == "started"
    finally:
        end(third, signal.SIGKILL)

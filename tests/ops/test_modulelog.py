"""``housemail modulelog``: on for a while, off by itself, shown redacted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.core.management.base import CommandError
from django.utils import timezone

from housemail.modulelog import storage
from housemail.modulelog.models import LogSwitch, ModuleLogEntry
from housemail.ops.management.commands.modulelog import hours_of


@pytest.fixture(autouse=True)
def _nothing_remembered():
    """The switch as a process that has just started reads it."""
    cache.clear()
    yield
    cache.clear()


@dataclass
class Call:
    outcome: str = "done"
    action: str = "searchUsers"
    host: str = "127.0.0.1"
    duration_ms: int = 7
    request: dict[str, str] = field(default_factory=lambda: {"search": "anna [x]"})
    response: dict[str, object] = field(default_factory=lambda: {"returncode": 1})


def store(ref: str, *calls: Call) -> None:
    storage.store(calls, installation_id=1, ref=ref, verb="create", request_id="r")


def test_successes_are_logged_for_a_while_only(run):
    store("1", Call())
    assert not ModuleLogEntry.objects.exists()
    assert "UTC" in run("modulelog", "on", "--for", "2h")
    store("1", Call())
    assert ModuleLogEntry.objects.count() == 1
    with time_machine.travel(timezone.now() + timedelta(hours=3)):
        store("1", Call())
    assert ModuleLogEntry.objects.count() == 1
    assert run("modulelog", "off") == "Only failed calls are logged.\n"
    store("1", Call())
    assert ModuleLogEntry.objects.count() == 1


def test_another_process_notices_the_switch_within_seconds(run):
    store("1", Call())
    # As the command does in a process of its own, which cannot tell us.
    LogSwitch.objects.update_or_create(
        pk=1, defaults={"successes_until": timezone.now() + timedelta(hours=1)}
    )
    with time_machine.travel(timezone.now() + timedelta(seconds=6)):
        store("1", Call())
    assert ModuleLogEntry.objects.count() == 1


def test_show_lists_the_last_ones_of_a_service(run):
    assert "Nothing is logged yet" in run("modulelog", "show")
    store("7", Call("refused"), Call("unknown", "addUser"))
    store("8", Call("refused", "removeUser"))
    everything = run("modulelog", "show")
    assert everything.index("addUser") < everything.index("removeUser")
    assert "failed calls only" in everything
    one = run("modulelog", "show", "--ref", "8", "--last", "1")
    assert "removeUser" in one
    assert "addUser" not in one
    assert "anna [x]" in run("modulelog", "show", "--full")


def test_keep(run):
    assert run("modulelog", "keep", "30") == "Entries are kept for 30 days.\n"
    assert storage.switch().keep_days == 30
    with pytest.raises(CommandError, match="1 to 3650"):
        run("modulelog", "keep", "0")


@pytest.mark.parametrize(("text", "hours"), [("30m", 0.5), ("2h", 2), ("1D", 24)])
def test_periods(text, hours):
    assert hours_of(text) == hours


@pytest.mark.parametrize("text", ["", "2", "h", "0h", "-1h", "1w", "32d", "1.5h"])
def test_no_period(text):
    with pytest.raises(CommandError, match="30m, 2h or 1d"):
        hours_of(text)

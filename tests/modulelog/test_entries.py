"""Entries are found by service, action and outcome; the switch has its limits."""

from __future__ import annotations

import pytest
from django.utils import timezone

from housemail.modulelog import entries, storage
from housemail.modulelog.models import LogSwitch, ModuleLogEntry

pytestmark = [pytest.mark.databases, pytest.mark.django_db]


def entry(ref: str, action: str, outcome: str, installation: int = 1):
    return ModuleLogEntry.objects.create(
        at=timezone.now(),
        installation_id=installation,
        ref=ref,
        action=action,
        host="h",
        duration_ms=1,
        outcome=outcome,
    )


def test_filters_add_up_and_the_newest_comes_first():
    first = entry("1", "addUser", "refused")
    second = entry("1", "removeUser", "unknown")
    other = entry("1", "addUser", "refused", installation=2)
    assert list(entries.search()) == [other, second, first]
    assert list(entries.search(ref="1", action="addUser")) == [other, first]
    assert list(entries.search(action="addUser", outcome="refused", ref="2")) == []
    assert entries.of_service(1, "1", 1) == [second]
    assert entries.actions() == ["addUser", "removeUser"]
    assert entries.outcomes() == ["refused", "unknown"]


def test_nothing_is_written_by_looking():
    assert storage.switch().keep_days == 14
    assert not LogSwitch.objects.exists()


@pytest.mark.parametrize("hours", [0, -1, storage.LONGEST_HOURS + 1])
def test_the_switch_ends_by_itself(hours):
    with pytest.raises(ValueError, match="hours"):
        storage.turn_on(hours)
    assert not storage.is_on(storage.switch())


@pytest.mark.parametrize("days", [0, storage.MOST_DAYS + 1])
def test_entries_are_kept_for_a_sensible_time(days):
    with pytest.raises(ValueError, match="days"):
        storage.keep(days)
    storage.keep(30)
    assert storage.switch().keep_days == 30

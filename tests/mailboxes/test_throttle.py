"""A window begins with the first time, so that no moment is a good one for haste."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache

from housemail.mailboxes.errors import Throttled
from housemail.mailboxes.throttle import hit

# A second before a full minute.
START = datetime(2026, 3, 1, 11, 59, 59, tzinfo=UTC)


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    cache.clear()


def test_more_than_the_limit_is_refused_until_the_window_ends() -> None:
    with time_machine.travel(START, tick=False) as clock:
        for _ in range(3):
            hit("anna", 3, 60)
        clock.shift(timedelta(seconds=20))
        with pytest.raises(Throttled) as refused:
            hit("anna", 3, 60)
        assert refused.value.seconds == 40
        hit("bob", 3, 60)
        clock.shift(timedelta(seconds=41))
        hit("anna", 3, 60)


def test_a_count_that_ends_in_the_middle_begins_again(monkeypatch) -> None:
    with time_machine.travel(START, tick=False):
        # Evicted between the two calls of the cache.
        monkeypatch.setattr(cache, "add", lambda *_, **__: False)
        hit("anna", 1, 60)
        with pytest.raises(Throttled) as refused:
            hit("anna", 1, 60)
    assert refused.value.seconds == 60

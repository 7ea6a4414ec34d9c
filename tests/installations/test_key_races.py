"""Many at once: a key has one successor, a form makes one key."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from housemail.installations import keys
from housemail.installations.keys import KeyConflict
from housemail.installations.models import ApiKey, Installation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.databases]
MANY = 8


def together(work: Callable[[], str]) -> Counter[str]:
    """Run it in many threads at once; count what came of it."""
    barrier = threading.Barrier(MANY)

    def one(_: int) -> str:
        barrier.wait(timeout=30)
        try:
            work()
        except KeyConflict as conflict:
            return conflict.sentence
        finally:
            connections.close_all()
        return "made"

    with ThreadPoolExecutor(max_workers=MANY) as pool:
        return Counter(pool.map(one, range(MANY)))


def test_a_key_that_is_rotated_many_times_at_once_has_one_successor():
    installation = Installation.objects.create(name="one")
    keys.make(installation, permissions=["read"])
    old = ApiKey.objects.get()
    outcomes = together(lambda: keys.rotate(old))
    assert outcomes == {"made": 1, keys.ROTATED_ALREADY: MANY - 1}
    assert ApiKey.objects.get(replaces=old) == old.successor


def test_a_form_that_is_sent_many_times_at_once_makes_one_key():
    installation = Installation.objects.create(name="one")

    def make() -> str:
        return keys.make(installation, permissions=["read"], form_key="one form")

    assert together(make) == {"made": 1, keys.MADE_ALREADY: MANY - 1}
    assert ApiKey.objects.count() == 1

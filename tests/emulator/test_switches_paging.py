"""Switches of whole-domain listings."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest


@pytest.fixture
def big(emu, wire):
    emu.seed_big("thexyz.com", 30)
    wire.login()
    return wire


def names(body: Any) -> list[str]:
    return [row["username"] for row in body["returndata"]]


def test_slow_listing_takes_time_per_page_and_row(emu, big):
    emu.switch_on("slow_listing", per_page=0.3, per_row=0.01)
    start = time.monotonic()
    big.page(limit=10)
    assert time.monotonic() - start >= 0.4
    start = time.monotonic()
    big.ok("getAllDomains")
    assert time.monotonic() - start < 0.3


def test_page_cap_is_silent(emu, big):
    emu.switch_on("page_cap", cap=7)
    body = big.page(limit=20)
    assert len(body["returndata"]) == 7
    assert body["meta"] == {"all": 30}
    assert len(big.page(limit=5)["returndata"]) == 5
    assert len(big.page(slicing=0)["returndata"]) == 7


def test_offset_ignored(emu, big):
    emu.switch_on("offset_ignored")
    assert names(big.page(offset=10)) == names(big.page(offset=0))


def test_offset_is_page(emu, big):
    emu.switch_on("offset_is_page")
    assert names(big.page(offset=1, limit=10))[0] == "user00010"
    assert names(big.page(offset=10, limit=10)) == []


def test_unstable_order_changes_between_calls_but_loses_nothing(emu, big):
    emu.switch_on("unstable_order")
    first, second = names(big.page(limit=30)), names(big.page(limit=30))
    assert first != second
    assert sorted(first) == sorted(second)


def test_mutate_between_pages_moves_rows(emu, big):
    emu.switch_on("mutate_between_pages")
    first, second = names(big.page(0)), names(big.page(10))
    assert first[-1] == second[0]
    third = names(big.page(20))
    assert third[0] == "user00020"
    customers = {n for n in emu.state.domains["thexyz.com"].mailboxes if "user" in n}
    assert len(customers) == 30


def test_meta_missing_and_wrong(emu, big):
    emu.switch_on("meta_missing")
    assert "meta" not in big.page()
    emu.switches_off()
    emu.switch_on("meta_wrong", by=-3)
    assert big.page()["meta"] == {"all": 27}


def test_page_failure_hits_the_nth_page_each_time(emu, big):
    emu.switch_on("page_failure", page=2)
    assert big.page(0)["returncode"] == 1
    assert big.page(10)["returncode"] == 0
    assert big.page(10)["returncode"] == 0
    assert emu.journal[-1].outcome == "fault:page_failure"
    assert big.page(20)["returncode"] == 1
    assert big.page(0)["returncode"] == 1
    assert big.page(10)["returncode"] == 0


def test_page_failure_by_status_or_broken_json(emu, big):
    query = {"domain": "thexyz.com", "slicing": 1, "offset": 0, "limit": 5}
    emu.switch_on("page_failure", page=1, style="5xx")
    assert big.answer("getAllUsersDomain", **query).status == 502
    emu.switch_on("page_failure", page=1, style="malformed")
    with pytest.raises(ValueError, match=r"\w"):
        json.loads(big.answer("getAllUsersDomain", **query).body)

"""Switches that delay, lose or break the answer on its way."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

LOST = (TimeoutError, ConnectionError, http.client.HTTPException)
BOB = {"username": "bob", "domain": "thexyz.com"}


def has_bob(emu: Any) -> bool:
    return "bob" in emu.state.domains["thexyz.com"].mailboxes


def soon(check: Callable[[], bool]) -> bool:
    """Wait for the server to do what its impatient client did not wait for."""
    limit = time.monotonic() + 10
    while not check() and time.monotonic() < limit:
        time.sleep(0.01)
    return check()


def last(emu: Any, action: str = "addUser") -> Any:
    return next(e for e in reversed(emu.journal) if e.action == action)


def test_latency_waits_fixed_or_random(emu, wire):
    wire.login()
    emu.switch_on("latency", seconds=0.4, action="getAllDomains")
    start = time.monotonic()
    wire.ok("getAllDomains")
    assert time.monotonic() - start >= 0.4
    emu.switch_on("latency", minimum=0.05, maximum=0.1, action="getAllDomains")
    start = time.monotonic()
    wire.ok("getAllDomains")
    assert time.monotonic() - start >= 0.05
    start = time.monotonic()
    wire.ok("getAdminStats")
    assert time.monotonic() - start < 0.4


@pytest.mark.parametrize(("phase", "applied"), [("before", False), ("after", True)])
def test_latency_comes_before_or_after_the_change(emu, wire, phase, applied):
    wire.login()
    emu.switch_on("latency", seconds=60, phase=phase, action="addUser")
    with pytest.raises(TimeoutError):
        wire.add(timeout=0.2)
    assert soon(lambda: last(emu).changed is applied)
    assert has_bob(emu) is applied


def test_trickle_sends_the_whole_body_slowly(emu, wire):
    wire.login()
    emu.switch_on("trickle", interval=0.002, action="getAllDomains")
    start = time.monotonic()
    assert len(wire.ok("getAllDomains")) == 3
    assert time.monotonic() - start > 0.2


@pytest.mark.parametrize("status", [500, 502, 503, 504, 520, 522, 524])
def test_5xx_then_success(emu, wire, status):
    wire.login()
    emu.switch_on("http_5xx_then_success", status=status, count=2, action="addUser")
    for _ in range(2):
        answer = wire.answer("addUser", **BOB)
        assert answer.status == status
        assert b"<html" in answer.body
        assert last(emu).outcome == "fault:http_5xx_then_success"
        assert not has_bob(emu)
    assert wire.add()["returncode"] == 1


def test_5xx_fires_once_without_a_count_and_may_come_after(emu, wire):
    wire.login()
    emu.switch_on("http_5xx_then_success", phase="after", action="addUser")
    with pytest.raises(ValueError, match="Expecting"):
        wire.add()
    assert has_bob(emu)
    assert last(emu).changed
    assert wire.add("anna")["returncode"] == 1


def test_5xx_after_apply_spares_logins_and_reads(emu, wire):
    emu.switch_on("http_5xx_after_apply", status=504, count=1)
    wire.ok("getAllDomains")
    with pytest.raises(ValueError, match="Expecting"):
        wire.add()
    entry = last(emu)
    assert (entry.outcome, entry.changed) == ("fault:http_5xx_after_apply", True)
    assert has_bob(emu)
    wire.no("addUser", account_type=1, password="Str0ng!enough", quota=1, **BOB)


def test_primary_down_leaves_the_second_host(emu, wire):
    emu.switch_on("primary_down", status=522)
    assert wire.raw("login").status == 522
    token = wire.login(host="cp")
    wire.ok("getAllDomains", host="cp")
    emu.switch_off("primary_down")
    wire.ok("getAllDomains", token=token)


def test_primary_down_can_refuse_connections(emu, wire):
    wire.login()
    emu.switch_on("primary_down", mode="refused")
    with pytest.raises(ConnectionRefusedError):
        wire.ok("getAllDomains")
    wire.ok("getAllDomains", host="cp")
    emu.switches_off()
    wire.ok("getAllDomains")
    emu.switch_on("primary_down", mode="refused", action="addUser")
    wire.ok("getAllDomains")
    with pytest.raises(LOST):
        wire.add()
    emu.reset()
    wire.login()


def test_a_port_that_refuses_stays_the_emulators(emu, wire):
    port = int(emu.endpoint.rpartition(":")[2].partition("/")[0])
    emu.switch_on("primary_down", mode="refused")
    with pytest.raises(OSError, match="in use"):
        socket.create_server(("127.0.0.1", port)).close()
    emu.switches_off()
    wire.login()


def test_timeout_after_apply(emu, wire):
    emu.switch_on("timeout_after_apply", count=1)
    with pytest.raises(TimeoutError):
        wire.add(timeout=0.2)
    assert soon(lambda: has_bob(emu))
    assert (last(emu).outcome, last(emu).changed) == ("fault:timeout_after_apply", True)
    assert wire.add("anna", timeout=2)["returncode"] == 1


def test_timeout_before_apply(emu, wire):
    emu.switch_on("timeout_before_apply", action="addUser", count=1)
    with pytest.raises(TimeoutError):
        wire.add(timeout=0.2)
    assert soon(lambda: last(emu).outcome == "fault:timeout_before_apply")
    assert not has_bob(emu)
    assert last(emu).changed is False
    assert wire.add()["returncode"] == 1


def test_a_held_line_is_dropped_after_its_time(emu, wire):
    wire.login()
    emu.switch_on("timeout_before_apply", hold=0.1)
    with pytest.raises(http.client.RemoteDisconnected):
        wire.add()


def test_stop_ends_held_lines_at_once(emu, wire):
    wire.login()
    emu.switch_on("timeout_after_apply", hold=30)
    emu.switch_on("latency", seconds=30, action="getAllDomains")
    emu.switch_on("trickle", interval=30, action="getAdminStats")
    seen = []

    def ask(action, **fields):
        try:
            wire.answer(action, timeout=20, **fields)
        except LOST as error:
            seen.append(error)

    threads = [
        threading.Thread(target=ask, args=("disableUser",), kwargs=BOB),
        threading.Thread(target=ask, args=("getAllDomains",)),
        threading.Thread(target=ask, args=("getAdminStats",)),
    ]
    for thread in threads:
        thread.start()
    assert soon(lambda: len(emu.journal) == 4)
    start = time.monotonic()
    emu.stop()
    for thread in threads:
        thread.join(5)
    assert time.monotonic() - start < 3
    assert len(seen) == 3


def test_late_apply_happens_when_the_clock_says_so(emu, wire):
    emu.switch_on("late_apply", delay=20, count=1)
    with pytest.raises(TimeoutError):
        wire.add(timeout=0.2)
    assert soon(lambda: last(emu).outcome == "fault:late_apply")
    assert not has_bob(emu)
    assert last(emu).changed is False
    emu.clock.advance(10)
    assert not has_bob(emu)
    emu.clock.advance(10)
    assert last(emu).changed is True
    assert has_bob(emu)
    assert wire.ok("getUserInfo", **BOB)["uname"] == "Bob Example"


def test_late_apply_of_a_name_taken_meanwhile_changes_nothing(emu, wire):
    emu.switch_on("late_apply", delay=20, count=1)
    with pytest.raises(TimeoutError):
        wire.add(uname="First", timeout=0.2)
    assert soon(lambda: last(emu).outcome == "fault:late_apply")
    assert wire.add(uname="Second")["returncode"] == 1
    emu.clock.advance(60)
    changed = [e.changed for e in emu.journal if e.action == "addUser"]
    assert changed == [False, True]
    assert emu.state.domains["thexyz.com"].mailboxes["bob"].uname == "Second"


@pytest.mark.parametrize(
    ("at", "applied", "errors"),
    [
        ("before_body", False, ConnectionError),
        ("mid_body", True, (http.client.IncompleteRead, ConnectionError)),
        ("after_apply", True, ConnectionError),
    ],
)
def test_connection_reset(emu, wire, at, applied, errors):
    wire.login()
    emu.switch_on("connection_reset", at=at, action="addUser", count=1)
    with pytest.raises(errors):
        wire.add()
    assert has_bob(emu) is applied
    assert last(emu).outcome == "fault:connection_reset"
    assert last(emu).changed is applied


@pytest.mark.parametrize(
    ("phase", "applied"), [("before", False), ("mid_body", True), ("after", True)]
)
def test_connection_reset_by_phase(emu, wire, phase, applied):
    wire.login()
    emu.switch_on("connection_reset", phase=phase, action="addUser", count=1)
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        wire.add()
    assert has_bob(emu) is applied


def test_replication_lag_shows_old_state_on_the_second_host(emu, wire):
    emu.seed_mailbox("thexyz.com", "anna")
    emu.switch_on("replication_lag", seconds=5)
    wire.add()
    wire.ok("disableUser", username="anna", domain="thexyz.com")
    wire.ok("addDomain", newdomain="new.example")
    names = [r["username"] for r in wire.page(host="cp")["returndata"]]
    assert names == ["anna"]
    assert wire.page(host="cp")["returndata"][0]["disabled"] == "0"
    assert len(wire.page()["returndata"]) == 2
    assert len(wire.ok("getAllDomains", host="cp")) == 3
    wire.no("addUser", host="cp", **BOB)
    emu.clock.advance(6)
    rows = wire.page(host="cp")["returndata"]
    assert [r["disabled"] for r in rows] == ["1", "0"]
    assert len(wire.ok("getAllDomains", host="cp")) == 4


def test_rate_limit(emu, wire):
    wire.login()
    emu.switch_on("rate_limit", retry_after=7, count=1)
    answer = wire.answer("getAllDomains")
    assert (answer.status, answer.headers["Retry-After"]) == (429, "7")
    emu.switch_on("rate_limit", count=1)
    answer = wire.answer("getAllDomains")
    assert (answer.status, answer.headers["Retry-After"]) == (429, None)
    wire.ok("getAllDomains")


def test_maintenance_ends_by_the_clock(emu, wire):
    wire.login()
    emu.switch_on("maintenance", seconds=600)
    bodies = {wire.answer(a).body for a in ("login", "getAllDomains", "addUser")}
    assert len(bodies) == 1
    assert wire.answer("login").status == 503
    emu.clock.advance(601)
    wire.login()
    emu.switch_on("maintenance", status=200, form="empty")
    answer = wire.answer("login")
    assert (answer.status, answer.body) == (200, b"")


def test_scopes_narrow_a_switch(emu, wire):
    wire.login()
    emu.switch_on("http_5xx_after_apply", domain="thexyz.ca", mailbox="anna")
    assert wire.add("bob", "thexyz.ca")["returncode"] == 1
    assert wire.add("anna", "thexyz.com")["returncode"] == 1
    assert wire.answer("disableUser", username="anna", domain="thexyz.ca").status == 502
    emu.switches_off()
    emu.switch_on("http_5xx_after_apply", host="cp", action=["enableUser"])
    anna = {"username": "anna", "domain": "thexyz.com"}
    assert wire.answer("enableUser", **anna).status == 200
    assert wire.answer("enableUser", host="cp", **anna).status == 502
    assert wire.answer("disableUser", host="cp", **anna).status == 200


def test_every_nth_call(emu, wire):
    wire.login()
    emu.switch_on("http_5xx_then_success", every=3, action="@read")
    seen = [wire.answer("getAllDomains").status for _ in range(6)]
    assert seen == [200, 200, 503, 200, 200, 503]


def test_a_rate_repeats_with_its_seed(emu, wire):
    def run() -> list[int]:
        wire.login()
        emu.switch_on("http_5xx_then_success", rate=0.5)
        return [wire.answer("getAllDomains").status for _ in range(12)]

    first = run()
    assert set(first) == {200, 503}
    emu.reset()
    assert run() == first

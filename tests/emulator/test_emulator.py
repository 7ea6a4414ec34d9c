"""The emulator as an object: life, clock, seeding, journal, parallel use."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from emulator import Clock, Emulator

BOB = {"username": "bob", "domain": "thexyz.com"}


def test_start_and_stop_leave_no_thread_behind(new_wire):
    before = set(threading.enumerate())
    emu = Emulator(domains=("only.example",), username="root", password="Own-pw-1")
    emu.start()
    wire = new_wire(emu)
    assert [row["domain"] for row in wire.ok("getAllDomains")] == ["only.example"]
    assert len({emu.endpoint, emu.second_endpoint, emu.control_url}) == 3
    emu.stop()
    emu.stop()
    ours = set(threading.enumerate()) - before
    assert not [thread for thread in ours if thread.is_alive()]
    with pytest.raises(ConnectionRefusedError):
        wire.login()


def test_ports_can_be_chosen_and_a_taken_one_says_so(emu):
    port = int(emu.endpoint.split(":")[2].partition("/")[0])
    other = Emulator()
    with pytest.raises(OSError, match="in use"):
        other.start(port=port)
    emu.stop()
    with other.start(port=port):
        assert other.endpoint == emu.endpoint


def test_reset_gives_fresh_everything_on_the_same_ports(emu, wire):
    endpoint = emu.endpoint
    wire.add()
    emu.clock.advance(1000)
    emu.switch_on("bom")
    token = wire.token
    emu.reset()
    assert emu.endpoint == endpoint
    assert emu.journal == []
    assert emu.switches == []
    assert emu.state.domains["thexyz.com"].mailboxes == {}
    assert emu.clock.offset == 0
    wire.no("getAllDomains", token=token)


def test_the_clock_may_have_another_source():
    clock = Clock(source=lambda: 1000.0)
    emu = Emulator(clock=clock)
    emu.clock.advance(5)
    assert emu.clock.now() == 1005.0
    for wrong in (-1, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="forward"):
            emu.clock.advance(wrong)


def test_seeding_puts_things_in_place(emu, wire):
    emu.seed_mailbox("thexyz.com", "Bob", uname="Bob", quota_mb=1, disabled=True)
    emu.seed_alias("thexyz.com", "sales", "bob@thexyz.com")
    emu.seed_list("thexyz.com", "team", ["bob@thexyz.com"])
    emu.seed_mailbox("fresh.example", "anna")
    emu.seed_big("thexyz.ca", 3)
    shot = emu.snapshot()["domains"]
    assert shot["thexyz.com"]["mailboxes"]["bob"]["disabled"] is True
    assert shot["thexyz.com"]["aliases"] == {"sales": "bob@thexyz.com"}
    assert shot["thexyz.com"]["lists"]["team"]["members"] == ["bob@thexyz.com"]
    assert "anna" in shot["fresh.example"]["mailboxes"]
    assert len(shot["thexyz.ca"]["mailboxes"]) == 3
    assert wire.ok("getUserInfo", **BOB)["disabled"] == "1"
    for name in ("bob", "sales", "", "a@b"):
        with pytest.raises(ValueError, match=r"\w"):
            emu.seed_mailbox("thexyz.com", name)
    with pytest.raises(ValueError, match="shoe_size"):
        emu.seed_mailbox("thexyz.com", "carl", shoe_size=44)
    with pytest.raises(ValueError, match="domain"):
        emu.seed_alias(" ", "x", "a@b.example")


def test_the_journal_tells_what_came_and_what_changed(emu, wire):
    wire.add()
    wire.add()
    wire.ok("getUserInfo", **BOB)
    seen = [(e.host, e.action, e.outcome, e.changed) for e in emu.journal]
    assert seen == [
        ("cfcp", "login", "ok", False),
        ("cfcp", "addUser", "ok", True),
        ("cfcp", "addUser", "refused", False),
        ("cfcp", "getUserInfo", "ok", False),
    ]
    assert emu.journal[1].params["username"] == "bob"
    assert emu.journal[1].at == pytest.approx(emu.clock.now(), abs=10)


def test_no_secret_is_in_journal_snapshot_or_repr(emu, wire):
    secret = "Hush!hush42"
    wire.add(password=secret)
    wire.ok("updateUser", editusername="bob", editdomain="thexyz.com",
            editpassword=secret + "x")  # fmt: skip
    otp = wire.ok("getOTPass", **BOB)
    wire.raw("login", host="user", password=otp, **BOB)
    wire.raw("changePassword", password1=secret, password2=secret, token=wire.token)
    wire.raw("nonsense", pass_="x", new_password=secret, apikey=secret)
    shown = repr((emu.journal, emu.snapshot(), emu.state))
    for word in (secret, otp, wire.token, emu.password):
        assert word not in shown
    entry = next(e for e in emu.journal if e.action == "addUser")
    assert entry.params["password"] == entry.params["token"] == "***"


def test_flags_that_only_sound_secret_stay_readable(emu, wire):
    wire.page(getOTPAndToken=0)
    assert emu.journal[-1].params["getOTPAndToken"] == "0"


def test_64_clients_at_once(emu, wire):
    token = wire.login()
    emu.switch_on("latency", seconds=0.05, action="addUser")

    def order(number):
        taken = number % 2 == 0
        name = "same" if taken else f"box{number}"
        return taken, wire.add(name, token=token, timeout=20)["returncode"]

    with ThreadPoolExecutor(64) as pool:
        answers = list(pool.map(order, range(128)))
    assert sum(code for taken, code in answers if taken) == 1
    assert all(code == 1 for taken, code in answers if not taken)
    assert len(emu.state.domains["thexyz.com"].mailboxes) == 65
    assert sum(e.changed for e in emu.journal) == 65


def test_slow_calls_do_not_hold_others_up(emu, wire):
    wire.login()
    emu.switch_on("latency", seconds=5, action="addUser")
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(wire.add, timeout=0.5)
        for _ in range(5):
            wire.ok("getAllDomains", timeout=1)
        with pytest.raises(TimeoutError):
            slow.result()

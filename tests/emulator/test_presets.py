"""The ready-made presets, each seen over the wire."""

from __future__ import annotations

import pytest

from emulator import Emulator
from emulator.presets import PRESETS

BOB = {"username": "bob", "domain": "thexyz.com"}


@pytest.fixture
def with_preset(new_wire):
    """Start an emulator under a preset and give its client."""
    running = []

    def start(name, **options):
        emu = Emulator(preset=name, **options).start()
        running.append(emu)
        return new_wire(emu)

    yield start
    for emu in running:
        emu.stop()


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_can_be_chosen_at_the_start_and_later(name):
    emu = Emulator(preset=name)
    assert emu.preset == name
    wanted = {switch for switch, _ in PRESETS[name].wishes}
    assert {entry.spec.name for entry in emu.switches} == wanted
    emu.reset("calm")
    assert emu.switches == []
    emu.reset()
    assert emu.preset == name


def test_calm_has_no_faults():
    assert Emulator().switches == []


def test_vendor_types(with_preset):
    wire = with_preset("vendor_types")
    wire.add()
    body = wire.page()
    assert "meta" not in body
    row = body["returndata"][0]
    assert {type(row[key]) for key in ("account_type", "quota", "usage")} == {int, str}


def test_bad_day_fails_some_calls_and_expires_tokens(with_preset):
    wire = with_preset("bad_day", seed=3)
    emu = wire.emu
    emu.switch_off("latency")
    outcomes = set()
    for _ in range(120):
        wire.raw("getAllDomains")
        outcomes.add(emu.journal[-1].outcome)
    assert "fault:http_5xx_then_success" in outcomes
    assert "fault:html_error_page" in outcomes
    names = {e.spec.name: e for e in emu.switches}
    assert names["expired_token"].params["period"] == 60


def test_lost_answers_loses_every_third_write(with_preset):
    wire = with_preset("lost_answers")
    assert wire.add("a1")["returncode"] == 1
    assert wire.add("a2")["returncode"] == 1
    with pytest.raises(TimeoutError):
        wire.add("a3", timeout=0.2)
    assert "a3" in wire.emu.state.domains["thexyz.com"].mailboxes
    assert wire.add("a4")["returncode"] == 1


def test_strict_panel(with_preset):
    wire = with_preset("strict_panel")
    assert wire.add(password="Eight!23")["returncode"] == 0
    for number in range(10):
        assert wire.add(f"box{number}", quota=1)["returncode"] == 1
    assert wire.add()["returncode"] == 0
    box = {"username": "box1", "domain": "thexyz.com"}
    wire.ok("disableUser", **box)
    wire.no("disableUser", **box)
    wire.no(
        "updateUser",
        editusername="box2",
        editdomain="thexyz.com",
        editpassword="Str0ng!enough",
    )


def test_other_units(with_preset):
    wire = with_preset("other_units")
    wire.emu.seed_mailbox("thexyz.com", "bob", quota_mb=5000, usage_mb=700, lastauth=5)
    row = wire.page()["returndata"][0]
    seen = row["quota"], row["usage"], row["lastauth_timestamp"]
    assert seen == ("5120", "0.7 GB", "5")


def test_hostile_shapes(with_preset):
    wire = with_preset("hostile_shapes")
    assert wire.page()["returndata"] == ""
    wire.add()
    rows = wire.page()["returndata"]
    assert isinstance(rows, dict)
    assert "email" not in rows["0"]


def test_big_domain(with_preset):
    wire = with_preset("big_domain")
    wire.emu.switch_off("slow_listing")
    body = wire.page(offset=0, limit=9999)
    assert len(body["returndata"]) == 500
    assert body["meta"] == {"all": 20_000}
    assert wire.page(offset=500)["meta"] == {"all": 20_001}

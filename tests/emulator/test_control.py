"""The control interface, over HTTP."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def control(emu, fetch):
    """``control("/switch", {...})`` posts; without a body it reads."""

    def talk(path, wish=None, headers=JSON):
        method = "GET" if wish is None else "POST"
        body = None if wish is None else json.dumps(wish)
        return fetch(method, emu.control_url + path, body, headers)

    return talk


def test_seeding_and_reading_state(emu, control):
    wish = {
        "domains": ["empty.example"],
        "mailboxes": [{"domain": "thexyz.com", "username": "bob", "quota_mb": 700}],
        "aliases": [
            {"domain": "thexyz.com", "alias": "sales", "forward": "bob@thexyz.com"}
        ],
        "lists": [
            {"domain": "thexyz.com", "lname": "team", "members": ["a@b.example"]}
        ],
        "big": {"domain": "thexyz.ca", "n": 4},
    }
    assert control("/seed", wish).json == {"ok": True}
    state = control("/state").json
    assert state["preset"] == "calm"
    home = state["domains"]["thexyz.com"]
    assert home["mailboxes"]["bob"]["quota_mb"] == 700
    assert home["lists"]["team"]["members"] == ["a@b.example"]
    assert len(state["domains"]["thexyz.ca"]["mailboxes"]) == 4
    assert "empty.example" in state["domains"]
    assert "password" not in json.dumps(state)


def test_what_became_of_a_mailbox(emu, control):
    box = {"domain": "thexyz.com", "username": "bob"}
    assert control("/seed", {"mailboxes": [box]}).status == 200
    used = {**box, "usage_mb": 512, "lastauth": 1_700_000_000}
    assert control("/seed", {"changes": [used]}).json == {"ok": True}
    assert emu.state.domains["thexyz.com"].mailboxes["bob"].usage_mb == 512
    nobody = control("/seed", {"changes": [{**used, "username": "eve"}]})
    assert nobody.status == 400
    assert "no mailbox eve" in nobody.json["error"]
    odd = control("/seed", {"changes": [{**box, "colour": "red"}]})
    assert "colour" in odd.json["error"]


def test_the_journal_is_read_from_a_number_on(wire, control):
    wire.add()
    entries = control("/journal").json["entries"]
    assert [e["action"] for e in entries] == ["login", "addUser"]
    assert entries[1]["params"]["password"] == "***"
    later = control(f"/journal?since={entries[0]['number']}").json["entries"]
    assert [e["action"] for e in later] == ["addUser"]
    assert control("/journal?since=x").status == 400


def test_switches_go_on_with_scope_and_off(emu, control):
    wish = {
        "name": "http_5xx_after_apply",
        "action": "addUser",
        "domain": "thexyz.com",
        "count": 2,
        "params": {"status": 504},
    }
    assert control("/switch", wish).status == 200
    on = control("/switches").json["on"]
    assert on[0]["name"] == "http_5xx_after_apply"
    assert on[0]["action"] == ["addUser"]
    assert (on[0]["count"], on[0]["params"]["status"]) == (2, 504)
    control("/switch", {"name": "http_5xx_after_apply", "on": False})
    assert emu.switches == []
    control("/switch", {"name": "bom"})
    control("/switch", {"on": False, "all": True})
    assert emu.switches == []
    listed = control("/switches").json
    assert len(listed["available"]) > 50
    assert "big_domain" in listed["presets"]


def test_clock_preset_and_reset(emu, wire, control):
    before = control("/clock").json
    assert control("/clock", {"advance": 90}).status == 200
    after = control("/clock").json
    assert after["offset"] == 90
    assert after["now"] >= before["now"] + 90
    wire.add()
    control("/preset", {"name": "other_units"})
    assert emu.preset == "other_units"
    assert "bob" in emu.state.domains["thexyz.com"].mailboxes
    control("/reset", {"preset": "strict_panel"})
    assert emu.preset == "strict_panel"
    assert emu.journal == []
    control("/reset", {})
    assert emu.preset == "calm"


@pytest.mark.parametrize(
    ("path", "wish"),
    [
        ("/switch", {"name": "nonsense"}),
        ("/switch", {}),
        ("/switch", {"name": "bom", "params": [1]}),
        ("/switch", {"name": "latency", "count": "many"}),
        ("/switch", {"name": "latency", "seconds": 0.2}),
        ("/clock", {"advance": -1}),
        ("/clock", {}),
        ("/preset", {"name": "stormy"}),
        ("/seed", {"mailboxes": {}}),
        ("/seed", {"mailboxes": [{"domain": "thexyz.com"}]}),
        ("/seed", []),
    ],
)
def test_wrong_wishes_are_answered_with_a_reason(control, path, wish):
    answer = control(path, wish)
    assert answer.status == 400
    assert answer.json["error"]


def test_unknown_paths_and_types(emu, control, fetch):
    assert control("/nothing").status == 404
    assert control("/nothing", {}).status == 404
    url = emu.control_url + "/reset"
    assert fetch("POST", url, "{}", {"Content-Type": "text/plain"}).status == 415
    assert fetch("POST", url, "{", JSON).status == 400


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "[::"])
def test_other_host_names_are_refused(emu, wire, control, host):
    wire.add()
    headers = {**JSON, "Host": host}
    assert control("/state", headers=headers).status == 403
    assert control("/", headers=headers).status == 403
    assert control("/reset", {}, headers).status == 403
    assert len(emu.journal) == 2


@pytest.mark.parametrize("host", ["localhost:1", "127.0.0.1", "[::1]:80"])
def test_loopback_names_are_accepted(control, host):
    assert control("/clock", headers={"Host": host}).status == 200


@pytest.mark.parametrize(
    "sign",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_posts_from_other_sites_are_refused(emu, wire, control, sign):
    wire.add()
    assert control("/reset", {}, {**JSON, **sign}).status == 403
    assert len(emu.journal) == 2


def test_forms_work_and_come_back_to_the_page(emu, fetch):
    own = {**FORM, "Origin": emu.control_url, "Sec-Fetch-Site": "same-origin"}
    fields = {
        "name": "timeout_after_apply",
        "on": "1",
        "action": "@write",
        "domain": "",
        "mailbox": "",
        "host": "",
        "count": "2",
        "every": "",
        "phase": "",
        "params": "hold=3",
    }
    answer = fetch("POST", emu.control_url + "/switch", urlencode(fields), own)
    assert (answer.status, answer.headers["Location"]) == (303, "/")
    entry = emu.switches[0]
    assert (entry.count, entry.params["hold"], entry.actions) == (2, 3.0, ("@write",))
    off = urlencode({"name": "timeout_after_apply", "on": "0"})
    fetch("POST", emu.control_url + "/switch", off, own)
    assert emu.switches == []
    wrong = urlencode({"advance": "<b>soon</b>"})
    answer = fetch("POST", emu.control_url + "/clock", wrong, own)
    assert answer.status == 400
    assert b'role="alert"' in answer.body
    assert b"<b>soon" not in answer.body

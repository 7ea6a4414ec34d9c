"""Switches of what the platform accepts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

GOOD = "Str0ng!enough"
BOB = {"username": "bob", "domain": "thexyz.com"}
EDIT_BOB = {"editusername": "bob", "editdomain": "thexyz.com"}
HOME = {"domain": "thexyz.com"}


def home(emu: Any) -> Any:
    return emu.state.domains["thexyz.com"]


@pytest.mark.parametrize("holder", ["mailbox", "alias", "list"])
def test_a_stranger_holds_the_name(emu, wire, holder):
    wire.no("getUserInfo", **BOB)
    emu.switch_on("mailbox_exists", holder=holder, count=1)
    assert wire.add()["returncode"] == 0
    assert home(emu).holder("bob") == holder
    assert emu.journal[-1].outcome == "refused"
    if holder == "mailbox":
        assert home(emu).mailboxes["bob"].uname == "Somebody else"
    assert wire.add("anna")["returncode"] == 1


def test_weak_password_keeps_the_old_one(emu, wire):
    wire.add()
    emu.switch_on("weak_password")
    assert "weak" in wire.no("updateUser", editpassword="An0ther!pass", **EDIT_BOB)
    assert home(emu).mailboxes["bob"].password == GOOD
    assert wire.add("anna")["returncode"] == 0
    emu.switch_on("weak_password", min_length=12)
    wire.no("updateUser", editpassword="Eleven!char", **EDIT_BOB)
    wire.ok("updateUser", editpassword="Twelve!ch4rs", **EDIT_BOB)


def test_reused_passwords_are_the_current_and_the_last_former_ones(emu, wire):
    wire.add(password="First!pass1")
    for n in (2, 3, 4):
        wire.ok("updateUser", editpassword=f"Later!pass{n}", **EDIT_BOB)
    emu.switch_on("reused_password", last=2)
    assert "current" in wire.no("updateUser", editpassword="Later!pass4", **EDIT_BOB)
    assert "previous" in wire.no("updateUser", editpassword="Later!pass3", **EDIT_BOB)
    wire.no("updateUser", editpassword="Later!pass2", **EDIT_BOB)
    wire.ok("updateUser", editpassword="First!pass1", **EDIT_BOB)


def test_password_refusals_can_be_neutral(emu, wire):
    emu.switch_on("password_refused_text")
    text = wire.add(password="weak")["returndata"]
    assert "password" not in text.lower()
    assert wire.add(password="weak", quota="0")["returncode"] == 0
    emu.switch_on("password_refused_text", text="No.")
    assert wire.add(password="weak")["returndata"] == "No."


@pytest.mark.parametrize(
    ("limit", "wish", "code"),
    [
        ({}, {}, 0),
        ({"mailboxes": 1}, {}, 0),
        ({"mailboxes": 2}, {}, 1),
        ({"basic": 1}, {}, 0),
        ({"basic": 1}, {"account_type": 2}, 1),
        ({"enhanced": 0}, {"account_type": 2}, 0),
        ({"enhanced": 0}, {}, 1),
        ({"quota": 9}, {"quota": 5}, 0),
        ({"quota": 10}, {"quota": 5}, 1),
    ],
)
def test_limit_reached(emu, wire, limit, wish, code):
    emu.seed_mailbox("thexyz.ca", "anna", quota_mb=5000)
    emu.switch_on("limit_reached", **limit)
    assert wire.add(**wish)["returncode"] == code


def test_limits_concern_growth_only(emu, wire):
    wire.add(quota=5)
    emu.switch_on("limit_reached")
    wire.no("updateUser", editquota=6, **EDIT_BOB)
    wire.ok("updateUser", editquota=4, **EDIT_BOB)
    emu.switch_on("limit_reached", enhanced=0)
    wire.no("updateUser", editaccount_type=2, **EDIT_BOB)
    assert home(emu).mailboxes["bob"].account_type == 1


def test_domain_refusals(emu, wire):
    for name in ("domain_missing", "domain_unverified"):
        emu.switch_on(name, domain="thexyz.com")
        assert wire.add()["returncode"] == 0
        assert wire.add(name.replace("_", "-"), "thexyz.ca")["returncode"] == 1
    assert wire.call("getDomainVerification", **HOME)["returncode"] == 1
    emu.switches_off()
    emu.switch_on("domain_basic_only")
    assert wire.add(account_type=2)["returncode"] == 0
    assert wire.add()["returncode"] == 1
    wire.no("updateUser", editaccount_type=2, **EDIT_BOB)


def repeats(emu: Any, wire: Any) -> Iterator[int]:
    """Each change made twice; the second answer is what counts."""
    team = {"editlname": "team", "editdomain": "thexyz.com"}
    emu.seed_list("thexyz.com", "team")
    steps = [
        ("disableUser", BOB),
        ("enableUser", BOB),
        ("removeUser", BOB),
        ("removeAlias", {"alias": "sales", **HOME}),
        ("addListMember", {"newmember": "a@b.example", **team}),
        ("removeListMember", {"lname": "team", "member": "a@b.example", **HOME}),
        ("removeList", {"lname": "team", **HOME}),
    ]
    wire.add()
    emu.seed_alias("thexyz.com", "sales", "bob@thexyz.com")
    for action, fields in steps:
        wire.ok(action, **fields)
        yield wire.call(action, **fields)["returncode"]


@pytest.mark.parametrize(("answer", "code"), [("ok", 1), ("fail", 0)])
def test_already_in_state(emu, wire, answer, code):
    emu.switch_on("already_in_state", answer=answer)
    assert set(repeats(emu, wire)) == {code}


def test_partial_update_blanks(emu, wire):
    wire.add()
    emu.switch_on("partial_update_blanks")
    wire.ok("updateUser", editpassword="An0ther!pass", **EDIT_BOB)
    box = home(emu).mailboxes["bob"]
    assert (box.uname, box.quota_mb) == ("", 0)
    wire.ok("updateUser", edituname="Bob", editquota=5, **EDIT_BOB)
    assert (box.uname, box.quota_mb) == ("Bob", 5000)


def test_localisation_ignored(emu, wire):
    wire.add()
    emu.switch_on("localisation_ignored")
    wire.ok("updateUser", edituser_language="fr", edittimezone="X", **EDIT_BOB)
    info = wire.ok("getUserInfo", **BOB)
    assert (info["user_language"], info["timezone"]) == ("en", "")
    emu.switch_on("localisation_ignored", action="addUser")
    wire.add("anna", user_language="de")
    assert home(emu).mailboxes["anna"].user_language == "en"


def test_localisation_names(emu, wire):
    wire.add()
    emu.switch_on("localisation_names", language="editlang", timezone="edittz")
    wire.ok("updateUser", edituser_language="xx", editlang="de", **EDIT_BOB)
    wire.ok("updateUser", edittz="Asia/Tokyo", editdateformat="iso", **EDIT_BOB)
    box = home(emu).mailboxes["bob"]
    assert box.user_language == "de"
    assert (box.timezone, box.dateformat) == ("Asia/Tokyo", "iso")


def test_cascade_on_remove(emu, wire):
    wire.add()
    emu.seed_alias("thexyz.ca", "sales", "Bob@thexyz.com")
    emu.seed_alias("thexyz.ca", "other", "anna@thexyz.com")
    emu.seed_list("thexyz.ca", "team", ["bob@thexyz.com", "a@b.example"])
    emu.switch_on("cascade_on_remove")
    wire.ok("removeUser", **BOB)
    other = emu.state.domains["thexyz.ca"]
    assert other.aliases == {"other": "anna@thexyz.com"}
    assert other.lists["team"].members == ["a@b.example"]

"""Aliases, lists and forwards over the wire."""

from __future__ import annotations

from typing import Any

import pytest

HOME = {"domain": "thexyz.com"}


def test_an_alias_is_added_listed_and_removed(emu, wire):
    wire.ok("addAlias", alias="sales", forward="bob@thexyz.com", **HOME)
    assert emu.state.domains["thexyz.com"].aliases["sales"] == "bob@thexyz.com"
    assert wire.ok("getAllAliasesDomain", **HOME) == [
        {"alias": "sales", "domain": "thexyz.com", "forward": "bob@thexyz.com"}
    ]
    wire.no("addAlias", alias="sales", forward="anna@thexyz.com", **HOME)
    wire.ok("removeAlias", alias="sales", **HOME)
    wire.no("removeAlias", alias="sales", **HOME)
    assert wire.ok("getAllAliasesDomain", **HOME) == []


@pytest.mark.parametrize(
    "wrong",
    [{"target": "bob@thexyz.com"}, {"forward": "bob"}, {"forward": ""}, {}],
)
def test_an_alias_needs_a_forward_that_is_an_address(wire, wrong):
    wire.no("addAlias", alias="sales", **HOME, **wrong)


def test_a_list_is_made_filled_emptied_and_removed(emu, wire):
    wire.ok("addList", newlname="team", newlisttype=1, **HOME)
    assert wire.ok("getAllListsDomain", **HOME) == [{"lname": "team", "listtype": "1"}]
    team = {"editlname": "team", "editdomain": "thexyz.com"}
    wire.ok("addListMember", newmember="bob@thexyz.com", **team)
    wire.ok("addListMember", newmember="ext@other.example", **team)
    wire.no("addListMember", newmember="BOB@thexyz.com", **team)
    assert wire.ok("getListMembers", lname="team", **HOME) == [
        {"member": "bob@thexyz.com"},
        {"member": "ext@other.example"},
    ]
    wire.ok("removeListMember", lname="team", member="bob@thexyz.com", **HOME)
    wire.no("removeListMember", lname="team", member="bob@thexyz.com", **HOME)
    assert emu.state.domains["thexyz.com"].lists["team"].members == [
        "ext@other.example"
    ]
    wire.ok("removeList", lname="team", **HOME)
    wire.no("removeList", lname="team", **HOME)
    wire.no("getListMembers", lname="team", **HOME)


def test_member_calls_take_only_their_own_asymmetrical_names(emu, wire):
    emu.seed_list("thexyz.com", "team", ["bob@thexyz.com"])
    wire.no("addListMember", lname="team", member="anna@thexyz.com", **HOME)
    wire.no(
        "removeListMember",
        editlname="team",
        editdomain="thexyz.com",
        newmember="bob@thexyz.com",
    )
    assert emu.state.domains["thexyz.com"].lists["team"].members == ["bob@thexyz.com"]


def user_token(wire: Any, password: str) -> Any:
    return wire.raw(
        "login", host="user", username="bob", password=password, **HOME
    ).json


def test_forwards_are_set_through_the_user_api_with_a_one_time_password(emu, wire):
    wire.add()
    otp = wire.ok("getOTPass", username="bob", **HOME)
    body = user_token(wire, otp)
    assert body["returncode"] == 1
    mine = {"host": "user", "token": body["returndata"]}
    wire.ok("addForward", newforward="copy@other.example", **mine)
    wire.no("addForward", newforward="copy@other.example", **mine)
    assert wire.ok("getForwards", **mine) == [{"forward": "copy@other.example"}]
    assert wire.ok("getAllForwardsDomain", **HOME) == [
        {"username": "bob", "forward": "copy@other.example"}
    ]
    assert emu.state.domains["thexyz.com"].forwards == {"bob": ["copy@other.example"]}
    wire.ok("removeForward", forward="copy@other.example", **mine)
    wire.no("removeForward", forward="copy@other.example", **mine)
    assert wire.ok("getAllForwardsDomain", **HOME) == []


def test_the_mailbox_password_opens_the_user_api_too(wire):
    wire.add(password="Own!passw0rd")
    assert user_token(wire, "Own!passw0rd")["returncode"] == 1
    assert user_token(wire, "wrong")["returncode"] == 0


def test_tokens_open_only_their_own_door(wire):
    wire.add()
    body = user_token(wire, wire.ok("getOTPass", username="bob", **HOME))
    wire.no("getAllDomains", token=body["returndata"])
    wire.no("getForwards", host="user")

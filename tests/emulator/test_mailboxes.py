"""Mailboxes over the wire, with no switch on."""

from __future__ import annotations

import pytest

GOOD = "Str0ng!enough"
BOB = {"username": "bob", "domain": "thexyz.com"}
EDIT_BOB = {"editusername": "bob", "editdomain": "thexyz.com"}


def test_a_mailbox_is_created_and_read_back_with_text_scalars(emu, wire):
    assert wire.add(timezone="Europe/Paris", dateformat="dd-mm-yyyy")["returncode"] == 1
    assert wire.ok("getUserInfo", **BOB) == {
        "username": "bob",
        "domain": "thexyz.com",
        "email": "bob@thexyz.com",
        "uname": "Bob Example",
        "account_type": "1",
        "quota": "5000",
        "usage": "0",
        "disabled": "0",
        "lastauth_timestamp": None,
        "twofa_allowed": "1",
        "user_language": "en",
        "timezone": "Europe/Paris",
        "dateformat": "dd-mm-yyyy",
    }
    box = emu.state.domains["thexyz.com"].mailboxes["bob"]
    assert (box.username, box.uname, box.account_type) == ("bob", "Bob Example", 1)
    assert (box.quota_mb, box.password, box.disabled) == (5000, GOOD, False)


@pytest.mark.parametrize(
    ("written", "stored"), [("5", 5000), ("0.5", 500), ("2.25", 2250), ("1", 1000)]
)
def test_quota_is_written_in_gigabytes(emu, wire, written, stored):
    wire.add(quota=written)
    assert emu.state.domains["thexyz.com"].mailboxes["bob"].quota_mb == stored
    assert wire.ok("getUserInfo", **BOB)["quota"] == str(stored)


@pytest.mark.parametrize(
    "wrong",
    [
        {"username": ""},
        {"username": "bob@thexyz.com"},
        {"username": ".bob"},
        {"domain": "elsewhere.example"},
        {"account_type": "3"},
        {"quota": "0"},
        {"quota": "-1"},
        {"quota": "nan"},
        {"quota": "many"},
        {"password": "Sh0rt!x"},
        {"password": "nouppercase1!"},
        {"password": "NOLOWERCASE1!"},
        {"password": "NoDigits!!"},
        {"password": "NoSymbols11"},
    ],
)
def test_a_wrong_order_is_refused_with_a_text_and_status_200(emu, wire, wrong):
    before = emu.snapshot()
    body = wire.add(**wrong)
    assert body["returncode"] == 0
    assert isinstance(body["returndata"], str)
    assert body["returndata"]
    assert emu.snapshot() == before
    assert emu.journal[-1].outcome == "refused"


def test_names_are_unique_across_mailboxes_aliases_and_lists(emu, wire):
    emu.seed_alias("thexyz.com", "sales", "bob@thexyz.com")
    emu.seed_list("thexyz.com", "team")
    emu.seed_mailbox("thexyz.com", "bob")
    for taken in ("sales", "team", "bob", "BOB"):
        assert wire.add(taken)["returncode"] == 0
    assert wire.add("bob", "thexyz.ca")["returncode"] == 1


def test_an_update_needs_the_edit_names_and_ignores_the_plain_ones(emu, wire):
    wire.add()
    wire.no("updateUser", username="bob", domain="thexyz.com", quota=9)
    wire.ok("updateUser", **EDIT_BOB, quota=9, uname="No")
    assert emu.journal[-1].changed is False
    wire.ok(
        "updateUser", **EDIT_BOB, edituname="Robert", editaccount_type=2, editquota=10
    )
    info = wire.ok("getUserInfo", **BOB)
    assert (info["uname"], info["account_type"], info["quota"]) == (
        "Robert",
        "2",
        "10000",
    )


def test_a_partial_update_keeps_the_rest(emu, wire):
    wire.add()
    wire.ok("updateUser", **EDIT_BOB, editpassword="An0ther!pass")
    box = emu.state.domains["thexyz.com"].mailboxes["bob"]
    assert (box.uname, box.quota_mb, box.password) == (
        "Bob Example",
        5000,
        "An0ther!pass",
    )
    assert "Password" in wire.no("updateUser", **EDIT_BOB, editpassword="weak")
    assert box.password == "An0ther!pass"


def test_localisation_is_updated_by_the_edit_pattern(wire):
    wire.add()
    wire.ok(
        "updateUser",
        **EDIT_BOB,
        edituser_language="fr",
        edittimezone="Asia/Tokyo",
        editdateformat="yyyy-mm-dd",
    )
    info = wire.ok("getUserInfo", **BOB)
    assert info["user_language"] == "fr"
    assert info["timezone"] == "Asia/Tokyo"
    assert info["dateformat"] == "yyyy-mm-dd"


def test_suspending_twice_is_answered_well_but_changes_once(emu, wire):
    wire.add()
    for action, disabled in (("disableUser", "1"), ("enableUser", "0")):
        wire.ok(action, **BOB)
        wire.ok(action, **BOB)
        assert wire.ok("getUserInfo", **BOB)["disabled"] == disabled
        changes = [e.changed for e in emu.journal if e.action == action]
        assert changes == [True, False]


def test_removing_leaves_aliases_and_memberships(emu, wire):
    wire.add()
    emu.seed_alias("thexyz.com", "sales", "bob@thexyz.com")
    emu.seed_list("thexyz.com", "team", ["bob@thexyz.com"])
    wire.ok("removeUser", **BOB)
    domain = emu.state.domains["thexyz.com"]
    assert domain.mailboxes == {}
    assert domain.aliases == {"sales": "bob@thexyz.com"}
    assert domain.lists["team"].members == ["bob@thexyz.com"]
    wire.no("removeUser", **BOB)
    wire.no("getUserInfo", **BOB)


@pytest.mark.parametrize(
    "name",
    ["deleteUser", "getUsers", "getDomains", "updatePassword", "getDomainHealth", ""],
)
def test_untrusted_names_are_unknown(emu, wire, name):
    wire.add()
    wire.no(name, **BOB)
    assert "bob" in emu.state.domains["thexyz.com"].mailboxes


def test_pages_slice_rows_and_carry_a_total(emu, wire):
    emu.seed_big("thexyz.com", 25)
    body = wire.page(offset=20, limit=10)
    assert [row["username"] for row in body["returndata"]] == [
        f"user{n:05d}" for n in range(20, 25)
    ]
    assert body["meta"] == {"all": 25}
    assert wire.page(offset=99)["returndata"] == []
    whole = wire.page(slicing=0, limit=0)
    assert len(whole["returndata"]) == 25
    assert "meta" not in whole


def test_quota_and_usage_are_listed_only_on_request(emu, wire):
    emu.seed_mailbox("thexyz.com", "bob", quota_mb=2000, usage_mb=1234)
    row = wire.page()["returndata"][0]
    assert (row["quota"], row["usage"]) == ("2000", "1234")
    assert "quota" not in wire.page(showQuota=0)["returndata"][0]


def test_login_secrets_are_listed_only_on_request(emu, wire):
    emu.seed_mailbox("thexyz.com", "bob")
    assert "otp" not in wire.page()["returndata"][0]
    assert {"otp", "token"} <= set(wire.page(getOTPAndToken=1)["returndata"][0])


def test_search_matches_name_and_display_name(emu, wire):
    emu.seed_mailbox("thexyz.com", "bob", uname="Robert Paulson")
    emu.seed_mailbox("thexyz.com", "anna", uname="Anna")
    query = {"domain": "thexyz.com", "slicing": 1, "offset": 0, "limit": 10}
    for term in ("BOB", "paulson", "bob@thexyz.com"):
        body = wire.call("searchUsers", search=term, **query)
        assert [row["username"] for row in body["returndata"]] == ["bob"]
        assert body["meta"] == {"all": 1}


def test_mailboxes_are_counted_by_type(emu, wire):
    emu.seed_mailbox("thexyz.com", "bob", account_type=2)
    emu.seed_mailbox("thexyz.com", "anna")
    emu.seed_mailbox("thexyz.com", "carl")
    assert wire.ok("getTotalUsersDomain", domain="thexyz.com", atype="B") == 2
    assert wire.ok("getTotalUsersDomain", domain="thexyz.com", atype="E") == 1


def test_text_travels_unharmed(wire):
    name = 'Zoë <b>&amp;</b> "日本" + %20/\\'
    wire.add(uname=name)
    assert wire.ok("getUserInfo", **BOB)["uname"] == name

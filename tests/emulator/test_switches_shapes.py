"""Switches of the envelope and of the rows in it."""

from __future__ import annotations

import json
import math

import pytest

BOB = {"username": "bob", "domain": "thexyz.com"}
HOME = {"domain": "thexyz.com"}


@pytest.fixture
def full(emu, wire):
    """Two mailboxes, one alias, one list; the second mailbox was used."""
    emu.seed_mailbox(
        "thexyz.com",
        "bob",
        uname="Bob & <Co>",
        quota_mb=5000,
        usage_mb=1200,
        lastauth=1_700_000_000.0,
    )
    emu.seed_mailbox("thexyz.com", "zoe")
    emu.seed_alias("thexyz.com", "sales", "bob@thexyz.com")
    emu.seed_list("thexyz.com", "team", ["bob@thexyz.com"])
    wire.login()
    return wire


@pytest.mark.parametrize(
    ("variant", "parses"),
    [
        ("truncated", False),
        ("trailing_comma", False),
        ("two_documents", False),
        ("json_string", True),
        ("json_list", True),
        ("null", True),
    ],
)
def test_malformed_json_is_never_one_object(emu, wire, variant, parses):
    wire.login()
    emu.switch_on("malformed_json", variant=variant, action="addUser", count=1)
    body = wire.answer(
        "addUser", account_type=1, quota=1, password="Str0ng!enough", **BOB
    ).body
    if parses:
        assert not isinstance(json.loads(body), dict)
    else:
        with pytest.raises(ValueError, match=r"\w"):
            json.loads(body)
    assert "bob" in emu.state.domains["thexyz.com"].mailboxes
    assert emu.journal[-1].outcome == "fault:malformed_json"
    emu.switch_on("malformed_json", phase="before", action="removeUser")
    wire.answer("removeUser", **BOB)
    assert "bob" in emu.state.domains["thexyz.com"].mailboxes


def test_warning_prefix_and_bom_precede_valid_json(emu, full):
    emu.switch_on("warning_prefix")
    emu.switch_on("bom")
    body = full.answer("getAllDomains").body
    assert body.startswith(b"\xef\xbb\xbf<br")
    assert json.loads(body[body.index(b"{") :])["returncode"] == 1
    emu.switch_off("warning_prefix")
    assert full.answer("getAllDomains").body.startswith(b"\xef\xbb\xbf{")


@pytest.mark.parametrize(("phase", "left"), [("before", True), ("after", False)])
@pytest.mark.parametrize("name", ["empty_body", "html_error_page"])
def test_empty_and_html_bodies_by_phase(emu, full, name, phase, left):
    emu.switch_on(name, phase=phase, action="removeUser")
    answer = full.answer("removeUser", **BOB)
    assert answer.status == 200
    assert (answer.body == b"") is (name == "empty_body")
    assert ("bob" in emu.state.domains["thexyz.com"].mailboxes) is left


@pytest.mark.parametrize("status", [200, 403, 500, 522])
def test_html_error_page_has_any_status(emu, full, status):
    emu.switch_on("html_error_page", status=status)
    answer = full.answer("getAllDomains")
    assert (answer.status, answer.body[:9]) == (status, b"<!DOCTYPE")


@pytest.mark.parametrize(
    ("code", "seen"), [("2", 2), (-1, -1), ("null", None), (None, None)]
)
def test_odd_returncode(emu, full, code, seen):
    emu.switch_on("odd_returncode", code=code)
    assert full.call("getAllDomains")["returncode"] == seen
    emu.switch_on("odd_returncode", code="missing")
    assert "returncode" not in full.call("getAllDomains")


def test_scalar_types_strings(emu, full):
    emu.switch_on("scalar_types", mode="strings")
    body = full.page()
    assert body["returncode"] == "1"
    assert body["meta"] == {"all": "2"}
    assert body["returndata"][0]["quota"] == "5000"
    assert full.call("getTotalUsersDomain", **HOME)["returndata"] == "2"
    assert full.call("getDomainInfo", **HOME)["returndata"]["vusers"] == "2"


def test_scalar_types_ints_leave_names_alone(emu, full):
    emu.seed_mailbox("thexyz.com", "12345", uname="678")
    emu.switch_on("scalar_types", mode="ints")
    row = full.page()["returndata"][0]
    assert (row["username"], row["uname"]) == ("12345", "678")
    assert (row["quota"], row["disabled"], row["account_type"]) == (1000, 0, 1)


def test_scalar_types_mixed_differ_within_one_object(emu, full):
    emu.switch_on("scalar_types", mode="mixed")
    row = full.page()["returndata"][0]
    kinds = {type(row[k]) for k in ("account_type", "disabled", "quota", "usage")}
    assert kinds == {int, str}
    assert full.page()["returndata"][0] == row


LISTINGS = [
    ("getAllAliasesDomain", HOME),
    ("getAllListsDomain", HOME),
    ("getListMembers", {"lname": "team", **HOME}),
    ("getAllDomains", {}),
]


@pytest.mark.parametrize(("action", "fields"), LISTINGS)
def test_row_shape(emu, full, action, fields):
    plain = full.ok(action, **fields)
    emu.switch_on("row_shape", shape="php_object")
    holey = full.ok(action, **fields)
    assert list(holey.values()) == plain
    assert list(holey)[1:2] in ([], ["2"])
    emu.switch_on("row_shape", shape="single_object")
    assert full.ok(action, **fields) == (plain[0] if len(plain) == 1 else plain)
    emu.switch_on("row_shape", shape="list")
    assert full.ok(action, **fields) == plain


@pytest.mark.parametrize(
    ("shape", "seen"),
    [("[]", []), ("{}", {}), ('""', ""), ("null", None), ("false", False)],
)
def test_empty_shape(emu, wire, shape, seen):
    emu.switch_on("empty_shape", shape=shape)
    assert wire.ok("getAllAliasesDomain", **HOME) == seen
    assert wire.page()["returndata"] == seen
    emu.switch_on("empty_shape", shape="fail")
    wire.no("getAllAliasesDomain", **HOME)


def test_missing_null_and_extra_fields(emu, full):
    emu.switch_on("missing_fields")
    assert "email" not in full.page()["returndata"][0]
    assert "uname" not in full.ok("getUserInfo", **BOB)
    emu.switch_on("missing_fields", fields="quota,usage")
    row = full.page()["returndata"][0]
    assert "quota" not in row
    assert "email" in row
    emu.switches_off()
    emu.switch_on("null_fields", fields=["uname"])
    assert full.page()["returndata"][0]["uname"] is None
    emu.switches_off()
    emu.switch_on("extra_fields")
    row = full.page()["returndata"][0]
    assert row["username"] == "bob"
    assert row["x_nested"]
    emu.switch_on("extra_fields", values="odd")
    row = full.page()["returndata"][0]
    assert row["username"] == "bob"
    assert row["half \ud800\x00"] == "half \udfff\x00"
    assert math.isnan(row["x_nan"])
    assert math.isinf(row["x_inf"])


@pytest.mark.parametrize(
    ("unit", "seen"), [("mb1000", "5000"), ("mb1024", "5120"), ("gb", "5")]
)
def test_quota_read_unit(emu, full, unit, seen):
    emu.switch_on("quota_read_unit", unit=unit)
    assert full.ok("getUserInfo", **BOB)["quota"] == seen
    assert full.page()["returndata"][0]["quota"] == seen


@pytest.mark.parametrize(
    ("form", "seen"),
    [("number", "1200"), ("text", "1.2 GB"), ("percent", "24%"), ("null", None)],
)
def test_usage_format(emu, full, form, seen):
    emu.switch_on("usage_format", form=form)
    assert full.page()["returndata"][0]["usage"] == seen


@pytest.mark.parametrize(
    ("form", "seen"),
    [
        ("text", "2023-11-14 22:13:20"),
        ("epoch", "1700000000"),
        ("null", None),
        ("zero", "0000-00-00 00:00:00"),
    ],
)
def test_timestamp_format(emu, full, form, seen):
    emu.switch_on("timestamp_format", form=form)
    assert full.page()["returndata"][0]["lastauth_timestamp"] == seen


def test_html_entities(emu, full):
    emu.switch_on("html_entities")
    assert full.page()["returndata"][0]["uname"] == "Bob &amp; &lt;Co&gt;"
    assert full.ok("getUserInfo", **BOB)["uname"] == "Bob &amp; &lt;Co&gt;"


def test_userinfo_shape(emu, full):
    whole = full.ok("getUserInfo", **BOB)
    emu.switch_on("userinfo_shape", shape="list")
    assert full.ok("getUserInfo", **BOB) == [whole]
    emu.switch_on("userinfo_shape", shape="minimal")
    assert set(full.ok("getUserInfo", **BOB)) == {"username", "domain", "email"}
    emu.switch_on("userinfo_shape", shape="fail")
    full.no("getUserInfo", **BOB)
    emu.switch_on("userinfo_shape", shape="object")
    assert full.ok("getUserInfo", **BOB) == whole

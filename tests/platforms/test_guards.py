"""What cannot be sent at all, and what is never shown."""

from __future__ import annotations

import base64
import contextlib
import logging
from urllib.parse import quote_plus

import pytest

from housemail.platforms.base import (
    Address,
    Call,
    Deadline,
    PlatformError,
    PlatformRefused,
)
from housemail.platforms.emailarray.actions import RULES, Action, check_permit
from housemail.platforms.emailarray.client import Client
from housemail.platforms.emailarray.platform import EmailArray
from housemail.platforms.recording import recording
from tests.platforms import hostile as bad
from tests.platforms.hostile import ANNA, PASSWORD, TOKEN, Hostile, ok, refused, write

FORBIDDEN = [
    "removeDomain",
    "updateDomain",
    "changePassword",
    "changeEmail",
    "addDomain",
    "deleteUser",
    "setDomainBrandingV2",
    "login",
    "ADDUSER",
    "",
]


@pytest.mark.parametrize("action", FORBIDDEN)
def test_an_action_off_the_list_is_refused_before_any_io(
    hostile: Hostile, action: str
) -> None:
    with pytest.raises(ValueError, match=r".*"):
        hostile.client().call(action, {}, permit=None, deadline=Deadline.after(1))
    assert hostile.connections == 0


def test_every_action_has_a_rule() -> None:
    assert set(RULES) == set(Action)


@pytest.mark.parametrize(
    ("action", "params", "permit"),
    [
        ("addUser", {"username": "bob", "domain": "house.test"}, ANNA),
        ("addUser", {"username": "anna", "domain": "other.test"}, ANNA),
        ("addUser", {"username": "anna"}, ANNA),
        ("addUser", {"username": "anna", "domain": "house.test"}, "house.test"),
        ("addUser", {"username": "anna", "domain": "house.test"}, None),
        ("searchUsers", {"search": "", "domain": "house.test"}, ANNA),
        ("searchUsers", {"search": "", "domain": "h.test"}, Address("", "h.test")),
        ("searchUsers", {"search": "a@b", "domain": "h"}, Address("a@b", "h")),
        (
            "removeUser",
            {"username": "anna", "domain": "house.test", "editusername": "bob"},
            ANNA,
        ),
        (
            "addAlias",
            {"alias": "anna", "domain": "house.test", "newdomain": "x.test"},
            ANNA,
        ),
        ("getAllUsersDomain", {"domain": "other.test"}, "house.test"),
        ("getAllUsersDomain", {"domain": ""}, ""),
        ("getAllDomains", {"domain": "house.test"}, None),
    ],
)
def test_a_name_outside_the_permit_is_refused_before_any_io(
    hostile: Hostile, action: str, params: dict[str, str], permit: Address | str | None
) -> None:
    with pytest.raises(ValueError, match=action):
        hostile.client().call(action, params, permit=permit, deadline=Deadline.after(1))
    assert hostile.connections == 0


def test_a_destination_elsewhere_is_no_name_of_ours() -> None:
    params = {"alias": "anna", "domain": "house.test", "forward": "x@other.test"}
    check_permit(Action.ADD_ALIAS, params, ANNA)


@pytest.mark.parametrize(
    ("params", "secrets"),
    [
        ({"password": "x"}, {}),
        ({"token": "x"}, {}),
        ({"action": "removeDomain"}, {}),
        ({}, {"token": "x"}),
        ({}, {"domain": "other.test"}),
    ],
)
def test_secrets_travel_in_their_own_argument_and_only_they(
    hostile: Hostile, params: dict[str, str], secrets: dict[str, str]
) -> None:
    with pytest.raises(ValueError, match="secrets"):
        hostile.client().call(
            "disableUser",
            {"username": "anna", "domain": "house.test", **params},
            permit=ANNA,
            deadline=Deadline.after(1),
            secrets=secrets,
        )
    assert hostile.connections == 0


def test_what_is_no_text_is_refused_before_any_io(hostile: Hostile) -> None:
    with pytest.raises(PlatformRefused, match="text"):
        hostile.client().call(
            "addUser",
            {"username": "anna", "domain": "house.test", "uname": "half \ud800"},
            permit=ANNA,
            deadline=Deadline.after(1),
        )
    assert hostile.connections == 0


def spellings(secret: str) -> set[str]:
    return {
        secret,
        quote_plus(secret),
        base64.b64encode(secret.encode()).decode(),
        secret.replace("&", "&amp;"),
    }


def test_no_secret_is_logged_recorded_or_raised(
    hostile: Hostile, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "housemail")
    calls: list[Call] = []
    echoes = " ".join(spellings(PASSWORD) | {f"{TOKEN}1", "Admin-pw-1"})
    hostile.script(refused(f"Bad password {echoes}"))
    client = hostile.client()
    with recording(calls.append), pytest.raises(PlatformRefused) as caught:
        write(client)
    shown = f"{caplog.text} {calls!r} {caught.value} {caught.value!r} {client!r}"
    assert "addUser" in caplog.text
    assert [call.action for call in calls][:2] == ["login", "addUser"]
    for secret in (*spellings(PASSWORD), f"{TOKEN}1"):
        assert secret not in shown


@pytest.mark.parametrize("action", ["getOTPass", "getOTPassAndToken"])
def test_one_time_passwords_are_in_no_record(hostile: Hostile, action: str) -> None:
    calls: list[Call] = []
    hostile.script(ok({"otp": "0tp-s3cret", "token": "t0k"}))
    with recording(calls.append):
        hostile.client().call(
            action,
            {"username": "anna", "domain": "house.test"},
            permit=ANNA,
            deadline=Deadline.after(5),
        )
    assert "s3cret" not in repr(calls)
    assert "t0k" not in repr(calls)
    assert TOKEN not in repr(calls)


def test_a_login_link_is_not_in_its_repr(hostile: Hostile) -> None:
    hostile.script(ok("0tp"))
    login = EmailArray(hostile.endpoint, "admin", "pw").webmail_login(
        ANNA, Deadline.after(5)
    )
    assert "processlogin" in login.url
    assert "processlogin" not in repr(login)


def test_a_recorded_answer_holds_only_the_operations_own_rows(hostile: Hostile) -> None:
    calls: list[Call] = []
    rows = [
        {"username": "anna", "uname": "Anna, not bob@house.test", "token": "x1y2"},
        {"username": "annabel", "uname": "Somebody Else"},
    ]
    hostile.script(ok(rows, meta={"all": 2}))
    with recording(calls.append):
        EmailArray(hostile.endpoint, "admin", "pw").look(
            ANNA, Deadline.after(5), calibrated=True
        )
    response = calls[-1].response
    assert response["rows"] == 2
    assert response["own"] == [
        {"username": "anna", "uname": "Anna, not ***@house.test", "token": "***"}
    ]
    assert "Somebody" not in repr(calls)
    assert calls[-1].request["search"] == "anna"
    assert calls[-1].outcome == "done"


@pytest.mark.parametrize(
    ("behaviour", "outcome"),
    [(ok(), "done"), (refused(), "refused"), (bad.close, "unknown")],
)
def test_outcomes_are_recorded_in_our_words(
    hostile: Hostile, behaviour: bad.Behaviour, outcome: str
) -> None:
    calls: list[Call] = []
    client = hostile.client()
    hostile.script(behaviour)
    with recording(calls.append), contextlib.suppress(PlatformError):
        write(client)
    assert calls[-1].outcome == outcome
    assert calls[-1].host == hostile.host
    assert "password" not in calls[-1].request


def test_a_recorder_that_fails_harms_no_call(hostile: Hostile) -> None:
    def broken(_: Call) -> None:
        raise RuntimeError("full disk")

    with recording(broken):
        write(hostile.client())


def test_recorders_nest_and_end() -> None:
    from housemail.platforms.recording import report

    outer: list[Call] = []
    inner: list[Call] = []
    call = Call("x", "h", 1, "done", {}, {})
    with recording(outer.append):
        with recording(inner.append):
            report(call)
        report(call)
        with recording(None):
            report(call)
    report(call)
    assert (len(outer), len(inner)) == (1, 1)


def test_foreign_bodies_are_not_echoed(hostile: Hostile) -> None:
    hostile.script(bad.answer("<html>internal-host-name 10.0.0.7</html>", 500))
    calls: list[Call] = []
    with recording(calls.append), pytest.raises(PlatformError) as caught:
        write(hostile.client())
    assert "10.0.0.7" not in f"{calls!r} {caught.value}"


def test_nothing_but_the_contracts_errors_slips_through(hostile: Hostile) -> None:
    client = Client(hostile.endpoint, "admin", "pw")
    hostile.script(bad.answer(b"\xff\xfe\x00", headers="Content-Encoding: gzip\r\n"))
    with pytest.raises(PlatformError):
        write(client)

"""Switches of tokens, logins and rights."""

from __future__ import annotations

import pytest

BOB = {"username": "bob", "domain": "thexyz.com"}


@pytest.mark.parametrize(
    ("style", "status"), [("text", 200), ("401", 401), ("403", 403)]
)
def test_tokens_known_at_switching_on_are_refused(emu, wire, style, status):
    old = wire.login()
    emu.switch_on("expired_token", style=style)
    answer = wire.answer("getAllDomains", token=old)
    assert (answer.status, answer.json["returncode"]) == (status, 0)
    assert emu.journal[-1].outcome == "fault:expired_token"
    wire.login()
    wire.ok("getAllDomains")
    emu.switch_off("expired_token")
    wire.no("getAllDomains", token=old)


def test_several_texts_are_in_use_or_one_is_given(emu, wire):
    emu.switch_on("expired_token", always=True)
    wire.login()
    assert len({wire.no("getAllDomains") for _ in range(6)}) > 2
    emu.switch_on("expired_token", always=True, text="Nope")
    assert wire.no("getAllDomains") == "Nope"
    emu.switches_off()
    wire.ok("getAllDomains")


def test_a_count_expires_whatever_token_comes(emu, wire):
    emu.switch_on("expired_token", count=1, action="addUser")
    wire.ok("getAllDomains")
    assert wire.add()["returncode"] == 0
    wire.no("getAllDomains")
    wire.login()
    assert wire.add()["returncode"] == 1


def test_a_period_expires_tokens_again_and_again(emu, wire):
    emu.switch_on("expired_token", period=60)
    for _ in range(2):
        wire.login()
        wire.ok("getAllDomains")
        emu.clock.advance(61)
        wire.no("getAllDomains")


def test_single_token(emu, wire):
    old = wire.login()
    emu.switch_on("single_token")
    new = wire.login()
    wire.no("getAllDomains", token=old)
    wire.ok("getAllDomains", token=new)


def test_token_bound_to_host(emu, wire):
    emu.switch_on("token_bound_to_host")
    wire.ok("getAllDomains")
    wire.no("getAllDomains", host="cp")
    wire.login(host="cp")
    wire.ok("getAllDomains", host="cp")


def test_require_cookie(emu, wire):
    answer = wire.raw("login", username=emu.username, password=emu.password)
    token, cookie = answer.json["returndata"], answer.headers["Set-Cookie"]
    emu.switch_on("require_cookie")
    wire.no("getAllDomains", token=token)
    wire.no("getAllDomains", token=token, headers={"Cookie": "PHPSESSID=other"})
    jar = {"Cookie": cookie.partition(";")[0]}
    wire.ok("getAllDomains", token=token, headers=jar)


@pytest.mark.parametrize(
    "reason", ["bad_password", "two_factor", "ip_refused", "locked"]
)
def test_login_failure_answers_with_a_text_that_is_no_token(emu, wire, reason):
    emu.switch_on("login_failure", reason=reason, count=1)
    body = wire.raw("login", username=emu.username, password=emu.password).json
    assert body["returncode"] == 0
    assert body["returndata"]
    assert emu.journal[-1].outcome == "fault:login_failure"
    wire.login()


@pytest.mark.parametrize(
    ("section", "level", "refused"),
    [
        ("any", "view", {"getUserInfo", "disableUser", "removeUser", "getAllDomains"}),
        ("users", "edit", {"disableUser", "removeUser"}),
        ("users", "delete", {"removeUser"}),
        ("lists", "view", set()),
    ],
)
def test_permission_denied(emu, wire, section, level, refused):
    wire.add()
    emu.switch_on("permission_denied", section=section, level=level)
    for action in ("getUserInfo", "getAllDomains", "disableUser", "removeUser"):
        code = wire.call(action, **BOB)["returncode"]
        assert (code == 0) is (action in refused), action


def test_a_permission_may_be_denied_in_any_words(emu, wire):
    emu.switch_on("permission_denied", text="half \ud800")
    assert wire.no("getAllDomains") == "half \ud800"


@pytest.mark.parametrize("mode", ["expired", "used"])
def test_one_time_passwords_can_fail(emu, wire, mode):
    wire.add()
    otp = wire.ok("getOTPass", **BOB)
    emu.switch_on("otp", mode=mode)
    body = wire.raw("login", host="user", password=otp, **BOB).json
    assert body["returncode"] == 0
    assert mode in body["returndata"]


def test_one_time_passwords_may_be_refused_when_disabled(emu, wire):
    wire.add()
    wire.ok("disableUser", **BOB)
    wire.ok("getOTPass", **BOB)
    emu.switch_on("otp", mode="refused_when_disabled")
    wire.no("getOTPass", **BOB)
    wire.no("getOTPassAndToken", **BOB)
    wire.ok("enableUser", **BOB)
    wire.ok("getOTPass", **BOB)


@pytest.mark.parametrize(
    ("form", "start"),
    [
        ("bare", "webmail."),
        ("https", "https://webmail."),
        ("http", "http://"),
        ("foreign", "https://webmail.elsewhere"),
        ("port", "https://webmail.emailarray.com:8443"),
    ],
)
def test_sso_url(emu, wire, form, start):
    wire.add()
    emu.switch_on("sso_url", form=form)
    assert wire.ok("getOTPassAndToken", **BOB)["url"].startswith(start)

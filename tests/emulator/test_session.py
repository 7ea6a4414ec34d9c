"""Transport, tokens, one-time passwords and the login link."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
from base64 import b64encode
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

BOB = {"username": "bob", "domain": "thexyz.com"}


def test_login_gives_a_token_and_a_cookie_nobody_needs(emu, wire):
    answer = wire.raw("login", username=emu.username, password=emu.password)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/html; charset=UTF-8"
    assert answer.headers["Set-Cookie"].startswith("PHPSESSID=")
    token = answer.json["returndata"]
    assert len(token) == 32
    int(token, 16)
    assert wire.raw("getAllDomains", token=token).json["returncode"] == 1


@pytest.mark.parametrize(
    "wrong",
    [{"username": "root"}, {"password": "guess"}, {"password": ""}],
)
def test_a_failed_login_has_a_text_where_the_token_would_be(emu, wire, wrong):
    given = {"username": emu.username, "password": emu.password} | wrong
    answer = wire.raw("login", **given)
    assert answer.status == 200
    body = answer.json
    assert body["returncode"] == 0
    assert body["returndata"]
    assert wire.raw("getAllDomains", token=body["returndata"]).json["returncode"] == 0


def test_get_is_refused_and_other_paths_are_not_found(emu, fetch):
    answer = fetch("GET", emu.endpoint + "?action=login")
    assert (answer.status, answer.json["returncode"]) == (405, 0)
    assert emu.journal[-1].outcome == "refused"
    assert fetch("GET", emu.endpoint.replace("json", "other")).status == 404
    assert fetch("POST", emu.endpoint.replace("json", "other"), "a=b").status == 404


def test_only_form_bodies_are_read(emu, fetch):
    body = urlencode({"action": "login", "username": emu.username})
    wrong = {"Content-Type": "application/json"}
    assert fetch("POST", emu.endpoint, body, wrong).json["returncode"] == 0
    assert emu.journal[-1].action == ""


def test_query_strings_are_ignored(emu, fetch):
    query = urlencode(
        {"action": "login", "username": emu.username, "password": emu.password}
    )
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert fetch("POST", f"{emu.endpoint}?{query}", "", form).json["returncode"] == 0


def test_a_huge_body_is_refused(emu, fetch):
    answer = fetch("POST", emu.endpoint, "", {"Content-Length": str(10**9)})
    assert answer.status == 413


@pytest.mark.parametrize("sizes", [[7], [1, 300, 2]])
def test_a_body_in_chunks_is_read_and_the_connection_serves_on(emu, sizes):
    form = {"action": "login", "username": emu.username, "password": emu.password}
    body = urlencode(form | {"more": "x" * 200}).encode()
    parts = urlsplit(emu.endpoint)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=5)
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    for _ in range(2):
        begin, pieces = 0, []
        for size in [*sizes, len(body)]:
            pieces.append(body[begin : begin + size])
            begin += size
        filled = filter(None, pieces)
        connection.request("POST", parts.path, filled, kind, encode_chunked=True)
        answer = connection.getresponse()
        assert json.loads(answer.read())["returncode"] == 1
    connection.close()


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", b""),
        ("chunked", b"zz\r\n"),
        ("chunked", b"-5\r\n"),
        ("chunked", b"3\r\nabcdef\r\n"),
        ("chunked", b"ffffffff\r\n"),
        ("chunked", b"\r\n"),
    ],
)
def test_a_body_of_unknown_length_is_refused_and_nothing_is_read_after_it(
    emu, coding, body
):
    parts = urlsplit(emu.endpoint)
    head = f"POST {parts.path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: {coding}"
    with socket.create_connection((parts.hostname, parts.port), timeout=5) as conn:
        conn.sendall(f"{head}\r\n\r\n".encode() + body)
        conn.shutdown(socket.SHUT_WR)
        said = b""
        with contextlib.suppress(ConnectionResetError):
            while part := conn.recv(4096):
                said += part
    assert said.startswith(b"HTTP/1.1 411 ")
    assert said.count(b"HTTP/1.1") == 1
    assert b"Connection: close" in said
    assert emu.journal == []


def test_one_connection_serves_many_calls(emu):
    parts = urlsplit(emu.endpoint)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=5)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.connect()
    local = connection.sock.getsockname()
    for _ in range(3):
        connection.request("POST", parts.path, "action=getAllDomains", form)
        connection.getresponse().read()
        assert connection.sock.getsockname() == local
    connection.close()


def test_both_hosts_share_state_and_tokens(emu, wire):
    wire.add()
    assert wire.ok("getUserInfo", host="cp", **BOB)["username"] == "bob"
    assert [e.host for e in emu.journal] == ["cfcp", "cfcp", "cp"]


def test_a_token_lives_300_seconds_after_its_last_use(emu, wire):
    wire.ok("getAllDomains")
    emu.clock.advance(299)
    wire.ok("getAllDomains")
    emu.clock.advance(299)
    wire.ok("getAllDomains")
    emu.clock.advance(302)
    wire.no("getAllDomains")
    wire.login()
    wire.ok("getAllDomains")


def test_several_tokens_live_side_by_side(wire):
    first, second = wire.login(), wire.login()
    assert first != second
    wire.ok("getAllDomains", token=first)
    wire.ok("getAllDomains", token=second)


def test_a_seed_makes_tokens_repeat(emu, wire):
    first = wire.login()
    emu.reset()
    assert wire.login() == first


def login_link(emu: Any, address: str, otp: str) -> str:
    query = {"u": b64encode(address.encode()), "p": b64encode(otp.encode())}
    return f"{emu.panel_login_url}?{urlencode(query)}"


def test_the_login_link_works_once(emu, wire, fetch):
    wire.add(uname="<b>Bob</b>")
    otp = wire.ok("getOTPass", **BOB)
    link = login_link(emu, "bob@thexyz.com", otp)
    first = fetch("GET", link)
    assert first.status == 200
    assert b"&lt;b&gt;Bob" in first.body
    assert fetch("GET", link).status == 403
    assert emu.state.domains["thexyz.com"].mailboxes["bob"].lastauth is not None
    entry = emu.journal[-1]
    assert (entry.action, entry.params["p"]) == ("processlogin", "***")
    assert entry.params["u"] == "bob@thexyz.com"


def test_the_login_link_checks_address_age_and_state(emu, wire, fetch):
    wire.add()
    wire.add("anna")
    otp = wire.ok("getOTPass", **BOB)
    assert fetch("GET", login_link(emu, "anna@thexyz.com", otp)).status == 403
    assert fetch("GET", login_link(emu, "bob@thexyz.com", "guess")).status == 403
    assert fetch("GET", emu.panel_login_url + "?u=%%&p=@").status == 403
    emu.clock.advance(61)
    assert fetch("GET", login_link(emu, "bob@thexyz.com", otp)).status == 403
    fresh = wire.ok("getOTPass", **BOB)
    wire.ok("disableUser", **BOB)
    assert fetch("GET", login_link(emu, "bob@thexyz.com", fresh)).status == 403


def test_a_one_time_password_opens_the_user_api_once(emu, wire):
    wire.add()
    pair = wire.ok("getOTPassAndToken", **BOB)
    assert set(pair) == {"otp", "token", "url"}
    assert "/" not in pair["url"]
    login = {"host": "user", "password": pair["otp"], **BOB}
    assert wire.raw("login", **login).json["returncode"] == 1
    assert wire.raw("login", **login).json["returncode"] == 0
    wire.ok("getForwards", host="user", token=pair["token"])


def test_an_odd_cookie_or_path_harms_nobody(wire, fetch, emu):
    wire.login()
    wire.ok("getAllDomains", headers={"Cookie": "[]=;;\x01"})
    assert fetch("GET", emu.endpoint.replace("/admin/json.php", "/")).status == 404


def test_thousands_of_logins_do_not_pile_up(emu):
    sessions, now = emu._engine.sessions, emu.clock.now()
    first = sessions.issue("cfcp", now)
    stale = sessions.mint("thexyz.com", "bob", now)
    for _ in range(1000):
        sessions.issue("cfcp", now + 3600)
    assert sessions.find(first.value, now) is None
    assert sessions.find_otp(stale.value) is None

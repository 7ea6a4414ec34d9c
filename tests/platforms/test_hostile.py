"""What a server can do to a request, and what each kind of request makes of it."""

from __future__ import annotations

import socket
import time

import pytest

from housemail.platforms.base import (
    Call,
    HostUnreachable,
    OutcomeUnknown,
    PermissionRefused,
    PlatformBusy,
    PlatformRefused,
    PlatformUnavailable,
)
from housemail.platforms.emailarray.client import Client
from housemail.platforms.recording import recording
from tests.platforms import hostile as bad
from tests.platforms.hostile import Hostile, free_port, ok, read, refused, write

HTML = "<html><h1>502 Bad gateway</h1></html>"

# The outcome of a write is unknown after each of these (API 7.2).
LOST = {
    "closes after the request": bad.close,
    "resets the connection": bad.reset,
    "truncated body": bad.answer('{"returncode": 1, "returnd', length=400),
    "500": bad.answer("", 500),
    "502 with a page": bad.answer(HTML, 502),
    "503": bad.answer("", 503),
    "522": bad.answer(HTML, 522),
    "5xx that claims success": bad.answer(bad.GOOD_BODY, 500),
    "302": bad.answer("", 302, "Location: /login\r\n"),
    "empty body": bad.answer(""),
    "400 without a word": bad.answer("", 400),
    "404 with a page": bad.answer(HTML, 404),
    "413 with a page": bad.answer(HTML, 413),
    "4xx that claims success": bad.answer(bad.GOOD_BODY, 403),
    "html with 200": bad.answer(HTML),
    "json list": bad.answer("[1]"),
    "json string": bad.answer('"1"'),
    "json null": bad.answer("null"),
    "trailing comma": bad.answer('{"returncode": 1,}'),
    "two documents": bad.answer('{"returncode": 1}{"returncode": 1}'),
    "warning before the json": bad.answer(b"Warning: x in y<br>" + bad.GOOD_BODY),
    "returncode 2": bad.envelope(2),
    "returncode -1": bad.envelope(-1),
    "returncode null": bad.envelope(None),
    "returncode true": bad.envelope(True),
    "returncode 1.0": bad.envelope(1.0),
    "returncode list": bad.envelope([1]),
    "no returncode": bad.answer('{"returndata": "done"}'),
    "deeply nested": bad.answer("[" * 200_000),
    "not http": lambda _, conn: bool(conn.sendall(b"SSH-2.0-OpenSSH\r\n\r\n")),
}


@pytest.mark.parametrize("behaviour", LOST.values(), ids=LOST.keys())
def test_a_write_whose_answer_is_lost_is_unknown_and_never_sent_again(
    hostile: Hostile, behaviour: bad.Behaviour
) -> None:
    client = hostile.client()
    hostile.script(behaviour, ok())

    with pytest.raises(OutcomeUnknown) as caught:
        write(client)

    assert hostile.count("addUser") == 1
    assert caught.value.action == "addUser"
    assert "html" not in caught.value.detail


@pytest.mark.parametrize("status", [401, 403])
def test_a_page_that_denies_a_write_is_no_word_about_the_write(
    hostile: Hostile, status: int
) -> None:
    hostile.script(bad.answer(HTML, status), ok())
    with pytest.raises(OutcomeUnknown):
        write(hostile.client())
    assert hostile.actions() == ["login", "addUser"]


@pytest.mark.parametrize(
    "behaviour",
    [
        *(
            pytest.param(b, id=name)
            for name, b in LOST.items()
            if "warning" not in name and not name.startswith("4")
        ),
    ],
)
@pytest.mark.usefixtures("no_waiting")
def test_a_read_whose_answer_is_lost_is_asked_again(
    hostile: Hostile, behaviour: bad.Behaviour
) -> None:
    hostile.script(behaviour, behaviour, ok("x"))
    assert read(hostile.client()) == "x"
    assert hostile.count("getUserInfo") == 3


@pytest.mark.usefixtures("no_waiting")
def test_a_read_is_given_up_after_three_attempts(hostile: Hostile) -> None:
    hostile.script(bad.close)
    with pytest.raises(PlatformUnavailable):
        read(hostile.client())
    assert hostile.count("getUserInfo") == 3


def test_a_warning_before_the_json_is_tolerated_in_reads(hostile: Hostile) -> None:
    hostile.script(bad.answer(b"Warning: x<br>\n" + bad.GOOD_BODY))
    assert read(hostile.client()) == "done"


@pytest.mark.parametrize("returncode", [1, "1", " 1 "])
def test_success_may_be_text(hostile: Hostile, returncode: object) -> None:
    hostile.script(bad.envelope(returncode, {"any": "shape"}))
    write(hostile.client())
    assert hostile.count("addUser") == 1


def test_a_byte_order_mark_is_no_trouble_even_for_a_write(hostile: Hostile) -> None:
    hostile.script(bad.answer(b"\xef\xbb\xbf" + bad.GOOD_BODY))
    write(hostile.client())


SLOW = {
    "never answers": bad.silence,
    "trickles headers": bad.TRICKLED_HEADERS,
    "trickles the body": bad.TRICKLED_BODY,
    "trickles chunks": bad.TRICKLED_CHUNKS,
}


@pytest.mark.parametrize("behaviour", SLOW.values(), ids=SLOW.keys())
def test_no_server_outlasts_the_deadline(
    hostile: Hostile, behaviour: bad.Behaviour
) -> None:
    client = hostile.client()
    read(client)
    hostile.script(behaviour)
    started = time.monotonic()

    with pytest.raises(OutcomeUnknown):
        write(client, 0.5)

    assert 0.4 < time.monotonic() - started < 3  # they go on for half a minute
    assert hostile.count("addUser") == 1


def test_a_read_that_hangs_is_unavailable(hostile: Hostile) -> None:
    hostile.script(bad.silence)
    with pytest.raises(PlatformUnavailable):
        read(hostile.client(), 0.4)


def test_an_answer_over_the_cap_is_cut_off(
    hostile: Hostile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("housemail.platforms.emailarray.transport.MAX_BYTES", 1000)
    hostile.script(bad.ok("x" * 2000))
    with pytest.raises(OutcomeUnknown):
        write(hostile.client())


def test_a_refused_connection_is_unreachable_and_names_the_host() -> None:
    port = free_port()
    client = Client(f"http://127.0.0.1:{port}/x", "admin", "pw")
    with pytest.raises(HostUnreachable) as caught:
        write(client)
    assert caught.value.host == f"127.0.0.1:{port}"


def test_a_server_without_tls_is_unreachable(hostile: Hostile) -> None:
    client = Client(hostile.endpoint.replace("http:", "https:"), "admin", "pw")
    with pytest.raises(HostUnreachable):
        write(client, 1)
    assert hostile.forms == []


def test_a_call_without_time_is_not_sent(hostile: Hostile) -> None:
    client = hostile.client()
    read(client)
    with pytest.raises(PlatformUnavailable) as caught:
        write(client, 0.0)
    assert not isinstance(caught.value, HostUnreachable)
    assert hostile.count("addUser") == 0


def test_429_on_a_write_changed_nothing_and_is_not_repeated(hostile: Hostile) -> None:
    hostile.script(bad.answer("slow down", 429, "Retry-After: 1\r\n"), ok())
    calls: list[Call] = []
    with recording(calls.append), pytest.raises(PlatformBusy):
        write(hostile.client())
    assert hostile.count("addUser") == 1
    assert calls[-1].outcome == "busy"


def test_429_on_a_read_waits_as_asked(hostile: Hostile) -> None:
    hostile.script(bad.answer("", 429, "Retry-After: 1\r\n"), ok("x"))
    started = time.monotonic()
    assert read(hostile.client()) == "x"
    assert time.monotonic() - started >= 1


def test_429_on_a_read_does_not_wait_past_the_deadline(hostile: Hostile) -> None:
    hostile.script(bad.answer("", 429, "Retry-After: 60\r\n"), ok("x"))
    started = time.monotonic()
    with pytest.raises(PlatformUnavailable):
        read(hostile.client(), 20)
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("status", [400, 404, 413])
def test_another_4xx_to_a_read_fails_at_once(hostile: Hostile, status: int) -> None:
    hostile.script(bad.answer(HTML, status), ok())
    with pytest.raises(PlatformUnavailable):
        read(hostile.client())
    assert hostile.count("getUserInfo") == 1


NO_TOKEN = '{"returncode": 0, "returndata": "Invalid token"}'


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("body", ["", " ", NO_TOKEN])
def test_401_and_403_log_in_again_once(
    hostile: Hostile, status: int, body: str
) -> None:
    hostile.script(bad.answer(body, status), ok())
    write(hostile.client())
    assert hostile.actions() == ["login", "addUser", "login", "addUser"]


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("body", ["", HTML, NO_TOKEN])
def test_401_and_403_to_a_read_log_in_again_once(
    hostile: Hostile, status: int, body: str
) -> None:
    hostile.script(bad.answer(body, status), ok("x"))
    assert read(hostile.client()) == "x"
    assert hostile.count("login") == hostile.count("getUserInfo") == 2


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize(
    ("body", "outcome"), [("", OutcomeUnknown), (NO_TOKEN, PermissionRefused)]
)
def test_401_and_403_do_not_loop(
    hostile: Hostile, status: int, body: str, outcome: type[Exception]
) -> None:
    hostile.script(bad.answer(body, status))
    with pytest.raises(outcome):
        write(hostile.client())
    assert hostile.count("addUser") == 2


@pytest.mark.parametrize(
    "second",
    [
        refused("the name exists"),
        bad.answer("", 429),
        bad.answer(HTML, 404),
        bad.close,
    ],
)
def test_after_a_mute_denial_only_a_success_is_believed(
    hostile: Hostile, second: bad.Behaviour
) -> None:
    hostile.script(bad.answer("", 403), second)
    with pytest.raises(OutcomeUnknown):
        write(hostile.client())
    assert hostile.count("addUser") == 2


def test_a_login_refused_after_a_mute_denial_is_no_word_about_the_write(
    hostile: Hostile,
) -> None:
    client = hostile.client()
    read(client)
    hostile.on_login = refused("Invalid credentials")
    hostile.script(bad.answer("", 401))
    with pytest.raises(OutcomeUnknown):
        write(client)
    assert hostile.count("addUser") == 1


def test_a_refused_permission_is_said(hostile: Hostile) -> None:
    hostile.script(refused("Permission denied for this section"))
    with pytest.raises(PermissionRefused):
        write(hostile.client())


def test_a_refusal_is_final_and_carries_its_text(hostile: Hostile) -> None:
    hostile.script(refused("<b>Quota</b> exceeded &amp; done"), ok())
    with pytest.raises(PlatformRefused) as caught:
        write(hostile.client())
    assert caught.value.detail == "Quota exceeded & done"
    assert hostile.count("addUser") == 1


def test_a_refusal_without_a_text_has_a_sentence(hostile: Hostile) -> None:
    hostile.script(bad.envelope(0, {"odd": 1}))
    with pytest.raises(PlatformRefused) as caught:
        write(hostile.client())
    assert caught.value.detail


def test_an_idle_connection_is_not_used_again(
    hostile: Hostile, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = hostile.client()
    read(client)
    write(client)
    assert hostile.connections == 1
    monkeypatch.setattr("housemail.platforms.emailarray.transport.IDLE_SECONDS", 0.05)
    time.sleep(0.1)
    write(client)
    assert hostile.connections == 2


def test_a_connection_closed_while_idle_does_not_harm_a_write(hostile: Hostile) -> None:
    def answer_and_close(server: Hostile, conn: socket.socket) -> bool:
        ok()(server, conn)
        return False

    client = hostile.client()
    hostile.script(answer_and_close, ok())
    read(client)
    time.sleep(0.1)
    write(client)
    assert hostile.count("addUser") == 1

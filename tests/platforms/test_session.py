"""The token: shared, renewed, never kept from a failure; the login circuit."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from housemail.platforms.base import (
    Deadline,
    HostUnreachable,
    LoginRefused,
    NotAnAdminApi,
    PlatformRefused,
    PlatformUnavailable,
)
from housemail.platforms.emailarray import client as client_module
from housemail.platforms.emailarray import session as session_module
from housemail.platforms.emailarray.client import Client
from tests.platforms import hostile as bad
from tests.platforms.hostile import TOKEN, Hostile, ok, read, refused, write


def test_sixty_four_threads_share_one_login(hostile: Hostile) -> None:
    client = hostile.client(threads=128)
    with ThreadPoolExecutor(64) as pool:
        results = list(pool.map(lambda _: read(client, 20), range(64)))
    assert results == ["done"] * 64
    assert hostile.count("login") == 1
    assert hostile.connections <= 32


def test_thirty_two_threads_with_a_wrong_password_knock_once(hostile: Hostile) -> None:
    gate = threading.Barrier(32)

    def slowly_refused(server: Hostile, conn: socket.socket) -> bool:
        server.stopping.wait(0.3)
        return refused("Invalid credentials")(server, conn)

    hostile.on_login = slowly_refused
    client = hostile.client(threads=128)

    def attempt(_: int) -> str:
        gate.wait()
        with pytest.raises(LoginRefused) as caught:
            read(client, 20)
        return caught.value.detail

    with ThreadPoolExecutor(32) as pool:
        assert set(pool.map(attempt, range(32))) == {"Invalid credentials"}
    assert hostile.count("login") == 1


def test_each_call_carries_the_token(hostile: Hostile) -> None:
    client = hostile.client()
    read(client)
    write(client)
    assert [dict(form).get("token") for form in hostile.forms] == [
        None,
        f"{TOKEN}1",
        f"{TOKEN}1",
    ]


def test_a_token_is_kept_for_four_minutes_at_most(
    hostile: Hostile, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert session_module.TOKEN_SECONDS == 240
    monkeypatch.setattr(session_module, "TOKEN_SECONDS", 0.0)
    client = hostile.client()
    read(client)
    read(client)
    assert hostile.count("login") == 2


@pytest.mark.parametrize(
    "text", ["Invalid token", "Session expired", "Please log in", "Not logged on"]
)
def test_a_refusal_that_speaks_of_the_login_is_repeated_once(
    hostile: Hostile, text: str
) -> None:
    hostile.script(refused(text), ok())
    write(hostile.client())
    assert hostile.actions() == ["login", "addUser", "login", "addUser"]
    assert dict(hostile.forms[-1])["token"] == f"{TOKEN}2"


def test_a_refusal_by_an_old_token_is_repeated_once_whatever_its_text(
    hostile: Hostile, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client_module.TRUSTED_TOKEN_SECONDS == 60
    monkeypatch.setattr(client_module, "TRUSTED_TOKEN_SECONDS", 0.0)
    hostile.script(refused("Nein"), ok())
    write(hostile.client())
    assert hostile.count("addUser") == 2


def test_the_second_refusal_is_the_answer(hostile: Hostile) -> None:
    hostile.script(refused("session expired"))
    with pytest.raises(PlatformRefused):
        write(hostile.client())
    assert hostile.actions() == ["login", "addUser", "login", "addUser"]


def test_a_refused_renewal_is_said_and_nothing_more_is_sent(hostile: Hostile) -> None:
    client = hostile.client()
    read(client)
    hostile.on_login = refused("Invalid credentials")
    hostile.script(refused("session expired"))
    with pytest.raises(LoginRefused):
        write(client)
    assert hostile.count("addUser") == 1


@pytest.mark.parametrize("data", ["Invalid credentials", "", None, {}])
def test_a_token_never_comes_from_a_failed_login(
    hostile: Hostile, data: object
) -> None:
    hostile.on_login = bad.envelope(0, data)
    client = hostile.client()
    for _ in range(2):
        with pytest.raises(LoginRefused):
            read(client)
    assert set(hostile.actions()) == {"login"}


@pytest.mark.parametrize("data", ["", "  ", None, 7, {"token": "x"}, ["x"]])
def test_a_login_without_a_text_gives_no_token(hostile: Hostile, data: object) -> None:
    hostile.on_login = bad.envelope(1, data)
    with pytest.raises(NotAnAdminApi):
        read(hostile.client())
    assert set(hostile.actions()) == {"login"}


def test_three_refused_logins_stop_the_knocking(
    hostile: Hostile, monkeypatch: pytest.MonkeyPatch
) -> None:
    hostile.on_login = refused("Invalid credentials")
    client = hostile.client()
    for _ in range(6):
        with pytest.raises(LoginRefused):
            client.login(Deadline.after(5))
    assert hostile.count("login") == 3

    monkeypatch.setattr(session_module, "REFUSAL_WINDOW_SECONDS", 0.0)
    hostile.on_login = None
    client.login(Deadline.after(5))
    assert read(client) == "done"


@pytest.mark.parametrize(
    "behaviour",
    [
        bad.answer("<html>It works!</html>"),
        bad.answer("", 404),
        bad.answer("", 403),
        bad.answer("", 302, "Location: /\r\n"),
        bad.answer('{"hello": 1}'),
    ],
)
@pytest.mark.usefixtures("no_waiting")
def test_something_else_answers_the_login(
    hostile: Hostile, behaviour: bad.Behaviour
) -> None:
    hostile.on_login = behaviour
    with pytest.raises(NotAnAdminApi):
        hostile.client().login(Deadline.after(5))


@pytest.mark.usefixtures("no_waiting")
def test_a_login_is_repeated_after_trouble(hostile: Hostile) -> None:
    tries = []

    def first_bad(server: Hostile, conn: socket.socket) -> bool:
        tries.append(1)
        return (bad.close if len(tries) == 1 else ok("t0k3n"))(server, conn)

    hostile.on_login = first_bad
    assert read(hostile.client()) == "done"


def test_waiting_for_another_login_ends_at_the_deadline(hostile: Hostile) -> None:
    hostile.on_login = bad.silence
    client = hostile.client()

    def log_in_slowly() -> None:
        with pytest.raises(PlatformUnavailable):
            read(client, 2)

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(log_in_slowly)
        time.sleep(0.2)
        started = time.monotonic()
        with pytest.raises(PlatformUnavailable):
            read(client, 0.2)
        assert time.monotonic() - started < 1.5
        first.result()


def test_no_cookie_is_sent_by_default(hostile: Hostile) -> None:
    read(hostile.client())
    assert "Cookie:" not in "".join(hostile.heads)


def test_the_cookie_switch_sends_the_session_back(hostile: Hostile) -> None:
    read(hostile.client(cookies=True))
    assert "Cookie: PHPSESSID=s1\r\n" in hostile.heads[-1]


def silent(client: Client, seconds: float) -> tuple[type[BaseException], float]:
    """Read from a server that does not answer; return the error, and after how long."""
    started = time.monotonic()
    with pytest.raises(PlatformUnavailable) as caught:
        read(client, seconds)
    return caught.type, time.monotonic() - started


def test_at_most_half_the_threads_wait_on_one_server(hostile: Hostile) -> None:
    client = hostile.client(threads=4)
    read(client)
    hostile.script(bad.silence)
    with ThreadPoolExecutor(4) as pool:
        early = [pool.submit(silent, client, 3.0) for _ in range(2)]
        time.sleep(0.3)
        late = [pool.submit(silent, client, 3.0) for _ in range(2)]
        ends = [future.result() for future in (*early, *late)]
    assert HostUnreachable not in [kind for kind, _ in ends]
    assert hostile.count("getUserInfo") == 3  # one before, two at a time since
    assert all(seconds < 1.5 for _, seconds in ends[2:]), ends


def test_a_place_that_becomes_free_in_a_moment_is_taken(hostile: Hostile) -> None:
    client = hostile.client(threads=2)
    read(client)

    def soon(server: Hostile, conn: socket.socket) -> bool:
        server.stopping.wait(0.1)
        return ok()(server, conn)

    hostile.script(soon)
    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(read, client) for _ in range(2)]:
            future.result()
    assert hostile.count("getUserInfo") == 3


def test_all_clients_of_a_server_share_its_places(
    hostile: Hostile, new_hostile: Callable[[], Hostile]
) -> None:
    other = new_hostile()
    client = hostile.client(other, threads=2)
    read(client)
    for server in (hostile, other):
        server.script(bad.silence)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(silent, client, 3.0)
        time.sleep(0.3)
        started = time.monotonic()
        with pytest.raises(PlatformUnavailable):
            other.client(hostile, threads=2).login(Deadline.after(3.0))
        assert time.monotonic() - started < 1.5
        first.result()

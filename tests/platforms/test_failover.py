"""Two hosts: which is asked, when the other takes over, pins and circuits."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from housemail.platforms.base import (
    Address,
    CircuitOpen,
    Deadline,
    HostUnreachable,
    OutcomeUnknown,
    PlatformUnavailable,
    Presence,
)
from housemail.platforms.emailarray import endpoints as endpoints_module
from housemail.platforms.emailarray.client import Client
from housemail.platforms.emailarray.config import EmailArrayConfig
from housemail.platforms.emailarray.endpoints import (
    Endpoint,
    Hosts,
    endpoints_for,
    parse_endpoint,
)
from housemail.platforms.emailarray.platform import EmailArray
from tests.platforms import hostile as bad
from tests.platforms.hostile import ANNA, Hostile, free_port, ok, read, write

Maker = Callable[[], Hostile]


@pytest.fixture
def pair(new_hostile: Maker) -> tuple[Hostile, Hostile]:
    return new_hostile(), new_hostile()


def dead_then(server: Hostile) -> Client:
    """Return a client whose first host refuses connections."""
    dead = f"127.0.0.1:{free_port()}"
    config = EmailArrayConfig(endpoint_groups=((dead, server.host),))
    return Client(f"http://{dead}/admin/json.php", "admin", "pw", config=config)


def test_the_given_endpoint_is_asked_first(pair: tuple[Hostile, Hostile]) -> None:
    first, second = pair
    write(first.client(second))
    assert (len(first.forms), len(second.forms)) == (2, 0)


@pytest.mark.parametrize(
    "behaviour", [bad.close, bad.answer("", 503), bad.answer("<html>")]
)
def test_a_read_fails_over_at_once(
    pair: tuple[Hostile, Hostile],
    behaviour: bad.Behaviour,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A pause would not fit into the deadline.
    monkeypatch.setattr("housemail.platforms.emailarray.delivery.RETRY_SECONDS", 60)
    first, second = pair
    first.script(behaviour)
    second.script(ok("second"))
    assert read(first.client(second)) == "second"
    assert first.count("getUserInfo") == 1


def test_the_login_fails_over(pair: tuple[Hostile, Hostile]) -> None:
    first, second = pair
    first.on_login = bad.answer("", 503)
    assert read(first.client(second)) == "done"


@pytest.mark.parametrize("behaviour", [bad.close, bad.answer("", 502), bad.silence])
def test_a_write_that_was_sent_never_fails_over(
    pair: tuple[Hostile, Hostile], behaviour: bad.Behaviour
) -> None:
    first, second = pair
    first.script(behaviour)
    with pytest.raises(OutcomeUnknown):
        write(first.client(second), 1)
    assert first.count("addUser") == 1
    assert second.forms == []


def test_a_write_goes_to_the_other_host_when_nothing_was_sent(hostile: Hostile) -> None:
    client = dead_then(hostile)
    read(client)
    client._hosts._preferred = ("", 0.0)  # forget which one works
    write(client)
    assert hostile.count("addUser") == 1


def test_the_working_host_is_remembered(hostile: Hostile) -> None:
    client = dead_then(hostile)
    read(client)
    assert client._hosts.ranked("")[0].host == hostile.host


def test_both_hosts_gone_is_unreachable() -> None:
    hosts = tuple(f"127.0.0.1:{free_port()}" for _ in range(2))
    config = EmailArrayConfig(endpoint_groups=(hosts,))
    client = Client(f"http://{hosts[0]}/", "admin", "pw", config=config)
    with pytest.raises(HostUnreachable):
        write(client)


def test_what_was_written_is_read_from_the_same_host(
    pair: tuple[Hostile, Hostile],
) -> None:
    first, second = pair
    client = first.client(second)
    first.script(bad.close)
    with pytest.raises(OutcomeUnknown):
        write(client)
    client._hosts.answered(second.host)  # by now the other one is preferred
    first.script(ok("first"))
    second.script(ok("second"))
    assert read(client) == "first"


def test_absence_on_a_host_that_may_lag_is_not_proven(
    pair: tuple[Hostile, Hostile],
) -> None:
    first, second = pair
    config = EmailArrayConfig(endpoint_groups=((first.host, second.host),))
    platform = EmailArray(first.endpoint, "admin", "pw", config=config)
    first.script(bad.close)
    second.script(ok([], meta={"all": 0}))
    with pytest.raises(OutcomeUnknown):
        platform.remove_mailbox(ANNA, Deadline.after(5))

    other = Address("bob", "house.test")
    look = platform.look(ANNA, Deadline.after(5), calibrated=True)
    assert look.presence is Presence.UNPROVEN
    look = platform.look(other, Deadline.after(5), calibrated=True)
    assert look.presence is Presence.ABSENT


def test_five_failures_open_the_circuit(
    hostile: Hostile, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = hostile.client()
    read(client)
    hostile.script(bad.answer("", 503))
    for _ in range(5):
        with pytest.raises(OutcomeUnknown):
            write(client)
    started = time.monotonic()
    with pytest.raises(CircuitOpen) as caught:
        write(client)
    with pytest.raises(CircuitOpen):
        read(client)
    assert time.monotonic() - started < 3
    assert caught.value.host == hostile.host
    assert hostile.count("addUser") == 5


def test_refusals_do_not_open_the_circuit(hostile: Hostile) -> None:
    client = hostile.client()
    hostile.script(bad.refused("no"))
    for _ in range(8):
        with pytest.raises(Exception, match="no"):
            write(client)
    assert hostile.count("addUser") == 8


def test_callers_without_time_do_not_open_the_circuit(hostile: Hostile) -> None:
    client = hostile.client()
    read(client)
    hostile.script(bad.silence)
    for _ in range(6):
        with pytest.raises(PlatformUnavailable) as caught:
            read(client, 0.05)
        assert not isinstance(caught.value, CircuitOpen)


def test_after_the_rest_one_caller_probes_and_success_closes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [1000.0]
    clock = SimpleNamespace(monotonic=lambda: now[0])
    monkeypatch.setattr(endpoints_module, "time", clock)
    hosts = Hosts([Endpoint("http://127.0.0.1/", "one")])
    for _ in range(5):
        hosts.failed("one")
    assert hosts.ranked("") == []
    now[0] += 31
    assert [host.host for host in hosts.ranked("")] == ["one"]
    assert hosts.admit("one")
    assert not hosts.admit("one")  # the probe is under way
    hosts.failed("one")
    now[0] += 10
    assert not hosts.admit("one")  # one failure is enough to rest again
    now[0] += 21
    assert hosts.admit("one")
    hosts.answered("one")
    assert hosts.admit("one")
    assert hosts.admit("one")


def test_failures_spread_over_more_than_a_minute_do_not_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [1000.0]
    clock = SimpleNamespace(monotonic=lambda: now[0])
    monkeypatch.setattr(endpoints_module, "time", clock)
    hosts = Hosts([Endpoint("http://127.0.0.1/", "one")])
    for _ in range(10):
        hosts.failed("one")
        now[0] += 16
    assert hosts.admit("one")


def test_the_vendors_pair_knows_each_other() -> None:
    groups = EmailArrayConfig().endpoint_groups
    found = endpoints_for("https://cp.emailarray.com/admin/json.php", groups)
    assert [endpoint.url for endpoint in found] == [
        "https://cp.emailarray.com/admin/json.php",
        "https://cfcp.emailarray.com/admin/json.php",
    ]
    assert len(endpoints_for("https://mail.example.org/json.php", groups)) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://cp.emailarray.com/admin/json.php",
        "ftp://127.0.0.1/",
        "https://u:p@cp.emailarray.com/",
        "https://cp.emailarray.com/?x=1",
        "https://cp.emailarray.com/#x",
        "cp.emailarray.com",
        "",
        "https://",
    ],
)
def test_an_unsuitable_endpoint_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="endpoint"):
        parse_endpoint(url)

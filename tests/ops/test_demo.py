"""``housemail demo``: ready in one line, a real mailbox, and a clean end."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from emulator import Emulator
from housemail.ops.demo import place
from housemail.ops.demo.client import HIDDEN, Client, masked

pytestmark = pytest.mark.flow
PASSWORD = "Correct-horse-7"


@pytest.fixture
def demo(start, tmp_path):
    def demo(*arguments: str, **variables: str):
        where = str(tmp_path / "demo")
        return start(
            "demo", "--data-dir", where, "--port", "0", *arguments, **variables
        )

    return demo


@pytest.fixture
def elsewhere():
    """A platform that runs already."""
    emulator = Emulator(domains=("thexyz.ca", "other.example"))
    emulator.start()
    yield emulator
    emulator.stop()


def client_of(said: dict) -> Client:
    context = {
        "server": said["server"],
        "plan": said["plan"],
        "owner": {"id": "17", "name": "Michael Example"},
    }
    return Client(said["api"], said["api_key"], context)


def page(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own
        assert answer.status == 200
        found = answer.read()
    assert isinstance(found, bytes)
    return found


def state(pid: int | str) -> list[str]:
    """Return a process's state and its parent; nothing when there is no such one."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return []
    return stat.rpartition(") ")[2].split()[:2]


def children(pid: int) -> list[str]:
    """Processes that this one started. Ports would not tell: others may take them."""
    every = [each.name for each in Path("/proc").iterdir() if each.name.isdecimal()]
    return [each for each in every if state(each)[1:] == [str(pid)]]


def runs(pid: str) -> bool:
    """Say whether it is alive: ended and not yet collected is ended."""
    return state(pid)[:1] not in ([], ["Z"], ["X"])


def test_one_line_says_where_everything_is_and_a_mailbox_can_be_made(demo):
    started = time.monotonic()
    running = demo("--json")
    said = running.said()
    print(f"ready after {time.monotonic() - started:.1f} s")  # noqa: T201 - measured
    assert set(said) == {"api", "api_key", "emulator", "server", "plan"}
    assert set(said["server"]) == {"platform", "endpoint", "username", "password"}
    assert said["plan"]["allowed_domains"] == "thexyz.com,thexyz.ca,thexyz.cn"
    client = client_of(said)
    assert client.call("/connection-test").status == 200
    made = client.call(
        "/services/1/create",
        handle="testuser",
        domain="thexyz.com",
        password=PASSWORD,
    )
    assert (made.status, made.body["state"]) == (200, "active")
    assert b"testuser" in page(said["emulator"])
    assert b"<html" in page(f"{said['api']}/docs")
    client.close()
    started = children(running.process.pid)
    ended = running.end()
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == ""
    assert not [child for child in started if runs(child)]


def test_the_tour_runs_the_sheets_list_for_real(demo, tmp_path):
    running = demo()
    text = ""
    while "Stop it with Ctrl-C" not in text:
        line = running.line()
        assert line, text + str(running.process.communicate())
        text += line
    ended = running.end(signal.SIGTERM)
    assert ended.code == 0
    assert "The demo has ended." in ended.out
    for sentence in (
        "Test Connection",
        "the module provisions testuser@thexyz.com",
        "WHMCS service shows as active",
        "The mailbox exists in PolarisMail / EmailArray.",
        "The customer can view the product in the WHMCS client area.",
        "Password change works.",
        "Alias creation works.",
        "Distribution list creation works.",
        "one-time webmail",
        "Suspend works from the WHMCS admin service page.",
        "Terminate removes the mailbox.",
    ):
        assert sentence in text
    assert text.count("✓ shown") == 15
    assert "✗" not in text
    assert '"state": "active"' in text
    log = (tmp_path / "demo/service.log").read_text()
    assert '"password": "' + HIDDEN in text
    assert "Traceback" not in log


def test_twice_on_the_same_directory(demo, tmp_path):
    first = demo("--json")
    one = first.said()
    made = client_of(one).call(
        "/services/1/create", handle="anna", domain="thexyz.com", password=PASSWORD
    )
    assert made.status == 200
    assert first.end().code == 0
    second = demo("--json")
    two = second.said()
    assert two["api_key"] != one["api_key"]
    again = client_of(two).call(
        "/services/2/create", handle="anna", domain="thexyz.com", password=PASSWORD
    )
    assert again.status == 200
    data = tmp_path / "demo"
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert second.end().code == 0


def test_in_front_of_a_platform_that_runs_already(demo, elsewhere):
    variables = {"HOUSEMAIL_PLATFORM_PASSWORD": elsewhere.password}
    arguments = ["--endpoint", elsewhere.endpoint, "--username", elsewhere.username]
    running = demo("--json", *arguments, **variables)
    said = running.said()
    assert said["server"]["endpoint"] == elsewhere.endpoint
    assert said["plan"]["allowed_domains"] == "thexyz.ca"
    call = client_of(said).call
    made = call("/services/1/create", handle="anna", domain="", password=PASSWORD)
    assert made.body["address"] == "anna@thexyz.ca"
    assert "anna" in elsewhere.state.domains["thexyz.ca"].mailboxes
    link = call("/services/1/webmail-login").body["url"]
    assert str(link).startswith(elsewhere.endpoint.partition("/admin/")[0])
    assert running.end().code == 0
    # The platform remembers the mailbox, and so does the demo.
    running = demo("--json", *arguments, **variables)
    seen = client_of(running.said()).call("/services/1/overview")
    assert seen.body["address"] == "anna@thexyz.ca"
    assert running.end().code == 0


def test_it_goes_when_it_is_killed_while_starting(demo):
    running = demo("--json")
    time.sleep(0.5)
    ended = running.end(signal.SIGTERM)
    assert ended.code in {0, -signal.SIGTERM}


@pytest.mark.skipif(sys.platform != "linux", reason="Linux ends the children")
def test_nothing_is_left_when_it_is_killed_outright(demo):
    running = demo("--json")
    running.said()
    started = children(running.process.pid)
    assert len(started) >= 2  # the imitated platform and the service
    running.process.kill()
    running.process.communicate(timeout=60)
    until = time.monotonic() + 30
    while any(runs(child) for child in started):
        assert time.monotonic() < until
        time.sleep(0.1)


@pytest.fixture
def taken():
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        yield str(busy.getsockname()[1])


@pytest.mark.parametrize("option", ["--port", "--emulator-port"])
def test_a_port_in_use_is_one_sentence(start, tmp_path, taken, option):
    running = start("demo", "--json", "--data-dir", str(tmp_path / "d"), option, taken)
    out, err = running.process.communicate(timeout=60)
    assert running.process.returncode == 2
    assert out == ""
    assert err == f"{option} {taken}: Address already in use. Choose another, " + (
        "or 0 for a free one.\n"
    )


def test_a_platform_that_does_not_answer_is_one_sentence(demo):
    running = demo(
        "--json", "--endpoint", "http://127.0.0.1:1/admin/json.php",
        "--username", "u", "--password", "geheim",
    )  # fmt: skip
    out, err = running.process.communicate(timeout=60)
    assert running.process.returncode == 2
    assert out == ""
    assert err.count("\n") == 1
    assert "127.0.0.1" in err
    assert "geheim" not in err


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--endpoint", "cp.example.net", "--username", "u", "--password", "p"], "URL"),
        (["--endpoint", "https://cp.example.net/"], "--username"),
        (["--username", "u"], "--endpoint"),
        (["--preset", "sunny"], "sunny"),
    ],
)
def test_what_is_typed_wrong_is_one_sentence(demo, arguments, word):
    running = demo("--json", *arguments)
    out, err = running.process.communicate(timeout=60)
    assert running.process.returncode == 2
    assert out == ""
    assert word in err
    assert "Traceback" not in err


class TestPlace:
    def test_records_of_a_service_in_earnest_are_not_touched(self, tmp_path):
        (tmp_path / place.DATABASE).write_text("precious")
        with pytest.raises(place.PlaceError, match="in earnest"):
            place.clear_for(tmp_path, None)
        assert (tmp_path / place.DATABASE).read_text() == "precious"

    def test_records_of_the_same_platform_stay(self, tmp_path):
        one, two = (
            {"endpoint": "a", "username": "u"},
            {"endpoint": "b", "username": "u"},
        )
        place.clear_for(tmp_path, one)
        (tmp_path / place.DATABASE).write_text("kept")
        (tmp_path / f"{place.DATABASE}-wal").write_text("kept")
        (tmp_path / "secret_key").write_text("kept")
        place.clear_for(tmp_path, one)
        assert (tmp_path / place.DATABASE).exists()
        place.clear_for(tmp_path, two)
        assert sorted(path.name for path in tmp_path.iterdir()) == [
            place.MARK,
            "secret_key",
        ]

    def test_the_emulator_always_begins_afresh(self, tmp_path):
        place.clear_for(tmp_path, None)
        (tmp_path / place.DATABASE).write_text("old")
        place.clear_for(tmp_path, None)
        assert not (tmp_path / place.DATABASE).exists()

    def test_one_demo_a_directory(self, tmp_path):
        with place.take(tmp_path), pytest.raises(place.PlaceError, match="already"):
            place.take(tmp_path)
        place.take(tmp_path).close()

    def test_a_real_services_environment_is_left_alone(self, tmp_path, monkeypatch):
        for name in place.NOT_OURS:
            monkeypatch.setenv(name, "real")
        monkeypatch.setenv("HOUSEMAIL_DATA_DIR", "real")
        monkeypatch.setenv("HOUSEMAIL_THREADS", "7")
        place.use(["--json", "--data-dir", str(tmp_path)])
        assert os.environ["HOUSEMAIL_DATA_DIR"] == str(tmp_path)
        assert os.environ["HOUSEMAIL_THREADS"] == "7"
        assert not set(place.NOT_OURS) & set(os.environ)


def test_what_is_shown_hides_secrets_and_nothing_else():
    shown = masked(
        {
            "server": {"password": "p", "username": "u"},
            "may": {"password": {"allowed": True}},
            "list": [{"password": "p"}],
        }
    )
    assert json.loads(json.dumps(shown)) == {
        "server": {"password": HIDDEN, "username": "u"},
        "may": {"password": {"allowed": True}},
        "list": [{"password": HIDDEN}],
    }

"""``housemail demo``: ready in one line, a real mailbox, and a clean end."""

from __future__ import annotations

import re
import signal
import socket
import sqlite3
import stat
import sys
import time
import urllib.request
from contextlib import closing
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from emulator import Emulator
from housemail.ops.demo import place, sign_ins
from housemail.ops.demo.client import HIDDEN, Client

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
    began = time.monotonic()
    running = demo("--json")
    said = running.said()
    print(f"ready after {time.monotonic() - began:.1f} s")  # noqa: T201 - measured
    assert set(said) == {
        "api", "api_key", "emulator", "server", "plan", "shop", "customer", "console",
    }  # fmt: skip
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
    for door in ("shop", "customer", "console"):
        # The customer area and the console lead to the sign-in.
        assert b"<html" in page(said[door]["url"]), door
    started = children(running.process.pid)
    ended = running.end()
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == ""
    assert not [child for child in started if runs(child)]


def test_the_tour_runs_the_sheets_list_for_real(demo, tmp_path):
    running = demo("--tour")
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
    for door in ("/mailboxes/", "/console/", "emma.clarke@example.org", "owner@"):
        assert door in text
    assert "The console asks for a code" in text
    assert text.count("✓ shown") == 15
    assert "✗" not in text
    assert '"state": "active"' in text
    log = (tmp_path / "demo/service.log").read_text()
    assert '"password": "' + HIDDEN in text
    assert "Traceback" not in log


def orders(data: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(data / "demo" / place.DATABASE)) as database:
        return sorted(database.execute("select number, state from sales_order"))


def test_a_second_start_goes_on_where_the_first_one_was(demo, tmp_path):
    first = demo("--json")
    one = first.said()
    call = client_of(one).call
    made = call(
        "/services/1/create", handle="anna", domain="thexyz.com", password=PASSWORD
    )
    assert made.status == 200
    assert call("/services/1/aliases/add", handle="anna.b").status == 200
    assert first.end().code == 0
    before = orders(tmp_path)
    second = demo("--json")
    two = second.said()
    assert orders(tmp_path) == before
    assert two["server"] == one["server"]
    for door in ("customer", "console"):
        same = {"email", "password"}
        assert {two[door][key] for key in same} == {one[door][key] for key in same}
    assert two["console"]["totp_secret"] == one["console"]["totp_secret"]
    assert two["api_key"] != one["api_key"]
    call = client_of(two).call
    assert call("/services/1/check").body["presence"] == "present"
    assert call("/services/1/suspend").body["state"] == "suspended"
    held = call(
        "/services/2/create", handle="anna", domain="thexyz.com", password=PASSWORD
    )
    assert held.status == 409
    shown = page(two["emulator"])
    assert b"anna.b" in shown
    assert b"emma.clarke" in shown
    data = tmp_path / "demo"
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert second.end().code == 0


def test_a_platform_at_another_address_begins_afresh(demo, tmp_path):
    first = demo("--json")
    port = urlsplit(first.said()["server"]["endpoint"]).port
    assert first.end().code == 0
    before = orders(tmp_path)
    with socket.create_server(("127.0.0.1", port)):
        second = demo("--json")
        assert urlsplit(second.said()["server"]["endpoint"]).port != port
    after = orders(tmp_path)
    assert len(after) == len(before)
    assert after != before
    assert second.end().code == 0


def test_the_sign_ins_open_the_console_and_nothing_tells_them(demo, tmp_path):
    running = demo("--json")
    console = running.said()["console"]
    browser = Browser()
    assert "/account/login/" in browser.open(console["url"])
    browser.send(login=console["email"], password=console["password"])
    code, _ = sign_ins.code(console["totp_secret"])
    browser.send(code=code)
    assert browser.open(console["url"]) == console["url"]
    assert running.end().code == 0
    for path in (tmp_path / "demo").rglob("*"):
        if path.is_file():
            found = path.read_bytes()
            assert console["password"].encode() not in found, path.name
            assert console["totp_secret"].encode() not in found, path.name


class Browser:
    """Fills in the one form of a page, as a person without JavaScript does."""

    def __init__(self) -> None:
        # As browsers do, it trusts this machine with cookies that are for https.
        policy = DefaultCookiePolicy(secure_protocols=("http", "https"))
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(CookieJar(policy))
        )
        self.url, self.text = "", ""

    def open(self, url: str, body: bytes | None = None) -> str:
        request = urllib.request.Request(  # noqa: S310 - our own
            url, body, {"Referer": self.url} if self.url else {}
        )
        with self._opener.open(request, timeout=10) as answer:
            self.url, self.text = answer.url, answer.read().decode()
        return self.url

    def send(self, **fields: str) -> None:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.text)
        assert token, self.url
        body = urlencode({**fields, "csrfmiddlewaretoken": token[1]}).encode()
        self.open(self.url, body)


def test_the_codes_are_printed_without_a_start(housemail, tmp_path):
    said = housemail("demo", "--code", "--data-dir", str(tmp_path / "demo"))
    assert (said.code, said.err) == (0, "")
    for role in ("owner", "manager", "support"):
        assert re.search(rf"{role}@staff\.example\.org +\S+ +[0-9]{{6}} ", said.out)


def test_in_front_of_a_platform_that_runs_already(demo, elsewhere, tmp_path):
    variables = {"HOUSEMAIL_PLATFORM_PASSWORD": elsewhere.password}
    arguments = ["--endpoint", elsewhere.endpoint, "--username", elsewhere.username]
    running = demo("--json", *arguments, **variables)
    said = running.said()
    assert said["server"]["endpoint"] == elsewhere.endpoint
    assert said["plan"]["allowed_domains"] == "thexyz.ca"
    call = client_of(said).call
    made = call("/services/1/create", handle="anna", domain="", password=PASSWORD)
    assert made.body["address"] == "anna@thexyz.ca"
    # Nobody's real platform receives the mailboxes of a story.
    assert list(elsewhere.state.domains["thexyz.ca"].mailboxes) == ["anna"]
    assert orders(tmp_path) == []
    assert said["console"]["totp_secret"]
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
        (["--tour"], "--tour"),
    ],
)
def test_what_is_typed_wrong_is_one_sentence(demo, arguments, word):
    running = demo("--json", *arguments)
    out, err = running.process.communicate(timeout=60)
    assert running.process.returncode == 2
    assert out == ""
    assert word in err
    assert "Traceback" not in err

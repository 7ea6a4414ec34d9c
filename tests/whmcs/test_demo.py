"""``housemail whmcs demo``: the sheet's set-up, served, tested and clean at its end."""

from __future__ import annotations

import http.cookiejar
import json
import os
import re
import shutil
import signal
import socket
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from housemail.ops.whmcs import demo
from tests.ops.conftest import Ended, Running
from tests.ops.conftest import housemail as housemail
from tests.ops.conftest import start as start

pytestmark = [
    pytest.mark.flow,
    pytest.mark.timeout(180),
    pytest.mark.skipif(
        shutil.which("php") is None or not all(map(os.path.exists, demo.FILES)),
        reason="PHP or what the stand-in needs is not installed: scripts/packages.sh",
    ),
]


class Browser:
    """Keeps cookies and sends the form's token."""

    def __init__(self, root: str) -> None:
        self.root = root
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._open = urllib.request.build_opener(jar).open

    def get(self, path: str) -> str:
        with self._open(self.root + path, timeout=30) as answer:
            return str(answer.read().decode())

    def post(self, page: str, fields: dict[str, str], path: str = "") -> str:
        token = re.search(r'name="token" value="([0-9a-f]+)"', self.get(page))
        assert token is not None
        body = urllib.parse.urlencode({"token": token[1], **fields}).encode()
        with self._open(self.root + (path or page), body, timeout=30) as answer:
            return str(answer.read().decode())

    def sign_in(self, page: str, path: str, who: dict[str, str]) -> None:
        fields = {key: who[key] for key in ("username", "password")}
        self.post(page, fields, path)


@pytest.fixture
def standin(start: Callable[..., Running], tmp_path: Path) -> Callable[..., Running]:
    """Start the demo on free ports."""

    def standin(*arguments: str, **variables: str) -> Running:
        ports = () if arguments else ("--port=0", "--service-port=0")
        where = f"--data-dir={tmp_path / 'demo'}"
        line = ("whmcs", "demo", "--json", where, *ports, *arguments)
        return start(*line, **variables)

    return standin


def closed(url: str) -> bool:
    """Nobody listens there, within seconds."""
    port = urllib.parse.urlsplit(url).port or 0
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return True
        time.sleep(0.1)
    return False


def press_test_connection(admin: Browser, said: dict[str, Any], **typed: str) -> Any:
    """Press Test Connection on the server's form, with another value typed in."""
    server = urllib.parse.urlsplit(said["server"]["endpoint"])
    form = {"action": "test", "ajax": "1", "id": "1", "type": "thexyz_polarismail"}
    form |= {"hostname": "127.0.0.1", "port": str(server.port)}
    form |= {"username": said["server"]["username"], **typed}
    page = "/admin/configservers.php"
    return json.loads(admin.post(f"{page}?action=manage&id=1", form, page))


def order(customer: Browser, said: dict[str, Any], mailbox: str) -> str:
    """Go through the order form to its last page."""
    customer.get("/cart.php?a=add&pid=1")
    choice = {f"customfield[{said['ids']['mailbox']}]": mailbox}
    choice |= {f"customfield[{said['ids']['domain']}]": "thexyz.com"}
    product = "/cart.php?a=confproduct&i=0"
    customer.post("/cart.php?a=view", {"a": "confproduct", **choice}, product)
    return customer.post("/cart.php?a=view", {"a": "checkout"}, "/cart.php?a=checkout")


def test_an_admin_tests_the_connection_and_a_customer_orders(standin, tmp_path):
    running = standin()
    said = running.said()
    admin, customer = Browser(said["whmcs"]), Browser(said["whmcs"])
    admin.sign_in("/admin/login.php", "/admin/login.php", said["admin"])
    assert press_test_connection(admin, said) == {"success": True, "error": ""}
    refused = press_test_connection(admin, said, password="wrong")
    assert refused["success"] is False
    assert refused["error"]

    customer.sign_in("/clientarea.php", "/dologin.php", said["client"])
    assert "Your Order Number is" in order(customer, said, "testuser")
    admin.post("/admin/orders.php?action=view&id=1", {"action": "pay", "id": "1"})
    shown = customer.get("/clientarea.php?action=productdetails&id=1")
    assert "testuser@thexyz.com" in shown
    assert json.loads(customer.get("/standin-faults.json")) == []
    settings = tmp_path / "demo" / "whmcs" / "housemail-whmcs.php"
    assert settings.stat().st_mode & 0o777 == 0o600

    ended = running.end()
    assert (ended.code, ended.err) == (0, "")
    assert all(closed(said[name]) for name in ("whmcs", "emulator", "api"))


def test_every_page_says_what_it_is_and_files_are_served(standin):
    said = standin().said()
    browser = Browser(said["whmcs"])
    for path in ("/", "/cart.php", "/admin/login.php", "/standin.php?systpl=nexus"):
        assert "This is a stand-in for WHMCS" in browser.get(path)
    for path in (
        "/assets/bootstrap3/css/bootstrap.min.css",
        "/assets/bootstrap4/css/bootstrap.min.css",
        "/assets/jquery/jquery.min.js",
        "/assets/standin/standin.js",
    ):
        assert len(browser.get(path)) > 500
    direct = browser.get("/modules/servers/thexyz_polarismail/thexyz_polarismail.php")
    assert direct == "This file cannot be accessed directly"
    for path in ("/assets/standin/../../seed.php", "/../whmcs.sqlite3"):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            browser.get(path)


@pytest.mark.skipif(sys.platform != "linux", reason="Linux ends the children")
def test_nothing_is_left_when_it_is_killed_outright(standin):
    running = standin()
    said = running.said()
    running.end(signal.SIGKILL)
    assert all(closed(said[name]) for name in ("whmcs", "emulator", "api"))


def test_a_port_in_use_is_one_sentence(standin):
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        running = standin(f"--port={port}", "--service-port=0")
        out, err = running.process.communicate(timeout=60)
    assert (running.process.returncode, out) == (2, "")
    assert err.startswith(f"--port {port}: ")
    assert err.count("\n") == 1


def test_without_php_one_sentence_says_how_to_get_it(
    housemail: Callable[..., Ended], tmp_path: Path
) -> None:
    where = f"--data-dir={tmp_path / 'demo'}"
    ended = housemail("whmcs", "demo", where, PATH=str(tmp_path))
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        "PHP is not installed. scripts/packages.sh --stand-in installs it where it is "
        "run as root on Debian.\n"
    )


def test_people_read_a_table(start, tmp_path):
    running = start(
        *("whmcs", "demo", "--port=0", "--service-port=0"),
        f"--data-dir={tmp_path / 'demo'}",
    )
    lines: list[str] = []
    while not lines or "Ctrl-C" not in lines[-1]:
        lines.append(running.line())
        assert lines[-1], running.process.communicate()
    text = "".join(lines)
    for word in ("order form", "/admin/", "demo / demo", "michael@example.org"):
        assert word in text
    assert "The stand-in has ended." in running.end().out

"""``housemail serve``: one command, complete."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import time
import urllib.request

import pytest
from django.core.management import CommandError, call_command, load_command_class

from housemail.first_start import BASE_DIR
from housemail.ops import serving

pytestmark = pytest.mark.flow


def wait_for(url: str, running) -> int:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert running.process.poll() is None, running.process.communicate()
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310
                return int(answer.status)
        except OSError:
            time.sleep(0.1)
    raise AssertionError(url)


def test_it_migrates_serves_and_ends(start, housemail):
    port = serving.free_port()
    running = start("serve", "--port", str(port), "--threads", "4")
    assert "Bringing the database up to date" in running.line()
    said = running.line()
    assert f"http://127.0.0.1:{port}/api/v1/docs (4 threads, engine inside)" in said
    base = f"http://127.0.0.1:{port}"
    assert wait_for(f"{base}/readyz", running) == 200
    assert wait_for(f"{base}/api/v1/openapi.json", running) == 200
    assert housemail("doctor").code == 0
    ended = running.end(signal.SIGTERM)
    assert ended.code == 0
    assert "Traceback" not in ended.err


def test_the_engine_runs_inside(start, housemail, tmp_path):
    port = serving.free_port()
    running = start("serve", "--port", str(port), HOUSEMAIL_SWEEP_SECONDS="1")
    wait_for(f"http://127.0.0.1:{port}/readyz", running)
    beat = tmp_path / "data" / "engine.heartbeat"
    until = time.monotonic() + 30
    while not beat.exists() and time.monotonic() < until:
        time.sleep(0.1)
    assert beat.exists()
    assert "ok   engine: ran" in housemail("doctor").out
    assert running.end(signal.SIGINT).code == 0


def test_no_spelling_of_a_header_lets_callers_choose_their_address(start, housemail):
    behind = {
        "HOUSEMAIL_TRUSTED_PROXIES": "127.0.0.1",
        "HOUSEMAIL_ADDRESS_HEADER": "ClientAddress",
    }
    assert housemail("migrate").code == 0
    made = housemail("keys", "create", "Acme", "--from", "203.0.113.0/24")
    key = next(word for word in made.out.split() if word.startswith("hm_"))
    port = serving.free_port()
    running = start("serve", "--port", str(port), "--no-engine", **behind)
    wait_for(f"http://127.0.0.1:{port}/healthz", running)

    def status(proxy: str, *forged: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.putrequest("POST", "/api/v1/pending")
        connection.putheader("Authorization", f"Bearer {key}")
        connection.putheader("Content-Type", "application/json")
        connection.putheader("Content-Length", "2")
        connection.putheader("ClientAddress", proxy)
        for header in forged:
            connection.putheader(header, "203.0.113.7")
        connection.endheaders(b"{}")
        with contextlib.closing(connection):
            return connection.getresponse().status

    assert status("203.0.113.7") == 200
    forged = ["X-Forwarded-For", "X_Forwarded_For", "Client-Address", "Client_Address"]
    assert status("198.51.100.1", *forged) == 403
    assert running.end(signal.SIGTERM).code == 0


def test_a_port_in_use_is_one_sentence(housemail):
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = str(busy.getsockname()[1])
        ended = housemail("serve", "--port", port)
    assert ended.code == 2
    assert ended.err == (
        f"Cannot listen on 127.0.0.1:{port}: Address already in use. Choose another "
        "with --port.\n"
    )


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("--threads", "1", "--threads: from 2 to 512."),
        ("--threads", "9" * 24, "--threads: from 2 to 512."),
        ("--port", "99999", "--port 99999: from 1 to 65535."),
        ("--port", "-1", "--port -1: from 1 to 65535."),
        ("--host", "", "--host : an address, such as 127.0.0.1, 0.0.0.0 or ::1."),
        ("--host", "a b", "--host a b: an address, such as 127.0.0.1, 0.0.0.0 or ::1."),
    ],
)
def test_an_option_that_cannot_be_is_one_sentence(run, option, value, sentence):
    with pytest.raises(CommandError) as refused:
        run("serve", option, value)
    assert (refused.value.returncode, str(refused.value)) == (2, sentence)


def test_the_serving_process_finds_the_code_from_anywhere(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "there")
    environment = serving.environment(engine=True, extra={"A": "b"})
    first, _, rest = environment["PYTHONPATH"].partition(os.pathsep)
    assert (first, rest) == (str(BASE_DIR), "there")
    assert environment["HOUSEMAIL_ENGINE"] == "1"
    assert environment["A"] == "b"
    monkeypatch.delenv("PYTHONPATH")
    assert serving.environment(engine=False)["HOUSEMAIL_ENGINE"] == "0"


def test_ports_of_both_families():
    assert serving.why_not_free("::1", 0) == ""
    assert serving.why_not_free("192.0.2.1", 0)
    line = serving.command("127.0.0.1", 1, 8)
    assert "--workers=1" in line
    assert "--blocking-threads=8" in line


class Become(Exception):
    """Raised where a command replaces its process."""


@pytest.fixture
def becomes(monkeypatch):
    def execve(path, arguments, environment):
        raise Become(arguments, environment)

    monkeypatch.setattr(os, "execve", execve)


@pytest.mark.usefixtures("becomes")
def test_serve_becomes_the_web_server(run):
    with pytest.raises(Become) as became:
        run("serve", "--port", str(serving.free_port()), "--threads=5", "--no-engine")
    arguments, environment = became.value.args
    assert "granian" in arguments
    assert "--blocking-threads=5" in arguments
    assert environment["HOUSEMAIL_ENGINE"] == "0"
    assert environment["HOUSEMAIL_THREADS"] == "5"


@pytest.mark.usefixtures("becomes")
def test_emulator_becomes_the_emulator_with_its_own_options():
    command = load_command_class("housemail.ops", "emulator")
    with pytest.raises(Become) as became:
        command.run_from_argv(["housemail", "emulator", "--seed", "7"])
    assert became.value.args[0][1:] == ["-m", "emulator", "--seed", "7"]
    with pytest.raises(Become):
        call_command("emulator")

"""``python -m emulator``."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest

import emulator as package
from emulator.__main__ import main

ROOT = Path(package.__file__).parent.parent
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@contextmanager
def program(*arguments, **environment):
    command = [sys.executable, "-W", "error", "-m", "emulator", *arguments]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, **environment},
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_json_line_then_runs_until_told_to_stop(fetch, number):
    with program(
        "--json", "--domains", "a.example,b.example", EMULATOR_PASSWORD="From-env-1"
    ) as process:
        where = json.loads(process.stdout.readline())
        assert list(where) == [
            "endpoint",
            "user_endpoint",
            "second_endpoint",
            "panel_login",
            "username",
            "password",
            "control",
            "page",
        ]
        assert where["password"] == "From-env-1"
        login = {"action": "login", "username": "admin", "password": "From-env-1"}
        answer = fetch("POST", where["endpoint"], urlencode(login), FORM)
        assert answer.json["returncode"] == 1
        state = fetch("GET", where["control"] + "/state").json
        assert list(state["domains"]) == ["a.example", "b.example"]
        process.send_signal(number)
        assert process.wait(10) == 0
        assert process.stdout.read() == process.stderr.read() == ""


def test_words_for_people_and_a_new_password():
    with program("--preset", "other_units", "--username", "root") as process:
        assert "imitation" in process.stdout.readline()
        lines = dict(process.stdout.readline().split() for _ in range(8))
        assert lines["username"] == "root"
        assert len(lines["password"]) > 12
        process.terminate()
        assert process.wait(10) == 0


def test_a_taken_port_is_said_in_one_sentence(emu):
    port = emu.endpoint.split(":")[2].partition("/")[0]
    with program("--port", port) as process:
        assert process.wait(10) == 1
        assert process.stderr.read().startswith("Cannot open a port")


def test_help_names_options_and_presets(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    text = capsys.readouterr().out
    for word in ("--control-port", "--json", "EMULATOR_PASSWORD", "lost_answers"):
        assert word in text


@pytest.mark.parametrize(
    "wrong", [["--preset", "stormy"], ["--port", "70000"], ["--port", "x"]]
)
def test_wrong_options_are_refused(capsys, wrong):
    with pytest.raises(SystemExit) as ended:
        main(wrong)
    assert ended.value.code == 2
    assert capsys.readouterr().err

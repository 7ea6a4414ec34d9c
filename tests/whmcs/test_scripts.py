"""scripts/packages.sh and what calls it: quick, quiet, and never in the way."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.whmcs.conftest import ROOT, Ended

SCRIPT = ROOT / "scripts/packages.sh"
ALL_BUT_TWO = (
    "printf '%s|install ok installed\\n' $(echo \"$@\" | tr ' ' '\\n' | "
    "grep -v -e '^-' -e '^\\$' -e phpmd -e smarty3); "
    "echo 'phpmd|deinstall ok config-files'; exit 1"
)
EVERYTHING = "printf '%s|install ok installed\\n' \"$@\""


class Machine:
    """Programs that answer as those of some machine; each call is written down."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        for name in ("sh", "sed", "grep", "tail", "mktemp", "rm", "cat", "tr"):
            found = next(
                path
                for place in ("/bin", "/usr/bin")
                if (path := Path(place) / name).exists()
            )
            (folder / name).symlink_to(found)

    def has(self, name: str, answer: str) -> None:
        path = self.folder / name
        path.write_text(f'#!/bin/sh\necho "{name} $*" >>"$CALLS"\n{answer}\n')
        path.chmod(0o755)

    def run(self, *arguments: str) -> Ended:
        done = subprocess.run(
            ["/bin/sh", str(SCRIPT), *arguments],
            env={"PATH": str(self.folder), "CALLS": str(self.folder / "calls")},
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.stdout == ""
        return Ended(done.returncode, done.stderr)

    def calls(self) -> list[str]:
        path = self.folder / "calls"
        return path.read_text().splitlines() if path.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "bin")


def test_nothing_is_said_and_little_asked_when_nothing_is_missing(machine) -> None:
    machine.has("dpkg-query", EVERYTHING)
    assert machine.run() == Ended(0, "")
    asked = [call for call in machine.calls() if call.startswith("dpkg-query")]
    assert len(asked) == 1


@pytest.mark.parametrize(("user", "arguments"), [("1000", []), ("0", ["--check"])])
def test_what_is_missing_is_named_with_what_is_skipped(
    machine, user, arguments
) -> None:
    machine.has("dpkg-query", ALL_BUT_TWO)
    machine.has("id", f"echo {user}")
    machine.has("apt-get", "exit 0")
    ended = machine.run(*arguments)
    assert ended.code == 1
    assert "Not installed: smarty3 phpmd\n" in ended.text
    assert "the tests of the WHMCS module and of its pages are skipped" in ended.text
    assert "apt-get install -y smarty3 phpmd" in ended.text
    assert not [call for call in machine.calls() if call.startswith("apt-get")]


def test_root_installs_what_is_missing_and_no_more(machine) -> None:
    machine.has("dpkg-query", ALL_BUT_TWO)
    machine.has("id", "echo 0")
    machine.has("apt-get", "exit 0")
    ended = machine.run()
    assert ended == Ended(0, "Installing Debian packages: smarty3 phpmd\n")
    apt = [call for call in machine.calls() if call.startswith("apt-get")]
    assert apt == ["apt-get -q -y install --no-install-recommends smarty3 phpmd"]


def test_lists_that_are_too_old_are_fetched(machine) -> None:
    machine.has("dpkg-query", ALL_BUT_TWO)
    machine.has("id", "echo 0")
    seen = machine.folder / "fetched"
    machine.has(
        "apt-get",
        f'case "$*" in *update*) : >"{seen}" ;; *) [ -e "{seen}" ] ;; esac',
    )
    assert machine.run().code == 0
    assert seen.exists()


def test_an_apt_that_fails_says_why_in_a_few_lines(machine) -> None:
    machine.has("dpkg-query", ALL_BUT_TWO)
    machine.has("id", "echo 0")
    machine.has("apt-get", "echo one; echo two; echo no network; echo last >&2; exit 9")
    ended = machine.run()
    assert ended.code == 1
    assert "no network" in ended.text
    assert "one" not in ended.text.splitlines()
    assert ended.text.splitlines()[-2].startswith("apt could not install them.")


def test_another_system_is_told_what_to_look_for(machine) -> None:
    ended = machine.run()
    assert ended.code == 1
    assert "Not installed: php. This is no Debian or Ubuntu" in ended.text
    for name in ("php", "phpunit", "chromium", "xgettext"):
        machine.has(name, "exit 0")
    assert machine.run() == Ended(0, "")


def recipe(target: str) -> str:
    done = subprocess.run(
        ["/usr/bin/env", "make", "--dry-run", target],
        cwd=ROOT,
        env={**os.environ, "MAKEFLAGS": ""},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout


@pytest.mark.parametrize(
    ("target", "asked"),
    [("test", ""), ("test-all", ""), ("whmcs-demo", " --stand-in")],
)
def test_what_needs_packages_asks_for_them_and_goes_on_without(target, asked) -> None:
    assert f"scripts/packages.sh{asked} || true" in recipe(target)


def test_the_stand_in_needs_no_tools_of_developers(machine) -> None:
    machine.has("dpkg-query", "exit 1")
    machine.has("id", "echo 0")
    machine.has("apt-get", "exit 0")
    said = machine.run("--stand-in").text
    assert "Installing Debian packages: php-cli php-curl" in said
    for tool in ("phpunit", "phpmd", "php-codesniffer", "chromium", "gettext"):
        assert tool not in said
    ended = machine.run("--check", "--stand-in")
    assert ended.code == 1
    assert "Without them make whmcs-demo cannot start." in ended.text
    assert "tests" not in ended.text


def test_the_demo_needs_no_packages() -> None:
    assert "packages" not in recipe("demo")


def test_ci_runs_what_a_hand_runs() -> None:
    text = (ROOT / ".ci/run").read_text("utf-8")
    assert text.rstrip().endswith("exec make check test test-all COVERAGE=1")


def test_a_lock_file_is_installed_as_it_is() -> None:
    # pip resolves "coverage[toml]" apart from the locked "coverage": to the newest.
    text = (ROOT / "scripts/venv.sh").read_text("utf-8")
    assert text.count("--no-deps --require-hashes") == 2

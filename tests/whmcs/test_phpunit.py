"""The PHPUnit suites, each a test here; those of the service with a real one behind."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from django.db import connection

from tests.ops.conftest import environment
from tests.whmcs.conftest import ROOT

CONFIGURATION = ROOT / "whmcs/phpunit.xml.dist"
TESTS = ROOT / "whmcs/tests"
README = TESTS / "README.md"
SUITE_SECONDS = 600
PHPUNIT = shutil.which("phpunit") or "phpunit"

pytestmark = [
    pytest.mark.flow,
    pytest.mark.timeout(SUITE_SECONDS + 60),
    pytest.mark.skipif(
        not all(shutil.which(program) for program in ("php", "phpunit")),
        reason="PHP or PHPUnit is not installed: scripts/packages.sh installs them",
    ),
]


def suites() -> list[str]:
    """The names of the suites in the configuration."""
    tree = ElementTree.parse(CONFIGURATION)  # noqa: S314 - a file of ours
    return [suite.attrib["name"] for suite in tree.iter("testsuite")]


def phpunit(suite: str, tmp_path: Path, **variables: str) -> None:
    """Run one suite; its output is the failure's text."""
    done = subprocess.run(
        [PHPUNIT, f"--configuration={CONFIGURATION}", f"--testsuite={suite}"],
        cwd=ROOT / "whmcs",
        env={**os.environ, "TMPDIR": str(tmp_path), **variables},
        capture_output=True,
        text=True,
        timeout=SUITE_SECONDS,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "No tests executed" not in said, said


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A service and an imitated platform, as the suites read them."""
    where = tmp_path_factory.mktemp("demo")
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "housemail", "demo", "--json", "--port=0"),
            f"--data-dir={where / 'data'}",
        ],
        cwd=ROOT,
        env=environment(where),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        yield {
            "HOUSEMAIL_TEST_URL": said["api"].removesuffix("/api/v1"),
            "HOUSEMAIL_TEST_KEY": said["api_key"],
            "HOUSEMAIL_TEST_ENDPOINT": said["server"]["endpoint"],
            "HOUSEMAIL_TEST_USERNAME": said["server"]["username"],
            "HOUSEMAIL_TEST_PASSWORD": said["server"]["password"],
            "HOUSEMAIL_TEST_CONTROL": said["emulator"].rstrip("/"),
        }
    finally:
        process.terminate()
        process.communicate(timeout=60)


@pytest.mark.parametrize(
    "suite", [name for name in suites() if not name.startswith("service")]
)
def test_suite(suite: str, tmp_path: Path) -> None:
    phpunit(suite, tmp_path)


@pytest.fixture
def mariadb(db: None) -> Iterator[str]:
    """An empty database beside this test's own, as the stand-in is told of it."""
    if connection.vendor != "mysql":
        pytest.skip("WHMCS runs on MariaDB or MySQL; make test-all has one")
    settings = connection.settings_dict
    name = f"{settings['NAME']}_whmcs"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS `{name}`")
        cursor.execute(f"CREATE DATABASE `{name}` CHARACTER SET utf8mb4")
    login = quote(settings["USER"])
    if settings["PASSWORD"]:
        login += f":{quote(settings['PASSWORD'])}"
    yield f"mariadb://{login}@{settings['HOST']}:{settings['PORT'] or 3306}/{name}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE `{name}`")


@pytest.mark.databases
def test_the_module_on_mariadb_with_the_older_smarty(
    mariadb: str, tmp_path: Path
) -> None:
    # WHMCS 8 brings either; one more run of the suite has to do for both.
    phpunit("module", tmp_path, STANDIN_DATABASE=mariadb, STANDIN_SMARTY="3")


@pytest.mark.parametrize(
    "suite", [name for name in suites() if name.startswith("service")]
)
def test_suite_with_the_real_service(
    suite: str, tmp_path: Path, running: dict[str, str]
) -> None:
    phpunit(suite, tmp_path, **running)


def test_there_are_suites_of_both_kinds() -> None:
    assert {name.startswith("service") for name in suites()} == {True, False}


def test_every_test_file_is_in_a_suite() -> None:
    tree = ElementTree.parse(CONFIGURATION)  # noqa: S314 - a file of ours
    base = CONFIGURATION.parent
    covered: set[Path] = set()
    for suite in tree.iter("testsuite"):
        for folder in suite.iter("directory"):
            covered |= set((base / (folder.text or "").strip()).rglob("*Test.php"))
        covered |= {base / (file.text or "").strip() for file in suite.iter("file")}
    assert sorted(set((base / "tests").rglob("*Test.php")) - covered) == []


def methods() -> set[str]:
    """The names of all test methods."""
    texts = [path.read_text("utf-8") for path in TESTS.rglob("*Test.php")]
    return set(re.findall(r"function (test\w+)", "\n".join(texts)))


def test_every_pitfall_has_a_test() -> None:
    found = {int(number) for number in re.findall(r"testPitfall(\d+)", str(methods()))}
    assert found == set(range(1, 45))


def test_every_line_of_the_dispatcher_names_tests_that_exist() -> None:
    rows = re.findall(
        r"^\| (\d+) \|.*\| (.*) \|$", README.read_text("utf-8"), re.MULTILINE
    )
    assert [int(number) for number, _ in rows] == list(range(1, 18))
    named = {name for _, cell in rows for name in re.findall(r"`(\w+)`", cell)}
    assert named - methods() == set()

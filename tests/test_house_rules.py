"""What no linter knows: sizes, names, and that the documents are complete."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILE_LINES = 400
FUNCTION_LINES = 60
PRAGMAS = 5
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers"}
SETTING = re.compile(r"\bHOUSEMAIL_[A-Z0-9_]+\b")


def sources(*folders: str) -> list[Path]:
    return sorted(
        path
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
        if "migrations" not in path.parts
    )


OURS = sources("housemail", "emulator", "tests")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", OURS, ids=name_of)
def test_no_file_and_no_function_is_too_long(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= FILE_LINES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            assert lines <= FUNCTION_LINES, f"{node.name} has {lines} lines"


def test_no_module_has_a_name_that_says_nothing() -> None:
    vague = [name_of(path) for path in OURS if path.stem in VAGUE]
    vague += [
        name_of(path) for path in OURS for part in path.parts if part.lower() in VAGUE
    ]
    assert vague == []


def test_exceptions_from_coverage_are_counted() -> None:
    mark = "pragma: no " + "cover"
    marked = [name_of(path) for path in OURS if mark in path.read_text("utf-8")]
    assert len(marked) <= PRAGMAS, marked


def read_by_name(path: Path) -> Iterator[str]:
    """Names of environment variables that a file reads or sets."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        value = node.value if isinstance(node, ast.Constant) else None
        if isinstance(value, str) and SETTING.fullmatch(value):
            yield value


def documented() -> set[str]:
    text = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    return set(re.findall(r"^\| `(HOUSEMAIL_[A-Z0-9_]+)` \|", text, re.MULTILINE))


def test_every_setting_is_documented_and_no_other() -> None:
    scripts = [*(ROOT / "scripts").glob("*.sh"), ROOT / "Makefile"]
    used = {name for path in sources("housemail") for name in read_by_name(path)}
    for script in scripts:
        used |= set(SETTING.findall(script.read_text(encoding="utf-8")))
    assert used == documented()


def test_every_room_is_on_the_map() -> None:
    text = (ROOT / "docs/flow.md").read_text(encoding="utf-8")
    rooms = [
        path.parent.relative_to(ROOT)
        for folder in ("housemail", "emulator")
        for path in (ROOT / folder).rglob("__init__.py")
        if "migrations" not in path.parts and "management" not in path.parts
    ]
    missing = [str(room) for room in rooms if f"`{room}/`" not in text]
    assert missing == []


def committed_texts() -> list[Path]:
    names = [
        "requirements.txt",
        "requirements-dev.txt",
        "pyproject.toml",
        "Makefile",
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        ".ci/run",
        "bin/housemail",
    ]
    folders = [*(ROOT / "docs").glob("*"), *(ROOT / "scripts").glob("*")]
    return [ROOT / name for name in names] + [
        path for path in folders if path.is_file()
    ]


@pytest.mark.parametrize("path", committed_texts(), ids=name_of)
def test_no_text_names_a_machine_or_a_registry(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    home = re.escape(str(ROOT))
    paths = re.search(rf"{home}|/home/|/root/|/Users/|C:\\\\", text)
    assert paths is None, paths
    registries = re.search(
        r"--(?:extra-)?index-url|--find-links|pypi\.|/simple\b", text
    )
    # Written where the lock files are made: the option that leaves them out.
    allowed = registries is None or f"no-emit{registries[0][1:]}" in text
    assert allowed, registries


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_lock_files_hold_nothing_but_names_and_hashes(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert len(re.findall(r"--hash=sha256:[0-9a-f]{64}", text)) > 100
    for line in text.splitlines():
        assert re.match(r"[a-z0-9-]+(?:\[[a-z,]+\])?==\S|    --hash=sha256:|#|$", line)


def test_the_changelog_has_a_place_for_what_comes() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "## [Unreleased]" in text


def test_every_command_is_in_the_readme_or_the_flow() -> None:
    from housemail.__main__ import COMMANDS

    commands = ROOT / "housemail/ops/management/commands"
    assert {path.stem for path in commands.glob("[a-z]*.py")} == set(COMMANDS)
    text = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"`housemail {name}" not in text] == []


def test_every_platform_has_a_contract_test() -> None:
    shared = {"__init__", "__pycache__", "addresses", "base", "recording", "registry"}
    kinds = {path.stem for path in (ROOT / "housemail/platforms").iterdir()} - shared
    for kind in kinds:
        test = (ROOT / f"tests/platforms/test_{kind}.py").read_text(encoding="utf-8")
        assert "Contract)" in test, kind

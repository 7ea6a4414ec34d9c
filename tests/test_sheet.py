"""Every line of the product sheet is in docs/sheet.md, with something that shows it."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_ROW = re.compile(r"\| (?P<line>.+?) \| (?P<shown>[^|]+) \|")
_FILE = re.compile(r"`((?:tests|whmcs/tests|docs|README)[^`:]*)(?:::(\w+))?`")


def sheet() -> list[str]:
    text = (ROOT / "docs/product-sheet.txt").read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip()]


def rows() -> list[tuple[str, str]]:
    text = (ROOT / "docs/sheet.md").read_text(encoding="utf-8")
    table = text.partition("| --- | --- |\n")[2]
    found = [_ROW.fullmatch(line) for line in table.splitlines()]
    return [
        (row["line"].replace("\\|", "|"), row["shown"])
        for row in found
        if row is not None
    ]


def test_every_line_is_there_in_its_order() -> None:
    assert [line for line, _ in rows()] == sheet()


def faults(line: str, shown: str) -> list[str]:
    found = []
    files = _FILE.findall(shown)
    if not (files or shown == "heading"):
        found.append(f"{line}: nothing shows it")
    for name, test in files:
        path = ROOT / name
        if not path.is_file():
            found.append(f"{line}: {name} does not exist")
        elif test:
            begin = re.compile(rf"(?:def|function) {test}\(")
            if not begin.search(path.read_text("utf-8")):
                found.append(f"{line}: {name} has no {test}")
        elif path.suffix == ".py" and "def test_" not in path.read_text("utf-8"):
            found.append(f"{line}: {name} holds no test")
    return found


def test_every_line_has_something_that_shows_it() -> None:
    assert [fault for line, shown in rows() for fault in faults(line, shown)] == []


def test_only_what_introduces_other_lines_is_a_heading() -> None:
    """A heading promises nothing: no bullet, no full sentence that stands alone."""
    for line, shown in rows():
        if shown == "heading":
            assert not line.startswith("•"), line
            assert not line.endswith("."), line


def test_a_test_that_is_gone_is_noticed() -> None:
    assert faults("x", "`tests/test_sheet.py::sheet`") == []
    assert faults("x", "`tests/test_sheet.py::gone`") == [
        "x: tests/test_sheet.py has no gone"
    ]

"""docs/whmcs.md: the sheet's headings, paths and values, and what the module says."""

from __future__ import annotations

import json
import re
import subprocess

import pytest

from housemail.ops.management.commands import whmcs
from tests.whmcs.conftest import MODULE, PHP, ROOT, needs_php

GUIDE = (ROOT / "docs/whmcs.md").read_text("utf-8")
SHEET = (ROOT / "docs/product-sheet.txt").read_text("utf-8").split("\n")
LAST = "Security notes"
PICTURE_WIDTH = 1200
PICTURE_BYTES = 150 * 1024
_PICTURE = re.compile(r"!\[(?P<shows>[^]]+)\]\(screens/whmcs/(?P<file>[^)]+)\)")
_ROW = re.compile(
    r"^\| `(?P<file>\d\d-[a-z-]+\.png)` \| (?P<shows>.+) \|$", re.MULTILINE
)


def sheet_headings() -> list[str]:
    """Lines that stand alone between empty lines and are no sentence."""
    found = [
        line
        for before, line, after in zip(["", *SHEET], SHEET, SHEET[1:], strict=False)
        if line and line == line.strip() and (before, after) == ("", "")
        if line[0] != "•" and line[-1] not in ".:"
    ]
    return found[: found.index(LAST) + 1]


def sheet_values() -> set[str]:
    """What the sheet shows as to be typed: between lines that hold only blanks."""
    found, inside = set(), False
    for line in SHEET:
        if line and not line.strip():
            inside = not inside
        elif inside and line.strip():
            found.add(line.strip())
    return found


def settings() -> dict[str, dict[str, str]]:
    """The module settings as PHP hands them to WHMCS."""
    program = (
        f"define('WHMCS', true); require '{MODULE}/thexyz_polarismail.php';"
        "echo json_encode(thexyz_polarismail_ConfigOptions());"
    )
    done = subprocess.run(
        [PHP, "-r", program], capture_output=True, text=True, check=True, timeout=60
    )
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


def test_the_headings_are_the_sheets_in_its_order() -> None:
    headings = re.findall(r"^#+ (.+)$", GUIDE, re.MULTILINE)
    wanted = sheet_headings()
    assert len(wanted) == 40
    assert [heading for heading in headings if heading in set(wanted)] == wanted


def test_everything_the_sheet_shows_to_be_typed_or_clicked_is_there() -> None:
    values = sheet_values()
    assert {"System Settings > Servers", "mod_thexyz_pm_aliases", "no-reply"} <= values
    assert sorted(value for value in values if value not in GUIDE) == []


def test_newer_menu_paths_follow_in_brackets() -> None:
    for path in (
        "System Settings > Servers",
        "System Settings > Servers > Create New Group",
        "System Settings > Products/Services",
    ):
        assert f"```\n{path}\n```\n\n[newer: Configuration > {path}]" in GUIDE
    assert "[newer: Configuration > System Logs > Module Log]" in GUIDE


def test_the_tables_of_the_sheet_are_there() -> None:
    for field, value in {
        "Name": "PolarisMail",
        "Hostname": "cp.emailarray.com",
        "Type": "Thexyz Mailboxes",
        "Field Name": "Mailbox",
        "Field Type": "Text Box",
        "Description": "Choose the first part of your email address",
        "Required Field": "Enabled",
        "Show on Order Form": "Enabled",
    }.items():
        assert f"| {field} | {value} |" in GUIDE


def test_every_picture_is_declared_once_and_in_its_order() -> None:
    used = [(match["file"], match["shows"]) for match in _PICTURE.finditer(GUIDE)]
    listed = [(match["file"], match["shows"]) for match in _ROW.finditer(GUIDE)]
    assert used == listed
    numbers = [file[:2] for file, _ in used]
    assert numbers == [f"{number:02}" for number in range(1, len(used) + 1)]


def test_every_picture_is_there_and_no_other() -> None:
    pictures = {path.name: path for path in (ROOT / "docs/screens/whmcs").iterdir()}
    assert sorted(pictures) == [match["file"] for match in _ROW.finditer(GUIDE)]
    for path in pictures.values():
        head = path.read_bytes()[:24]
        assert head.startswith(b"\x89PNG\r\n\x1a\n"), path.name
        assert int.from_bytes(head[16:20], "big") == PICTURE_WIDTH, path.name
        assert path.stat().st_size <= PICTURE_BYTES, path.name


def test_links_lead_somewhere() -> None:
    anchors = {
        re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"^#+ (.+)$", GUIDE, re.MULTILINE)
    }
    for target in re.findall(r"\]\(([^)]+)\)", GUIDE):
        if target.startswith("#"):
            assert target[1:] in anchors, target
        else:
            assert (ROOT / "docs" / target).is_file(), target


@needs_php
def test_every_module_setting_has_its_heading_and_its_default() -> None:
    found = settings()
    assert len(found) == 13
    chapter = GUIDE.partition("## Configure module settings\n")[2].partition("\n## ")[0]
    parts = chapter.split("\n### ")[1:]
    assert [part.partition("\n")[0] for part in parts] == list(found)
    for part, setting in zip(parts, found.values(), strict=True):
        default = setting.get("Default", "").partition("|")[0]
        assert default in part, part
        for choice in setting.get("Options", "").split(","):
            assert choice in part, part


@needs_php
def test_what_the_sheet_says_of_a_setting_is_shown_beside_it() -> None:
    """Descriptions are read in WHMCS, so that nobody needs this guide for them."""
    sheet = " ".join(line.strip() for line in SHEET)
    for name, setting in list(settings().items())[:10]:
        sentences = re.split(r"\.(?: |$)", setting["Description"])
        known = [sentence for sentence in sentences if sentence and sentence in sheet]
        # Of these two the sheet shows only values.
        assert known or name in {"Default Language", "Default Date Format"}, name


def test_every_option_of_install_is_explained() -> None:
    import argparse

    parser = argparse.ArgumentParser()
    whmcs._install_arguments(parser)
    for action in parser._actions:
        for option in action.option_strings:
            if option not in {"-h", "--help"}:
                assert f"`{option}" in GUIDE, option


def english() -> str:
    return (MODULE / "lang/english.php").read_text("utf-8").replace("\\'", "'")


def test_sentences_of_test_connection_are_those_that_are_said() -> None:
    """Each row quotes how a sentence begins, of the module or of the service."""
    chapter = GUIDE.partition("### Test Connection fails\n")[2].partition("\n### ")[0]
    quoted = re.findall(r"^\| “([^”]+) …” \|", chapter, re.MULTILINE)
    assert len(quoted) >= 10
    said = english() + (ROOT / "docs/api.md").read_text("utf-8")
    for beginning in quoted:
        pattern = re.sub(r"HOST|LABEL", r"\\{\\w+\\}", re.escape(beginning))
        assert re.search(pattern, said), beginning


@pytest.mark.parametrize("word", ["TODO", "<!--", "issue "])
def test_nothing_is_left_open(word: str) -> None:
    assert word not in GUIDE

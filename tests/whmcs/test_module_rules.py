"""What every PHP file of the module must be like, whatever it does."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.whmcs.conftest import MODULE, PHP, ROOT, needs_php

PHP_LINES = 1_500
COMMENT = ("//", "/*", "*")
GUARD = re.compile(
    r"(?:if \(!defined\('WHMCS'\)\) \{\s*|^defined\('WHMCS'\) \|\| )(?:die|exit)\b",
    re.MULTILINE,
)
LANGUAGES = (
    *("english", "german", "french", "spanish"),
    *("portuguese-br", "indonesian"),
)
FILES = sorted(MODULE.rglob("*.php"))


def name_of(path: Path) -> str:
    return str(path.relative_to(MODULE))


def php(program: str) -> str:
    done = subprocess.run(
        [PHP, "-d", "display_errors=1", "-r", program],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout


def texts(language: str) -> dict[str, str]:
    path = MODULE / f"lang/{language}.php"
    found = json.loads(php(f"define('WHMCS', 1); echo json_encode(include '{path}');"))
    assert isinstance(found, dict)
    return found


def code_lines(path: Path) -> int:
    """Lines that a reader of the code counts: neither blank nor comment."""
    lines = [line.strip() for line in path.read_text("utf-8").splitlines()]
    return sum(1 for line in lines if line and not line.startswith(COMMENT))


def test_the_module_is_thin() -> None:
    counted = [path for path in FILES if "lang" not in path.relative_to(MODULE).parts]
    lines = {name_of(path): code_lines(path) for path in counted}
    assert sum(lines.values()) <= PHP_LINES, lines


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_no_file_does_anything_outside_of_whmcs(path: Path) -> None:
    text = path.read_text("utf-8")
    guard = GUARD.search(text)
    assert guard is not None
    before = re.sub(r"/\*.*?\*/", "", text[: guard.start()], flags=re.DOTALL)
    allowed = (
        r"<\?php\s*(declare\(strict_types=1\);\s*|namespace [\w\\]+;\s*|use .+;\s*)*"
    )
    assert re.fullmatch(allowed, before), before


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_no_file_prints_anything_when_it_is_loaded(path: Path) -> None:
    raw = path.read_bytes()
    assert raw.startswith(b"<?php\n"), "a mark or a blank before it would be printed"
    assert b"?>" not in raw, "what follows a closing tag would be printed"
    assert raw.endswith(b"\n")
    assert b"\r" not in raw


@needs_php
@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_every_file_ends_at_once_when_a_browser_asks_for_it(path: Path) -> None:
    program = f"include '{path}'; echo 'went on';"
    assert php(program) in {"", "This file cannot be accessed directly"}


@needs_php
def test_every_file_parses() -> None:
    for path in [*FILES, ROOT / "housemail/ops/whmcs/connection_test.php"]:
        done = subprocess.run(
            [PHP, "-l", str(path)], capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stdout + done.stderr


@needs_php
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_says_everything_with_the_same_places_to_fill(
    language: str,
) -> None:
    wanted, found = texts("english"), texts(language)
    assert list(found) == list(wanted)
    for key, text in wanted.items():
        assert found[key].strip(), key
        places = [sorted(re.findall(r"\{\w+\}", said)) for said in (text, found[key])]
        assert places[0] == places[1], key


@needs_php
def test_languages_are_not_copies_of_english() -> None:
    wanted = texts("english")
    for language in LANGUAGES[1:]:
        found = texts(language)
        same = [key for key in wanted if found[key] == wanted[key]]
        assert len(same) <= len(wanted) // 5, (language, same)


def test_there_are_exactly_the_six_languages() -> None:
    names = {path.stem for path in (MODULE / "lang").glob("*.php")}
    assert names == set(LANGUAGES)


def test_whmcs_json_is_strict_json_and_names_the_module() -> None:
    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        assert len(pairs) == len(dict(pairs))
        return dict(pairs)

    text = (MODULE / "whmcs.json").read_bytes().decode("utf-8")
    found = json.loads(text, object_pairs_hook=once)
    assert found["schema"] == "1.0"
    assert (found["type"], found["name"]) == ("whmcs-servers", "thexyz_polarismail")
    assert found["description"]["name"] == "Thexyz Mailboxes"
    assert (MODULE / found["logo"]["filename"]).is_file()


def test_the_logo_is_a_png_of_at_most_500_pixels() -> None:
    raw = (MODULE / "logo.png").read_bytes()
    assert raw.startswith(b"\x89PNG\r\n\x1a\n")
    assert 0 < int.from_bytes(raw[16:20]) <= 500


def test_the_web_server_is_told_to_keep_lib_closed() -> None:
    text = (MODULE / "lib/.htaccess").read_text("utf-8")
    assert "Require all denied" in text


def test_the_example_of_the_connection_file_names_what_the_module_reads() -> None:
    text = (MODULE / "config.example.php").read_text("utf-8")
    assert set(re.findall(r"^    '(\w+)' =>", text, re.MULTILINE)) == {
        *("url", "key", "ca_file"),
    }

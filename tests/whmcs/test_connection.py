"""The connection file: what is read from it, what is written, what is refused."""

from __future__ import annotations

import json
import subprocess

import pytest

from housemail.ops.whmcs import connection
from housemail.ops.whmcs.connection import Connection
from tests.whmcs.conftest import MODULE, PHP, needs_php

KEY = "hm_0123456789ab_" + "k" * 43
ODD = ["https://h.example", "it's", "back\\slash", "\\'", "ends\\", '"', "$x {$y} é"]


@needs_php
@pytest.mark.parametrize("text", ODD)
def test_php_reads_what_is_written_and_so_do_we(tmp_path, text) -> None:
    path = tmp_path / "c.php"
    written = Connection(text, KEY, text)
    path.write_bytes(connection.render(written))
    assert connection.read(path) == written
    program = f"define('WHMCS', 1); echo json_encode(include '{path}');"
    done = subprocess.run(
        [PHP, "-r", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert json.loads(done.stdout) == {"url": text, "key": KEY, "ca_file": text}


@needs_php
def test_a_browser_that_asks_for_it_sees_nothing(tmp_path) -> None:
    path = tmp_path / "c.php"
    path.write_bytes(connection.render(Connection("https://h.example", KEY)))
    done = subprocess.run([PHP, str(path)], capture_output=True, check=True, timeout=60)
    assert done.stdout == done.stderr == b""


@pytest.mark.parametrize(
    "text",
    [
        "<?php return ['url' => 'https://h.example', 'key' => '%s'];",
        '<?php return array(\n"key"=>"%s" ,\n"url"=>"https://h.example");',
        "<?php\n// 'url' => 'https://other.example',\n# 'key' => 'x'\n/*\n"
        " * 'url' => 'https://third.example'\n */\nreturn ['url' =>\n "
        "'https://h.example',\n    'key' => '%s', // 'ours'\n];",
    ],
)
def test_files_written_by_hand_are_read(tmp_path, text) -> None:
    path = tmp_path / "c.php"
    path.write_text(text % KEY)
    assert connection.read(path) == Connection("https://h.example", KEY)


def test_the_example_counts_as_not_filled_in(tmp_path) -> None:
    path = tmp_path / "config.php"
    path.write_bytes((MODULE / "config.example.php").read_bytes())
    with pytest.raises(connection.ConnectionFileError, match="names no url and key"):
        connection.read(path)


def test_a_file_that_is_no_text(tmp_path) -> None:
    (tmp_path / "c.php").write_bytes(b"\xff\xfe")
    with pytest.raises(connection.ConnectionFileError, match="cannot be read"):
        connection.read(tmp_path / "c.php")


@pytest.mark.parametrize(
    ("raw", "url"),
    [
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("http://localhost", "http://localhost"),
        (" https://h.example/mail/ ", "https://h.example/mail"),
        ("https://h.example/api/v1", "https://h.example"),
    ],
)
def test_addresses_that_are_taken(raw, url) -> None:
    assert connection.checked_url(raw) == url


@pytest.mark.parametrize(
    "raw",
    [
        *("", "h.example", "ftp://h.example", "http://h.example", "https://"),
        *("http://10.0.0.1", "http://127.0.0.1.example", "https://u:p@h.example"),
        *("https://h.example?x=1", "https://h.example#x", "https://h:port", "http://["),
    ],
)
def test_addresses_that_would_show_the_key_or_are_none(raw) -> None:
    with pytest.raises(connection.ConnectionFileError, match="--url"):
        connection.checked_url(raw)


@pytest.mark.parametrize("raw", ["", "hm_1_2", "Bearer " + KEY, KEY + "'];system(1);"])
def test_a_key_that_is_none_is_not_repeated(raw) -> None:
    with pytest.raises(connection.ConnectionFileError) as caught:
        connection.checked_key(raw)
    assert not raw or raw not in str(caught.value)


def test_a_key_may_end_with_its_line() -> None:
    assert connection.checked_key(f"{KEY}\n") == KEY


def test_a_key_is_in_no_text_for_people() -> None:
    made = Connection("https://h.example", KEY)
    assert KEY not in repr(made)
    assert made.prefix == "0123456789ab"
    assert Connection("https://h.example", "odd").prefix == ""

"""PHP's shapes, one by one."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from housemail.platforms.emailarray.envelope import (
    OddReturncodeError,
    UnreadableError,
    flag,
    num,
    parse,
    rows,
)


def raw(**body: object) -> bytes:
    return json.dumps(body).encode()


@pytest.mark.parametrize("code", [1, "1", " 1"])
def test_success(code: object) -> None:
    assert parse(raw(returncode=code), lenient=False).ok


@pytest.mark.parametrize("code", [0, "0"])
def test_refusal(code: object) -> None:
    assert not parse(raw(returncode=code), lenient=False).ok


@pytest.mark.parametrize(
    "code", [2, -1, None, True, False, 1.0, "", "yes", "true", "01", [], {}]
)
def test_an_odd_returncode_is_neither(code: object) -> None:
    with pytest.raises(OddReturncodeError):
        parse(raw(returncode=code), lenient=True)


@pytest.mark.parametrize(
    "body",
    [b"", b" ", b"null", b"1", b'"x"', b"[]", b"{", b"<html>{</html>", b"{} {}"],
)
def test_what_is_no_json_object_is_unreadable(body: bytes) -> None:
    with pytest.raises(UnreadableError):
        parse(body, lenient=True)


def test_a_warning_is_skipped_only_when_lenient() -> None:
    body = b"<b>Warning</b>: x\n" + raw(returncode=1)
    assert parse(body, lenient=True).ok
    with pytest.raises(UnreadableError):
        parse(body, lenient=False)


def test_a_byte_order_mark_and_bad_utf8_are_survived() -> None:
    body = b'\xef\xbb\xbf{"returncode": 0, "returndata": "caf\xe9"}'
    assert parse(body, lenient=False).text.startswith("caf")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"half \ud800 of a pair", "half \ufffd of a pair"),
        (r"\uDFFF", "\ufffd"),
        (r"\ud83d\ude00", "\U0001f600"),
        (r"n\u0000l", "n\ufffdl"),
        (r"\\ud800", r"\ud800"),
    ],
)
def test_a_character_that_nobody_can_write_is_replaced(written: str, read: str) -> None:
    body = f'{{"returncode": 0, "message": "{written}", "returndata": [{{"{written}":'
    found = parse(f'{body} ["{written}"]}}]}}'.encode(), lenient=False)
    assert found.text == read
    assert found.data == [{read: [read]}]
    assert json.dumps(found.data, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    "written", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "1.5e309"]
)
def test_a_number_that_is_none_is_none(written: str) -> None:
    body = f'{{"returncode": 1, "returndata": [{{"quota": {written}, "usage": 0.5}}]}}'
    assert parse(body.encode(), lenient=True).data == [{"quota": None, "usage": 0.5}]
    with pytest.raises(OddReturncodeError):
        parse(f'{{"returncode": {written}}}'.encode(), lenient=True)


@pytest.mark.parametrize("depth", [50, 400, 900, 5_000, 200_000])
def test_no_depth_of_an_answer_is_an_error_of_ours(depth: int) -> None:
    body = '{"returncode": 0, "message": "\\ud800", "returndata": ' + "[" * depth
    try:
        found = parse((body + "]" * depth + "}").encode(), lenient=True)
    except UnreadableError:
        assert depth > 50
    else:
        assert found.text == "\ufffd"


def test_the_text_is_in_returndata_and_only_else_in_message() -> None:
    first = parse(raw(returncode=0, returndata="a", message="b"), lenient=False)
    second = parse(raw(returncode=0, returndata=None, message="b"), lenient=False)
    third = parse(raw(returncode=0, returndata=[], message=7), lenient=False)
    assert (first.text, second.text, third.text) == ("a", "b", "")


@pytest.mark.parametrize(
    ("meta", "total"),
    [
        ({"all": 3}, 3),
        ({"all": "3"}, 3),
        ({"all": 0}, 0),
        ({"all": -1}, None),
        ({"all": 2.5}, None),
        ({"all": "many"}, None),
        ({"all": True}, None),
        ({}, None),
        ([], None),
        (None, None),
    ],
)
def test_the_total(meta: object, total: int | None) -> None:
    assert parse(raw(returncode=1, meta=meta), lenient=False).total == total


@pytest.mark.parametrize(
    "value", ["", "0", " 0 ", "false", "No", "off", 0, False, None]
)
def test_flags_that_are_off(value: object) -> None:
    assert flag(value) is False


@pytest.mark.parametrize("value", ["1", "true", "yes", "on", 1, True, "2"])
def test_flags_that_are_on(value: object) -> None:
    assert flag(value) is True


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("5000", Decimal(5000)),
        (5000, Decimal(5000)),
        (0.1, Decimal("0.1")),
        (" 2.5 ", Decimal("2.5")),
        ("", None),
        ("5 GB", None),
        (True, None),
        (None, None),
        ("NaN", None),
        ("Infinity", None),
        ("1e999999", None),
        ([5], None),
    ],
)
def test_numbers(value: object, number: Decimal | None) -> None:
    assert num(value) == number


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ([], []),
        ({}, []),
        ([{"a": 1}], [{"a": 1}]),
        ({"0": {"a": 1}, "2": {"a": 2}}, [{"a": 1}, {"a": 2}]),
        ({"a": 1}, [{"a": 1}]),
        ("", None),
        (None, None),
        (False, None),
        ("none", None),
        (0, None),
    ],
)
def test_rows(value: object, found: list[object] | None) -> None:
    assert rows(value) == found

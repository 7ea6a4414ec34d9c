"""What of a platform's answer may be shown: no secret however spelled, few names."""

from __future__ import annotations

import base64
import html
import json
import re
import time
from collections.abc import Callable
from typing import cast
from urllib.parse import quote, quote_plus

import pytest

from housemail.platforms.emailarray import redact
from housemail.platforms.emailarray.actions import Action
from housemail.platforms.emailarray.envelope import Envelope
from housemail.platforms.emailarray.secrecy import MASK, Secrets
from tests.platforms.hostile import ANNA

SECRET = "Ab\"c/d+1'x&y\\Z9<é"
PLAIN = "Correct-horse-7"


def shown(text: str, *secrets: str, own: set[str] | None = None) -> str:
    return redact.clean_text(
        text, secrets=Secrets(secrets or (SECRET, PLAIN)), own=own or set()
    )


def _b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


SPELLINGS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "JSON": lambda s: json.dumps({"p": s}),
    "JSON in UTF-8": lambda s: json.dumps({"p": s}, ensure_ascii=False),
    "JSON of PHP": lambda s: json.dumps({"p": s}).replace("/", "\\/"),
    "JSON of PHP for HTML": lambda s: (
        json.dumps(s).replace("&", "\\u0026").replace("<", "\\u003C")
    ),
    "JSON in JSON": lambda s: json.dumps(json.dumps([s])),
    "addslashes": lambda s: (
        s.replace("\\", "\\\\").replace('"', '\\"').replace("'", "\\'")
    ),
    "URL": quote,
    "URL, all of it": lambda s: quote(s, safe=""),
    "URL, small digits": lambda s: re.sub(
        "%..", lambda found: found[0].lower(), quote(s, safe="")
    ),
    "URL of a form": quote_plus,
    "URL of a browser": lambda s: quote(s, safe="!*'()~"),
    "URL, every character": lambda s: "".join(f"%{b:02x}" for b in s.encode()),
    "URL twice": lambda s: quote(quote(s, safe=""), safe=""),
    "HTML": html.escape,
    "HTML of PHP": lambda s: html.escape(s).replace("&#x27;", "&#039;"),
    "HTML twice": lambda s: html.escape(html.escape(s)),
    "HTML, every character": lambda s: "".join(f"&#{ord(c)};" for c in s),
    "base64": _b64,
    "base64 at one": lambda s: _b64(f"a:{s}!"),
    "base64 at two": lambda s: _b64(f"ab:{s}!!"),
    "base64 at three": lambda s: _b64(f"abc{s}"),
    "base64 for URLs": lambda s: base64.urlsafe_b64encode(s.encode()).decode(),
    "base64 in a URL": lambda s: quote(_b64(s), safe=""),
    "hexadecimal": lambda s: s.encode().hex(),
    "hexadecimal, large": lambda s: s.encode().hex().upper(),
}


@pytest.mark.parametrize("secret", [SECRET, PLAIN])
@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_a_secret_is_struck_however_it_is_spelled(
    spelling: Callable[[str], str], secret: str
) -> None:
    written = spelling(secret)
    text = shown(f"the input was {written}")
    assert MASK in text
    for begin in range(len(written) - 7):
        assert written[begin : begin + 8] not in text


@pytest.mark.parametrize("length", [*range(3950, 4010), 3000, 8000])
@pytest.mark.parametrize("tag", ["<b>", "<bb>", "<i  ></i>"])
def test_a_secret_is_struck_also_where_the_text_is_cut(length: int, tag: str) -> None:
    before = tag * (length // len(tag)) + " " * (length % len(tag))
    text = shown(before + PLAIN + "x" * 9000)
    assert "Corr" not in text
    assert "orse" not in text


def test_nothing_is_left_of_secrets_that_shrink_a_long_text() -> None:
    for offset in range(20):
        text = shown(" " * offset + PLAIN * 3000)
        assert set(text) <= {"*"}


@pytest.mark.parametrize(
    "other", ["", "50% &amp; more \\ less", "C:\\new %zz &#xd800;"]
)
def test_a_text_without_a_secret_stays(other: str) -> None:
    assert shown(other) == html.unescape(other)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("bob@house.test is taken", "***@house.test is taken"),
        ("bob%40house.test is taken", "***@house.test is taken"),
        ("bob%2540house.test is taken", "***@house.test is taken"),
        ("bob\\u0040house.test is taken", "***@house.test is taken"),
        ("bob&#64;house.test is taken", "***@house.test is taken"),
        ('"bob d. ash"@house.test is taken', "***@house.test is taken"),
        ("j" * 80 + "@house.test", "***@house.test"),
        ("<bob@house.test>", ""),
        ("mailto:bob@house.test.", "mailto:***@house.test."),
        ("bob@münchen.test", "***@münchen.test"),
        ("anna@house.test, ANNA@house.test.", "anna@house.test, ANNA@house.test."),
        ("anna%40house.test", "anna@house.test"),
    ],
)
def test_foreign_addresses_lose_their_handle(text: str, left: str) -> None:
    assert shown(text, own={"anna@house.test"}) == left


def test_texts_are_cut_and_lose_their_markup() -> None:
    text = shown("<script>x</script>bob@house.test" + "y" * 9000)
    assert text.startswith("x ***@house.test")
    assert len(text) == redact.TEXT_CUT


def shown_row(**row: object) -> object:
    response = redact.shown_response(
        Action.USER_INFO,
        Envelope(True, [{"username": "anna", **row}]),
        permit=ANNA,
        secrets=Secrets([SECRET, PLAIN, "81549300276418"]),
        own={"anna"},
    )
    (found,) = cast("list[object]", response["own"])
    return found


def test_a_key_of_a_row_is_the_name_of_a_field_or_not_shown() -> None:
    odd = [
        PLAIN,
        "bob@house.test",
        "k" * 1_000_000,
        "",
        "half \ufffd",
        "81549300276418",
    ]
    found = shown_row(quota="5", **dict.fromkeys(odd, "v"))
    assert found == {"username": "anna", "quota": "5", MASK: MASK}


def test_a_row_has_so_many_fields_and_no_more() -> None:
    row = shown_row(**{f"f{n}": n for n in range(100_000)})
    assert len(cast("dict[str, object]", row)) == redact.MOST_FIELDS


def test_a_number_is_shown_when_it_is_a_small_one_and_no_secret() -> None:
    found = shown_row(usage=10**9, id=1.5, big=10**4000, echo=81549300276418)
    assert found == {
        "username": "anna",
        "usage": 10**9,
        "id": 1.5,
        "big": MASK,
        "echo": MASK,
    }


def test_secrets_show_nothing_of_themselves() -> None:
    assert repr(Secrets([SECRET])) == "<Secrets>"


def test_no_text_takes_long() -> None:
    started = time.monotonic()
    for part in ("<", "a", "@", '"', "%", "\\", "&", "%40", '"@', "a@", "\\u0040", " "):
        shown(part * 2_000_000)
    assert time.monotonic() - started < 3

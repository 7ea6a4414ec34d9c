"""docs/api.md names every call, every code with its sentence, and every header."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from housemail.api.sentences import DOOR
from housemail.installations.keys import PERMISSIONS
from housemail.mailboxes.sentences import SENTENCES, code_for_client

DOCS = (Path(settings.BASE_DIR) / "docs" / "api.md").read_text(encoding="utf-8")


def test_every_call_is_documented(all_calls):
    missing = [path for path in all_calls if f"### POST /api/v1/{path}\n" not in DOCS]
    assert missing == []


@pytest.mark.parametrize("code", [*SENTENCES, *DOOR])
def test_every_code_is_documented_with_its_sentence_and_status(code):
    (row,) = [line for line in DOCS.splitlines() if line.startswith(f"| `{code}` |")]
    sentence = SENTENCES[code] if code in SENTENCES else DOOR[code][1]
    assert row.endswith(f"| {sentence} |")
    status = row.split("|")[2].strip()
    assert status[:3].isdigit()
    assert code in SENTENCES or status == str(DOOR[code][0])


def test_no_code_is_documented_that_is_not_said():
    rows = re.findall(r"^\| `(\w+)` \| [^|]*\b\d{3}\b", DOCS, re.MULTILINE)
    assert sorted(rows) == sorted([*SENTENCES, *DOOR])


@pytest.mark.parametrize("code", SENTENCES)
def test_what_clients_read_is_documented(code):
    (row,) = [line for line in DOCS.splitlines() if line.startswith(f"| `{code}` |")]
    status, shown = (cell.strip() for cell in row.split("|")[2:4])
    told = code_for_client(code)
    if code.startswith("released_"):  # an answer to a call that only staff may make
        assert (status, shown) == ("200", "staff only")
    else:
        assert shown.split(";")[0] == ("the same" if told == code else f"`{told}`")


@pytest.mark.parametrize(
    "word",
    [
        "X-Request-ID",
        "X-Deadline-Ms",
        "Accept-Language",
        "Retry-After",
        "WWW-Authenticate",
        "HOUSEMAIL_AVAILABILITY_PER_MINUTE",
        "HOUSEMAIL_INSTALLATION_PER_MINUTE",
        "/healthz",
        "/readyz",
        *(f"| `{permission}` |" for permission in PERMISSIONS),
    ],
)
def test_headers_permissions_and_throttles_are_documented(word):
    assert word in DOCS

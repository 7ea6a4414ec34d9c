"""What was typed, as the verbs read it: to compare it with what is known."""

from __future__ import annotations

import pytest

from housemail.mailboxes import names


@pytest.mark.parametrize(
    ("typed", "domain", "read"),
    [
        (" Anna ", "", ("anna", "")),
        ("\uff21\uff2e\uff2e\uff21", "TheXYZ.com", ("anna", "thexyz.com")),
        ("Anna@TheXYZ.com", "", ("anna", "thexyz.com")),
        ("anna@thexyz.com", "thexyz.com", ("anna", "thexyz.com")),
    ],
)
def test_it_is_clean(typed: str, domain: str, read: tuple[str, str]) -> None:
    assert names.as_read(typed, domain) == read


@pytest.mark.parametrize(
    ("typed", "domain"),
    [("", ""), ("An na", "thexyz.com"), ("anna@a.com", "b.com"), ("anna", "no domain")],
)
def test_what_is_refused_stays_as_it_was_typed(typed: str, domain: str) -> None:
    assert names.as_read(typed, domain) == (typed, domain)

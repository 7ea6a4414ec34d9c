"""The new-password form agrees with the rule of the core, and keeps nothing."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as some

from housemail.mailboxes.rules import _password_fault
from housemail.web.new_password import (
    ALPHABET,
    GENERATED_LENGTH,
    PARTS,
    NewPasswordForm,
)

LETTERS = string.ascii_letters + string.digits + string.punctuation + " \té\u00a0"


def all_parts(password: str) -> bool:
    return all(re.search(part.pattern, password) for part in PARTS)


@given(some.text(some.sampled_from(LETTERS), max_size=130))
def test_the_checklist_is_the_rule(password):
    assert all_parts(password) == (_password_fault(password) == "")


@pytest.mark.parametrize("symbol", string.punctuation)
def test_the_checklist_counts_the_symbols_that_count(symbol):
    password = f"Correcthorse7{symbol}"
    assert all_parts(password) == (_password_fault(password) == "")


def test_generated_ones_can_meet_the_rule():
    assert not set(ALPHABET) & set("lI1O0 ")
    assert _password_fault(f"{ALPHABET[:30]}A2!") == ""
    assert GENERATED_LENGTH >= 10


def test_two_that_differ_are_refused_at_the_second_and_none_is_sent_back():
    form = NewPasswordForm({"password": "Correct-horse-7", "again": "Correct-horse-8"})
    assert list(form.errors) == ["again"]
    assert "Correct-horse" not in form.as_p()


def test_blanks_are_kept_for_the_rule_to_judge():
    form = NewPasswordForm(
        {"password": " Correct-horse-7", "again": " Correct-horse-7"}
    )
    assert form.is_valid()
    assert form.cleaned_data["password"] == " Correct-horse-7"


@pytest.mark.parametrize("missing", ["password", "again"])
def test_both_are_needed(missing):
    form = NewPasswordForm({"password": "a", "again": "a"} | {missing: ""})
    assert missing in form.errors

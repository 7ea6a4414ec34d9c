"""Passwords: the local rule, generated ones, and what the platform's texts mean."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from housemail.mailboxes.errors import PasswordUnsuitable
from housemail.mailboxes.rules import (
    check_password,
    generate_password,
    password_refusal,
)
from housemail.mailboxes.sentences import SENTENCES

few = settings(derandomize=True, max_examples=300, deadline=None, database=None)
SYMBOLS = "!@#$%^&*()_+-=[]{};':\"\\|,.<>/?"


def fault(raw):
    try:
        check_password(raw, suggestion=lambda: "Suggested-1")
    except PasswordUnsuitable as refusal:
        return refusal.code
    return ""


def test_a_refusal_carries_a_suggestion_and_never_the_password():
    with pytest.raises(PasswordUnsuitable) as caught:
        check_password("hunter2-hunter2", suggestion=lambda: "Suggested-1")
    assert caught.value.suggestion == "Suggested-1"
    assert caught.value.field == "password"
    assert caught.value.params == {}
    assert "hunter2" not in caught.value.detail


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("Abcdef-123", ""),
        ("Aa1" + "~" * 9 + "!", ""),
        ("A1-" + "a" * 125, ""),
        *[(f"Abcdefgh1{symbol}", "") for symbol in SYMBOLS],
        ("", "password_too_short"),
        ("Abcde-123", "password_too_short"),
        ("A 1-", "password_too_short"),
        ("A1-" + "a" * 126, "password_too_long"),
        ("Abcdef 123-", "password_has_space"),
        ("Abcdef-123 ", "password_has_space"),
        (" Abcdef-123", "password_has_space"),
        ("Abcdef\t123-", "password_has_space"),
        ("Abcdef-123\n", "password_has_space"),
        ("Abcdef\u00a0123-", "password_has_space"),
        ("          ", "password_has_space"),
        ("Abcdef-123é", "password_characters"),
        ("Abcdef-123\x00", "password_characters"),
        ("Abcdef-123\x7f", "password_characters"),
        ("Abcdef-123\u200b", "password_characters"),
        ("Abcdef-123\ud800", "password_characters"),
        ("abcdef-123", "password_too_weak"),
        ("ABCDEF-123", "password_too_weak"),
        ("Abcdef-abc", "password_too_weak"),
        ("Abcdef1234", "password_too_weak"),
        ("Abcdefgh1~", "password_too_weak"),
        ("Abcdefgh1`", "password_too_weak"),
    ],
)
def test_the_first_fault_is_named(raw, code):
    assert fault(raw) == code


def test_the_sheet_is_quoted():
    assert "at least 10 characters" in SENTENCES["password_too_short"]
    assert "space" in SENTENCES["password_has_space"]


def test_no_suggestion_is_made_for_a_good_password():
    check_password("Abcdef-123", suggestion=lambda: pytest.fail("not needed"))


@few
@given(st.text(max_size=140))
@example("Abcdef-123")
def test_what_passes_suits_the_platform(raw):
    if fault(raw):
        return
    assert 10 <= len(raw) <= 128
    assert all("!" <= letter <= "~" for letter in raw)
    assert any(letter in SYMBOLS for letter in raw)


def test_generated_ones_pass_and_differ():
    made = {generate_password() for _ in range(500)}
    assert len(made) == 500
    for password in made:
        assert fault(password) == ""
        assert len(password) == 20
        assert password[0].isalnum()
        assert not set(password) & set("&<>\"'\\` ~${}%")
        assert {c for c in password if not c.isalnum()} <= set(SYMBOLS)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Password was used before", "password_used_before"),
        ("You cannot reuse a previous password", "password_used_before"),
        ("New password must be different", "password_used_before"),
        ("password is in the history", "password_used_before"),
        ("The PASSWORD is the same", "password_used_before"),
        ("Password too weak", "password_too_weak"),
        ("Password must have at least 8 characters", "password_too_weak"),
        ("password needs an upper case letter", "password_too_weak"),
        ("Password is not strong enough", "password_too_weak"),
        ("Password contains invalid characters", "password_characters"),
        ("Invalid character used in password", "password_characters"),
        ("password: these characters are not allowed: <>", "password_characters"),
        ("Password refused", "password_refused"),
        ("Quota in use", "password_refused"),
        ("", "password_refused"),
    ],
)
def test_a_platform_text_is_a_hint(text, code):
    assert password_refusal(text) == code
    assert code in SENTENCES

"""Settings of the shop: checked at start, secrets in files of one's own only."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from housemail import environment


def test_a_secret_file_must_be_nobody_elses(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.delenv("HOUSEMAIL_WEBHOOK_SECRET", raising=False)
    file = tmp_path / "webhook_secret"
    name = "HOUSEMAIL_WEBHOOK_SECRET"
    assert environment.private_file(name, file) == ""
    file.write_text("from the file\n", encoding="utf-8")
    file.chmod(0o644)
    with pytest.raises(ImproperlyConfigured, match="chmod 600"):
        environment.private_file(name, file)
    file.chmod(0o600)
    assert environment.private_file(name, file) == "from the file"
    monkeypatch.setenv(name, "from the environment")
    assert environment.private_file(name, file) == "from the environment"


@pytest.mark.parametrize("value", ["mail.example.com", "ftp://x", "https://", "//x"])
def test_links_need_a_whole_address(monkeypatch, value: str) -> None:
    monkeypatch.setenv("HOUSEMAIL_PUBLIC_URL", value)
    with pytest.raises(ImproperlyConfigured, match="HOUSEMAIL_PUBLIC_URL"):
        environment.public_url("HOUSEMAIL_PUBLIC_URL", "")


def test_a_slash_at_the_end_is_no_matter(monkeypatch) -> None:
    monkeypatch.setenv("HOUSEMAIL_PUBLIC_URL", "https://mail.example.com/")
    found = environment.public_url("HOUSEMAIL_PUBLIC_URL", "")
    assert found == "https://mail.example.com"


@pytest.mark.parametrize(
    ("said", "link"),
    [
        ("", ""),
        ("help@example.com", "mailto:help@example.com"),
        ("https://example.com/help", "https://example.com/help"),
    ],
)
def test_a_contact_is_a_link(monkeypatch, said: str, link: str) -> None:
    monkeypatch.setenv("HOUSEMAIL_CONTACT", said)
    assert environment.contact("HOUSEMAIL_CONTACT") == link


@pytest.mark.parametrize("said", ["javascript:alert(1)", "help", "a@b@c", "ftp://x"])
def test_a_contact_is_nothing_else(monkeypatch, said: str) -> None:
    monkeypatch.setenv("HOUSEMAIL_CONTACT", said)
    with pytest.raises(ImproperlyConfigured, match="HOUSEMAIL_CONTACT"):
        environment.contact("HOUSEMAIL_CONTACT")


def test_a_text_may_have_several_lines(monkeypatch) -> None:
    monkeypatch.setenv("HOUSEMAIL_HOW_TO_PAY", " Transfer it to\\n DE12 \n Berlin ")
    said = environment.lines("HOUSEMAIL_HOW_TO_PAY")
    assert said == "Transfer it to\nDE12\nBerlin"
    monkeypatch.delenv("HOUSEMAIL_HOW_TO_PAY")
    assert environment.lines("HOUSEMAIL_HOW_TO_PAY") == ""

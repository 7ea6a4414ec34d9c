"""Settings are read from the environment and refused with a sentence."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from housemail import environment

NAME = "HOUSEMAIL_MAIL_PROGRAM"


def test_mail_program_servers_are_read_as_urls(monkeypatch):
    monkeypatch.setenv(NAME, "imap+tls://[::1]:993, smtp+starttls://mx.example:587")
    assert environment.mail_hosts(NAME, "") == [
        {"protocol": "IMAP", "host": "::1", "port": 993, "security": "SSL/TLS"},
        {"protocol": "SMTP", "host": "mx.example", "port": 587, "security": "STARTTLS"},
    ]


@pytest.mark.parametrize(
    "value",
    [
        "imap.example.com",
        "imap://h:993",
        "imap+tls://h",
        "nntp+tls://h:1",
        "imap+tls://[:9",
    ],
)
def test_a_mail_program_server_that_is_no_url_is_named(monkeypatch, value):
    monkeypatch.setenv(NAME, value)
    with pytest.raises(ImproperlyConfigured, match=NAME):
        environment.mail_hosts(NAME, "")

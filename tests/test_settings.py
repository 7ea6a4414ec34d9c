"""Settings are read from the environment and refused with a sentence."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from housemail import environment

NAME = "HOUSEMAIL_MAIL_PROGRAM"
SMTP = "django.core.mail.backends.smtp.EmailBackend"


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


@pytest.mark.parametrize(
    ("value", "header"),
    [
        ("", "X-Forwarded-For"),
        ("x-forwarded-for", "X-Forwarded-For"),
        ("ClientAddress", "ClientAddress"),
    ],
)
def test_a_header_with_one_spelling_may_carry_addresses(monkeypatch, value, header):
    monkeypatch.setenv(NAME, value)
    assert environment.address_header(NAME) == header


@pytest.mark.parametrize("value", ["X-Real-IP", "X_Forwarded_For", "Client Ip", "Ä"])
def test_a_header_with_two_spellings_is_refused(monkeypatch, value):
    monkeypatch.setenv(NAME, value)
    with pytest.raises(ImproperlyConfigured, match=NAME):
        environment.address_header(NAME)


@pytest.mark.parametrize(
    ("url", "port", "tls", "starttls"),
    [
        ("smtp+starttls://u:p%40ss@mail.example", 587, False, True),
        ("smtp+tls://u:p%40ss@mail.example", 465, True, False),
        ("smtp://u:p%40ss@mail.example:2525", 2525, False, False),
    ],
)
def test_a_mail_server_is_read_as_an_url(url, port, tls, starttls):
    assert environment.mail(url) == {
        "EMAIL_BACKEND": SMTP,
        "EMAIL_HOST": "mail.example",
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": "u",
        "EMAIL_HOST_PASSWORD": "p@ss",
        "EMAIL_USE_SSL": tls,
        "EMAIL_USE_TLS": starttls,
    }


def test_mail_may_go_to_files_or_the_console():
    assert environment.mail("file:///a%20b")["EMAIL_FILE_PATH"] == "/a b"
    assert "console" in environment.mail("console:")["EMAIL_BACKEND"]


@pytest.mark.parametrize(
    "url",
    ["mail.example", "smtp:", "smtp+ssl://h", "imap://h", "file://", "smtp://h:x"],
)
def test_a_mail_server_that_is_not_understood_is_refused_without_the_password(url):
    with pytest.raises(ImproperlyConfigured, match="HOUSEMAIL_EMAIL_URL") as caught:
        environment.mail(url.replace("//h", "//u:hunter2@h"))
    assert "hunter2" not in str(caught.value)

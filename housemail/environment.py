"""Readers of the environment: each checks what it reads and says what is wrong.

Errors: ImproperlyConfigured, with the variable's name and what to write instead.
"""

from __future__ import annotations

import ipaddress
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

FORWARDED_FOR = "X-Forwarded-For"
# How many threads a process may have, the fewest and the most.
THREADS = (2, 512)


def env(name: str, default: str = "") -> str:
    """Return a variable without white space around it."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: str = "0") -> bool:
    """Return whether a switch is on."""
    value = env(name, default).lower()
    if value not in {"0", "1", "true", "false", "yes", "no", "on", "off"}:
        raise ImproperlyConfigured(f"{name} is {value!r}: use 1 or 0.")
    return value in {"1", "true", "yes", "on"}


def number(name: str, default: int, least: int, most: int) -> int:
    """Return a whole number within its range."""
    raw = env(name, str(default))
    if not raw.isascii() or not raw.isdigit() or not least <= int(raw) <= most:
        raise ImproperlyConfigured(
            f"{name} is {raw!r}: use a whole number from {least} to {most}."
        )
    return int(raw)


def words(name: str, default: str = "") -> list[str]:
    """Return a list that is written with commas."""
    return [word.strip() for word in env(name, default).split(",") if word.strip()]


def proxies(name: str) -> list[str]:
    """Return addresses and networks of proxies."""
    given = words(name)
    for word in given:
        try:
            if word != "unix":
                ipaddress.ip_network(word)
        except ValueError as exc:
            raise ImproperlyConfigured(
                f"{name}: {word!r} is no address or network; use for example "
                "127.0.0.1 or 10.0.0.0/8, or `unix` for a proxy on a Unix socket."
            ) from exc
    return given


def address_header(name: str) -> str:
    """Return the header in which proxies write the address of their caller.

    A web server hands on ``X_Forwarded_For`` under the name of ``X-Forwarded-For``, so
    no other name with a dash is offered: one without it cannot be written differently.
    """
    given = env(name, FORWARDED_FOR)
    if given.lower() == FORWARDED_FOR.lower():
        return FORWARDED_FOR
    if not given.isascii() or not given.isalnum():
        raise ImproperlyConfigured(
            f"{name} is {given!r}: use {FORWARDED_FOR}, or a name of letters and "
            "digits that the proxy overwrites, for example ClientAddress."
        )
    return given


def mail_hosts(name: str, default: str) -> list[dict[str, str | int]]:
    """Return how a mail program reaches a mailbox: protocol, host, port, security."""
    hosts: list[dict[str, str | int]] = []
    for word in words(name, default):
        try:
            parts = urlsplit(word)
            protocol, _, security = parts.scheme.partition("+")
            host, port = parts.hostname, parts.port
        except ValueError:
            protocol, security, host, port = "", "", None, None
        known = protocol in {"imap", "pop3", "smtp"} and security in {"tls", "starttls"}
        if not known or not host or not port:
            raise ImproperlyConfigured(
                f"{name}: {word!r} is not understood; use for example "
                "imap+tls://imap.example.com:993 or smtp+starttls://HOST:587."
            )
        hosts.append(
            {
                "protocol": protocol.upper(),
                "host": host,
                "port": port,
                "security": "SSL/TLS" if security == "tls" else "STARTTLS",
            }
        )
    return hosts


def _port(parts: SplitResult, otherwise: int) -> int:
    """Return the port, or 0 for one that is none."""
    try:
        return otherwise and (parts.port or otherwise)
    except ValueError:
        return 0


def mail(url: str) -> dict[str, Any]:
    """Return Django's settings for smtp[+tls|+starttls]://, file:/// or console:.

    The default keeps e-mails as files, so that a trial needs no mail server.
    """
    parts = urlsplit(url)
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if parts.scheme == "file" and parts.path:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": unquote(parts.path),
        }
    protocol, _, security = parts.scheme.partition("+")
    ports = {"": 25, "tls": 465, "starttls": 587}
    port = _port(parts, ports.get(security, 0))
    if protocol != "smtp" or not parts.hostname or not port:
        raise ImproperlyConfigured(
            "HOUSEMAIL_EMAIL_URL: use smtp+starttls://USER:PASSWORD@HOST:587, "
            "smtp+tls://…:465, smtp://localhost:25, file:///FOLDER or console:"
        )
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": security == "tls",
        "EMAIL_USE_TLS": security == "starttls",
    }


def secret(name: str, file: Path) -> str:
    """Return a secret from the environment, else from a file of mode 0600."""
    value = env(name)
    if not value and file.is_file():
        value = file.read_text(encoding="utf-8").strip()
    if not value:
        raise ImproperlyConfigured(
            f"{name} is not set and {file} does not exist. Start through "
            "`bin/housemail`, which makes it, or set the variable."
        )
    return value


def private_file(name: str, file: Path) -> str:
    """Return a secret that need not exist; its file must be nobody else's to read."""
    value = env(name)
    if value or not file.is_file():
        return value
    if file.stat().st_mode & 0o077:
        raise ImproperlyConfigured(f"{file} is readable by others: chmod 600 it.")
    return file.read_text(encoding="utf-8").strip()


def contact(name: str) -> str:
    """Return where people write to, as a link: mailto: or a web page; or nothing."""
    said = env(name)
    parts = urlsplit(said)
    if not said or (parts.scheme in {"http", "https"} and parts.hostname):
        return said
    if re.fullmatch(r"[^@\s:/?#]+@[^@\s:/?#]+", said):
        return f"mailto:{said}"
    raise ImproperlyConfigured(
        f"{name} is {said!r}: use an e-mail address, or a page that begins with https."
    )


def lines(name: str) -> str:
    """Return a text; what is written as a backslash and an n begins a new line."""
    text = env(name).replace("\\n", "\n")
    return "\n".join(line.strip() for line in text.splitlines())


def public_url(name: str, default: str) -> str:
    """Return where people reach the pages, for links in e-mails, without a slash."""
    value = env(name, default).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query:
        raise ImproperlyConfigured(
            f"{name} is {value!r}: use an address such as https://mail.example.com."
        )
    return value


def database(url: str) -> dict[str, Any]:
    """Return Django's settings for sqlite:///PATH, postgresql:// or mysql:// URLs."""
    parts = urlsplit(url)
    engines = {
        "sqlite": "django.db.backends.sqlite3",
        "postgresql": "django.db.backends.postgresql",
        "postgres": "django.db.backends.postgresql",
        "mysql": "django.db.backends.mysql",
        "mariadb": "django.db.backends.mysql",
    }
    if parts.scheme not in engines:
        raise ImproperlyConfigured(
            "HOUSEMAIL_DATABASE_URL: use sqlite:///PATH, postgresql://USER:PASSWORD@"
            "HOST/NAME or mysql://USER:PASSWORD@HOST/NAME."
        )
    engine = engines[parts.scheme]
    if parts.scheme == "sqlite":
        return {
            "ENGINE": engine,
            "NAME": unquote(parts.path.removeprefix("/")),
            # Opening costs a millisecond, as two queries do: each thread keeps its own.
            "CONN_MAX_AGE": 60,
            # A claim is a row: no commit may be lost to a power cut, and a writer
            # waits for the other instead of failing with "database is locked".
            "OPTIONS": {
                "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;",
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
            },
        }
    options: dict[str, Any] = {}
    if engine.endswith("mysql"):
        import pymysql

        # Django asks for mysqlclient's version; PyMySQL speaks the same interface.
        pymysql.version_info = (2, 2, 7, "final", 0)
        pymysql.install_as_MySQLdb()
        # READ COMMITTED, as on PostgreSQL: a caller that waits must see commits.
        options = {"charset": "utf8mb4", "isolation_level": "read committed"}
    return {
        "ENGINE": engine,
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }

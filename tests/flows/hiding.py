"""The secrets of the tests, where they are used, and all places they could reach."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from pathlib import Path

import structlog
import urllib3
from django.db import connection

from emulator import Emulator
from housemail import logs
from tests.flows.http import (
    Billing,
)

# Each holds what URL, JSON and HTML write differently, and base64 a "+" or "/".
FIRST = 'Mb0x-Geheim&7"<x>/one'
SECOND = "Zw8ites~Wort?>=+two"
BROKEN = "has a Space+And&7/three"
WEAK = "weakest+and&/four"
PLATFORM = "Pl4tform+S3cret/&<five>"


@contextmanager
def listening() -> Iterator[io.StringIO]:
    """Everything that is logged from now on, at DEBUG, as our programs log it."""
    root = logging.getLogger()
    kept, level = list(root.handlers), root.level
    stream = io.StringIO()
    with redirect_stderr(stream):
        logs.configure("DEBUG")
    raw = logging.StreamHandler(stream)
    raw.setFormatter(logging.Formatter("%(name)s %(message)s %(args)s"))
    root.addHandler(raw)
    try:
        yield stream
    finally:
        root.handlers = kept
        root.setLevel(level)
        structlog.reset_defaults()


def secrets_of(billing: Billing, emulator: Emulator) -> dict[str, str]:
    """All there is to hide, the platform's tokens and one-time passwords included."""
    sessions = emulator._engine.sessions
    return {
        "the first password": FIRST,
        "the changed password": SECOND,
        "a password with a space": BROKEN,
        "a weak password": WEAK,
        "the platform's password": PLATFORM,
        "the API key": billing.key.split("_", 2)[2],
        **{f"token {t.serial}": t.value for t in sessions._tokens.values()},
        **{f"cookie {t.serial}": t.cookie for t in sessions._tokens.values()},
        **{f"one-time password {value}": value for value in sessions._otps},
    }


def live(billing: Billing, emulator: Emulator) -> None:
    """A whole life with its refusals, lost answers and mistakes."""
    assert billing.post("connection-test").status == 200
    wrong = {**billing.server, "password": PLATFORM + "-wrong"}
    assert billing.post("connection-test", server=wrong).status == 409
    assert billing.create(password=BROKEN).code == "password_unsuitable"
    emulator.switch_on("weak_password", action="addUser", count=1)
    emulator.switch_on(
        "password_refused_text", text=f"The password {FIRST} of {PLATFORM} is weak"
    )
    quoted = billing.create(password=FIRST)
    assert (quoted.status, "is weak" in quoted.text) == (422, True), quoted
    emulator.switches_off()
    assert billing.create(password=FIRST).status == 200
    use(billing, emulator)


def use(billing: Billing, emulator: Emulator) -> None:
    """The life of a mailbox that was created in the end."""
    assert billing.service("password", password=WEAK).code == "password_unsuitable"
    assert billing.service("password", password=[SECOND]).code == "input_invalid"
    emulator.switch_on("connection_reset", action="updateUser", phase="after", count=1)
    assert billing.service("password", password=SECOND).status == 200
    for fault in ("malformed_json", "html_error_page", "warning_prefix"):
        emulator.switch_on(fault, action="updateUser", count=1)
        assert billing.service("password", password=SECOND).status in {200, 202, 503}
        emulator.switches_off()
    emulator.switch_on("expired_token")
    assert billing.service("overview").status == 200
    emulator.switches_off()
    assert billing.service("aliases/add", handle="nick").status == 200
    assert (
        billing.service("lists/add", handle="club", members=["a@b.example"]).status
        == 200
    )
    assert billing.service("webmail-login").status == 200
    emulator.switch_on("html_error_page", action="getOTPass")
    assert billing.service("webmail-login").status == 503
    emulator.switches_off()
    emulator.switch_on("login_failure", text=f"{PLATFORM} is wrong")
    assert billing.post("connection-test").status == 409
    emulator.switches_off()
    for verb in ("suspend", "unsuspend", "plan", "check", "overview", "terminate"):
        assert billing.service(verb).status == 200, verb
    assert billing.service("password", password=SECOND).status in {404, 409}


def database() -> str:
    """Every column of every table; on SQLite what was deleted from its file too."""
    lines = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            lines += [f"{table} {row!r}" for row in cursor.fetchall()]
    if connection.vendor == "sqlite":
        path = str(connection.settings_dict["NAME"])
        for name in (path, f"{path}-wal"):
            if Path(name).exists():
                lines.append(Path(name).read_bytes().decode("latin-1"))
    return "\n".join(lines)


def shown_by(emulator: Emulator) -> str:
    """What the platform's own page and control interface show."""
    with urllib3.PoolManager(retries=False) as browser:
        paths = ("/", "/state", "/journal", "/switches")
        pages = [browser.request("GET", emulator.control_url + path) for path in paths]
    assert pages[0].status == 200
    texts = [page.data.decode() for page in pages]
    return "\n".join([*texts, repr(emulator.journal), repr(emulator.state)])


def without_suggestion(text: str) -> str:
    """An answer without the password that it suggests."""
    body = json.loads(text)
    body.pop("suggested_password", None)
    return json.dumps(body)

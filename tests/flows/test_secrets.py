"""Promise 12: no password, token, one-time password or key is anywhere but where it
belongs: searched in every encoding, in everything we write, say, log or queue.
"""

from __future__ import annotations

import base64
import html
import json
import os
import sqlite3
import subprocess
import sys
import traceback
import urllib.parse
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from emulator import Emulator
from housemail.installations.models import ApiKey, Server
from housemail.mailboxes import aliases, provisioning, settle, webmail
from housemail.mailboxes.context import Context, Owner, ServerDetails
from housemail.mailboxes.errors import Refusal
from housemail.mailboxes.models import Operation
from housemail.modulelog import storage
from housemail.modulelog.models import ModuleLogEntry
from housemail.platforms.base import Deadline
from tests.flows.conftest import PLAN
from tests.flows.hiding import (
    BROKEN,
    FIRST,
    PLATFORM,
    SECOND,
    database,
    listening,
    live,
    secrets_of,
    shown_by,
    without_suggestion,
)
from tests.flows.http import (
    Billing,
    billing_system,
    found_in,
    restart,
    serving,
    spellings,
)
from tests.flows.test_races import _url

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """A platform whose own password is unlike any other text."""
    with Emulator(password=PLATFORM) as running:
        yield running


@pytest.fixture
def billing(emulator: Emulator) -> Iterator[Billing]:
    """A billing system, with every platform call logged."""
    with serving() as base, billing_system(base, emulator) as found:
        storage.turn_on(hours=2)
        yield found


def test_the_search_finds_a_secret_in_every_encoding() -> None:
    for secret in (FIRST, SECOND, PLATFORM):
        for prefix in ("", "u", "user"):
            whole = f"{prefix}{secret}"
            for written in (
                secret,
                json.dumps({"p": whole}),
                html.escape(whole),
                urllib.parse.quote(whole),
                urllib.parse.quote_plus(whole),
                urllib.parse.urlencode({"p": whole}),
                base64.b64encode(whole.encode()).decode(),
                base64.b64encode(f"{whole}!".encode()).decode(),
                base64.urlsafe_b64encode(f"{whole}!!".encode()).decode(),
            ):
                assert found_in(f"x {written} y", {"it": secret}), written
    assert not found_in("nothing of it", {"it": FIRST})
    assert len(spellings(FIRST)) > 8


def test_no_secret_is_in_our_tables_logs_or_answers(
    billing: Billing, emulator: Emulator
) -> None:
    with listening() as logged:
        live(billing, emulator)
    hidden = secrets_of(billing, emulator)
    assert sum(name.startswith("token") for name in hidden) >= 2
    assert any(name.startswith("one-time") for name in hidden)

    assert {"addUser", "updateUser", "getOTPass"} <= set(
        ModuleLogEntry.objects.values_list("action", flat=True)
    )
    assert found_in(database(), hidden) == []
    written = logged.getvalue()
    assert "/services/1/create" in written
    assert found_in(written, hidden) == []
    assert found_in(shown_by(emulator), hidden) == []
    for path, reply in billing.replies:
        if path.endswith("webmail-login") and reply.status == 200:
            continue
        seen = f"{reply.headers}\n{without_suggestion(reply.text)}"
        assert found_in(seen, hidden) == [], path


@pytest.mark.parametrize("before", ["", "<b>" * 1325])
def test_a_refusal_that_echoes_the_password_is_shown_without_it(
    billing: Billing, emulator: Emulator, before: str
) -> None:
    assert billing.create(password=FIRST).status == 200
    small = urllib.parse.quote(SECOND, safe="").replace("%2F", "%2f")
    echoes = [*spellings(SECOND), json.dumps(json.dumps(SECOND)), small]
    for echo in echoes:
        emulator.switch_on("permission_denied", action="updateUser", text=before + echo)
        with listening() as logged:
            reply = billing.service("password", password=SECOND)
        assert reply.code == "password_unsuitable", str(reply)
        assert echo not in reply.body["detail"]
        assert found_in(reply.text + logged.getvalue(), {"it": SECOND}) == []
    assert found_in(database(), {"the password": SECOND}) == []


def test_a_suggested_password_is_in_its_answer_only(
    billing: Billing, emulator: Emulator
) -> None:
    with listening() as logged:
        reply = billing.create(password=BROKEN)
    suggested = {"the suggestion": str(reply.body["suggested_password"])}
    assert found_in(reply.text, suggested)
    assert found_in(database(), suggested) == []
    assert found_in(logged.getvalue(), suggested) == []


def test_a_one_time_login_is_nowhere_but_in_its_answer(
    billing: Billing, emulator: Emulator
) -> None:
    assert billing.create(password=FIRST).status == 200
    with listening() as logged:
        reply = billing.service("webmail-login")
    assert reply.headers["Cache-Control"] == "no-store"
    (otp,) = emulator._engine.sessions._otps
    assert found_in(reply.text, {"the one-time password": otp})
    link = {"the link": str(reply.body["url"]), "the one-time password": otp}
    assert found_in(database(), link) == []
    assert found_in(logged.getvalue(), link) == []


def test_an_error_of_ours_is_logged_without_what_was_sent(
    billing: Billing, emulator: Emulator, monkeypatch
) -> None:
    assert billing.create(password=FIRST).status == 200

    def broken(context: Context, deadline: Deadline, *, password: str) -> None:
        raise RuntimeError("something of ours is broken")

    monkeypatch.setattr(provisioning, "set_password", broken)
    with listening() as logged:
        reply = billing.service("password", password=SECOND)
    assert (reply.status, reply.code) == (500, "internal_error")
    assert "something of ours is broken" in logged.getvalue()
    hidden = secrets_of(billing, emulator)
    assert found_in(logged.getvalue(), hidden) == []
    assert found_in(reply.text, hidden) == []


def test_the_servers_password_is_encrypted_and_a_key_is_only_a_digest(
    billing: Billing, emulator: Emulator
) -> None:
    assert billing.create(password=FIRST).status == 200
    assert Server.objects.get().password == PLATFORM
    table = Server._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT password FROM {table}")  # noqa: S608
        (stored,) = cursor.fetchone()
    assert stored.startswith("gAAAA")
    _, prefix, secret = billing.key.split("_", 2)
    row = ApiKey.objects.get()
    assert row.prefix == prefix
    assert len(row.digest) == 64
    hidden = {"the key": secret, "the server's password": PLATFORM}
    assert found_in(database(), hidden) == []


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """An exception and what caused it."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def test_no_exception_or_object_of_a_call_says_a_secret(
    billing: Billing, emulator: Emulator
) -> None:
    assert billing.create(password=FIRST).status == 200
    context = Context(
        installation=Server.objects.get().installation,
        ref="1",
        server=ServerDetails(**billing.server),
        plan=PLAN,
        owner=Owner(id="17"),
    )
    said = [repr(context), str(context), repr(context.server)]
    text = f"The password {SECOND} of {PLATFORM} is weak"
    faults = [
        {"name": "password_refused_text", "text": text},
        {"name": "malformed_json", "phase": "before"},
        {"name": "login_failure", "text": f"{PLATFORM} is wrong"},
        {"name": "html_error_page", "action": "*"},
    ]
    for fault in faults:
        emulator.switches_off()
        restart()  # no circuit left over: each fault is really met
        emulator.switch_on("weak_password")
        emulator.switch_on("expired_token")
        emulator.switch_on(**fault)
        for work in (
            lambda: provisioning.set_password(
                context, Deadline.after(2), password=SECOND
            ),
            lambda: webmail.login(context, Deadline.after(2)),
            lambda: aliases.add(context, Deadline.after(2), handle="nick"),
            lambda: provisioning.suspend(context, Deadline.after(2)),
        ):
            try:
                said.append(repr(work()))
            except Refusal as refusal:
                for error in chain(refusal):
                    said += [repr(error), str(error), repr(vars(error))]
                    said += traceback.format_exception(error)
    assert len(said) > 20
    # The one-time logins that were answered are what they are; the rest is hidden.
    hidden = secrets_of(billing, emulator)
    shown = [text for text in said if not text.startswith("WebmailLogin")]
    assert found_in("\n".join(shown), hidden) == []


ENGINE = """
import json, sys, time
import django
django.setup()
from django.conf import settings
settings.HOUSEMAIL_LOOKS_IN_REQUEST = ()
from housemail.background import engine, workflows
from housemail.installations.models import Installation
from housemail.mailboxes import provisioning
from housemail.mailboxes.context import Context, Owner, ServerDetails
from housemail.mailboxes.models import Operation
from housemail.platforms.base import Deadline
want = json.loads(sys.stdin.read())
assert engine.start_once()
context = Context(
    installation=Installation.objects.get(name="one"), ref="2",
    server=ServerDetails(**want["server"]), plan=want["plan"], owner=Owner(id="17"),
)
answer = provisioning.create(
    context, Deadline.after(10), handle="second", domain="thexyz.com",
    password=want["password"],
)
assert answer.status == 202, answer
Operation.objects.filter(state="open").update(next_look_at=None)
workflows.sweep_workflow(None, None)  # now, not at its next second
until = time.monotonic() + 40
while Operation.objects.filter(state="open").exists() and time.monotonic() < until:
    time.sleep(0.1)
time.sleep(0.5)
engine.stop()
print(Operation.objects.filter(state="open").count())
"""


@pytest.mark.timeout(120)
def test_no_secret_is_in_the_engines_tables(
    billing: Billing, emulator: Emulator, settings, tmp_path: Path
) -> None:
    settings.HOUSEMAIL_LOOKS_IN_REQUEST = ()
    assert billing.create(password=FIRST).status == 200
    emulator.switch_on("connection_reset", action="addAlias", phase="after", count=1)
    emulator.switch_on("connection_reset", action="addUser", phase="after", count=1)
    assert billing.service("aliases/add", handle="nick").status == 202
    done = subprocess.run(
        [sys.executable, "-c", ENGINE],
        input=json.dumps({"server": billing.server, "plan": PLAN, "password": SECOND}),
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
        env={
            **os.environ,
            "HOUSEMAIL_DATA_DIR": str(tmp_path),
            "HOUSEMAIL_SWEEP_SECONDS": "1",
            "HOUSEMAIL_DATABASE_URL": _url(),
        },
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.split()[-1] == "0", "the engine settled nothing"
    assert not Operation.objects.filter(state="open").exists()
    assert not settle.due()

    path = tmp_path / "engine.sqlite3"
    with closing(sqlite3.connect(path)) as tables:
        names = [
            name
            for (name,) in tables.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table'"
            )
        ]
        dump = "\n".join(
            repr(row)
            for name in names
            for row in tables.execute(f'SELECT * FROM "{name}"')  # noqa: S608
        )
    assert "settle" in dump, "nothing went through the engine"
    files = [entry for entry in tmp_path.rglob("*") if entry.is_file()]
    raw = "\n".join(entry.read_bytes().decode("latin-1") for entry in files)
    hidden = secrets_of(billing, emulator)
    assert found_in(dump, hidden) == []
    assert found_in(raw, hidden) == []
    assert found_in(done.stderr + done.stdout, hidden) == []
    assert found_in(database(), hidden) == []

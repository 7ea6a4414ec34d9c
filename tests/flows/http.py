"""A billing system that talks HTTP to the service, and what it may expect of it.

Used by the flow tests: nothing here calls a verb. What a real billing system does
after 202 and 503 (wait, then ask again) is ``Billing.insist``.
"""

from __future__ import annotations

import base64
import html
import json
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from tempfile import TemporaryDirectory
from typing import Any

import urllib3
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.test import override_settings
from django.test.testcases import LiveServerThread

from emulator import Emulator
from housemail.installations import keys
from housemail.installations.models import Installation
from housemail.mailboxes import servers, settle, usage
from housemail.mailboxes.models import (
    Alias,
    DistributionList,
    HouseDomain,
    Mailbox,
    Operation,
)
from housemail.platforms.base import PlatformError
from tests.flows.conftest import PASSWORD, PLAN, Clock

# Actions that change something on the platform, and what names their object.
WRITES = {
    "addUser": ("domain", "username"),
    "updateUser": ("editdomain", "editusername"),
    "disableUser": ("domain", "username"),
    "enableUser": ("domain", "username"),
    "removeUser": ("domain", "username"),
    "addAlias": ("domain", "alias"),
    "removeAlias": ("domain", "alias"),
    "addList": ("domain", "newlname"),
    "removeList": ("domain", "lname"),
    "addListMember": ("editdomain", "editlname"),
    "removeListMember": ("domain", "lname"),
}
READS = {
    *("login", "getAllDomains", "searchUsers", "getUserInfo", "getListMembers"),
    *("getOTPass", "getOTPassAndToken"),
}
LISTINGS = {"getAllUsersDomain", "getAllAliasesDomain", "getAllListsDomain"}


@dataclass(frozen=True)
class Reply:
    """One answer of the billing API."""

    status: int
    body: dict[str, Any]
    text: str
    headers: dict[str, str]

    @property
    def code(self) -> str:
        """The stable code of a problem or of a 202."""
        return str(self.body.get("code", ""))

    def __str__(self) -> str:
        return f"{self.status} {self.text[:600]}"


@dataclass
class Billing:
    """A billing system: its key, its server, its plan, and the line to the API."""

    base: str
    key: str
    server: dict[str, str]
    plan: dict[str, object] = field(default_factory=lambda: dict(PLAN))
    deadline_ms: int = 8_000
    # What happens while the billing system waits before it asks again.
    meanwhile: Callable[[], None] = lambda: None
    replies: list[tuple[str, Reply]] = field(default_factory=list)
    _pool: urllib3.PoolManager = field(
        default_factory=lambda: urllib3.PoolManager(retries=False), repr=False
    )

    def context(self, **more: Any) -> dict[str, object]:
        """The context of a call, as design 5 has it."""
        return {
            "server": self.server,
            "plan": {**self.plan, **more.pop("plan", {})},
            "options": {},
            "owner": {"id": "17", "name": "Michael Example"},
            "service": {"username": "", "domain": "", "status": "Active"},
            "actor": {"kind": "automation"},
            **more,
        }

    def post(self, path: str, /, *, raw: object = None, **more: Any) -> Reply:
        """Post one call with its context; ``raw`` is sent instead of a context."""
        body = self.context(**more) if raw is None else raw
        answer = self._pool.request(
            "POST",
            f"{self.base}/api/v1/{path}",
            body=json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self.key}",
                "Content-Type": "application/json",
                "X-Deadline-Ms": str(self.deadline_ms),
            },
            timeout=60,
        )
        return self._kept(path, answer)

    def get(self, path: str) -> Reply:
        """Get a document of the API."""
        url = f"{self.base}/api/v1/{path}"
        return self._kept(path, self._pool.request("GET", url, timeout=60))

    def _kept(self, path: str, answer: urllib3.BaseHTTPResponse) -> Reply:
        text = answer.data.decode()
        body = json.loads(text) if "json" in answer.headers["Content-Type"] else {}
        reply = Reply(answer.status, body, text, dict(answer.headers))
        self.replies.append((path, reply))
        return reply

    def service(self, verb: str, ref: str = "1", /, **more: Any) -> Reply:
        """Call a verb of a service."""
        return self.post(f"services/{ref}/{verb}", **more)

    def insist(
        self,
        verb: str,
        ref: str = "1",
        /,
        *,
        until: Callable[[Reply], bool] = lambda reply: reply.status == 200,
        times: int = 25,
        **more: Any,
    ) -> Reply:
        """Repeat a call while it is 202 or 503, as a billing system does."""
        reply = self.service(verb, ref, **more)
        for _ in range(times):
            if until(reply):
                return reply
            assert reply.status in {200, 202, 503}, f"{verb}: {reply}"
            self.meanwhile()
            reply = self.service(verb, ref, **more)
        raise AssertionError(f"{verb} was not settled: {reply}")

    def create(self, ref: str = "1", handle: str = "testuser", **more: object) -> Reply:
        """Create a mailbox on thexyz.com."""
        wish: dict[str, object] = {
            "handle": handle,
            "domain": "thexyz.com",
            "password": PASSWORD,
            **more,
        }
        return self.service("create", ref, **wish)

    def close(self) -> None:
        """Hang up."""
        self._pool.clear()


@contextmanager
def billing_system(
    base: str, emulator: Emulator, *, name: str = "one", **more: Any
) -> Iterator[Billing]:
    """A billing system with an installation, whose server is the emulator."""
    installation = Installation.objects.create(name=name)
    key = keys.make(installation, permissions=keys.PERMISSIONS)
    server = {
        "platform": "emailarray",
        "endpoint": emulator.endpoint,
        "username": emulator.username,
        "password": emulator.password,
    }
    found = Billing(base, key, server, **more)
    try:
        yield found
    finally:
        found.close()


class _Server(ThreadedWSGIServer):
    """Django's server for tests, which does not take half a second to stop."""

    def serve_forever(self, poll_interval: float = 0.01) -> None:
        super().serve_forever(poll_interval)


class _Thread(LiveServerThread):
    server_class = _Server


class _Plain(WSGIHandler):
    """The application as it is: our own middleware serves static files."""

    def __new__(cls, application: WSGIHandler) -> WSGIHandler:  # type: ignore[misc]
        return application


@contextmanager
def serving() -> Iterator[str]:
    """The service behind a socket of this machine; gives its address."""
    with (
        TemporaryDirectory() as static,
        override_settings(STATIC_ROOT=static, ALLOWED_HOSTS=["127.0.0.1"]),
    ):
        thread = _Thread("127.0.0.1", _Plain)
        thread.daemon = True
        thread.start()
        thread.is_ready.wait(20)
        if thread.error:
            raise thread.error
        try:
            yield f"http://127.0.0.1:{thread.port}"
        finally:
            thread.terminate()


def engine_works(clock: Clock, seconds: float = 60.0) -> Callable[[], None]:
    """What the engine does while a billing system waits that long."""

    def work() -> None:
        clock.advance(seconds)
        settle.sweep()
        list_new_domains()

    return work


def list_new_domains() -> None:
    """The engine's first listing of a house domain; a failed one is tried again."""
    for domain in HouseDomain.objects.filter(lists_listed_at=None):
        with suppress(PlatformError):
            usage.refresh_domain(domain)


def restart() -> None:
    """The service is started again: it forgets which hosts failed a moment ago."""
    servers.forget_platforms()


# --- what must be true whenever nothing is open


def assert_sold_equals_found(emulator: Emulator, domain: str = "thexyz.com") -> None:
    """Our record equals the platform's, read from its state and not over its wire."""
    assert not Operation.objects.filter(state=Operation.State.OPEN).exists()
    found = emulator.state.domains[domain]
    live = {"active", "suspended"}
    for row in Mailbox.objects.filter(house_domain__name=domain):
        box = found.mailboxes.get(row.handle)
        if row.state not in live:
            assert row.state in {"terminated", "failed"}, row.state
            assert box is None, f"{row} is {row.state}, but the platform has it"
            continue
        assert box is not None, f"{row} is {row.state}, but the platform lacks it"
        assert box.disabled is (row.state == "suspended")
        assert (box.quota_mb, box.account_type) == (
            int(row.quota_gb * 1000),
            row.account_type,
        )
        assert (box.user_language, box.timezone, box.dateformat) == (
            row.language,
            row.timezone,
            row.date_format,
        )
        assert row.aliases_used == row.aliases.count()
        assert row.lists_used == row.lists.count()
    _assert_parts_equal(emulator, domain)


def _assert_parts_equal(emulator: Emulator, domain: str) -> None:
    found = emulator.state.domains[domain]
    aliases = {
        row.claim.handle: row.destination
        for row in Alias.objects.select_related("claim").filter(
            mailbox__house_domain__name=domain
        )
    }
    assert aliases == found.aliases
    assert not Alias.objects.exclude(state="active").exists()
    lists = {
        row.claim.handle: sorted(row.members.values_list("address", flat=True))
        for row in DistributionList.objects.select_related("claim").filter(
            mailbox__house_domain__name=domain
        )
    }
    assert lists == {name: sorted(entry.members) for name, entry in found.lists.items()}
    assert not DistributionList.objects.exclude(state="active").exists()


def assert_journal_is_clean(
    emulator: Emulator, names: set[str], domain: str = "thexyz.com"
) -> None:
    """At most one applied creation a name, nothing foreign, nothing forbidden."""
    created: dict[str, int] = {}
    for entry in emulator.journal:
        action, params = entry.action, entry.params
        assert entry.endpoint == "admin", entry
        assert action in READS | LISTINGS | set(WRITES), f"forbidden: {action}"
        if action not in WRITES:
            continue
        place, name = (str(params.get(key, "")) for key in WRITES[action])
        assert place == domain, f"{action} about {place}"
        assert name in names, f"{action} about {name}"
        if action == "addUser" and entry.changed:
            created[name] = created.get(name, 0) + 1
    assert all(count == 1 for count in created.values()), created


# --- secrets and the ways they may be written


def spellings(secret: str) -> set[str]:
    """A secret as text and URL-, base64-, JSON- and HTML-encoded."""
    raw = secret.encode()
    found = {
        secret,
        urllib.parse.quote(secret),
        urllib.parse.quote(secret, safe=""),
        urllib.parse.quote_plus(secret),
        json.dumps(secret)[1:-1],
        html.escape(secret),
        raw.hex(),
    }
    # In a longer base64 text, a secret may begin at any of three offsets.
    for offset, start in enumerate((0, 2, 3)):
        encoded = base64.b64encode(b"\0" * offset + raw).decode()
        certain = encoded[start : 8 * (offset + len(raw)) // 6]
        found |= {certain, certain.replace("+", "-").replace("/", "_")}
    return {spelling for spelling in found if len(spelling) >= 6}


def found_in(text: str, secrets: dict[str, str]) -> list[str]:
    """The names of the secrets that a text holds, in whatever spelling."""
    return [
        f"{name} as {spelling}"
        for name, secret in secrets.items()
        for spelling in sorted(spellings(secret))
        if spelling in text
    ]

"""One call on its way through the emulator: the request, its context, its answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from emulator.journal import Params
from emulator.sessions import Sessions, Token
from emulator.state import Domain, Mailbox, State
from emulator.switches import Consultation

ADMIN, USER, PANEL = "admin", "user", "panel"


@dataclass(frozen=True)
class Request:
    """What arrived on the wire, decoded."""

    host: str
    endpoint: str
    params: Params = field(repr=False)
    cookie: str = field(default="", repr=False)
    remote: str = "127.0.0.1"

    def text(self, name: str) -> str:
        """A plain form field; empty when it is missing or nested."""
        value = self.params.get(name, "")
        return value if isinstance(value, str) else ""


class Refused(Exception):
    """The platform says no: ``returncode`` 0 with this text.

    ``status`` is 200 for a business refusal (API reference 1); ``fault`` names the
    switch that made the platform refuse what it would have done.
    """

    def __init__(self, text: str, *, status: int = 200, fault: str = "") -> None:
        super().__init__(text)
        self.text = text
        self.status = status
        self.fault = fault


@dataclass
class Answer:
    """A success: ``returndata``, keys beside it, and whether state changed."""

    data: object
    changed: bool = False
    extra: dict[str, object] = field(default_factory=dict)
    cookie: str = field(default="", repr=False)
    returncode: int = 1


@dataclass
class Call:
    """What an action may use; the emulator's lock is held meanwhile."""

    request: Request
    action: Action
    state: State
    domains: Mapping[str, Domain]  # as this host sees them (replication_lag)
    sessions: Sessions
    now: float
    consult: Consultation
    token: Token | None = None

    def text(self, name: str) -> str:
        """A form field, empty when missing."""
        return self.request.text(name)

    def has(self, name: str) -> bool:
        """Whether the field was sent at all."""
        return name in self.request.params

    def need(self, name: str) -> str:
        """A form field that must not be empty."""
        value = self.text(name)
        if not value.strip():
            raise Refused(f"Required field missing: {name}")
        return value

    def domain(self, key: str = "domain") -> Domain:
        """The domain named in a field."""
        domain = self.domains.get(self.need(key).strip().lower())
        if domain is None:
            raise Refused("No such domain in this account")
        return domain

    def mailbox(
        self, key: str = "username", domain_key: str = "domain"
    ) -> tuple[Domain, Mailbox]:
        """The mailbox named in two fields."""
        domain = self.domain(domain_key)
        box = domain.mailboxes.get(self.need(key).strip().lower())
        if box is None:
            raise Refused("No such user in this domain")
        return domain, box

    def repeated(self, text: str, *, default: str) -> Answer:
        """The answer to a change that is already in place (already_in_state)."""
        if self.consult.word("already_in_state", "answer", default) == "fail":
            raise Refused(text)
        return Answer(text)


@dataclass(frozen=True)
class Action:
    """A row of the table of actions.

    ``kind``: auth, read, write, delete (a destructive write) or secret.
    ``section``: the panel section whose permission it needs (API reference 3.4).
    """

    name: str
    kind: str
    section: str
    run: Callable[[Call], Answer]
    endpoint: str = ADMIN
    listing: bool = False

    @property
    def writes(self) -> bool:
        """Whether it changes state."""
        return self.kind in ("write", "delete")

    @property
    def groups(self) -> tuple[str, ...]:
        """Names a switch may use to mean a whole group of actions."""
        own = ("@write",) if self.writes else (f"@{self.kind}",)
        return (*own, "@listing") if self.listing else own

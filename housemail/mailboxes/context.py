"""What comes with every call about a service, and what goes back.

The billing system stays the master of settings: it sends them, raw, with each call.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from housemail.installations.models import Installation
from housemail.mailboxes.plan import Plan


class ActorKind(StrEnum):
    """Who pressed the button."""

    CLIENT = "client"
    STAFF = "staff"
    AUTOMATION = "automation"


@dataclass(frozen=True, slots=True)
class ServerDetails:
    """A server as the billing system has it."""

    platform: str = ""
    endpoint: str = ""
    username: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Owner:
    """The customer, as the billing system knows him."""

    id: str = ""
    name: str = ""
    email: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class ServiceRecord:
    """What the billing system has stored about the service."""

    username: str = ""
    domain: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks; ``visitor`` is an opaque hash used for throttling only."""

    kind: ActorKind = ActorKind.AUTOMATION
    id: str = ""
    visitor: str = ""

    def __str__(self) -> str:
        """Return kind and id, for the journal."""
        return f"{self.kind}:{self.id}" if self.id else str(self.kind)


@dataclass(frozen=True, slots=True)
class Context:
    """Everything a verb needs to know about the call."""

    installation: Installation
    ref: str
    server: ServerDetails
    plan: Mapping[str, object] = field(default_factory=dict)
    options: Mapping[str, object] = field(default_factory=dict)
    owner: Owner = field(default_factory=Owner)
    service: ServiceRecord = field(default_factory=ServiceRecord)
    actor: Actor = field(default_factory=Actor)
    request_id: str = ""

    def strict_plan(self) -> Plan:
        """Return the plan; Errors: Invalid ``setting_invalid``."""
        return Plan.parse(self.plan, self.options)

    def lenient_plan(self) -> Plan:
        """Return the plan with defaults for what is invalid; never raises."""
        return Plan.lenient(self.plan, self.options)


@dataclass(slots=True)
class Answer:
    """What a verb answers when it is not a refusal.

    ``status`` 200: the wanted state is reached. 202: unknown, being checked; then
    ``code`` names the sentence of sentences.SENTENCES to show, ``params`` fill it in.
    """

    state: str
    status: int = 200
    code: str = ""
    params: dict[str, str] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)

"""Who is calling: the key of this request, and what was done for it meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.http import HttpRequest

from housemail.installations.models import ApiKey, Installation
from housemail.mailboxes.context import ActorKind
from housemail.platforms.base import Call


@dataclass(slots=True)
class Caller:
    """The key, the actor that its billing system names, the calls made for him."""

    key: ApiKey
    actor_kind: ActorKind | None = None
    calls: list[Call] = field(default_factory=list)

    @property
    def installation(self) -> Installation:
        """The billing system that the key belongs to."""
        return self.key.installation

    @property
    def is_client(self) -> bool:
        """Say whether a customer or a stranger reads the answer."""
        return self.actor_kind is ActorKind.CLIENT

    def shown_calls(self) -> list[dict[str, object]]:
        """Return the redacted calls, as the billing system's module log takes them."""
        return [
            {
                "action": call.action,
                "host": call.host,
                "duration_ms": call.duration_ms,
                "outcome": call.outcome,
                "request": call.request,
                "response": call.response,
            }
            for call in self.calls
        ]


class CallerRequest(HttpRequest):
    """A request whose key was checked."""

    auth: Caller


def caller_of(request: HttpRequest) -> Caller | None:
    """Return the caller of a request, or None before its key was checked."""
    found = getattr(request, "auth", None)
    return found if isinstance(found, Caller) else None

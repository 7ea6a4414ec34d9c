"""What callers get back."""

from __future__ import annotations

from typing import Any

from ninja import Schema
from pydantic import ConfigDict, Field


class CallOut(Schema):
    """One redacted call to the mail platform, for the billing system's module log."""

    action: str
    host: str
    duration_ms: int
    outcome: str
    request: dict[str, Any]
    response: dict[str, Any]


class Output(Schema):
    """An answer; ``calls`` only when the mail platform was reached."""

    model_config = ConfigDict(extra="allow", hide_input_in_errors=True)


class WithCalls(Output):
    """An answer of a call that may reach the platform."""

    calls: list[CallOut] = Field(default_factory=list)


class StateOut(WithCalls):
    """The wanted state is reached; ``state`` says it."""

    state: str


class ServiceOut(Output):
    """What the billing system is to store about the service."""

    username: str
    domain: str


class MailboxOut(StateOut):
    """The mailbox exists, ``address`` is its address."""

    address: str
    service: ServiceOut


class PlanOut(StateOut):
    """What the change of plan changed, and what could not be confirmed."""

    changed: list[str]
    unconfirmed: list[str]


class CheckOut(StateOut):
    """Our record compared with the platform; nothing was changed."""

    address: str
    presence: str
    differences: list[str]
    needs_staff: bool


class ReleasedOut(StateOut):
    """The name may be sold again; ``detail`` says what held it."""

    code: str
    detail: str


class OverviewOut(WithCalls):
    """The view model of the client area; ``results`` for members, one each.

    ``already`` is true when what was to be added was there before, just so.
    """

    already: bool | None = None
    results: list[dict[str, Any]] | None = None


class BeingChecked(WithCalls):
    """The outcome is unknown and is being checked; ask again, or see /pending."""

    state: str
    code: str
    detail: str


class AvailabilityOut(Output):
    """Whether an address may be ordered, why not, and what else might do."""

    available: bool
    address: str
    code: str
    detail: str
    suggestions: list[str]


class ConnectionOut(WithCalls):
    """The server works; ``missing`` are domains sold on that it does not list."""

    ok: bool
    endpoint: str
    domains: list[str]
    missing: list[str] | None = None


class WebmailOut(Output):
    """A one-time way into webmail: minted per call, never stored, never logged."""

    method: str
    url: str
    fields: dict[str, str]


class PendingOut(Output):
    """Services whose create was answered 202 or 503 and has changed since."""

    pending: list[dict[str, Any]]


class UsageOut(Output):
    """Recorded usage in MB, with when it was seen."""

    usage: list[dict[str, Any]]


class FieldFix(Schema):
    """One field of the input and what to do about it."""

    field: str
    fix: str


class Problem(Schema):
    """A refusal (RFC 9457): nothing changed, ``detail`` says what to do next."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    code: str
    detail: str
    request_id: str
    field: str | None = None
    errors: list[FieldFix] | None = None
    reason: str | None = None
    suggested_password: str | None = None
    calls: list[CallOut] | None = None

"""Sending one order: to which host, how often, and what its outcome is called.

The one place that decides whether something is sent again. A write is sent again
only when no byte of it can have left; a read up to three times.

Source: API 1.2 (fail-over), 7.2 (classification); protocol 7.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from housemail.platforms.base import (
    Call,
    CircuitOpen,
    Deadline,
    HostUnreachable,
    NotAnAdminApi,
    OutcomeUnknown,
    PlatformBusy,
    PlatformError,
    PlatformUnavailable,
)
from housemail.platforms.emailarray import redact
from housemail.platforms.emailarray.actions import RULES, Action, Kind, Permit
from housemail.platforms.emailarray.endpoints import Endpoint, Hosts
from housemail.platforms.emailarray.envelope import (
    Envelope,
    OddReturncodeError,
    UnreadableError,
    parse,
)
from housemail.platforms.emailarray.secrecy import Secrets
from housemail.platforms.emailarray.transport import (
    Answer,
    Transport,
    TransportError,
)
from housemail.platforms.recording import report

logger = logging.getLogger(__name__)

READ_ATTEMPTS = 3
RETRY_SECONDS = 0.5
FAIR_SECONDS = 1.0
# Whole-domain listings are slow by nature and read in the background only (API 1.3).
LIMIT_SECONDS = {
    Kind.LOGIN: 5.0,
    Kind.READ: 5.0,
    Kind.LISTING: 60.0,
    Kind.WRITE: 12.0,
}


@dataclass(frozen=True, slots=True)
class Order:
    """One request. ``secrets`` are sent like ``params`` and shown nowhere."""

    action: Action
    params: Mapping[str, str]
    permit: Permit = None
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    cookie: str = field(default="", repr=False)

    @property
    def kind(self) -> Kind:
        """Return how this order may be sent."""
        return RULES[self.action].kind

    @property
    def key(self) -> str:
        """Return the name under which its host is pinned."""
        return str(self.permit) if self.permit else ""

    def clean(self, text: str) -> str:
        """Return a text of the platform, fit to be raised or shown."""
        own = redact.own_names(self.params, self.permit)
        return redact.clean_text(text, secrets=self.hidden(), own=own)

    def hidden(self) -> Secrets:
        """Return what no text about this order may show."""
        return Secrets(self.secrets.values())

    def body(self) -> bytes:
        """Return the form. Source: API 1 (RFC 1738 style encoding)."""
        token = {k: v for k, v in self.secrets.items() if k == "token"}
        rest = {k: v for k, v in self.secrets.items() if k != "token"}
        form = {"action": self.action.value, **token, **self.params, **rest}
        return urlencode(form).encode("ascii")


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: an envelope, or a 401/403 that may come without one."""

    status: int
    host: str
    envelope: Envelope | None
    set_cookie: str = field(default="", repr=False)
    may_lag: bool = False

    @property
    def denied(self) -> bool:
        """Say whether the HTTP status itself asks for a new login."""
        return self.status in {401, 403}


class DeliveryError(Exception):
    """Why one sending gave no answer.

    ``acted``: the application may have acted on it. ``again``: a read may be sent
    again. ``foreign``: it does not look like this API. ``counts``: towards the
    host's circuit. ``busy``: the server takes no more calls for now, and ``pause``:
    the seconds it asked for. ``untried``: the error to raise when we did not even try.
    """

    def __init__(
        self,
        detail: str,
        host: str,
        *,
        sent: bool = True,
        acted: bool = True,
        again: bool = True,
        foreign: bool = False,
        counts: bool = True,
        busy: bool = False,
        pause: float | None = None,
        untried: type[PlatformUnavailable] | None = None,
    ) -> None:
        """Keep a fixed sentence, never a body."""
        super().__init__(detail)
        self.detail, self.host = detail, host
        self.sent, self.acted, self.again = sent, acted, again
        self.foreign, self.counts, self.pause = foreign, counts, pause
        self.busy, self.untried = busy, untried

    def as_error(self, order: Order) -> PlatformError:
        """Return the error of the contract. Source: API 7.2."""
        action = order.action.value
        if self.untried is not None and not issubclass(self.untried, HostUnreachable):
            return self.untried(self.detail, action=action)
        if not self.sent:
            kind = CircuitOpen if self.untried else HostUnreachable
            return kind(self.detail, action=action, host=self.host)
        if self.busy:
            return PlatformBusy(self.detail, action=action)
        if self.acted and order.kind is Kind.WRITE:
            return OutcomeUnknown(self.detail, action=action)
        if self.foreign and order.kind is Kind.LOGIN:
            return NotAnAdminApi(self.detail, action=action)
        return PlatformUnavailable(self.detail, action=action)


class Delivery:
    """Sends orders to the hosts of one server. Thread-safe."""

    def __init__(self, transport: Transport, hosts: Hosts) -> None:
        """Share the connections and what is known of the hosts."""
        self._transport = transport
        self._hosts = hosts

    def deliver(self, order: Order, deadline: Deadline, *, via: str = "") -> Reply:
        """Send until answered, as often as its kind allows.

        Errors: PlatformUnavailable, OutcomeUnknown (writes), NotAnAdminApi (login).
        """
        hosts = self._hosts.ranked(order.key, via=via)
        if not hosts:
            raise self._closed(order)
        turn = 0
        while True:
            host = hosts[turn % len(hosts)]
            turn += 1
            try:
                return self._send(order, host, deadline)
            except DeliveryError as trouble:
                pause = _pause(order, trouble, turn, len(hosts))
                if pause is None or pause >= deadline.remaining():
                    raise trouble.as_error(order) from None
                time.sleep(pause)

    def _closed(self, order: Order) -> CircuitOpen:
        host = self._hosts.first.host
        error = CircuitOpen(
            "the server failed several times in a row; asking again shortly",
            action=order.action.value,
            host=host,
        )
        _report(order, host, time.monotonic(), "unavailable", {"trouble": error.detail})
        return error

    def _send(self, order: Order, endpoint: Endpoint, deadline: Deadline) -> Reply:
        host = endpoint.host
        started = time.monotonic()
        try:
            reply = self._ask(order, endpoint, deadline)
        except DeliveryError as trouble:
            if trouble.counts:
                self._hosts.failed(host)
            outcome = _outcome(trouble.as_error(order))
            _report(order, host, started, outcome, {"trouble": trouble.detail})
            raise
        self._hosts.answered(host)
        ok = reply.envelope is not None and reply.envelope.ok
        _report(order, host, started, "done" if ok else "refused", _shown(order, reply))
        return reply

    def _ask(self, order: Order, endpoint: Endpoint, deadline: Deadline) -> Reply:
        host = endpoint.host
        if deadline.remaining() <= 0:
            raise _untried("no time left", host, PlatformUnavailable)
        if not self._hosts.admit(host):
            raise _untried("the server failed a moment ago", host, CircuitOpen)
        limit = deadline.within(LIMIT_SECONDS[order.kind])
        granted = limit.remaining()
        try:
            answer = self._transport.post(
                endpoint.url, order.body(), limit, cookie=order.cookie
            )
        except TransportError as exc:
            self._after_write(order, host, sent=exc.sent)
            # A caller who came with hardly any time left says nothing of the host.
            fair = granted >= FAIR_SECONDS or limit.remaining() > 0
            raise DeliveryError(
                str(exc), host, sent=exc.sent, acted=exc.sent, counts=fair
            ) from None
        self._after_write(order, host, sent=True)
        return _reply(order, host, answer, may_lag=self._hosts.may_lag(order.key, host))

    def _after_write(self, order: Order, host: str, *, sent: bool) -> None:
        if sent and order.kind is Kind.WRITE:
            self._hosts.pin(order.key, host)


def _outcome(error: PlatformError) -> str:
    """Return what the log calls a call without a usable answer."""
    if isinstance(error, OutcomeUnknown):
        return "unknown"
    return "busy" if isinstance(error, PlatformBusy) else "unavailable"


def _untried(detail: str, host: str, kind: type[PlatformUnavailable]) -> DeliveryError:
    return DeliveryError(
        detail, host, sent=False, acted=False, counts=False, untried=kind
    )


def _pause(order: Order, trouble: DeliveryError, turn: int, hosts: int) -> float | None:
    """Return the seconds to wait before sending again, None for never."""
    if order.kind is Kind.WRITE:
        return 0.0 if not trouble.sent and turn < hosts else None
    if not trouble.again or turn >= READ_ATTEMPTS:
        return None
    jitter = random.uniform(0.5, 1.5)  # noqa: S311 - spreads load, guards nothing
    if trouble.pause is not None:
        return max(trouble.pause, RETRY_SECONDS * jitter)
    if turn % hosts:
        return 0.0
    return float(RETRY_SECONDS * 2 ** (turn - 1) * jitter)


def _reply(order: Order, host: str, answer: Answer, *, may_lag: bool) -> Reply:
    """Turn a whole HTTP answer into a reply. Errors: DeliveryError. Source: API 7.2."""
    status = answer.status
    if status == 429:
        pause = _retry_after(answer.headers.get("Retry-After"))
        detail = "the server asks us to slow down"
        raise DeliveryError(
            detail, host, acted=False, counts=False, busy=True, pause=pause
        )
    if status >= 500:
        raise DeliveryError(f"the server answered HTTP {status}", host)
    if not 200 <= status < 300 and not 400 <= status < 500:
        raise DeliveryError(f"the server answered HTTP {status}", host, foreign=True)
    envelope = _envelope(order, host, answer)
    return Reply(
        status, host, envelope, answer.headers.get("Set-Cookie", ""), may_lag=may_lag
    )


def _envelope(order: Order, host: str, answer: Answer) -> Envelope | None:
    status = answer.status
    plain = 200 <= status < 300
    try:
        envelope = parse(answer.body, lenient=order.kind is not Kind.WRITE)
    except OddReturncodeError as exc:
        raise DeliveryError(str(exc), host, foreign=True, counts=False) from None
    except UnreadableError as exc:
        if plain:
            raise DeliveryError(str(exc), host, foreign=True) from None
        if status in {401, 403} and (order.kind is not Kind.WRITE or _mute(answer)):
            return None
        # Whoever wrote this page, the application may have acted before it.
        detail = f"the server answered HTTP {status}"
        raise DeliveryError(
            detail, host, again=False, foreign=True, counts=False
        ) from None
    if envelope.ok and not plain:
        raise DeliveryError(f"a success with HTTP {status}", host, counts=False)
    return envelope


def _mute(answer: Answer) -> bool:
    return not answer.body.strip()


def _retry_after(value: str | None) -> float | None:
    return float(value) if value and value.isascii() and value.isdigit() else None


def _shown(order: Order, reply: Reply) -> dict[str, object]:
    if reply.envelope is None:
        return {"status": reply.status}
    return redact.shown_response(
        order.action,
        reply.envelope,
        permit=order.permit,
        secrets=order.hidden(),
        own=redact.own_names(order.params, order.permit),
    )


def _report(
    order: Order, host: str, started: float, outcome: str, response: dict[str, object]
) -> None:
    action = order.action.value
    logger.debug("emailarray %s at %s: %s", action, host, outcome)
    report(
        Call(
            action=action,
            host=host,
            duration_ms=round((time.monotonic() - started) * 1000),
            outcome=outcome,
            request=redact.shown_request(order.action, order.params),
            response=response,
        )
    )

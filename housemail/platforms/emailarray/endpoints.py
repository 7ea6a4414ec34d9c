"""Which host is asked next, and which one not for a while.

Source: API 1.1, 1.2, 8.1 no. 22, 8.5 (circuit); protocol 7.
"""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from urllib.parse import urlsplit

FAILURES = 5
FAILURE_WINDOW_SECONDS = 60.0
OPEN_SECONDS = 30.0
# While one caller probes a host whose circuit was open, the others keep away.
PROBE_SECONDS = 5.0
PREFER_SECONDS = 60.0
# Outlasts the 120 s after which a lost write may be sent again (protocol 3).
PIN_SECONDS = 150.0
MAX_PINS = 4096


def is_loopback(host: str) -> bool:
    """Say whether a host name or address can only mean this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One URL of the admin API and the name its host goes by."""

    url: str
    host: str


def parse_endpoint(url: str) -> Endpoint:
    """Return the endpoint, or raise ValueError.

    https only, unless the host is this machine; no credentials, query or fragment,
    which would end up in logs. The sentence never quotes the URL.
    """
    parts = urlsplit(url.strip())
    host = parts.hostname or ""
    if not host or (parts.scheme != "https" and not is_loopback(host)):
        raise ValueError("the endpoint must be an https URL")
    if parts.scheme not in {"http", "https"}:
        raise ValueError("the endpoint must be an https URL")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("the endpoint must be a plain URL")
    shown = f"[{host}]" if ":" in host else host
    if parts.port and parts.port != {"http": 80, "https": 443}[parts.scheme]:
        shown = f"{shown}:{parts.port}"
    return Endpoint(f"{parts.scheme}://{shown}{parts.path or '/'}", shown)


def endpoints_for(url: str, groups: tuple[tuple[str, ...], ...]) -> list[Endpoint]:
    """Return the given endpoint first, then those that serve the same account."""
    given = parse_endpoint(url)
    found = [given]
    for group in groups:
        if given.host in group:
            found += [
                parse_endpoint(given.url.replace(given.host, other, 1))
                for other in group
                if other != given.host
            ]
    return found


@dataclass(slots=True)
class _Circuit:
    failures: deque[float] = field(default_factory=lambda: deque(maxlen=FAILURES))
    open_until: float = 0.0


class Hosts:
    """The hosts of one server: their order, circuits and pins. Thread-safe."""

    def __init__(self, endpoints: list[Endpoint]) -> None:
        """Start with every circuit closed and the given endpoint first."""
        self._endpoints = endpoints
        self._lock = threading.Lock()
        self._circuits = {endpoint.host: _Circuit() for endpoint in endpoints}
        self._preferred: tuple[str, float] = ("", 0.0)
        self._pins: OrderedDict[str, tuple[str, float]] = OrderedDict()

    @property
    def first(self) -> Endpoint:
        """Return the endpoint that was given."""
        return self._endpoints[0]

    def ranked(self, key: str, *, via: str = "") -> list[Endpoint]:
        """Return the hosts to try, best first, without those whose circuit is open.

        ``via`` (the host that wants a new login) beats the pin of ``key``, which
        beats the host that worked last, which beats the given order.
        """
        now = time.monotonic()
        with self._lock:
            preferred, until = self._preferred
            first = via or self._pinned(key, now) or (preferred if until > now else "")
            usable = [
                endpoint
                for endpoint in self._endpoints
                if self._circuits[endpoint.host].open_until <= now
            ]
        return sorted(usable, key=lambda endpoint: endpoint.host != first)

    def admit(self, host: str) -> bool:
        """Say whether ``host`` may be asked now; a half-open one admits one caller."""
        now = time.monotonic()
        with self._lock:
            circuit = self._circuits[host]
            if circuit.open_until > now:
                return False
            if circuit.open_until:
                circuit.open_until = now + PROBE_SECONDS
            return True

    def failed(self, host: str) -> None:
        """Count a transport failure: five in a minute open the circuit."""
        now = time.monotonic()
        with self._lock:
            circuit = self._circuits[host]
            circuit.failures.append(now)
            often = (
                len(circuit.failures) == FAILURES
                and now - circuit.failures[0] <= FAILURE_WINDOW_SECONDS
            )
            if circuit.open_until or often:
                circuit.open_until = now + OPEN_SECONDS

    def answered(self, host: str) -> None:
        """Close the circuit and go on with this host for a while."""
        with self._lock:
            circuit = self._circuits[host]
            circuit.failures.clear()
            circuit.open_until = 0.0
            if len(self._endpoints) > 1:
                self._preferred = (host, time.monotonic() + PREFER_SECONDS)

    def pin(self, key: str, host: str) -> None:
        """Read ``key`` from ``host`` from now on: another one may lag behind it."""
        if len(self._endpoints) == 1:
            return
        with self._lock:
            self._pins[key] = (host, time.monotonic() + PIN_SECONDS)
            self._pins.move_to_end(key)
            while len(self._pins) > MAX_PINS:
                self._pins.popitem(last=False)

    def may_lag(self, key: str, host: str) -> bool:
        """Say whether ``key`` was written through another host a moment ago."""
        with self._lock:
            pinned = self._pinned(key, time.monotonic())
        return bool(pinned) and pinned != host

    def _pinned(self, key: str, now: float) -> str:
        host, until = self._pins.get(key, ("", 0.0))
        return host if until > now else ""

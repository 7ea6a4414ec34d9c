"""A journal of every request, so that a test can count what a client really sent."""

from __future__ import annotations

from collections import deque
from dataclasses import asdict, dataclass, field

from emulator.clock import stamp

Params = dict[str, "str | dict[str, str]"]

MASK = "***"
KEPT = 100_000
# Keys whose values are secret (API reference 8.3); getOTPAndToken is a 0/1 flag
# and must stay readable, so only these stems match inside a longer name.
_EXACT = frozenset({"pass", "token", "otp", "opass", "p", "newlogo", "dkim_key"})
_STEMS = ("password", "secret", "apikey", "passwd")


def is_secret(key: str) -> bool:
    """Whether the value under a key must never be shown."""
    low = key.lower()
    return low in _EXACT or any(stem in low for stem in _STEMS)


def masked(params: Params) -> Params:
    """The parameters with secrets replaced; the action has a column of its own."""
    shown: Params = {}
    for key, value in params.items():
        if key == "action":
            continue
        if is_secret(key):
            shown[key] = MASK
        elif isinstance(value, dict):
            shown[key] = {k: MASK if is_secret(k) else v for k, v in value.items()}
        else:
            shown[key] = value
    return shown


@dataclass
class Entry:
    """One request: what was asked, what came of it, whether state changed."""

    number: int
    host: str
    endpoint: str
    action: str
    params: Params
    at: float
    outcome: str = "open"
    changed: bool = False

    def plain(self) -> dict[str, object]:
        """For the control interface."""
        return asdict(self) | {"time": stamp(self.at)}


@dataclass
class Journal:
    """The newest requests, oldest first; numbers keep counting."""

    entries: deque[Entry] = field(default_factory=lambda: deque(maxlen=KEPT))
    last: int = 0

    def open(
        self, *, host: str, endpoint: str, action: str, params: Params, at: float
    ) -> Entry:
        """Write down a request that has just arrived."""
        self.last += 1
        entry = Entry(self.last, host, endpoint, action, masked(params), at)
        self.entries.append(entry)
        return entry

    def since(self, number: int) -> list[Entry]:
        """Entries with a higher number."""
        return [entry for entry in self.entries if entry.number > number]

    def clear(self) -> None:
        """Forget everything and count from one again."""
        self.entries.clear()
        self.last = 0

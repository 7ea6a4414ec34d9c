"""Which switches are on, and whether one applies to a given call.

Scopes: action (a name, several, or @write, @read, @listing), domain, mailbox, host;
count (the next n matching calls), every (each nth), rate (a share of them, from the
seeded generator); phase (before or after the change). API reference 10.2.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field

from emulator.catalogue import CATALOGUE
from emulator.spec import Option, Spec, Value

HOSTS = ("cfcp", "cp")
_FALSE = ("", "0", "false", "no", "off")


@dataclass(frozen=True)
class CallScope:
    """What a switch may look at to decide whether it concerns a call."""

    action: str
    host: str
    groups: tuple[str, ...] = ()
    domain: str = ""
    mailbox: str = ""


@dataclass
class Activation:
    """One switch that is on, with its scope and what it has seen so far."""

    spec: Spec
    params: dict[str, Value]
    actions: tuple[str, ...] = ()
    domain: str | None = None
    mailbox: str | None = None
    host: str | None = None
    count: int | None = None
    every: int | None = None
    rate: float | None = None
    phase: str = "after"
    since: float = 0.0
    seen: int = 0
    fired: int = 0
    boundary: int = 0  # expired_token: serial of the newest refused token
    offsets: list[int] = field(default_factory=list)  # page_failure

    @property
    def scope(self) -> tuple[object, ...]:
        """Two activations with one scope replace each other."""
        return (self.actions, self.domain, self.mailbox, self.host, self.phase)

    @property
    def limited(self) -> bool:
        """Whether it fires on some of the matching calls only."""
        return not (self.count is None and self.every is None and self.rate is None)

    def matches(self, call: CallScope) -> bool:
        """Whether the call is within scope."""
        if self.host and self.host != call.host:
            return False
        if self.domain and self.domain != call.domain:
            return False
        if self.mailbox and self.mailbox != call.mailbox:
            return False
        if not self.actions or "*" in self.actions:
            return True
        return call.action in self.actions or any(
            group in self.actions for group in call.groups
        )

    def fires(self, rng: random.Random) -> bool:
        """Count one matching call; True when the switch takes effect on it."""
        if self.count is not None and self.fired >= self.count:
            return False
        self.seen += 1
        if self.every and self.seen % self.every:
            return False
        if self.rate is not None and rng.random() >= self.rate:
            return False
        self.fired += 1
        return True

    def number(self, name: str) -> float:
        """A numeric parameter; 0 when it was left out."""
        value = self.params[name]
        return float(value) if isinstance(value, int | float) else 0.0

    def word(self, name: str) -> str:
        """A text parameter."""
        value = self.params[name]
        return "" if value is None else str(value)

    def words(self, name: str) -> tuple[str, ...]:
        """A parameter made of several words."""
        value = self.params[name]
        return value if isinstance(value, tuple) else ()

    def plain(self) -> dict[str, object]:
        """For the control interface."""
        return {
            "name": self.spec.name,
            "action": list(self.actions) or None,
            "domain": self.domain,
            "mailbox": self.mailbox,
            "host": self.host,
            "count": self.count,
            "every": self.every,
            "rate": self.rate,
            "phase": self.phase,
            "params": dict(self.params),
            "seen": self.seen,
            "fired": self.fired,
        }


def activation(
    name: str,
    *,
    action: str | Iterable[str] | None = None,
    domain: str | None = None,
    mailbox: str | None = None,
    host: str | None = None,
    count: int | None = None,
    every: int | None = None,
    rate: float | None = None,
    phase: str | None = None,
    **params: object,
) -> Activation:
    """Check a wish to switch something on, and return it ready for the board."""
    spec = CATALOGUE.get(name)
    if spec is None:
        raise ValueError(f"There is no switch {name!r}.")
    if host is not None and host not in HOSTS:
        raise ValueError(f"A host is one of {', '.join(HOSTS)}, not {host!r}.")
    wanted = _actions(action) or spec.actions
    values = _params(spec, params)
    chosen = _phase(spec, phase, values)
    if spec.once and count is None and every is None and rate is None:
        count = 1
    return Activation(
        spec,
        values,
        wanted,
        domain.lower() if domain else None,
        mailbox.lower() if mailbox else None,
        host or spec.host,
        count,
        every,
        rate,
        chosen,
    )


def _actions(action: str | Iterable[str] | None) -> tuple[str, ...]:
    if action is None:
        return ()
    parts = action.split(",") if isinstance(action, str) else list(action)
    return tuple(part.strip() for part in parts if part.strip())


def _phase(spec: Spec, phase: str | None, values: dict[str, Value]) -> str:
    if spec.name == "connection_reset":
        return _reset_phase(phase, values)
    if phase is None:
        return spec.phases[0]
    if phase not in spec.phases:
        allowed = " or ".join(spec.phases)
        raise ValueError(f"{spec.name} works {allowed}, not {phase!r}.")
    return phase


def _reset_phase(phase: str | None, values: dict[str, Value]) -> str:
    # "Where" and "when" are one thing for a cut connection; either may be given.
    if phase:
        by_phase = {"before": "before_body", "after": "after_apply"}
        values["at"] = by_phase.get(phase, phase)
    return "before" if values["at"] == "before_body" else "after"


def _params(spec: Spec, given: dict[str, object]) -> dict[str, Value]:
    values = {name: option.default for name, option in spec.options.items()}
    for name, raw in given.items():
        # "value" and "mode" mean the main parameter, which is the first.
        known = name in spec.options or name not in ("value", "mode")
        key = name if known else next(iter(spec.options), name)
        option = spec.options.get(key)
        if option is None:
            allowed = ", ".join(spec.options) or "none"
            raise ValueError(f"{spec.name} has no parameter {name!r} (has: {allowed}).")
        values[key] = _coerce(f"{spec.name}.{key}", option, raw)
    return values


def _coerce(label: str, option: Option, raw: object) -> Value:
    if option.choices:
        word = "null" if raw is None else str(raw)
        if word not in option.choices:
            raise ValueError(f"{label} is one of {', '.join(option.choices)}.")
        return word
    if raw is None:
        return None
    if option.kind is tuple:
        return _actions(raw if isinstance(raw, str) else [str(x) for x in _list(raw)])
    if option.kind is bool:
        return str(raw).strip().lower() not in _FALSE
    if option.kind is int:
        return int(str(raw))
    return float(str(raw)) if option.kind is float else str(raw)


def _list(raw: object) -> list[object]:
    return list(raw) if isinstance(raw, list | tuple | set | frozenset) else [raw]


class SwitchBoard:
    """The switches that are on; the caller holds the emulator's lock."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._on: list[Activation] = []

    def turn_on(self, new: Activation) -> None:
        """Add one; the same switch with the same scope is replaced."""
        self._on = [
            old
            for old in self._on
            if (old.spec.name, old.scope) != (new.spec.name, new.scope)
        ]
        self._on.append(new)

    def turn_off(self, name: str) -> None:
        """Remove a switch in all its scopes."""
        if name not in CATALOGUE:
            raise ValueError(f"There is no switch {name!r}.")
        self._on = [entry for entry in self._on if entry.spec.name != name]

    def clear(self) -> None:
        """All off."""
        self._on = []

    def active(self, name: str | None = None) -> list[Activation]:
        """What is on, oldest first."""
        return [e for e in self._on if name is None or e.spec.name == name]

    def fire(self, name: str, phase: str | None, call: CallScope) -> Activation | None:
        """The newest matching activation that takes effect on this call."""
        for entry in reversed(self._on):
            if (
                entry.spec.name == name
                and phase in (None, entry.phase)
                and entry.matches(call)
                and entry.fires(self._rng)
            ):
                return entry
        return None


class Consultation:
    """The switches as one call sees them: each is asked, and counted, once."""

    def __init__(self, board: SwitchBoard, call: CallScope) -> None:
        self._board = board
        self.call = call
        self._answers: dict[tuple[str, str | None], Activation | None] = {}

    def on(self, name: str, phase: str | None = None) -> Activation | None:
        """The activation in effect on this call, if any."""
        key = (name, phase)
        if key not in self._answers:
            self._answers[key] = self._board.fire(name, phase, self.call)
        return self._answers[key]

    def word(self, name: str, param: str, default: str) -> str:
        """A text parameter of a switch, or the default behaviour when it is off."""
        found = self.on(name)
        return found.word(param) if found else default

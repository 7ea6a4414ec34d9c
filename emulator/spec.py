"""The words a switch is described with: its parameters, phases and default scope."""

from __future__ import annotations

from dataclasses import dataclass, field

Value = float | int | str | bool | None | tuple[str, ...]


@dataclass(frozen=True)
class Option:
    """One parameter of a switch."""

    default: Value = None
    kind: type = str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Spec:
    """One switch."""

    name: str
    effect: str
    options: dict[str, Option] = field(default_factory=dict)
    phases: tuple[str, ...] = ("after",)
    actions: tuple[str, ...] = ()
    host: str | None = None
    once: bool = False  # without count, every or rate: fires a single time


def one_of(*choices: str, default: str | None = None) -> Option:
    """A parameter with a fixed set of values; the first is the default."""
    return Option(default or choices[0], str, choices)


def number(default: float | None) -> Option:
    """A parameter in seconds, or another measure."""
    return Option(default, float)


def whole(default: int | None) -> Option:
    """A count."""
    return Option(default, int)


def text(default: str | None = None) -> Option:
    """Free text."""
    return Option(default, str)


def flag() -> Option:
    """Yes or no; no by default."""
    return Option(False, bool)


def names(*default: str) -> Option:
    """Several words."""
    return Option(default, tuple)

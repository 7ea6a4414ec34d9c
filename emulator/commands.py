"""What the control interface can do, apart from how it is reached."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol, cast

from emulator.catalogue import CATALOGUE
from emulator.clock import Clock, stamp
from emulator.journal import Entry
from emulator.presets import PRESETS
from emulator.state import State
from emulator.switches import Activation

Wish = Mapping[str, object]
Work = Callable[[], object]

_SCOPES = ("action", "domain", "mailbox", "host", "count", "every", "rate", "phase")
_NUMBERS: dict[str, type[int] | type[float]] = {
    "count": int,
    "every": int,
    "rate": float,
}


class Controlled(Protocol):
    """The emulator, as far as the control interface needs it."""

    clock: Clock

    @property
    def preset(self) -> str: ...
    @property
    def state(self) -> State: ...
    @property
    def switches(self) -> list[Activation]: ...
    def snapshot(self) -> dict[str, object]: ...
    def journal_since(self, number: int) -> list[Entry]: ...
    def reset(self, preset: str | None = None) -> None: ...
    def use_preset(self, name: str) -> None: ...
    def switch_on(self, name: str, **scope: object) -> None: ...
    def switch_off(self, name: str) -> None: ...
    def switches_off(self) -> None: ...
    def seed_domain(self, domain: str) -> None: ...
    def seed_mailbox(self, domain: str, username: str, **fields: object) -> None: ...
    def change_mailbox(self, domain: str, username: str, **fields: object) -> None: ...
    def seed_alias(self, domain: str, alias: str, forward: str) -> None: ...
    def seed_list(
        self, domain: str, lname: str, members: Iterable[str] = ()
    ) -> None: ...
    def seed_big(self, domain: str, n: int) -> None: ...


def read_state(emulator: Controlled, _query: Wish) -> object:
    """Everything but passwords."""
    return {"preset": emulator.preset, **emulator.snapshot()}


def read_journal(emulator: Controlled, query: Wish) -> object:
    """Requests after a number."""
    since = int(str(query.get("since", 0)))
    return {"entries": [entry.plain() for entry in emulator.journal_since(since)]}


def read_switches(emulator: Controlled, _query: Wish) -> object:
    """What is on, and what there is."""
    return {
        "preset": emulator.preset,
        "on": [entry.plain() for entry in emulator.switches],
        "available": [
            {
                "name": spec.name,
                "effect": spec.effect,
                "phases": list(spec.phases),
                "params": {key: option.default for key, option in spec.options.items()},
            }
            for spec in CATALOGUE.values()
        ],
        "presets": {name: preset.summary for name, preset in PRESETS.items()},
    }


def read_clock(emulator: Controlled, _query: Wish) -> object:
    """The emulator's time."""
    now = emulator.clock.now()
    return {"now": now, "time": stamp(now), "offset": emulator.clock.offset}


def seed(emulator: Controlled, wish: Wish) -> None:
    """Domains, mailboxes, aliases, lists, or many mailboxes at once.

    ``changes``: what became of mailboxes that are there already.
    """
    for name in _many(wish, "domains"):
        emulator.seed_domain(str(name))
    for key, put in (
        ("mailboxes", emulator.seed_mailbox),
        ("changes", emulator.change_mailbox),
    ):
        for row in _rows(wish, key):
            fields = {k: v for k, v in row.items() if k not in ("domain", "username")}
            put(_word(row, "domain"), _word(row, "username"), **fields)
    for row in _rows(wish, "aliases"):
        alias, forward = _word(row, "alias"), _word(row, "forward")
        emulator.seed_alias(_word(row, "domain"), alias, forward)
    for row in _rows(wish, "lists"):
        members = [str(member) for member in _many(row, "members")]
        emulator.seed_list(_word(row, "domain"), _word(row, "lname"), members)
    if "big" in wish:
        row = _row(wish["big"])
        emulator.seed_big(_word(row, "domain"), int(_word(row, "n")))


def switch(emulator: Controlled, wish: Wish) -> None:
    """Turn one on or off, or all off."""
    unknown = ", ".join(sorted(set(wish) - {"name", "on", "all", "params", *_SCOPES}))
    if unknown:
        raise ValueError(f"A wish has no {unknown}; a switch's own go under params.")
    if not wish.get("on", True):
        if wish.get("all"):
            emulator.switches_off()
        else:
            emulator.switch_off(_word(wish, "name"))
        return
    scope: dict[str, object] = {
        key: _NUMBERS[key](str(wish[key])) if key in _NUMBERS else wish[key]
        for key in _SCOPES
        if wish.get(key) not in (None, "")
    }
    params = _row(wish.get("params") or {})
    # A parameter named like a scope would arrive twice; the scope is meant then.
    emulator.switch_on(_word(wish, "name"), **{**params, **scope})


def clock(emulator: Controlled, wish: Wish) -> None:
    """Move time forward."""
    emulator.clock.advance(float(_word(wish, "advance")))


def preset(emulator: Controlled, wish: Wish) -> None:
    """Replace the switches by those of a preset."""
    emulator.use_preset(_word(wish, "name"))


def reset(emulator: Controlled, wish: Wish) -> None:
    """Start afresh, with a preset if one is named."""
    name = wish.get("preset")
    emulator.reset(str(name) if name else None)


def from_form(fields: Mapping[str, str]) -> Wish:
    """A form of the page as the JSON it stands for."""
    wish: dict[str, object] = dict(fields)
    if "on" in fields:
        wish["on"] = fields["on"] == "1"
    if "params" in fields:
        pairs = (part.partition("=") for part in fields["params"].split())
        wish["params"] = {key: value for key, _, value in pairs}
    return wish


def _word(wish: Wish, key: str) -> str:
    value = wish.get(key)
    if value is None or value == "":
        raise ValueError(f"{key!r} is needed.")
    return str(value)


def _many(wish: Wish, key: str) -> list[object]:
    value = wish.get(key, [])
    if not isinstance(value, list):
        raise TypeError(f"{key!r} is a list.")
    return value


def _rows(wish: Wish, key: str) -> list[dict[str, object]]:
    return [_row(entry) for entry in _many(wish, key)]


def _row(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise TypeError("An object is expected here.")
    return cast("dict[str, object]", value)


READS: dict[str, Callable[[Controlled, Wish], object]] = {
    "/state": read_state,
    "/journal": read_journal,
    "/switches": read_switches,
    "/clock": read_clock,
}
WRITES: dict[str, Callable[[Controlled, Wish], None]] = {
    "/seed": seed,
    "/switch": switch,
    "/clock": clock,
    "/preset": preset,
    "/reset": reset,
}

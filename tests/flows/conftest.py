"""A running emulator and an installation that sells on it; every test starts empty."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from emulator import Emulator
from housemail.installations.models import Installation
from housemail.mailboxes import journal, servers, settle
from housemail.mailboxes.context import (
    Actor,
    ActorKind,
    Context,
    Owner,
    ServerDetails,
    ServiceRecord,
)
from housemail.platforms.base import Deadline

PASSWORD = "Correct-horse-7"
PLAN: dict[str, object] = {
    "allowed_domains": "thexyz.com,thexyz.ca,thexyz.cn",
    "account_type": "1|Basic",
    "quota_gb": "25",
    "max_aliases": "25",
    "allow_external_forwards": "",
    "timezone": "America/Montreal",
    "date_format": "yyyy-mm-dd",
    "language": "en",
    "max_lists": "5",
}


@pytest.fixture(scope="session")
def running_emulator() -> Iterator[Emulator]:
    """One emulator for the whole run."""
    emulator = Emulator()
    emulator.start()
    yield emulator
    emulator.stop()


@pytest.fixture
def emulator(running_emulator: Emulator) -> Iterator[Emulator]:
    """The emulator, empty and calm."""
    running_emulator.reset(preset="calm")
    yield running_emulator
    running_emulator.reset(preset="calm")


@pytest.fixture(autouse=True)
def _fresh_process_state(settings) -> Iterator[None]:
    """Shared clients, counters and waits as in a process that has just started."""
    from django.core.cache import cache

    cache.clear()
    servers.forget_platforms()
    settings.HOUSEMAIL_LOOKS_IN_REQUEST = (0.05, 0.1)
    yield
    servers.forget_platforms()


@dataclass
class Shop:
    """A billing system in front of the emulator, as short as a test can write it."""

    emulator: Emulator
    installation: Installation
    plan: dict[str, Any] = field(default_factory=lambda: dict(PLAN))
    seconds: float = 5.0

    def context(self, ref: str = "1", **changes) -> Context:
        """The context of a service."""
        context = Context(
            installation=self.installation,
            ref=ref,
            server=ServerDetails(
                platform="emailarray",
                endpoint=self.emulator.endpoint,
                username=self.emulator.username,
                password=self.emulator.password,
            ),
            plan={**self.plan, **changes.pop("plan", {})},
            options=changes.pop("options", {}),
            owner=Owner(id=changes.pop("owner", f"owner-{ref}"), name=f"Owner {ref}"),
            service=ServiceRecord(**changes.pop("service", {})),
            actor=Actor(ActorKind(changes.pop("actor", "automation"))),
        )
        return replace(context, **changes)

    def deadline(self) -> Deadline:
        """A deadline from now."""
        return Deadline.after(self.seconds)

    @property
    def mailboxes(self) -> Any:
        """The mailboxes that the emulator holds on thexyz.com."""
        return self.emulator.state.domains["thexyz.com"].mailboxes

    def applied(self, action: str) -> list[Any]:
        """Journal entries of this action that changed the platform."""
        return [
            entry
            for entry in self.emulator.journal
            if entry.action == action and entry.changed
        ]

    def calls(self) -> list[str]:
        """The actions that the emulator was asked for, without logins."""
        return [
            entry.action for entry in self.emulator.journal if entry.action != "login"
        ]


@pytest.fixture
def shop(db, emulator: Emulator) -> Shop:
    """A billing system with one installation."""
    return Shop(emulator, Installation.objects.create(name="one"))


class Killed(BaseException):
    """The process died here."""


@pytest.fixture
def kill(request) -> Iterator[object]:
    """Kill the process (this thread's work) when it reaches a step of the journal."""
    installed = []

    def at(step: journal.Step, verb: str = "") -> None:
        def observer(reached: journal.Step, operation) -> None:
            if reached is step and verb in ("", operation.verb):
                journal.observers.remove(observer)
                raise Killed(step)

        journal.observers.append(observer)
        installed.append(observer)

    yield at
    for observer in installed:
        if observer in journal.observers:
            journal.observers.remove(observer)


class Clock:
    """Moves our clock and the emulator's together."""

    def __init__(self, traveller: Any, emulator: Emulator) -> None:
        self._traveller = traveller
        self._emulator = emulator

    def advance(self, seconds: float) -> None:
        """Let that many seconds pass for everybody."""
        self._traveller.shift(seconds)
        self._emulator.clock.advance(seconds)

    def settle(self, minutes: int = 12) -> None:
        """Let the engine work for a while, a sweep every 20 seconds."""
        for _ in range(minutes * 3):
            self.advance(20)
            with contextlib.suppress(Killed):  # the engine may be killed as well
                settle.sweep()


@pytest.fixture
def clock(emulator: Emulator) -> Iterator[Clock]:
    """A clock that a test may move."""
    with time_machine.travel(datetime.now(UTC), tick=True) as traveller:
        yield Clock(traveller, emulator)

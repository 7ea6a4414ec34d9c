"""Servers to be mistreated by, and the emulator, started once."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.platforms.hostile import Hostile


@pytest.fixture
def new_hostile() -> Iterator[Callable[[], Hostile]]:
    """Return a maker of hostile servers; they are stopped afterwards."""
    made: list[Hostile] = []

    def make() -> Hostile:
        made.append(Hostile())
        return made[-1]

    yield make
    for server in made:
        server.stop()


@pytest.fixture
def hostile(new_hostile: Callable[[], Hostile]) -> Hostile:
    return new_hostile()


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten the pause before a read is repeated."""
    monkeypatch.setattr("housemail.platforms.emailarray.delivery.RETRY_SECONDS", 0.01)


@pytest.fixture(scope="session")
def running_emulator() -> Iterator[Any]:
    if importlib.util.find_spec("emulator") is None:
        pytest.skip("the emulator is not installed")
    from emulator import Emulator

    emulator = Emulator(domains=("house.test", "other.test"))
    emulator.start()
    yield emulator
    emulator.stop()


@pytest.fixture
def emulator(running_emulator: Any) -> Any:
    running_emulator.reset()
    running_emulator.switches_off()
    return running_emulator

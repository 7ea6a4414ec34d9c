"""Staff of each role, signed in with a second factor, beside a shop on the emulator."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client

from housemail.people.enrol import enrol, give_second_factor
from housemail.people.models import User
from housemail.people.roles import Role
from tests.sales.conftest import (
    _fresh_process_state,
    clock,
    emulator,
    kill,
    running_emulator,
    store,
)

__all__ = [
    "_fresh_process_state",
    "clock",
    "emulator",
    "kill",
    "running_emulator",
    "store",
]
SignIn = Callable[[Role], Client]
PASSWORD = "correct horse 7 battery"


@pytest.fixture(autouse=True)
def nobody_tried_yet() -> None:
    cache.clear()


def staff(role: Role, email: str = "") -> User:
    """Somebody of this role, with a second factor."""
    user = enrol(email or f"{role.value}@example.com", PASSWORD, role=role)
    give_second_factor(user)
    return user


@pytest.fixture
def signed_in(db) -> SignIn:
    """A browser of somebody of this role: ``signed_in(Role.OWNER)``."""

    def open_one(role: Role) -> Client:
        client = Client()
        client.force_login(
            User.objects.filter(email=f"{role.value}@example.com").first()
            or staff(role)
        )
        return client

    return open_one


@pytest.fixture
def owner(signed_in: SignIn) -> Client:
    return signed_in(Role.OWNER)


@pytest.fixture
def manager(signed_in: SignIn) -> Client:
    return signed_in(Role.MANAGER)


@pytest.fixture
def support(signed_in: SignIn) -> Client:
    return signed_in(Role.SUPPORT)


def once(client: Client, path: str) -> str:
    """The key of a form that is asked for."""
    return str(client.get(path).context["once"])


def said(answer) -> list[str]:
    """The sentences of the page that was led to."""
    return [str(message) for message in answer.context["messages"]]

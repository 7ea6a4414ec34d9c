"""Staff of each role, signed in with a second factor, beside a shop on the emulator."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
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


def enter(client: Client, user: User) -> Client:
    """Sign in as the console asks it: this session has shown the second factor."""
    client.force_login(user)
    factor = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    session = client.session
    shown = {"method": "mfa", "at": time.time(), "id": factor.pk, "type": factor.type}
    session["account_authentication_methods"] = [shown]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


@pytest.fixture
def signed_in(db) -> SignIn:
    """A browser of somebody of this role: ``signed_in(Role.OWNER)``."""

    def open_one(role: Role) -> Client:
        known = User.objects.filter(email=f"{role.value}@example.com").first()
        return enter(Client(), known or staff(role))

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
    """The key of a form that is asked for; of an old tab's, where it is not offered."""
    asked = client.get(path, follow=True)
    return str(asked.context.get("once") or "opened-before")


def said(answer) -> list[str]:
    """The sentences of the page that was led to."""
    return [str(message) for message in answer.context["messages"]]

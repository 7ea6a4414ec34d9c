"""A customer with mailboxes on the emulator, signed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
from django.test import Client

from housemail.mailboxes import aliases, lists
from housemail.mailboxes.context import Context
from housemail.people.models import User
from housemail.sales import contexts, services
from housemail.sales.models import Service
from tests.sales.conftest import (
    STAFF,
    Store,
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


@dataclass
class Owner:
    """A customer with one mailbox, at the pages of it."""

    store: Store
    client: Client
    service: Service

    @property
    def home(self) -> str:
        """The path of the mailbox."""
        return f"/mailboxes/{self.service.pk}/"

    def get(self, page: str = "", status: int = 200) -> str:
        """The text of a page, in one line and without entities."""
        return self.words(self.client.get(self.home + page), status)

    def post(self, page: str, data: Mapping[str, str], status: int = 200) -> str:
        """The text of the page that a form leads to."""
        answer = self.client.post(self.home + page, data, follow=True)
        return self.words(answer, status)

    @staticmethod
    def words(answer: Any, status: int = 200) -> str:
        """The text of an answer."""
        assert answer.status_code == status
        return " ".join(unescape(answer.content.decode()).split())

    def context(self) -> Context:
        """The context of the owner's calls."""
        return contexts.for_service(self.service, self.store.actor())

    def add_alias(self, handle: str, destination: str = "") -> None:
        """Add one, past the pages."""
        answer = aliases.add(
            self.context(),
            self.store.deadline(),
            handle=handle,
            destination=destination,
        )
        assert answer.status == 200

    def add_list(self, handle: str, *members: str) -> None:
        """Add one, past the pages."""
        answer = lists.add(
            self.context(), self.store.deadline(), handle=handle, members=members
        )
        assert answer.status == 200

    def suspend(self) -> None:
        """Let staff suspend the mailbox."""
        assert (
            services.suspend(self.service, STAFF, self.store.deadline()).status == 200
        )

    def aliases(self) -> dict[str, str]:
        """What the emulator has."""
        domain = self.store.emulator.state.domains["thexyz.com"]
        return dict(domain.aliases)

    def lists(self) -> dict[str, list[str]]:
        """What the emulator has."""
        domain = self.store.emulator.state.domains["thexyz.com"]
        return {name: sorted(row.members) for name, row in domain.lists.items()}


def sold(store: Store, handle: str = "anna", customer: User | None = None) -> Service:
    """A mailbox that is ready."""
    store.sells("order")
    return store.service(store.order(handle, customer=customer))


@pytest.fixture
def owner(store: Store, client: Client) -> Owner:
    """Somebody who owns anna@thexyz.com, signed in."""
    service = sold(store)
    client.force_login(store.customer)
    return Owner(store, client, service)

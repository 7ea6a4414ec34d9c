"""The shop in front of the emulator, with a customer who signs in through the door."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from housemail.people.enrol import enrol
from housemail.people.models import User
from housemail.sales.models import Product
from tests.sales.conftest import (
    Store,
    _fresh_process_state,
    clock,
    emulator,
    running_emulator,
    store,
)

__all__ = ["_fresh_process_state", "clock", "emulator", "running_emulator", "store"]

PASSWORD = "correct horse 7 battery"
CHOICE = {"handle": "anna", "domain": "thexyz.com", "product": "premium"}


@pytest.fixture
def anna(client: Client, store: Store) -> User:
    """A customer, signed in."""
    person = enrol("anna@example.com", PASSWORD, name="Anna")
    store.customer = person
    client.post("/account/login/", {"login": person.email, "password": PASSWORD})
    return person


@pytest.fixture
def second(store: Store) -> Product:
    """Another product on the same domains."""
    return Product.objects.create(
        group=store.product.group,
        name="Large Email Account",
        slug="large",
        price_text="€9/month",
        quota_gb="100",
        max_aliases="0",
        enable_lists=False,
        allowed_domains="thexyz.com",
        server_group=store.group,
        on_sale=True,
        position=2,
    )


@pytest.fixture
def choose(client: Client) -> Callable[..., Any]:
    """Hold a name on the first page and go to where it leads."""

    def chosen(**changes: str) -> Any:
        return client.post("/", {**CHOICE, **changes})

    return chosen


@pytest.fixture
def send(client: Client) -> Callable[..., Any]:
    """Open the review and send its form; ``key`` is what the form had."""

    def sent(key: str = "", **changes: str) -> Any:
        form = {**CHOICE, **changes}
        return client.post(
            "/order/place/", {"key": key or form_key(client, **changes), **form}
        )

    return sent


def form_key(client: Client, **changes: str) -> str:
    """The key in the review's form."""
    page = client.get("/order/", {**CHOICE, **changes}).content.decode()
    found = re.search(r'name="key" value="([^"]+)"', page)
    assert found is not None, page
    return found[1]


def words(answer: Any) -> str:
    """What a page says, without tags and with single blanks."""
    text = re.sub(
        r"<(script|style|title)\b.*?</\1>",
        " ",
        answer.content.decode(),
        flags=re.DOTALL,
    )
    text = re.sub(r"<[^>]+>", "", text)
    return " ".join(text.replace("&#x27;", "'").replace("&amp;", "&").split())

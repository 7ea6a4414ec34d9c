"""A billing system with a key, talking to the door; the emulator behind it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.core.cache import cache
from django.test import Client

from emulator import Emulator
from housemail.installations import keys
from housemail.installations.models import Installation
from housemail.mailboxes import servers

PASSWORD = "Correct-horse-7"
PLAN = {"allowed_domains": "thexyz.com,thexyz.ca", "max_aliases": "25"}


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
def _fresh_process_state(settings, tmp_path) -> Iterator[None]:
    cache.clear()
    servers.forget_platforms()
    settings.STATIC_ROOT = tmp_path
    settings.HOUSEMAIL_LOOKS_IN_REQUEST = (0.05, 0.1)
    yield
    servers.forget_platforms()


@dataclass
class Api:
    """A billing system in front of the door."""

    installation: Installation
    key: str
    server: dict[str, str] = field(default_factory=dict)
    client: Client = field(
        default_factory=lambda: Client(
            raise_request_exception=False, headers={"host": "localhost"}
        )
    )

    def context(self, **more):
        """The context of a call, with a server that works."""
        return {"server": self.server, "plan": dict(PLAN), **more}

    def raw(self, path: str, body: str | bytes, **headers):
        """Post a body as it is."""
        return self.client.post(
            f"/api/v1/{path}",
            data=body,
            content_type="application/json",
            headers={"authorization": f"Bearer {self.key}", **headers},
        )

    def post(self, path: str, body=None, **headers):
        """Post an object."""
        return self.raw(path, json.dumps({} if body is None else body), **headers)

    def create(self, ref: str = "1", handle: str = "anna", **more):
        """Create the mailbox of a service."""
        body = self.context(handle=handle, password=PASSWORD, **more)
        return self.post(f"services/{ref}/create", body)


@pytest.fixture
def installation(db) -> Installation:
    """A billing system."""
    return Installation.objects.create(name="one")


@pytest.fixture
def api(installation: Installation) -> Api:
    """A billing system whose key may do everything; no platform behind it."""
    key = keys.make(installation, permissions=keys.PERMISSIONS)
    return Api(installation, key)


@pytest.fixture
def live(api: Api, emulator: Emulator) -> Api:
    """The same with the emulator as its mail platform."""
    api.server = {
        "platform": "emailarray",
        "endpoint": emulator.endpoint,
        "username": emulator.username,
        "password": emulator.password,
    }
    return api


@pytest.fixture
def all_calls() -> list[str]:
    """Every call of the API, from its document; relative to the prefix."""
    from housemail.api.door import api as door

    return [
        path.removeprefix("/api/v1/") for path in door.get_openapi_schema()["paths"]
    ]

"""A billing system in a few lines: what any caller of the API does."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass

import urllib3

HIDDEN = "••••••"
_SECRET = {"password", "suggested_password"}
TIMEOUT = urllib3.Timeout(connect=3, read=30)


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    body: dict[str, object]
    seconds: float

    @property
    def detail(self) -> str:
        """The sentence of a problem, or nothing."""
        return str(self.body.get("detail") or "")


class Client:
    """Calls the billing API with one key and one context."""

    def __init__(self, api: str, key: str, context: Mapping[str, object]) -> None:
        """Remember where, with what, and what comes with every call."""
        self._pool = urllib3.PoolManager(retries=False, timeout=TIMEOUT)
        self._api = api
        self._headers = {
            "Authorization": f"Bearer {key}",
            "Content-Type": "application/json",
        }
        self.context = context

    def call(self, path: str, **fields: object) -> Reply:
        """Post the context and these fields; Errors: urllib3's HTTPError."""
        return self.post(path, {**self.context, **fields})

    def post(self, path: str, body: Mapping[str, object]) -> Reply:
        """Post a body."""
        started = time.monotonic()
        answer = self._pool.request(
            "POST", self._api + path, body=json.dumps(body), headers=self._headers
        )
        seconds = time.monotonic() - started
        try:
            found = json.loads(answer.data)
        except ValueError:
            found = {"detail": "The answer is no JSON."}
        return Reply(answer.status, found if isinstance(found, dict) else {}, seconds)

    def close(self) -> None:
        """Give the connections back."""
        self._pool.clear()


def answers(url: str) -> bool:
    """Say whether something answers 200 there."""
    try:
        answer = urllib3.request("GET", url, retries=False, timeout=TIMEOUT)
    except urllib3.exceptions.HTTPError:
        return False
    return answer.status == 200


def masked(value: object) -> object:
    """Return a value to show, without what is secret in it."""
    if isinstance(value, Mapping):
        return {
            key: HIDDEN if key in _SECRET and isinstance(item, str) else masked(item)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [masked(item) for item in value]
    return value

"""A bare client of the wire, and a running emulator for each test."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from emulator import Emulator

GOOD = "Str0ng!enough"
FORM = "application/x-www-form-urlencoded"


@dataclass
class Response:
    """An HTTP answer, read to its end."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def send(
    method: str,
    url: str,
    body: str | None = None,
    headers: dict[str, str] | None = None,
    timeout: float = 5.0,
) -> Response:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(
        parts.hostname or "", parts.port, timeout=timeout
    )
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return Response(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


class Wire:
    """Speaks forms and JSON to one emulator; knows nothing of its inside."""

    def __init__(self, emu: Emulator) -> None:
        self.emu = emu
        self._token: str | None = None

    def url(self, host: str) -> str:
        emu = self.emu
        known = {
            "cfcp": emu.endpoint,
            "cp": emu.second_endpoint,
            "user": emu.user_endpoint,
        }
        return known[host]

    def raw(
        self,
        action: str,
        *,
        host: str = "cfcp",
        headers: dict[str, str] | None = None,
        timeout: float = 5.0,
        **fields: Any,
    ) -> Response:
        body = urlencode({"action": action, **fields})
        kind = {"Content-Type": FORM, **(headers or {})}
        return send("POST", self.url(host), body, kind, timeout)

    def login(self, **options: Any) -> str:
        emu = self.emu
        answer = self.raw(
            "login", username=emu.username, password=emu.password, **options
        )
        body = answer.json
        assert body["returncode"] == 1, body
        token: str = body["returndata"]
        self._token = token
        return token

    @property
    def token(self) -> str:
        return self._token or self.login()

    def answer(self, action: str, **fields: Any) -> Response:
        """The HTTP answer of an authenticated call."""
        fields.setdefault("token", None)
        if fields["token"] is None:
            fields["token"] = self.token
        return self.raw(action, **fields)

    def call(self, action: str, **fields: Any) -> Any:
        """The envelope of an authenticated call."""
        return self.answer(action, **fields).json

    def ok(self, action: str, **fields: Any) -> Any:
        body = self.call(action, **fields)
        assert body["returncode"] == 1, body
        return body["returndata"]

    def no(self, action: str, **fields: Any) -> Any:
        body = self.call(action, **fields)
        assert body["returncode"] == 0, body
        return body["returndata"]

    def add(
        self, username: str = "bob", domain: str = "thexyz.com", **fields: Any
    ) -> Any:
        wish = {
            "username": username,
            "domain": domain,
            "account_type": 1,
            "password": GOOD,
            "quota": 5,
            "uname": "Bob Example",
            "twofa_allowed": 1,
            "user_language": "en",
        }
        return self.call("addUser", **(wish | fields))

    def page(self, offset: int = 0, limit: int = 10, **fields: Any) -> Any:
        wish = {
            "domain": "thexyz.com",
            "slicing": 1,
            "offset": offset,
            "limit": limit,
            "getOTPAndToken": 0,
            "showQuota": 1,
        }
        return self.call("getAllUsersDomain", **(wish | fields))


@pytest.fixture
def emu():
    with Emulator() as running:
        yield running


@pytest.fixture
def wire(emu):
    return Wire(emu)


@pytest.fixture
def fetch():
    """Send any request: ``fetch("GET", url, body, headers)``."""
    return send


@pytest.fixture
def new_wire():
    """A client of another emulator."""
    return Wire

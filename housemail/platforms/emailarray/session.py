"""The token: shared by all threads, one login at a time, never kept from a failure.

Source: API 3.1 to 3.4, 0.2 no. 3; protocol 7.
"""

from __future__ import annotations

import re
import threading
import time
from collections import deque
from copy import copy
from dataclasses import dataclass, field

from housemail.platforms.base import (
    Deadline,
    LoginRefused,
    NotAnAdminApi,
    PlatformError,
    PlatformUnavailable,
)
from housemail.platforms.emailarray.actions import Action
from housemail.platforms.emailarray.delivery import Delivery, Order, Reply

TOKEN_SECONDS = 240.0
REFUSALS = 3
REFUSAL_WINDOW_SECONDS = 300.0
_SESSION_COOKIE = re.compile(r"\bPHPSESSID=[^;,\s]+")
_LOGIN = Action.LOGIN.value


@dataclass(frozen=True, slots=True)
class Token:
    """A token as the login gave it, and when we asked for it."""

    value: str = field(repr=False)
    asked_at: float
    cookie: str = field(default="", repr=False)

    def age(self) -> float:
        """Return its age in seconds, counted from the asking: the safe side."""
        return time.monotonic() - self.asked_at

    def young(self) -> bool:
        """Say whether it may still be used without asking anew (API 3.2)."""
        return self.age() < TOKEN_SECONDS


class Session:
    """Logs in when needed. Thread-safe; holds the credentials, shows them nowhere."""

    def __init__(
        self, delivery: Delivery, username: str, password: str, *, cookies: bool
    ) -> None:
        """Keep the credentials; sends nothing yet."""
        self._delivery = delivery
        self._username = username
        self._password = password
        self._cookies = cookies
        self._lock = threading.Lock()
        self._token: Token | None = None
        self._refused: deque[float] = deque(maxlen=REFUSALS)
        self._failure: tuple[float, PlatformError] | None = None

    def token(self, deadline: Deadline) -> Token:
        """Return a token young enough, logging in when there is none.

        Errors: LoginRefused, PlatformUnavailable.
        """
        token = self._token
        if token is not None and token.young():
            return token
        return self.renew(token, deadline)

    def login(self, deadline: Deadline) -> Token:
        """Log in afresh. Errors: LoginRefused, PlatformUnavailable."""
        return self.renew(self._token, deadline)

    def renew(self, stale: Token | None, deadline: Deadline, *, via: str = "") -> Token:
        """Return another token than ``stale``, which the server did not take.

        Whoever comes second takes the token, or the failure, the first one got.
        Errors: LoginRefused, PlatformUnavailable.
        """
        asked_at = time.monotonic()
        if not self._lock.acquire(timeout=deadline.remaining()):
            raise PlatformUnavailable("another login is taking too long", action=_LOGIN)
        try:
            current = self._token
            if current is not None and current is not stale and current.young():
                return current
            self._share_failure(asked_at)
            self._token = None
            self._token = token = self._login(deadline, via)
        except PlatformError as exc:
            self._failure = (time.monotonic(), exc)
            raise
        else:
            return token
        finally:
            self._lock.release()

    def _share_failure(self, asked_at: float) -> None:
        # Whoever waited while a login failed takes its failure: sixty threads with
        # a wrong password must not knock sixty times.
        if self._failure and self._failure[0] >= asked_at:
            raise copy(self._failure[1]).with_traceback(None)

    def _login(self, deadline: Deadline, via: str) -> Token:
        self._check_circuit()
        order = Order(
            Action.LOGIN,
            {"username": self._username},
            secrets={"password": self._password},
        )
        asked_at = time.monotonic()
        reply = self._delivery.deliver(order, deadline, via=via)
        if reply.envelope is None:
            detail = f"the login was answered with HTTP {reply.status}"
            raise NotAnAdminApi(detail, action=_LOGIN)
        if not reply.envelope.ok:
            self._refused.append(time.monotonic())
            raise LoginRefused(
                order.clean(reply.envelope.text) or "the login was refused",
                action=_LOGIN,
            )
        # A failed login carries a text where a good one carries the token, so
        # only returncode 1 together with a text counts (API 0.2 no. 3).
        value = reply.envelope.data
        if not isinstance(value, str) or not value.strip():
            raise NotAnAdminApi("the login gave no token", action=_LOGIN)
        self._refused.clear()
        return Token(value.strip(), asked_at, self._cookie(reply))

    def _check_circuit(self) -> None:
        full = len(self._refused) == REFUSALS
        if full and time.monotonic() - self._refused[0] < REFUSAL_WINDOW_SECONDS:
            raise LoginRefused(
                "the login was refused several times; it is not tried again for "
                "some minutes, so that the account is not locked",
                action=_LOGIN,
            )

    def _cookie(self, reply: Reply) -> str:
        found = _SESSION_COOKIE.search(reply.set_cookie) if self._cookies else None
        return found.group(0) if found else ""

"""Tokens of the admin and user API, and one-time passwords.

Lifetimes are guesses of the imitation (API reference 10.1): the real ones are not
known, and a client must not depend on them.
"""

from __future__ import annotations

import random
import string
from dataclasses import dataclass, field

TOKEN_IDLE_SECONDS = 300
OTP_SECONDS = 60
_OTP_ALPHABET = string.ascii_letters + string.digits


@dataclass
class Token:
    """A login: ``owner`` is None for the admin, (domain, username) for a mailbox."""

    value: str = field(repr=False)
    serial: int
    host: str
    cookie: str = field(repr=False)
    owner: tuple[str, str] | None
    last_used: float


@dataclass
class OneTimePassword:
    """Works once, for one mailbox, for a minute."""

    value: str = field(repr=False)
    domain: str
    username: str
    expires: float
    used: bool = False


class Sessions:
    """All tokens and one-time passwords of one emulator."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self.serial = 0
        self._tokens: dict[str, Token] = {}
        self._otps: dict[str, OneTimePassword] = {}

    def issue(
        self, host: str, now: float, owner: tuple[str, str] | None = None
    ) -> Token:
        """Give out a new token with its PHPSESSID."""
        self.serial += 1
        token = Token(
            value=f"{self._rng.getrandbits(128):032x}",
            serial=self.serial,
            host=host,
            cookie=f"{self._rng.getrandbits(104):026x}",
            owner=owner,
            last_used=now,
        )
        self._tokens[token.value] = token
        if self.serial % 1000 == 0:
            self._forget_stale(now)
        return token

    def find(self, value: str, now: float) -> Token | None:
        """The living token of that value; looking does not prolong it."""
        token = self._tokens.get(value)
        if token and now - token.last_used > TOKEN_IDLE_SECONDS:
            del self._tokens[value]
            return None
        return token

    def drop(self, value: str) -> None:
        """Make one token worthless."""
        self._tokens.pop(value, None)

    def drop_admin(self) -> None:
        """Make every admin token worthless."""
        for value in [v for v, t in self._tokens.items() if t.owner is None]:
            del self._tokens[value]

    def mint(self, domain: str, username: str, now: float) -> OneTimePassword:
        """A new one-time password; earlier ones keep working."""
        value = "".join(self._rng.choices(_OTP_ALPHABET, k=12))
        otp = OneTimePassword(value, domain, username, now + OTP_SECONDS)
        self._otps[value] = otp
        return otp

    def find_otp(self, value: str) -> OneTimePassword | None:
        """A one-time password, spent and stale ones included."""
        return self._otps.get(value)

    def _forget_stale(self, now: float) -> None:
        fresh = now - 2 * TOKEN_IDLE_SECONDS
        self._tokens = {v: t for v, t in self._tokens.items() if t.last_used > fresh}
        self._otps = {v: o for v, o in self._otps.items() if o.expires > fresh}

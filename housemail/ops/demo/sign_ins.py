"""Who signs in to a demo, and with what.

The password, one for all of them, and the second factors are derived from the data
directory's own secret: each directory has others, every start of one prints the same,
and none is written down.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from dataclasses import dataclass

from django.conf import settings

# What authenticator apps take for granted (RFC 6238).
STEP_SECONDS = 30
_SECRET_BYTES = 20
_GROUPS, _GROUP = 4, 4


@dataclass(frozen=True)
class SignIn:
    """One person of the demo; ``role`` is empty for a customer."""

    name: str
    email: str
    role: str = ""

    @property
    def totp_secret(self) -> str:
        """What an authenticator app is given; staff only."""
        raw = _derived(f"second factor {self.email}")[:_SECRET_BYTES]
        return base64.b32encode(raw).decode()

    def as_dict(self) -> dict[str, str]:
        """Return it for a program to read."""
        said = {"email": self.email, "password": password()}
        return said | ({"totp_secret": self.totp_secret} if self.role else {})


CUSTOMER = SignIn("Emma Clarke", "emma.clarke@example.org")
STAFF = (
    SignIn("Olivia Grant", "owner@staff.example.org", "owner"),
    SignIn("Mathis Lefevre", "manager@staff.example.org", "manager"),
    SignIn("Sofia Becker", "support@staff.example.org", "support"),
)
OWNER = STAFF[0]


def password() -> str:
    """Return the password of all, which can be read out and typed."""
    text = base64.b32encode(_derived("password")).decode().lower()
    groups = [text[at : at + _GROUP] for at in range(0, _GROUPS * _GROUP, _GROUP)]
    return "-".join(groups)


def platform_password() -> str:
    """Return the login of the imitated platform's administrator."""
    return f"Em-{_derived('platform').hex()[:20]}-1a"


def code(secret: str, at: float | None = None) -> tuple[str, int]:
    """Return the six digits that count now, and for how many seconds more."""
    now = time.time() if at is None else at
    counter = int(now) // STEP_SECONDS
    digest = hmac.digest(
        base64.b32decode(secret), counter.to_bytes(8, "big"), hashlib.sha1
    )
    at_byte = digest[-1] & 0x0F
    number = int.from_bytes(digest[at_byte : at_byte + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06}", STEP_SECONDS - int(now) % STEP_SECONDS


def _derived(what: str) -> bytes:
    key = settings.SECRET_KEY.encode()
    return hmac.digest(key, f"housemail demo: {what}".encode(), "sha256")

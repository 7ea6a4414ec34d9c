"""The real settings, in a throw-away environment that holds only for tests."""

from __future__ import annotations

import os

os.environ.setdefault("HOUSEMAIL_SECRET_KEY", "tests-only-" + "x" * 50)
os.environ.setdefault(
    "HOUSEMAIL_ENCRYPTION_KEYS", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
)
os.environ.setdefault("HOUSEMAIL_ALLOW_LOCAL_PLATFORM", "1")

from housemail.settings import *  # noqa: F403

"""The real settings, in a throw-away environment that holds only for tests."""

from __future__ import annotations

import os
import tempfile

os.environ.setdefault("HOUSEMAIL_SECRET_KEY", "tests-only-" + "x" * 50)
os.environ.setdefault(
    "HOUSEMAIL_ENCRYPTION_KEYS", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
)
os.environ.setdefault("HOUSEMAIL_ALLOW_LOCAL_PLATFORM", "1")

from housemail.settings import *  # noqa: F403

# Argon2 is slow on purpose, and nearly every test of a page signs somebody in.
HASHERS_IN_EARNEST = list(PASSWORD_HASHERS)  # noqa: F405
PASSWORD_HASHERS[:] = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # noqa: F405

# A file, not memory: threads and processes of one test share it, as they would share
# the real one.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    DATABASES["default"]["TEST"] = {  # noqa: F405
        "NAME": os.path.join(
            tempfile.gettempdir(), f"housemail-tests-{os.getppid()}.sqlite3"
        )
    }
    # A test loses nothing that matters to a power cut.
    DATABASES["default"]["OPTIONS"]["init_command"] = (  # noqa: F405
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=OFF;"
    )

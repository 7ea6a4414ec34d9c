"""Where a demo lives: its own data directory, apart from a service in earnest.

Runs before the settings are read, so it knows nothing of Django.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from housemail.ops.demo_data import DIRECTORY, MARK

DATABASE = "housemail.sqlite3"
# What belongs to one platform's life; the secrets stay.
STATE = (DATABASE, "engine.sqlite3", "engine.heartbeat")
# A demo started in the environment of a real service must not touch its data.
NOT_OURS = (
    "HOUSEMAIL_DATABASE_URL",
    "HOUSEMAIL_ENGINE_DATABASE_URL",
    "HOUSEMAIL_SECRET_KEY",
    "HOUSEMAIL_ENCRYPTION_KEYS",
    "HOUSEMAIL_ALLOWED_HOSTS",
    "HOUSEMAIL_SSL_REDIRECT",
    "HOUSEMAIL_TRUSTED_PROXIES",
    "HOUSEMAIL_ADDRESS_HEADER",
    # The demo's people do not exist: nobody is written to.
    "HOUSEMAIL_EMAIL_URL",
    "HOUSEMAIL_CONFIRM_EMAIL",
    "HOUSEMAIL_PUBLIC_URL",
    "HOUSEMAIL_WEBHOOK_SECRET",
)


class PlaceError(Exception):
    """This directory is no place for a demo; the text says why."""


def use(arguments: Sequence[str], default: Path = DIRECTORY) -> None:
    """Point the settings at the demo's own directory, named by ``--data-dir``."""
    only = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    only.add_argument("--data-dir", default=str(default))
    known, _ = only.parse_known_args(list(arguments))
    for name in NOT_OURS:
        os.environ.pop(name, None)
    os.environ["HOUSEMAIL_DATA_DIR"] = str(Path(known.data_dir).absolute())
    os.environ["HOUSEMAIL_ALLOW_LOCAL_PLATFORM"] = "1"


def take(directory: Path) -> IO[str]:
    """Take the directory for this process; keep what is returned open.

    Errors: PlaceError, when another demo runs in it.
    """
    lock = (directory / "demo.lock").open("w", encoding="ascii")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise PlaceError(
            f"A demo runs in {directory} already. End it, or name another directory "
            'with --data-dir DIR (make demo ARGS="--data-dir DIR").'
        ) from error
    return lock


def clear_for(directory: Path, platform: dict[str, str] | None) -> bool:
    """Keep the records of the same platform; otherwise begin with none.

    Says whether they are kept. ``platform`` is None when nothing can be kept: the
    records are about mailboxes that are nowhere any more. Then whoever fills the
    directory says with ``remember`` when that is done.

    Errors: PlaceError, when the records there are not those of a demo.
    """
    mark = directory / MARK
    if (directory / DATABASE).exists() and not mark.exists():
        raise PlaceError(
            f"{directory} holds the records of a service in earnest. Name another "
            "directory with --data-dir."
        )
    kept = platform is not None and remembered(directory) == platform
    if not kept:
        for name in STATE:
            for path in directory.glob(f"{name}*"):
                path.unlink()
        remember(directory, platform)
    return kept


def remember(directory: Path, platform: dict[str, str] | None) -> None:
    """Note whose records the directory holds."""
    (directory / MARK).write_text(json.dumps(platform or {}), encoding="utf-8")


def remembered(directory: Path) -> dict[str, str]:
    """Return whose records the directory holds; nothing when nobody's."""
    try:
        found = json.loads((directory / MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}

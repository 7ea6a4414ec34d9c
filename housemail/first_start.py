"""First start: the data directory and the two secrets in it.

Runs before the settings are read, so it knows nothing of Django. A secret that exists,
as a file or in the environment, is never touched.
"""

from __future__ import annotations

import base64
import contextlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
DIRECTORY_MODE = 0o700
SECRET_MODE = 0o600


def _secret_key() -> str:
    return secrets.token_urlsafe(64)


def _encryption_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode("ascii")


# The environment variable that replaces a file, the file, and what is in it.
SECRETS: tuple[tuple[str, str, Callable[[], str]], ...] = (
    ("HOUSEMAIL_SECRET_KEY", "secret_key", _secret_key),
    ("HOUSEMAIL_ENCRYPTION_KEYS", "encryption_keys", _encryption_key),
)


def data_dir() -> Path:
    """Return the data directory, absolute."""
    named = os.environ.get("HOUSEMAIL_DATA_DIR", "").strip()
    return Path(named).absolute() if named else BASE_DIR / "var" / "data"


def prepare() -> Path:
    """Make the data directory and what is missing in it; return the directory.

    The variable is set to the absolute path, so that children agree on it wherever
    they run. Errors: OSError, when the directory cannot be made or written.
    """
    directory = data_dir()
    os.environ["HOUSEMAIL_DATA_DIR"] = str(directory)
    if not directory.is_dir():
        directory.parent.mkdir(parents=True, exist_ok=True)
        directory.mkdir(mode=DIRECTORY_MODE, exist_ok=True)
    for variable, name, make in SECRETS:
        path = directory / name
        if not os.environ.get(variable, "").strip() and not path.exists():
            _write_once(path, make())
    return directory


def _write_once(path: Path, text: str) -> None:
    """Write a secret whole or not at all; who comes second leaves the first's."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with os.fdopen(os.open(draft, flags, SECRET_MODE), "w", encoding="ascii") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        # A link, unlike a rename, fails when the name exists already.
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()

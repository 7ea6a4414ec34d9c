"""The reserved names: those that come with Housemail and those of the host.

Both lists are read from files. When either cannot be read, no new name is given out:
a missing list must never read as "nothing is reserved".
"""

from __future__ import annotations

import stat
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from housemail.mailboxes.errors import Conflict
from housemail.mailboxes.rules import skeleton

_FILE_MAX_BYTES = 1_000_000


def builtin_and_configured(path: str | None) -> frozenset[str]:
    """Return the skeletons of every reserved name, ours and those of the file.

    ``path`` is HOUSEMAIL_RESERVED_FILE: one name a line, ``#`` starts a comment. It
    is read again when it changes; None or "" means that the host has none.

    Units:  a file of at most 1,000,000 bytes, UTF-8.
    Errors: Conflict ``reserved_list_unreadable``: either list is missing, no regular
            file, not UTF-8, empty, or holds a line that can be no name.
    Source: product sheet, "Reserved mailbox names"; design 9, promise 5.
    """
    try:
        if not path:
            return _builtin()
        seen = Path(path).stat()
        if not stat.S_ISREG(seen.st_mode) or seen.st_size > _FILE_MAX_BYTES:
            raise Conflict("reserved_list_unreadable")
        return _builtin() | _configured(path, seen.st_mtime_ns, seen.st_size)
    except (OSError, ValueError) as exc:
        # ValueError: not UTF-8, a line that is no name, or a NUL in the path.
        raise Conflict("reserved_list_unreadable") from exc


def builtin() -> frozenset[str]:
    """Return the skeletons of the names that come with Housemail.

    Errors: as ``builtin_and_configured``.
    """
    return builtin_and_configured(None)


def configured(path: str) -> frozenset[str]:
    """Return the skeletons of the host's own names.

    Errors: as ``builtin_and_configured``.
    """
    builtin_and_configured(path)
    seen = Path(path).stat()
    return _configured(path, seen.st_mtime_ns, seen.st_size)


@lru_cache(maxsize=1)
def _builtin() -> frozenset[str]:
    source = files("housemail.mailboxes") / "data" / "reserved.txt"
    return _names(source.read_bytes())


@lru_cache(maxsize=8)
def _configured(path: str, _mtime_ns: int, _size_bytes: int) -> frozenset[str]:
    """Read the file once for each state of it; a failure is not remembered."""
    return _names(Path(path).read_bytes())


def _names(content: bytes) -> frozenset[str]:
    """Return the names of a file as skeletons, or raise ValueError.

    utf-8-sig, because editors on Windows put a byte order mark before the first name.
    """
    lines = content.decode("utf-8-sig").splitlines()
    names = {line.partition("#")[0].strip() for line in lines} - {""}
    found = frozenset(skeleton(name) for name in names)
    if not found or not all(name.isascii() and name.isalnum() for name in found):
        raise ValueError("no list of reserved names")
    return found

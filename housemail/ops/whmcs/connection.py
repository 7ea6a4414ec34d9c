"""The connection file: where the module finds this service, and its key.

PHP that returns an array, because WHMCS reads nothing else without showing it to a
browser; of mode 0600 and outside the web root. The module looks for it in the order
of ``candidates``.
"""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from housemail.ops import serving
from housemail.ops.whmcs.module import NAME, OWN_SETTINGS, PLACE
from housemail.ops.whmcs.tree import Tree

VARIABLE = "HOUSEMAIL_WHMCS_CONFIG"
FILE_NAME = "housemail-whmcs.php"
MODE = 0o600
DEFAULT_URL = f"http://{serving.HOST}:{serving.PORT}"
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_KEY = re.compile(r"hm_([0-9a-f]{12})_[A-Za-z0-9_-]{20,100}", re.ASCII)
_COMMENT = re.compile(r"^\s*(?://|\#|/?\*).*$", re.MULTILINE)
_ENTRY = re.compile(
    r"""(['"])(?P<name>url|key|ca_file)\1\s*=>\s*
        (?P<mark>['"])(?P<value>(?:\\.|(?!(?P=mark)).)*)(?P=mark)""",
    re.VERBOSE,
)


class ConnectionFileError(Exception):
    """The connection cannot be made or read; the text says why."""


@dataclass(frozen=True)
class Connection:
    """What the file says."""

    url: str
    key: str = field(repr=False)
    ca_file: str = ""

    @property
    def prefix(self) -> str:
        """The part of the key that may be shown."""
        match = _KEY.fullmatch(self.key)
        return match[1] if match else ""


@dataclass(frozen=True)
class Found:
    """A connection file that exists."""

    path: Path
    connection: Connection


def candidates(tree: Tree, named: Path | None) -> list[Path]:
    """Return where the module looks, in its order; the first that exists counts."""
    places = [tree.above / FILE_NAME, tree.root / PLACE / OWN_SETTINGS]
    return [named, *places] if named else places


def named_in_environment() -> Path | None:
    """Return the place that the environment names, if any."""
    named = os.environ.get(VARIABLE, "").strip()
    return Path(named) if named else None


def find(tree: Tree, named: Path | None) -> Found | None:
    """Return the connection that the module would use; Errors: ConnectionFileError."""
    for path in candidates(tree, named):
        if path.exists():
            return Found(path, read(path))
    return None


def read(path: Path) -> Connection:
    """Read a connection file without running it; Errors: ConnectionFileError."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConnectionFileError(f"{path} cannot be read: {error}.") from error
    found = {
        match["name"]: re.sub(r"\\([\\'\"])", r"\1", match["value"])
        for match in _ENTRY.finditer(_COMMENT.sub("", text))
    }
    if not found.get("url") or not found.get("key"):
        raise ConnectionFileError(
            f"{path} names no url and key. Correct it after config.example.php, or "
            "take it away and run this again."
        )
    return Connection(found["url"], found["key"], found.get("ca_file", ""))


def render(connection: Connection) -> bytes:
    """Return the file's text."""
    lines = [
        f"    '{name}' => '{_quoted(value)}',"
        for name, value in (
            ("url", connection.url),
            ("key", connection.key),
            ("ca_file", connection.ca_file),
        )
        if value
    ]
    entries = "\n".join(lines)
    return f"""<?php

// How the WHMCS module {NAME} reaches Housemail. Made by
// `housemail whmcs install`. It holds a key: keep it outside the web root, mode 0600.

if (!defined('WHMCS')) {{
    exit;
}}

return [
{entries}
];
""".encode()


def checked_url(raw: str) -> str:
    """Return the service's root address; Errors: ConnectionFileError.

    Plain HTTP would show the key to everybody on the way; it never leaves this machine
    on loopback.
    """
    url = raw.strip().rstrip("/")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host, parts = "", urlsplit("")
    plain = parts.scheme == "http" and host in _LOOPBACK
    extra = parts.username or parts.password or parts.query or parts.fragment
    if not host or extra or not (plain or parts.scheme == "https"):
        raise ConnectionFileError(
            f"--url {raw}: the address of the service, such as {DEFAULT_URL} on this "
            "machine or https://housemail.example.com; http only on this machine."
        )
    return url.removesuffix("/api/v1")


def checked_key(raw: str) -> str:
    """Return the key; Errors: ConnectionFileError, which does not repeat it."""
    key = raw.strip()
    if not _KEY.fullmatch(key):
        raise ConnectionFileError(
            "The key file holds no key of the billing API (hm_…). Make one with "
            "`housemail keys create NAME --permissions read,write,adopt`."
        )
    return key


def is_open_to_others(path: Path) -> bool:
    """Tell whether every user of this machine may read the file."""
    return bool(path.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH))


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")

"""The WHMCS module as it is shipped: which files, and no secret among them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from housemail.first_start import BASE_DIR

NAME = "thexyz_polarismail"
FOLDER = BASE_DIR / "whmcs" / "modules" / "servers" / NAME
MAIN = PurePosixPath(f"{NAME}.php")
HOOKS = PurePosixPath("hooks.php")
# Where both go in a WHMCS tree. Source: product sheet, "Upload the module files" and
# "Install the optional WHMCS hook".
PLACE = PurePosixPath("modules/servers") / NAME
HOOKS_PLACE = PurePosixPath(f"includes/hooks/{NAME}_ui_overrides.php")

# Settings of one WHMCS: never shipped, never overwritten.
OWN_SETTINGS = PurePosixPath("config.php")
# The sheet's list, which a customer checks by eye after the upload.
SHEET_FILES = (
    MAIN,
    PurePosixPath("lib/lists.php"),
    PurePosixPath("templates/clientarea.tpl"),
    PurePosixPath("templates/distribution-lists.tpl"),
    PurePosixPath("templates/partials/nav.tpl"),
    PurePosixPath("lang/english.php"),
    HOOKS,
)
_CARRIED = {".php", ".tpl", ".json", ".png", ".css", ".js"}
_DOT_FILES = {".htaccess"}
_KEY = re.compile(rb"hm_[0-9a-f]{12}_[A-Za-z0-9_-]{20,}")


class ModuleError(Exception):
    """The module's own folder cannot be shipped; the text says why."""


@dataclass(frozen=True)
class ModuleFile:
    """A file of the module: where it is in the module's folder, and what is in it."""

    path: PurePosixPath
    content: bytes


def read(folder: Path = FOLDER) -> list[ModuleFile]:
    """Return the module's files in a fixed order.

    Errors: ModuleError, when a file of the sheet's list is missing, when there is one
    that no module needs, and when one holds a key.
    """
    found = [
        ModuleFile(PurePosixPath(path.relative_to(folder).as_posix()), _content(path))
        for path in sorted(folder.rglob("*"))
        if not path.is_dir() and _is_shipped(path.relative_to(folder))
    ]
    missing = sorted(set(SHEET_FILES) - {file.path for file in found})
    if missing:
        raise ModuleError(
            f"The module in {folder} lacks {', '.join(map(str, missing))}. Take the "
            "folder whmcs/ from the release again."
        )
    return found


def _is_shipped(path: Path) -> bool:
    """Tell files of the module from settings and from what editors leave behind."""
    if PurePosixPath(path.as_posix()) == OWN_SETTINGS:
        return False
    hidden = [part for part in path.parts if part.startswith(".")]
    return not hidden or (hidden == [path.name] and path.name in _DOT_FILES)


def _content(path: Path) -> bytes:
    if path.is_symlink() or (
        path.suffix not in _CARRIED and path.name not in _DOT_FILES
    ):
        raise ModuleError(f"{path} is no file of a WHMCS module. Take it away.")
    content = path.read_bytes()
    if _KEY.search(content):
        raise ModuleError(
            f"{path} holds a key of the billing API. Take it out; a key belongs in the "
            "connection file."
        )
    return content

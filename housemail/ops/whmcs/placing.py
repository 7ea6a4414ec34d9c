"""Putting files in place so that a kill at any moment leaves each of them whole.

All new files are written beside their targets first; then they are renamed over them,
one after the other. A rename replaces a file in one step, so that nobody ever reads
half of one, and the renames follow each other within a moment. What a kill left behind
is swept away by the next run.
"""

from __future__ import annotations

import contextlib
import glob
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

FOLDER_MODE = 0o755
# Ends in neither .php nor .tpl: WHMCS must not load what is not in place yet.
_DRAFT = ".housemail-draft-"


@dataclass(frozen=True)
class Owner:
    """Whose a file shall be."""

    uid: int
    gid: int

    @classmethod
    def of(cls, path: Path) -> Self:
        """Return the owner of what is there; Errors: OSError."""
        found = path.stat()
        return cls(found.st_uid, found.st_gid)

    @property
    def is_somebody_else(self) -> bool:
        """Tell whether root acts for another user, who may not reach all of root's."""
        return os.geteuid() == 0 and self.uid != 0


@contextlib.contextmanager
def acting_as(owner: Owner) -> Iterator[None]:
    """Touch a tree only with its owner's rights, when root does it.

    Whoever owns the tree may have put a link in it that leads elsewhere; with root's
    rights that would be followed.
    """
    if not owner.is_somebody_else:
        yield
        return
    group = os.getegid()
    os.setegid(owner.gid)
    os.seteuid(owner.uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(group)


def is_draft(path: Path) -> bool:
    """Tell whether a file waits for being renamed, or was left by a kill."""
    return path.name.startswith(".") and _DRAFT in path.name


class Staging:
    """Files that are written beside their targets and wait for being renamed."""

    def __init__(self, acting: Owner | None = None) -> None:
        """Begin with nothing; ``acting`` is whose rights are used, default: ours."""
        self._acting = acting
        self._waiting: list[tuple[Path, Path]] = []

    def __enter__(self) -> Self:
        """Collect files."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take away what was not put in place."""
        with self._rights():
            for draft, _ in self._waiting:
                draft.unlink(missing_ok=True)

    def add(
        self, target: Path, content: bytes, mode: int, owner: Owner | None = None
    ) -> None:
        """Write a file beside its target, for ``owner``; Errors: OSError."""
        with self._rights():
            make_folder(target.parent)
            for old in target.parent.glob(f".{glob.escape(target.name)}{_DRAFT}*"):
                old.unlink(missing_ok=True)
            draft = target.with_name(f".{target.name}{_DRAFT}{secrets.token_hex(4)}")
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
            with os.fdopen(os.open(draft, flags, mode), "wb") as file:
                self._waiting.append((draft, target))
                # The caller's umask and identity must not show.
                os.fchmod(file.fileno(), mode)
                if owner is not None and owner.is_somebody_else:
                    os.fchown(file.fileno(), owner.uid, owner.gid)
                file.write(content)
                file.flush()
                os.fsync(file.fileno())

    def commit(self) -> None:
        """Rename all, in the order in which they were added; Errors: OSError."""
        with self._rights():
            while self._waiting:
                draft, target = self._waiting[0]
                draft.replace(target)
                del self._waiting[0]

    def _rights(self) -> contextlib.AbstractContextManager[None]:
        return acting_as(self._acting) if self._acting else contextlib.nullcontext()


def make_folder(folder: Path) -> None:
    """Make a folder and what is missing above it, readable for a web server."""
    missing = [path for path in [folder, *folder.parents] if not path.exists()]
    for path in reversed(missing):
        path.mkdir(exist_ok=True)
        path.chmod(FOLDER_MODE)

"""``housemail whmcs install``: what would change, then the change.

Nothing but the files of the plan is touched. What is replaced is copied to a folder
outside the web root first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path, PurePosixPath

from housemail.ops.whmcs import connection, placing
from housemail.ops.whmcs.connection import Connection, Found
from housemail.ops.whmcs.module import (
    HOOKS,
    HOOKS_PLACE,
    MAIN,
    OWN_SETTINGS,
    PLACE,
    ModuleFile,
)
from housemail.ops.whmcs.tree import Tree

FILE_MODE = 0o644
BACKUP_PREFIX = "housemail-whmcs-backup-"
_BACKUP_MODE = 0o700


class InstallError(Exception):
    """It cannot be installed; the text says why and what to do."""


class State(StrEnum):
    """What happens to a file."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    KEPT = "kept"


@dataclass(frozen=True)
class Step:
    """One file in the tree, what it shall hold and what it holds now."""

    place: PurePosixPath
    state: State
    content: bytes = b""
    replaced: bytes | None = None


@dataclass(frozen=True)
class Wish:
    """What was asked for; empty: as it is, or the default."""

    url: str = ""
    key: str = field(default="", repr=False)
    ca_file: str = ""
    named: Path | None = None
    new_key: bool = False


@dataclass(frozen=True)
class ConnectionStep:
    """The connection file: where, in what state, and what it shall say."""

    target: Path
    state: State
    url: str
    key: str = field(repr=False)
    ca_file: str
    found: Found | None

    @property
    def needs_key(self) -> bool:
        """Tell whether a key must be made for it."""
        return not self.key


@dataclass(frozen=True)
class Plan:
    """Everything that an installation does, before it does it."""

    tree: Tree
    steps: list[Step]
    connection: ConnectionStep

    @property
    def replaces(self) -> list[Step]:
        """The files whose present content will be gone."""
        return [step for step in self.steps if step.state is State.UPDATED]


def plan(
    tree: Tree, files: Sequence[ModuleFile], wish: Wish, *, with_hook: bool = True
) -> Plan:
    """Compare what is there with what shall be.

    Errors: InstallError, ConnectionFileError.
    """
    # The main file comes after what it loads, the copy of the hooks last of all.
    wanted = {
        PLACE / file.path: file.content
        for file in sorted(files, key=lambda file: file.path == MAIN)
    }
    if with_hook:
        wanted[HOOKS_PLACE] = wanted[PLACE / HOOKS]
    try:
        with placing.acting_as(tree.code_owner):
            steps = [_step(tree, place, wanted[place]) for place in wanted]
            steps += _kept(tree, wanted)
    except OSError as error:
        raise InstallError(_cannot("read", error)) from error
    return Plan(tree, steps, _connection_step(tree, wish))


def apply(
    plan: Plan, make_key: Callable[[], str], now: datetime
) -> tuple[Connection, Path | None]:
    """Carry the plan out; return the connection, and where the backup is.

    Everything new lies beside its target before anything is replaced, so that a full
    disk or a missing right is found while nothing has changed yet.

    Errors: InstallError.
    """
    tree = plan.tree
    with placing.Staging(tree.code_owner) as code:
        try:
            for step in plan.steps:
                if step.state in {State.CREATED, State.UPDATED}:
                    target = tree.root / step.place
                    code.add(target, step.content, FILE_MODE, tree.code_owner)
            backup = _back_up(plan, now)
            settled = _settle_connection(plan, make_key)
        except OSError as error:
            raise InstallError(_cannot("write", error)) from error
        try:
            code.commit()
        except OSError as error:
            raise InstallError(
                f"Stopped half-way at {error.filename}: {error.strerror}. Run the same "
                "command again; it goes on where this ended."
            ) from error
    return settled, backup


def _step(tree: Tree, place: PurePosixPath, content: bytes) -> Step:
    target = tree.root / place
    if not target.exists():
        return Step(place, State.CREATED, content)
    present = target.read_bytes()
    if present == content:
        return Step(place, State.UNCHANGED)
    return Step(place, State.UPDATED, content, present)


def _kept(tree: Tree, wanted: dict[PurePosixPath, bytes]) -> list[Step]:
    """Return what is in the module's folder and not ours: it stays as it is."""
    folder = tree.root / PLACE
    found = [
        PurePosixPath(path.relative_to(tree.root).as_posix())
        for path in sorted(folder.rglob("*"))
        if not path.is_dir() and not placing.is_draft(path)
    ]
    return [Step(place, State.KEPT) for place in found if place not in wanted]


def _connection_step(tree: Tree, wish: Wish) -> ConnectionStep:
    """Keep the connection that the module uses, but for what was asked to change."""
    found = connection.find(tree, wish.named)
    present = found.connection if found else Connection("", "")
    url = wish.url or present.url or connection.DEFAULT_URL
    ca_file = wish.ca_file or present.ca_file
    key = wish.key or ("" if wish.new_key else present.key)
    target = wish.named or tree.above / connection.FILE_NAME
    state = State.UPDATED if target.exists() else State.CREATED
    same = found is not None and Connection(url, key, ca_file) == present
    if found and same and wish.named in {None, found.path}:
        inside = found.path == tree.root / PLACE / OWN_SETTINGS
        target, state = found.path, State.KEPT if inside else State.UNCHANGED
    return ConnectionStep(target, state, url, key, ca_file, found)


def _settle_connection(plan: Plan, make_key: Callable[[], str]) -> Connection:
    step = plan.connection
    if step.state in {State.UNCHANGED, State.KEPT}:
        return Connection(step.url, step.key, step.ca_file)
    settled = Connection(step.url, step.key or make_key(), step.ca_file)
    with placing.Staging() as staging:
        content = connection.render(settled)
        staging.add(step.target, content, connection.MODE, plan.tree.php_owner)
        staging.commit()
    return settled


def _back_up(plan: Plan, now: datetime) -> Path | None:
    """Copy what will be replaced to a folder beside the connection file."""
    replaced = {str(step.place): step.replaced or b"" for step in plan.replaces}
    settings = plan.connection
    if settings.state is State.UPDATED:
        replaced[settings.target.name] = settings.target.read_bytes()
    if not replaced:
        return None
    above = plan.tree.above if settings.state is State.KEPT else settings.target.parent
    folder = _new_folder(above, f"{BACKUP_PREFIX}{now:%Y%m%dT%H%M%SZ}")
    for name, content in replaced.items():
        copy = folder / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(content)
        copy.chmod(connection.MODE)
    return folder


def _new_folder(above: Path, name: str) -> Path:
    folder, number = above / name, 1
    while folder.exists():
        number += 1
        folder = above / f"{name}-{number}"
    folder.mkdir(mode=_BACKUP_MODE, parents=True)
    return folder


def _cannot(what: str, error: OSError) -> str:
    return (
        f"Cannot {what} {error.filename}: {error.strerror}. Run this as root or as the "
        "owner of WHMCS; --connection-file names another place for the connection file "
        "and the backup. Nothing was changed."
    )

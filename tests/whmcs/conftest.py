"""A WHMCS tree to install into, a small module to install, and PHP."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import CommandError

from emulator import Emulator
from housemail.mailboxes import servers
from housemail.ops.whmcs import module
from housemail.ops.whmcs.module import ModuleFile
from tests.flows.http import serving

ROOT = Path(__file__).resolve().parent.parent.parent
MODULE = ROOT / "whmcs/modules/servers/thexyz_polarismail"
NOBODY = 65534

PHP = shutil.which("php") or "php"

needs_php = pytest.mark.skipif(
    shutil.which("php") is None,
    reason="PHP is not installed: scripts/packages.sh installs it",
)
needs_root = pytest.mark.skipif(
    os.geteuid() != 0, reason="only root can act for another user"
)


@dataclass(frozen=True)
class Site:
    """A WHMCS as it lies on a web host: its root, and a customer's own files."""

    root: Path

    @property
    def connection_file(self) -> Path:
        return self.root.parent / "housemail-whmcs.php"

    @property
    def module(self) -> Path:
        return self.root / module.PLACE

    @property
    def hook(self) -> Path:
        return self.root / module.HOOKS_PLACE

    def backups(self) -> list[Path]:
        return sorted(self.root.parent.glob("housemail-whmcs-backup-*"))

    def files(self) -> dict[str, bytes]:
        """Everything in the WHMCS tree, by its path."""
        return {
            str(path.relative_to(self.root)): path.read_bytes()
            for path in sorted(self.root.rglob("*"))
            if path.is_file()
        }


def make_site(root: Path) -> Site:
    for name in (
        "init.php",
        "configuration.php",
        "index.php",
        "modules/servers/cpanel/cpanel.php",
        "includes/hooks/mine.php",
    ):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"<?php // {name}\n")
    return Site(root)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return make_site(tmp_path / "account/whmcs")


@pytest.fixture
def reachable() -> Iterator[Site]:
    """A WHMCS that every user of this machine can walk to."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield make_site(Path(folder) / "account/whmcs")


def own(path: Path, uid: int) -> None:
    """Give a tree to a user."""
    for found in [path, *path.rglob("*")]:
        os.chown(found, uid, uid, follow_symlinks=False)


def module_files(version: str) -> list[ModuleFile]:
    """A small module: the sheet's files, each saying which version it is of."""
    more = ["lib/bridge.php", "lib/.htaccess", "config.example.php"]
    return [
        ModuleFile(PurePosixPath(name), f"<?php // {version} {name}\n".encode())
        for name in sorted([*map(str, module.SHEET_FILES), *more])
    ]


@dataclass(frozen=True)
class Ended:
    """What a command printed, and its exit code."""

    code: int
    text: str


@pytest.fixture
def housemail() -> Callable[..., Ended]:
    """Run ``housemail whmcs …`` in this process, to its end."""

    def housemail(*arguments: str) -> Ended:
        out = io.StringIO()
        try:
            call_command("whmcs", *arguments, stdout=out, stderr=out)
        except CommandError as error:
            return Ended(error.returncode, f"{out.getvalue()}{error}")
        except SystemExit as ending:
            return Ended(int(ending.code or 0), out.getvalue())
        return Ended(0, out.getvalue())

    return housemail


@pytest.fixture
def service(transactional_db: None) -> Iterator[str]:
    """The service on a socket of this machine, and its address."""
    with serving() as url:
        yield url


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """A mail platform that runs."""
    cache.clear()
    servers.forget_platforms()
    emulator = Emulator()
    emulator.start()
    yield emulator
    emulator.stop()
    servers.forget_platforms()

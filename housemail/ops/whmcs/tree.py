"""A WHMCS installation on this machine: is it one, and whose."""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from housemail.ops.whmcs.placing import Owner

# Every WHMCS has both; a fresh upload has no configuration.php yet.
_SIGNS = ("init.php", "configuration.php")
_SERVERS = Path("modules/servers")
_WEB_FOLDERS = {"public_html", "htdocs", "httpdocs", "html", "www", "public", "wwwroot"}
_WEB_FILES = ("index.php", "index.html", "index.htm", ".htaccess", "wp-config.php")


class TreeError(Exception):
    """This is no WHMCS that can be installed into; the text says why."""


@dataclass(frozen=True)
class Tree:
    """A WHMCS: its root folder as PHP sees it, who owns the code, who runs PHP."""

    root: Path
    code_owner: Owner
    php_owner: Owner

    @property
    def above(self) -> Path:
        """The folder above, which is outside the web root in a usual set-up."""
        return self.root.parent


def find(path: Path, php_user: str = "") -> Tree:
    """Return the WHMCS in ``path``.

    Links in the path are resolved, because PHP resolves them too when it says where
    WHMCS is. PHP runs as the owner of configuration.php, unless ``php_user`` says who.

    Errors: TreeError.
    """
    try:
        root = path.expanduser().resolve(strict=True)
        if not _is_whmcs(root):
            raise TreeError(_not_whmcs(path, root))
        configuration = root / "configuration.php"
        known = configuration if configuration.is_file() else root
        php_owner = _user(php_user) if php_user else Owner.of(known)
        return Tree(root, Owner.of(root / _SERVERS), php_owner)
    except FileNotFoundError:
        raise TreeError(f"There is no folder {path}.") from None
    except OSError as error:
        raise TreeError(f"{path} cannot be read: {error.strerror}.") from error


def is_web_served(folder: Path) -> bool:
    """Guess whether a web server serves this folder too."""
    return folder.name.lower() in _WEB_FOLDERS or any(
        (folder / name).exists() for name in _WEB_FILES
    )


def _is_whmcs(root: Path) -> bool:
    return (root / _SERVERS).is_dir() and any(
        (root / name).is_file() for name in _SIGNS
    )


def _not_whmcs(path: Path, root: Path) -> str:
    """Say what is missing, and name a WHMCS nearby when there is one."""
    near = [*root.parents, root / "whmcs", root / "billing", root / "public_html"]
    for other in near:
        if _is_whmcs(other):
            return f"{path} is not the root folder of a WHMCS. Did you mean {other}?"
    return (
        f"{path} is no WHMCS: the folder {_SERVERS}/ and init.php or configuration.php "
        "must be in it. Give the folder that WHMCS was uploaded to."
    )


def _user(name: str) -> Owner:
    try:
        found = pwd.getpwnam(name)
    except KeyError:
        raise TreeError(f"--php-user {name}: there is no such user.") from None
    if os.geteuid() not in {0, found.pw_uid}:
        raise TreeError(
            f"--php-user {name}: only root may write a file for another user."
        )
    return Owner(found.pw_uid, found.pw_gid)

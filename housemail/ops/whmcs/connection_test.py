"""The Test Connection that ends an installation: hop by hop, each with its fix.

With PHP on this machine it is the installed module that asks, as the user who runs
WHMCS's PHP; otherwise Python asks the service, and says that PHP did not.
"""

from __future__ import annotations

import html
import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import urllib3

from housemail.ops.whmcs import connection
from housemail.ops.whmcs.connection import Connection
from housemail.ops.whmcs.tree import Tree

_PROGRAM = Path(__file__).with_name("connection_test.php")
_PHP_SECONDS = 90
_TIMEOUT = urllib3.Timeout(connect=5, read=20)


@dataclass(frozen=True)
class Finding:
    """What one hop showed."""

    ok: bool
    says: str


@dataclass(frozen=True)
class Platform:
    """The server as it is entered in WHMCS; nothing is stored."""

    hostname: str
    username: str
    password: str = field(repr=False)

    def as_params(self) -> dict[str, object]:
        """Return what WHMCS hands to Test Connection."""
        secure = not self.hostname.startswith("http://")
        return {
            "serverid": 0,
            "serverip": "",
            "serverhostname": self.hostname,
            "serverusername": self.username,
            "serverpassword": self.password,
            "serveraccesshash": "",
            "serversecure": secure,
            "serverport": "443" if secure else "",
        }


def run(
    tree: Tree, settled: Connection, named: Path | None, platform: Platform | None
) -> Iterator[Finding]:
    """Test hop by hop; nothing comes after the first that fails."""
    php = shutil.which("php")
    if php is None:
        findings = _without_php(settled)
    else:
        said = _ask_php(php, tree, named, platform)
        findings = _meaning(said, settled, platform)
    for finding in findings:
        yield finding
        if not finding.ok:
            return


def _ask_php(
    php: str, tree: Tree, named: Path | None, platform: Platform | None
) -> dict[str, Any]:
    request = {
        "root": str(tree.root),
        "server": platform.as_params() if platform else None,
    }
    owner = tree.php_owner
    identity: dict[str, Any] = {}
    if owner.is_somebody_else:
        identity = {"user": owner.uid, "group": owner.gid, "extra_groups": []}
    try:
        done = subprocess.run(  # noqa: S603 - the PHP of this machine, our own program
            [
                *(php, "-d", "display_errors=stderr", "-d", "log_errors=0"),
                # Whoever runs WHMCS's PHP may not be allowed to read our folder.
                *("-r", _PROGRAM.read_text(encoding="utf-8").removeprefix("<?php")),
            ],
            input=json.dumps(request),
            capture_output=True,
            text=True,
            timeout=_PHP_SECONDS,
            check=False,
            cwd="/",
            env={connection.VARIABLE: str(named)} if named else {},
            **identity,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return {"fault": f"{php} does not run ({type(error).__name__})."}
    # A fault at the very start, such as a syntax error, is PHP's own last word.
    last = (done.stderr.strip().splitlines() or ["it says nothing."])[-1]
    return _object(done.stdout) or {"fault": f"it broke off: {last}"}


def _meaning(
    said: dict[str, Any], settled: Connection, platform: Platform | None
) -> Iterator[Finding]:
    fault = said.get("fault") or said.get("stray")
    if fault:
        yield Finding(False, f"The module does not load cleanly in PHP: {fault}")
        return
    yield Finding(True, f"PHP {said['php']} loads the module as {said['module']}.")
    yield (
        Finding(False, said["hop"])
        if said["hop"]
        else Finding(True, f"Connected to Housemail at {settled.url}: key accepted.")
    )
    if platform is not None and "test" in said:
        # WHMCS shows the sentence as HTML.
        why = html.unescape(str(said["test"]["error"]))
        yield (
            Finding(True, "Test Connection: the mail platform accepts the login.")
            if said["test"]["success"] is True
            else Finding(False, f"Test Connection: {why}")
        )


def _without_php(settled: Connection) -> Iterator[Finding]:
    url = settled.url
    pool = urllib3.PoolManager(
        retries=False, timeout=_TIMEOUT, ca_certs=settled.ca_file or None
    )
    try:
        answer = pool.request(
            "POST",
            f"{url}/api/v1/pending",
            headers={"Authorization": f"Bearer {settled.key}"},
            redirect=False,
        )
    except urllib3.exceptions.HTTPError as error:
        yield Finding(
            False,
            f"Housemail does not answer at {url} ({type(error).__name__}). Start it "
            "(`housemail serve`), or give its address with --url.",
        )
        return
    finally:
        pool.clear()
    said = _object(answer.data)
    if "pending" not in said:
        why = said.get("detail") or f"it answers {answer.status}, but not as Housemail"
        yield Finding(False, f"{url} does not take the key: {why}")
        return
    yield Finding(True, f"Connected to Housemail at {url}: key accepted.")
    yield Finding(
        True,
        "There is no `php` here, so that the module itself was not asked. Click Test "
        "Connection in WHMCS.",
    )


def _object(text: bytes | str) -> dict[str, Any]:
    """Return the JSON object in a text; without one, an empty object."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}

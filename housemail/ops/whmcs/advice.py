"""What an installation warns of: it works, but somebody should know."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from housemail.ops.whmcs import connection, tree
from housemail.ops.whmcs.install import Plan, State


def warnings(plan: Plan, named: Path | None) -> Iterator[str]:
    """Look at the plan before it is carried out."""
    step = plan.connection
    yield from _place(plan)
    if step.target.exists() and connection.is_open_to_others(step.target):
        yield (
            f"Every user of this machine can read the key in {step.target}. Set its "
            "mode to 0600."
        )
    php_owner = plan.tree.php_owner
    if step.state in {State.CREATED, State.UPDATED} and (
        os.geteuid() not in {0, php_owner.uid}
    ):
        yield (
            f"WHMCS's PHP seems to run as another user (id {php_owner.uid}), who "
            f"cannot read {step.target} then. Run this as root or as that user."
        )
    if named is not None:
        yield (
            f"WHMCS's PHP finds {named} only when its environment has "
            f"{connection.VARIABLE}={named} (PHP-FPM: env[…] in the pool; Apache: "
            "SetEnv), for its cron job too."
        )
    if step.found and step.found.connection.key not in {"", step.key}:
        prefix = step.found.connection.prefix
        yield (
            f"The old key hm_{prefix}_… stays valid. When all is well: housemail keys "
            f"revoke {prefix}."
        )


def _place(plan: Plan) -> Iterator[str]:
    step = plan.connection
    if step.state is State.KEPT:
        yield (
            f"The connection is in {step.target}, inside the web root. Better move it "
            f"to {plan.tree.above / connection.FILE_NAME}, mode 0600."
        )
    elif tree.is_web_served(step.target.parent):
        yield (
            f"{step.target.parent} seems to be served by a web server, too. The "
            "connection file shows nothing to a browser, but keep it, and the backups "
            "beside it, elsewhere with --connection-file."
        )

"""``housemail whmcs``: the WHMCS module, packed, installed, or tried."""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from housemail.installations import keys
from housemail.installations.models import ApiKey, Installation
from housemail.ops import command, database
from housemail.ops.whmcs import (
    advice,
    connection,
    connection_test,
    install,
    module,
    packaging,
    tree,
)

NAME_LENGTH = 80
PLATFORM_HOST = "cp.emailarray.com"


class Command(command.Command):
    """Packs the module, installs it into a WHMCS, or shows it in a stand-in."""

    help = (
        "The WHMCS module: `package` builds the archive to upload, `install` puts it "
        "into a WHMCS on this machine and connects it, `demo` shows it in a stand-in "
        "WHMCS. docs/whmcs.md is the guide."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """One word each: package, install, demo."""
        # The stand-in is not needed for the other two, and may be left out of a copy.
        from housemail.ops.whmcs import demo

        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        package = actions.add_parser("package", help="build the archive to upload")
        package.add_argument(
            "-o",
            "--output",
            default=f"{module.NAME}.zip",
            metavar="FILE",
            help=f"where to write it (default: {module.NAME}.zip)",
        )
        _install_arguments(
            actions.add_parser("install", help="install into a WHMCS on this machine")
        )
        demo.add_arguments(
            actions.add_parser("demo", help="serve a stand-in WHMCS to a browser")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do the one action."""
        action = options["action"]
        try:
            if action == "package":
                self._package(Path(options["output"]))
            elif action == "install":
                self._install(options)
            else:
                self._demo(options)
        except (module.ModuleError, install.InstallError) as error:
            raise CommandError(str(error), returncode=1) from error
        except (tree.TreeError, connection.ConnectionFileError) as error:
            raise CommandError(str(error), returncode=2) from error

    def _demo(self, options: dict[str, Any]) -> None:
        from housemail.ops.whmcs import demo

        stdout: Any = self.stdout
        demo.run(options, stdout)

    def _package(self, target: Path) -> None:
        files = module.read()
        content = packaging.archive(files)
        if target.is_dir():
            target = target / f"{module.NAME}.zip"
        if not target.parent.is_dir():
            raise CommandError(f"There is no folder {target.parent}.", returncode=2)
        try:
            packaging.write(target, content)
        except OSError as error:
            raise CommandError(
                f"{target} cannot be written: {error.strerror}.", returncode=1
            ) from error
        digest = hashlib.sha256(content).hexdigest()
        self.stdout.write(
            f"Wrote {target}: {len(files)} files, {len(content):,} bytes, SHA-256 "
            f"{digest}.\n"
            f"Next: unzip it and upload the folder {module.NAME} to /{module.PLACE}/ "
            "of WHMCS; README.txt in it says the rest."
        )

    def _install(self, options: dict[str, Any]) -> None:
        wish, platform = _wish(options), _platform(options)
        found = tree.find(Path(options["path"]), options["php_user"])
        plan = install.plan(
            found, module.read(), wish, with_hook=not options["without_hook"]
        )
        for step in plan.steps:
            self._say(step.state, str(found.root / step.place))
        self._say(plan.connection.state, str(plan.connection.target))
        for sentence in advice.warnings(plan, wish.named):
            self._say("warning", sentence)
        if options["dry_run"]:
            self.stdout.write("Nothing was written (--dry-run).")
            return
        settled = self._apply(plan, options["name"])
        self._test(found, settled, wish.named, platform)

    def _apply(self, plan: install.Plan, name: str) -> connection.Connection:
        """Carry the plan out; a key that cannot be written is not made either.

        Without a key to make, the service and its database may be elsewhere.
        """
        before = plan.connection.found
        prefix = before.connection.prefix if before and not name else ""
        chosen = name.strip() or f"WHMCS {plan.tree.root}"[:NAME_LENGTH]
        record: AbstractContextManager[None] = nullcontext()
        if plan.connection.needs_key:
            database.need_current()
            record = transaction.atomic()

        def make_key() -> str:
            installation = _installation(chosen, prefix)
            self._say("key", f'made for the installation "{installation.name}"')
            return keys.make(installation, permissions=keys.PERMISSIONS)

        with record:
            settled, backup = install.apply(plan, make_key, timezone.now())
        if backup is not None:
            self._say("backup", f"{backup} holds what was replaced")
        return settled

    def _test(
        self,
        found: tree.Tree,
        settled: connection.Connection,
        named: Path | None,
        platform: connection_test.Platform | None,
    ) -> None:
        findings = connection_test.run(found, settled, named, platform)
        for finding in findings:
            self._say("ok" if finding.ok else "fail", finding.says)
            if not finding.ok:
                self.stdout.flush()
                sys.exit(1)
        self.stdout.write(
            "Next, in WHMCS: System Settings > Servers, Add New Server, Test "
            "Connection; docs/whmcs.md shows each step."
        )

    def _say(self, word: str, text: str) -> None:
        self.stdout.write(f"{word:<10} {text}")


def _install_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", metavar="PATH", help="the root folder of WHMCS")
    parser.add_argument(
        "--dry-run", action="store_true", help="only show what would be done"
    )
    parser.add_argument(
        "--without-hook",
        action="store_true",
        help="leave out the copy of hooks.php; WHMCS finds the module's own",
    )
    _connection_arguments(parser)
    parser.add_argument(
        "--hostname",
        default=PLATFORM_HOST,
        help="of the mail platform, for Test Connection (default: %(default)s)",
    )
    parser.add_argument(
        "--username",
        default="",
        help="log in to the mail platform with this; the password is taken from "
        "HOUSEMAIL_PLATFORM_PASSWORD",
    )


def _connection_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--url",
        default="",
        help="where WHMCS reaches this service (default: as before, or "
        f"{connection.DEFAULT_URL})",
    )
    parser.add_argument(
        "--ca-file",
        default="",
        metavar="FILE",
        help="certificate to trust for --url, when it is no public one",
    )
    key = parser.add_mutually_exclusive_group()
    key.add_argument(
        "--key-file",
        metavar="FILE",
        help="take the key from this file (-: standard input) instead of making one; "
        "for a service on another machine",
    )
    key.add_argument(
        "--new-key",
        action="store_true",
        help="make a new key though there is one; the old one stays valid",
    )
    parser.add_argument(
        "--name",
        default="",
        help="the installation that a new key is for (default: WHMCS and its path)",
    )
    parser.add_argument(
        "--connection-file",
        metavar="FILE",
        help=f"another place than {connection.FILE_NAME} above PATH; WHMCS's PHP then "
        f"needs {connection.VARIABLE}",
    )
    parser.add_argument(
        "--php-user",
        default="",
        metavar="USER",
        help="who runs WHMCS's PHP (default: the owner of configuration.php)",
    )


def _wish(options: dict[str, Any]) -> install.Wish:
    """Return what was asked for; Errors: CommandError, ConnectionFileError."""
    named = options["connection_file"]
    ca_file = options["ca_file"] and str(Path(options["ca_file"]).absolute())
    if ca_file and not Path(ca_file).is_file():
        raise CommandError(f"--ca-file {ca_file}: there is no such file.", returncode=2)
    if len(options["name"]) > NAME_LENGTH:
        raise CommandError(f"--name: at most {NAME_LENGTH} characters.", returncode=2)
    return install.Wish(
        url=connection.checked_url(options["url"]) if options["url"] else "",
        key=_key_in(options["key_file"]) if options["key_file"] else "",
        ca_file=ca_file,
        named=Path(named).absolute() if named else connection.named_in_environment(),
        new_key=options["new_key"],
    )


def _key_in(name: str) -> str:
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(
            f"--key-file {name} cannot be read: {error}.", returncode=2
        ) from error
    return connection.checked_key(text)


def _platform(options: dict[str, Any]) -> connection_test.Platform | None:
    username = options["username"].strip()
    password = os.environ.get("HOUSEMAIL_PLATFORM_PASSWORD", "")
    if not username:
        return None
    if not password:
        raise CommandError(
            "--username needs the password in HOUSEMAIL_PLATFORM_PASSWORD; an option "
            "would show it in every list of processes.",
            returncode=2,
        )
    return connection_test.Platform(options["hostname"].strip(), username, password)


def _installation(name: str, prefix: str) -> Installation:
    """Return the installation of the key before, or the one so named.

    One WHMCS is one installation: its service ids would mix with another's.
    Errors: CommandError.
    """
    before = ApiKey.objects.select_related("installation").filter(prefix=prefix).first()
    if before is not None:
        return before.installation
    found, _ = Installation.objects.get_or_create(
        name=name, defaults={"kind": Installation.Kind.WHMCS}
    )
    if found.kind != Installation.Kind.WHMCS:
        raise CommandError(
            f"The installation {found.name} is of kind {found.kind}. Choose another "
            "--name.",
            returncode=2,
        )
    return found

"""``housemail keys``: what billing systems log in with."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from housemail.installations import keys
from housemail.installations.models import ApiKey, Installation, Server
from housemail.ops import command, database

_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")


class Command(command.Command):
    """Makes, rotates, lists and revokes keys; says which platform hosts are used."""

    help = (
        "A billing system (one WHMCS, the shop, another) is an installation with keys. "
        "A key is shown once, when it is made."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """One word each: create, list, rotate, revoke, hosts, reencrypt."""
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        create = actions.add_parser("create", help="make a key, and show it this once")
        create.add_argument("name", help="the installation; made when it is new")
        create.add_argument(
            "--kind", choices=Installation.Kind.values, help="of a new installation"
        )
        create.add_argument(
            "--permissions",
            default="read,write",
            metavar="A,B",
            help="read, write, adopt (default: read,write)",
        )
        create.add_argument(
            "--from",
            dest="networks",
            action="append",
            default=[],
            metavar="NETWORK",
            help="only from this address or network; may be repeated",
        )
        create.add_argument(
            "--expires", type=int, metavar="DAYS", help="ends by itself"
        )
        actions.add_parser("list", help="show installations and their keys")
        rotate = actions.add_parser(
            "rotate", help="make its successor; both are valid until one is revoked"
        )
        rotate.add_argument("prefix", help="the part after hm_, as `list` shows it")
        revoke = actions.add_parser("revoke", help="end a key now")
        revoke.add_argument("prefix", help="the part after hm_, as `list` shows it")
        hosts = actions.add_parser("hosts", help="platform hosts it may name")
        hosts.add_argument("name", help="the installation")
        hosts.add_argument("--add", action="append", default=[], metavar="HOST")
        hosts.add_argument("--remove", action="append", default=[], metavar="HOST")
        actions.add_parser(
            "reencrypt",
            help="write stored credentials again with the first encryption key",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do the one action."""
        database.need_current()
        action = options["action"]
        if action == "create":
            self._create(options)
        elif action == "list":
            self._list()
        elif action == "rotate":
            self._rotate(options["prefix"])
        elif action == "revoke":
            self._revoke(options["prefix"])
        elif action == "hosts":
            self._hosts(options["name"], options["add"], options["remove"])
        else:
            self._reencrypt()

    def _create(self, options: dict[str, Any]) -> None:
        days = options["expires"]
        if days is not None and not 1 <= days <= 3650:
            raise CommandError("--expires DAYS: from 1 to 3650.", returncode=2)
        networks = [_network(text) for text in options["networks"]]
        permissions = [
            word.strip() for word in options["permissions"].split(",") if word.strip()
        ]
        with transaction.atomic():
            installation = self._installation(options["name"], options["kind"])
            try:
                key = keys.make(
                    installation,
                    permissions=permissions,
                    source_networks=networks,
                    expires_at=timezone.now() + timedelta(days=days) if days else None,
                )
            except ValueError as error:
                raise CommandError(str(error), returncode=2) from error
        self._show_once(key)

    def _installation(self, name: str, kind: str | None) -> Installation:
        try:
            return keys.installation_named(name, kind or "")
        except ValueError as error:
            raise CommandError(str(error), returncode=2) from error

    def _list(self) -> None:
        console = self.console()
        table = command.table(
            "installation", "kind", "key", "may", "from", "state", "last used"
        )
        found = ApiKey.objects.select_related("installation")
        for key in found.order_by("installation__name", "pk"):
            command.add(
                table,
                key.installation.name,
                key.installation.kind,
                f"hm_{key.prefix}_…",
                ", ".join(key.permissions),
                ", ".join(key.source_networks) or "anywhere",
                _state(key),
                f"{key.last_used_at:%F %H:%M}" if key.last_used_at else "never",
            )
        console.print(
            table if table.row_count else "No key yet: housemail keys create NAME."
        )

    def _rotate(self, raw: str) -> None:
        try:
            text = keys.rotate(_key(raw))
        except keys.KeyConflict as conflict:
            raise CommandError(conflict.sentence, returncode=1) from conflict
        self._show_once(text)

    def _revoke(self, raw: str) -> None:
        key = _key(raw)
        with suppress(keys.KeyConflict):  # somebody was faster: it is revoked
            keys.revoke(key)
        self.stdout.write(f"{key} is revoked.")

    def _show_once(self, text: str) -> None:
        self.stdout.write(text)
        self.stderr.write(
            "This key is shown only now; `housemail keys list` shows its first part."
        )

    def _hosts(self, name: str, add: list[str], remove: list[str]) -> None:
        installation = Installation.objects.filter(name=name.strip()).first()
        if installation is None:
            raise CommandError(f"There is no installation {name!r}.", returncode=1)
        hosts = list(installation.endpoint_hosts)
        for raw in add:
            host = raw.strip().lower()
            if not _HOST.fullmatch(host):
                raise CommandError(
                    f"--add {raw}: a host name, without https:// and without a path.",
                    returncode=2,
                )
            hosts.append(host)
        gone = {raw.strip().lower() for raw in remove}
        installation.endpoint_hosts = [
            host for host in dict.fromkeys(hosts) if host not in gone
        ]
        installation.save(update_fields=["endpoint_hosts"])
        shown = ", ".join(installation.endpoint_hosts) or "no host at all"
        self.stdout.write(f"{installation.name} may use {shown}.")

    def _reencrypt(self) -> None:
        try:
            with transaction.atomic():
                servers = list(Server.objects.select_for_update())
                for server in servers:
                    server.save(update_fields=["password"])
        except ImproperlyConfigured as error:
            raise CommandError(str(error), returncode=1) from error
        self.stdout.write(
            f"{len(servers)} stored credentials are encrypted with the first key; the "
            "others are not needed any more."
        )


def _key(raw: str) -> ApiKey:
    """Return the key that is named by its first part. Errors: CommandError."""
    prefix = raw.strip().removeprefix("hm_").partition("_")[0]
    key = ApiKey.objects.filter(prefix=prefix, revoked_at=None).first()
    if key is None:
        raise CommandError(
            f"No valid key begins with hm_{prefix}_. `housemail keys list` shows them.",
            returncode=1,
        )
    return key


def _network(text: str) -> str:
    try:
        return keys.network(text)
    except ValueError as error:
        raise CommandError(
            f"--from {text}: an address or a network such as 192.0.2.0/24.",
            returncode=2,
        ) from error


def _state(key: ApiKey) -> str:
    if key.revoked_at is not None:
        return f"revoked {key.revoked_at:%F}"
    if key.expires_at is None:
        return "valid"
    ended = key.expires_at <= timezone.now()
    return f"{'expired' if ended else 'valid until'} {key.expires_at:%F}"

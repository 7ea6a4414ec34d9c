"""``housemail serve``: the service, complete in one command."""

from __future__ import annotations

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from housemail.environment import THREADS
from housemail.ops import command, serving, upkeep


class Command(command.Command):
    """Migrates when needed, then becomes the web server."""

    help = (
        "Runs the service: the billing API, and inside it the engine that settles lost "
        "answers, ends holds and quarantines and refreshes usage. No second command "
        "is needed. Stop it with Ctrl-C."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to listen, and with how many threads."""
        parser.add_argument(
            "--host",
            default=serving.HOST,
            help="address to listen on (default: this machine only)",
        )
        parser.add_argument(
            "--port",
            type=int,
            default=serving.PORT,
            help=f"port to listen on (default: {serving.PORT})",
        )
        parser.add_argument(
            "--threads",
            type=int,
            default=settings.HOUSEMAIL_THREADS,
            help=f"requests served at a time (default: {settings.HOUSEMAIL_THREADS})",
        )
        parser.add_argument(
            "--no-engine",
            action="store_true",
            help="serve only; another process of this service runs the engine",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Start; does not come back."""
        host, port, threads = options["host"], options["port"], options["threads"]
        # Those of HOUSEMAIL_THREADS, by which the serving process is told.
        fewest, most = THREADS
        if not fewest <= threads <= most:
            raise CommandError(f"--threads: from {fewest} to {most}.", returncode=2)
        if not serving.is_address(host):
            raise CommandError(
                f"--host {host}: an address, such as 127.0.0.1, 0.0.0.0 or ::1.",
                returncode=2,
            )
        if not 1 <= port <= 65535:
            raise CommandError(f"--port {port}: from 1 to 65535.", returncode=2)
        why = serving.why_not_free(host, port)
        if why:
            raise CommandError(
                f"Cannot listen on {host}:{port}: {why}. Choose another with --port.",
                returncode=2,
            )
        upkeep.bring_up_to_date(self.stdout.write)
        engine = "without the engine" if options["no_engine"] else "engine inside"
        shown = f"[{host}]" if ":" in host else host
        self.stdout.write(
            f"Housemail serves http://{shown}:{port}/api/v1/docs ({threads} threads, "
            f"{engine}). Stop it with Ctrl-C."
        )
        self.stdout.flush()
        environment = serving.environment(
            engine=not options["no_engine"], extra={"HOUSEMAIL_THREADS": str(threads)}
        )
        become(serving.command(host, port, threads), environment)


def become(arguments: list[str], environment: dict[str, str]) -> None:
    """Replace this process, so that a supervisor's signal reaches the server."""
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(arguments[0], arguments, environment)  # noqa: S606 - our own command

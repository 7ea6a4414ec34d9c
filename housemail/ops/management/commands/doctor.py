"""``housemail doctor``: is everything well, and what to do where it is not."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import CommandParser
from rich.text import Text

from housemail.ops import command, health

COLOURS = {
    health.Grade.OK: "green",
    health.Grade.WARN: "yellow",
    health.Grade.FAIL: "bold red",
}


class Command(command.Command):
    """One line a check; exit code 1 when one fails."""

    help = (
        "Checks Python, the data directory, the database, stored credentials, the "
        "engine, and changes that wait for staff. Each line says what to do. Ends with "
        "1 when a check fails."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether to ask the platforms too."""
        parser.add_argument(
            "--servers",
            action="store_true",
            help="log in to every mail platform too",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the findings."""
        console = self.console()
        failed = False
        for finding in health.examine(servers=options["servers"]):
            line = Text(f"{finding.grade:<5}", style=COLOURS[finding.grade])
            line.append(f"{finding.what}: {finding.says}", style="default")
            console.print(line, soft_wrap=True)
            failed = failed or finding.grade is health.Grade.FAIL
        if failed:
            sys.exit(1)

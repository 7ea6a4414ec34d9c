"""``housemail migrate``: bring the database up to date."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.core.management.commands.migrate import Command as DjangoMigrate

from housemail.ops import command, database


class Command(command.Command, DjangoMigrate):
    """Django's own command with our words; its arguments stay."""

    help = (
        "Brings the database up to date. Safe to repeat. `housemail serve` does it by "
        "itself at start."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what Django's command takes."""
        DjangoMigrate.add_arguments(self, parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate and say what was done."""
        database.need()
        DjangoMigrate.handle(self, *args, **options)
        plain = not (options["check_unapplied"] or options["plan"])
        if plain and options["verbosity"] > 0:
            self.stdout.write("The database is up to date.")

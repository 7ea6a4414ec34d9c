"""``housemail release``: give out a name that is kept back."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser

from housemail.mailboxes.errors import Refusal
from housemail.mailboxes.releasing import release_name
from housemail.ops import command, database


class Command(command.Command):
    """Staff's decision, with its reason."""

    help = (
        "Gives out a name that is reserved, held for an order or in quarantine, so "
        "that it can be sold. What is in use is never released."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Which address, and why."""
        parser.add_argument("address", help="for example sales@thexyz.com")
        parser.add_argument("--reason", required=True, help="kept in the record")

    def handle(self, *args: Any, **options: Any) -> None:
        """Release and say what was done."""
        database.need_current()
        if "@" not in options["address"].strip("@"):
            raise CommandError(
                f"ADDRESS {options['address']!r}: give the whole address, such as "
                "sales@thexyz.com.",
                returncode=2,
            )
        try:
            done = release_name(
                options["address"], reason=options["reason"], actor=command.actor()
            )
        except Refusal as refusal:
            raise CommandError(refusal.detail, returncode=1) from refusal
        self.stdout.write(done.detail)

"""What is brought up to date before anything is served."""

from __future__ import annotations

from collections.abc import Callable

from django.core.management import call_command
from django.db import connections

from housemail.ops import database


def bring_up_to_date(say: Callable[[str], object]) -> None:
    """Migrate when needed.

    Errors: CommandError, when the database does not answer.
    """
    database.need()
    waiting = database.pending()
    if waiting:
        say(f"Bringing the database up to date: {len(waiting)} steps …")
        call_command("migrate", verbosity=0, interactive=False)
    connections.close_all()

"""``housemail settle``: look now at every change whose answer was lost."""

from __future__ import annotations

from typing import Any

from housemail.mailboxes import settle
from housemail.mailboxes.models import Operation
from housemail.ops import command, database


class Command(command.Command):
    """One sweep, in this process."""

    help = (
        "Looks once at every change whose answer was lost and that is due. The engine "
        "inside `housemail serve` does the same every few seconds."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Sweep once and count."""
        database.need_current()
        closed = settle.sweep()
        left = Operation.objects.filter(state=Operation.State.OPEN).count()
        self.stdout.write(f"{closed} settled, {left} still open.")

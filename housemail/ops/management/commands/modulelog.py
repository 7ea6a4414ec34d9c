"""``housemail modulelog``: the record of the calls to the mail platform."""

from __future__ import annotations

import json
import re
from typing import Any

from django.core.management.base import CommandError, CommandParser
from rich.console import Console
from rich.table import Table

from housemail.modulelog import storage
from housemail.modulelog.models import ModuleLogEntry
from housemail.ops import command, database

_HOURS = {"m": 1 / 60, "h": 1, "d": 24}


def hours_of(text: str) -> float:
    """Return 30m, 2h or 1d in hours; Errors: CommandError."""
    match = re.fullmatch(r"([0-9]{1,5})([mhd])", text.strip().lower())
    hours = int(match[1]) * _HOURS[match[2]] if match else 0
    if not 0 < hours <= storage.LONGEST_HOURS:
        raise CommandError(
            f"--for {text}: use 30m, 2h or 1d, at most 31d.", returncode=2
        )
    return hours


class Command(command.Command):
    """Switches the log, shows it, sets how long it is kept."""

    help = (
        "Failed calls are always logged, redacted. Successful ones are logged for a "
        "while when you ask for it; that ends by itself."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """One word each: on, off, show, keep."""
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        on = actions.add_parser("on", help="log successful calls too, for a while")
        on.add_argument("--for", dest="period", default="2h", help="30m, 2h or 1d")
        actions.add_parser("off", help="log only failed calls")
        show = actions.add_parser("show", help="show the last calls")
        show.add_argument("--last", type=int, default=20, metavar="N")
        show.add_argument("--ref", default="", help="only those of one service")
        show.add_argument("--full", action="store_true", help="with what was said")
        keep = actions.add_parser("keep", help="how many days entries are kept")
        keep.add_argument("days", type=int, metavar="DAYS")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do the one action."""
        database.need_current()
        action = options["action"]
        if action == "on":
            until = storage.turn_on(hours_of(options["period"]))
            self.stdout.write(
                f"Successful calls are logged until {until:%F %H:%M} UTC."
            )
        elif action == "off":
            storage.turn_off()
            self.stdout.write("Only failed calls are logged.")
        elif action == "keep":
            self._keep(options["days"])
        else:
            self._show(options["last"], options["ref"], full=options["full"])

    def _keep(self, days: int) -> None:
        try:
            storage.keep(days)
        except ValueError as error:
            raise CommandError(
                f"keep DAYS: from 1 to {storage.MOST_DAYS}.", returncode=2
            ) from error
        self.stdout.write(f"Entries are kept for {days} days.")

    def _show(self, last: int, ref: str, *, full: bool) -> None:
        entries = ModuleLogEntry.objects.order_by("-id")
        if ref:
            entries = entries.filter(ref=ref)
        found = list(entries[: max(1, min(last, 1000))])
        console = self.console()
        table = command.table("time (UTC)", "ref", "verb", "call", "outcome", "ms")
        for entry in reversed(found):
            command.add(
                table,
                f"{entry.at:%F %T}",
                entry.ref,
                entry.verb,
                entry.action,
                entry.outcome,
                entry.duration_ms,
            )
            if full:
                _say_all(table, entry)
        console.print(table if found else "Nothing is logged yet.")
        self._footer(console)

    def _footer(self, console: Console) -> None:
        row = storage.switch()
        what = "failed calls only"
        if storage.is_on(row):
            what = f"all calls until {row.successes_until:%F %H:%M} UTC"
        console.print(f"Logged: {what}; kept for {row.keep_days} days.")


def _say_all(table: Table, entry: ModuleLogEntry) -> None:
    for name, content in (("asked", entry.request), ("answer", entry.response)):
        command.add(table, "", "", name, json.dumps(content, ensure_ascii=False))

"""What the commands share: plain help, plain errors, tables for people."""

from __future__ import annotations

import getpass
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

# What a program reads from a pipe must not be cut to a terminal's usual 80 columns.
PIPE_WIDTH = 160


class Command(BaseCommand):
    """A command of the shell: parses, calls one verb, words the answer.

    A refusal is one sentence on standard error and exit code 1; what was typed wrong
    is exit code 2.
    """

    requires_system_checks = ()
    # Options of Django's own that mean nothing to who runs a mail service.
    suppressed_base_arguments = {
        "--version",
        "--verbosity",
        "--settings",
        "--pythonpath",
        "--traceback",
        "--no-color",
        "--force-color",
        "--skip-checks",
    }

    def run_from_argv(self, argv: list[str]) -> None:
        """Run as a program; an error is its sentence, not the name of a class."""
        self._called_from_command_line = True
        parser = self.create_parser(argv[0], argv[1])
        options = vars(parser.parse_args(argv[2:]))
        arguments = options.pop("args", ())
        try:
            self.execute(*arguments, **options)
        except CommandError as error:
            sys.stderr.write(f"{error}\n")
            sys.exit(error.returncode)
        finally:
            connections.close_all()

    def console(self) -> Console:
        """Return where tables and colours go; plain when it is no terminal."""
        file: Any = self.stdout
        width = None if self.stdout.isatty() else PIPE_WIDTH
        return Console(file=file, width=width, highlight=False)


def actor() -> str:
    """Name who is at the shell, for the journal."""
    try:
        return f"shell:{getpass.getuser()}"
    except (KeyError, OSError):
        return "shell"


def table(*headings: str) -> Table:
    """Return an empty table in the one style of all commands."""
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        made.add_column(Text(heading), overflow="fold")
    return made


def add(made: Table, *cells: object) -> None:
    """Add a row; cells are taken as they are, brackets in them are no markup."""
    made.add_row(*(Text(str(cell)) for cell in cells))

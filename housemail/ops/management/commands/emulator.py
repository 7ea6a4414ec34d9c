"""``housemail emulator``: the imitated mail platform by itself."""

from __future__ import annotations

import os
import sys
from typing import Any

from housemail.ops import command, serving


class Command(command.Command):
    """Becomes the emulator, which is a program of its own and has its own options."""

    help = "Runs only the imitated mail platform; its options are those it lists."

    def run_from_argv(self, argv: list[str]) -> None:
        """Hand every argument on, --help too."""
        self.become(argv[2:])

    def handle(self, *args: Any, **options: Any) -> None:
        """Run with its defaults."""
        self.become([])

    def become(self, arguments: list[str]) -> None:
        """Replace this process."""
        sys.stdout.flush()
        line = [sys.executable, "-m", "emulator", *arguments]
        os.execve(line[0], line, serving.environment(engine=False))  # noqa: S606

"""How a demo runs: in the foreground until Ctrl-C, and nothing is left of it."""

from __future__ import annotations

import signal
from collections.abc import Callable

from django.core.management.base import CommandError

from housemail.ops.demo.children import ENDING, ChildError, interrupt, watch
from housemail.ops.demo.filling import FillingError
from housemail.ops.demo.stage import Stage, StageError, Wish


def run(wish: Wish, play: Callable[[Stage], None]) -> None:
    """Play on a stage of its own, then watch its programs until Ctrl-C.

    Errors: CommandError, in one sentence, with return code 2.
    """
    for number in ENDING:
        signal.signal(number, interrupt)
    try:
        with Stage(wish) as stage:
            try:
                play(stage)
                watch(stage.children)
            except KeyboardInterrupt:
                # A second Ctrl-C must not leave children behind.
                for number in ENDING:
                    signal.signal(number, signal.SIG_IGN)
    except (StageError, ChildError, FillingError) as error:
        raise CommandError(str(error), returncode=2) from error


def port(text: str) -> int:
    """Read a port from the command line; 0 stands for a free one."""
    number = int(text)
    if not 0 <= number <= 65535:
        raise ValueError
    return number

"""Fills a demo's records and its imitated platform, in the process of the demo.

Loads Django itself, which is better done beside the service than before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager

import django

from housemail.ops.demo.control import Control, ControlError


class FillingError(Exception):
    """The demo cannot be filled; the text is the one sentence that says why."""


def fill(
    server: Mapping[str, str],
    domains: Sequence[str],
    control_url: str = "",
    preset: str = "calm",
) -> None:
    """Make set-up and people, and tell the story on an imitated platform.

    Errors: FillingError.
    """
    with _prepared():
        from housemail.mailboxes.context import ServerDetails
        from housemail.ops.demo.seed import seed

        details = ServerDetails(**server)
        if not control_url:
            seed(details, domains)
            return
        with closing(Control(control_url)) as control:
            seed(details, domains, control, preset)


def restore(control_url: str, domains: Sequence[str]) -> None:
    """Give the platform back what our records tell; Errors: FillingError."""
    with _prepared(), closing(Control(control_url)) as control:
        from housemail.ops import upkeep
        from housemail.ops.demo import restoring

        # The records may be of an older version than we are.
        upkeep.bring_up_to_date(lambda _: None)
        restoring.restore(control, domains)


@contextmanager
def _prepared() -> Iterator[None]:
    """Load Django, word what goes wrong, and leave no connection behind."""
    django.setup()
    from django.core.exceptions import ValidationError
    from django.db import connection, connections

    from housemail.mailboxes.errors import Refusal

    if connection.vendor == "sqlite":
        # No waiting for the disk: what is cut short is filled afresh.
        connection.cursor().execute("PRAGMA synchronous=OFF")
    try:
        yield
    except ValidationError as error:
        raise FillingError(f"The shop cannot open: {' '.join(error.messages)}") from (
            error
        )
    except (Refusal, ControlError) as error:
        raise FillingError(f"The demo cannot be filled: {error}") from error
    finally:
        connections.close_all()

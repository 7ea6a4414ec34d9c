"""Turns unknown outcomes into done or refused: the sweep that guarantees it.

The engine calls ``due`` and ``settle_group``; nothing here knows the engine. All open
operations of one house domain are settled together, so that one listing serves all.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from housemail.mailboxes import journal, runner
from housemail.mailboxes.models import Operation
from housemail.mailboxes.verb import Job
from housemail.platforms.base import Deadline

MOST = 500
_SECONDS = 60.0


def due() -> dict[int, list[int]]:
    """Return ids of operations to settle now, by house domain."""
    now = timezone.now()
    rows = (
        Operation.objects.filter(
            Q(next_look_at=None) | Q(next_look_at__lte=now),
            state=Operation.State.OPEN,
            lease_until__lt=now,
        )
        .order_by("pk")
        .values_list("pk", "mailbox__house_domain_id")[:MOST]
    )
    groups: dict[int, list[int]] = {}
    for pk, domain in rows:
        groups.setdefault(domain, []).append(pk)
    return groups


def settle_group(ids: list[int], seconds: float = _SECONDS) -> int:
    """Settle these operations, sharing listings; return how many were closed.

    ``seconds``: the longest that one of them may take.
    """
    listings: dict[tuple[int, str, str], tuple[datetime, object]] = {}
    closed = 0
    for pk in ids:
        operation = (
            Operation.objects.select_related(
                "mailbox__server", "mailbox__house_domain", "mailbox__installation"
            )
            .filter(pk=pk, state=Operation.State.OPEN)
            .first()
        )
        if operation is None:
            continue
        deadline = Deadline.after(seconds)
        if not journal.take(operation, deadline):
            continue
        closed += runner.try_to_settle(
            Job(
                operation,
                operation.mailbox,
                deadline,
                background=True,
                listings=listings,
            )
        )
    return closed


def sweep() -> int:
    """Settle everything that is due, in this process; return how many were closed."""
    return sum(settle_group(ids) for ids in due().values())

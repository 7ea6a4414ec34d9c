"""Deciding: what staff do about an operation that is unknown or ended without proof.

While it is open they have it looked at now; afterwards they look themselves, in the
platform's control panel, and say so. For a name that is in doubt that is releasing.py.
"""

from __future__ import annotations

import logging
from enum import StrEnum

from django.utils import timezone

from housemail.mailboxes import settle
from housemail.mailboxes.commit import commit
from housemail.mailboxes.errors import Conflict
from housemail.mailboxes.models import (
    Alias,
    DistributionList,
    Mailbox,
    Operation,
    Part,
)
from housemail.mailboxes.releasing import Released, release_name
from housemail.mailboxes.reserving import check_reason
from housemail.platforms.base import Deadline

logger = logging.getLogger(__name__)


class Settled(StrEnum):
    """What came of looking now."""

    CLOSED = "closed"
    STILL_OPEN = "still_open"
    BUSY = "busy"  # somebody is at it in this moment
    CLOSED_BEFORE = "closed_before"


def settle_now(operation: Operation, deadline: Deadline) -> Settled:
    """Look at an open operation now, as the engine would at its time."""
    operation.refresh_from_db()
    if operation.state != Operation.State.OPEN:
        return Settled.CLOSED_BEFORE
    if operation.lease_until > timezone.now():
        return Settled.BUSY
    settle.settle_group([operation.pk], deadline.remaining())
    operation.refresh_from_db()
    is_open = operation.state == Operation.State.OPEN
    return Settled.STILL_OPEN if is_open else Settled.CLOSED


def name_in_doubt(operation: Operation) -> str:
    """Return the address that a decision would give back; empty when there is none.

    Cost: 1 query at most.
    """
    mailbox = operation.mailbox
    if not operation.needs_staff:
        return ""
    if operation.verb == "create":
        waits = mailbox.state == Mailbox.State.FAILED and mailbox.needs_staff
        return str(mailbox.address) if waits else ""
    kind, _, _ = operation.verb.partition("_")
    models: dict[str, type[Alias] | type[DistributionList]] = {
        "alias": Alias,
        "list": DistributionList,
    }
    if kind not in models:
        return ""
    rows = models[kind].objects.select_related("claim").exclude(state=Part.State.ACTIVE)
    row = rows.filter(pk=operation.subject_id or 0).first()
    return f"{row.claim.handle}@{mailbox.house_domain.name}" if row else ""


def give_back(operation: Operation, *, reason: str, actor: str) -> Released:
    """Give the name in doubt back: staff have seen that it is not on the platform.

    Errors: Invalid without a reason; ``nothing_to_decide``, those of release_name.
    """
    address = name_in_doubt(operation)
    if not address:
        raise Conflict("nothing_to_decide")
    return release_name(address, reason=reason, actor=actor)


def looked_at(operation: Operation, *, reason: str, actor: str) -> None:
    """Record that staff have looked and that the mailbox may go on as it is.

    Not for a name in doubt: whether it is ours must be decided first.
    Errors: Invalid without a reason; ``nothing_to_decide``.
    """
    check_reason(reason)
    if not operation.needs_staff or name_in_doubt(operation):
        raise Conflict("nothing_to_decide")

    def work() -> None:
        rows = Operation.objects.filter(mailbox_id=operation.mailbox_id)
        if not rows.filter(pk=operation.pk, needs_staff=True).update(needs_staff=False):
            raise Conflict("nothing_to_decide")
        if not rows.filter(needs_staff=True).exists():
            Mailbox.objects.filter(pk=operation.mailbox_id).update(needs_staff=False)

    commit(work)
    operation.refresh_from_db()
    logger.info("%s has looked at %s: %s", actor, operation, reason[:300])

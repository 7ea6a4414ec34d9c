"""What a mailbox may do only so often a day: give up names, add names or members.

Counted in the commit of the intent, and given back when nothing left us: an outage must
not use up the customer's day. What the platform refused stays counted.
"""

from __future__ import annotations

from typing import Literal

from django.db.models import F, Q
from django.utils import timezone

from housemail.mailboxes.errors import Conflict
from housemail.mailboxes.models import Mailbox, Operation

Counted = Literal["names", "new_names", "members"]


def count(mailbox: Mailbox, what: Counted, limit: int, code: str) -> None:
    """Count one of today's, or refuse with ``code``."""
    today = timezone.now().date()
    day, added = f"{what}_day", f"{what}_added"
    rows = Mailbox.objects.filter(pk=mailbox.pk)
    rows.filter(~Q(**{day: today}) | Q(**{day: None})).update(**{day: today, added: 0})
    counted = rows.filter(**{f"{added}__lt": limit}).update(**{added: F(added) + 1})
    if not counted:
        raise Conflict(code, used=limit, limit=limit)


def give_back(operation: Operation) -> None:
    """Take back what the intent says it counted (``counted``), on the same day only."""
    what = operation.wanted.get("counted")
    if what is None:
        return
    day, added = f"{what}_day", f"{what}_added"
    Mailbox.objects.filter(
        pk=operation.mailbox_id,
        **{day: operation.created_at.date(), f"{added}__gt": 0},
    ).update(**{added: F(added) - 1})

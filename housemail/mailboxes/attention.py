"""What staff look at first: mailboxes by state, operations that need somebody.

The console's figures and the filters of its lists are the same questions, asked here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import (
    Case,
    Count,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.utils import timezone

from housemail.mailboxes import role_addresses
from housemail.mailboxes.models import Mailbox, Operation

State = Operation.State
# A refusal is news for a day; after that it is history.
_FAILING_FOR = timedelta(hours=24)


def is_open() -> Q:
    """Operations that are not closed."""
    return Q(state=State.OPEN)


def is_unknown() -> Q:
    """Operations that were sent and whose answer nobody waits for any more."""
    return Q(state=State.OPEN, sent_at__isnull=False, lease_until__lt=timezone.now())


def is_failing() -> Q:
    """Operations that ended without what was wanted, within the last 24 hours."""
    ended = [State.REFUSED, State.UNAVAILABLE, State.UNDETERMINED]
    return Q(state__in=ended, closed_at__gte=timezone.now() - _FAILING_FOR)


def _failing_things() -> QuerySet[Operation, Any]:
    """Return what is failing by mailbox and verb: tried again it is one thing still."""
    rows = Operation.objects.filter(is_failing()).order_by()
    return rows.values("mailbox_id", "verb")


def only_last_failures(rows: QuerySet[Operation]) -> QuerySet[Operation]:
    """Narrow operations to the last of each failing thing, with its ``times``."""
    last = _failing_things().annotate(last=Max("pk")).values("last")
    same = _failing_things().filter(mailbox=OuterRef("mailbox"), verb=OuterRef("verb"))
    times = same.annotate(times=Count("pk")).values("times")
    return rows.filter(pk__in=last).annotate(times=Subquery(times))


def waits_for_staff() -> Q:
    """Operations that ended without proof and that staff have not decided yet."""
    return Q(needs_staff=True)


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers of the dashboard that come from the core."""

    mailboxes: Mapping[Mailbox.State, int]
    mailboxes_for_staff: int
    operations_open: int
    operations_unknown: int
    operations_failing: int
    operations_for_staff: int
    domains_without_role_addresses: int


def figures() -> Figures:
    """Count what the dashboard shows. Cost: 4 queries, however many rows there are."""
    states = Mailbox.objects.values("state").annotate(
        count=Count("pk"), waiting=Count("pk", filter=Q(needs_staff=True))
    )
    rows = list(states.order_by())
    by_state = {Mailbox.State(row["state"]): row["count"] for row in rows}
    operations = Operation.objects.aggregate(
        open=_how_many(is_open()),
        unknown=_how_many(is_unknown()),
        for_staff=_how_many(waits_for_staff()),
    )
    return Figures(
        mailboxes={state: by_state.get(state, 0) for state in Mailbox.State},
        mailboxes_for_staff=sum(row["waiting"] for row in rows),
        operations_open=operations["open"],
        operations_unknown=operations["unknown"],
        operations_failing=_failing_things().distinct().count(),
        operations_for_staff=operations["for_staff"],
        domains_without_role_addresses=role_addresses.domains_without().count(),
    )


def _how_many(condition: Q) -> Count:
    return Count(Case(When(condition, then=Value(1)), output_field=IntegerField()))

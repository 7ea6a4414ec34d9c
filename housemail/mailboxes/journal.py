"""The journal: operations, their attempts and leases (protocol 1).

Intent is committed before the first byte leaves, ``sent_at`` right before sending,
and results only by the attempt that holds the row. No transaction is open across the
network.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from django.conf import settings
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from housemail.mailboxes.context import Context
from housemail.mailboxes.models import Mailbox, Operation
from housemail.platforms.base import Deadline
from housemail.prepared import Given, Prepared, insert
from housemail.writers import writing

LEASE_MARGIN = timedelta(seconds=10)
GIVE_UP_AFTER = timedelta(hours=24)


class Step(StrEnum):
    """The named moments of an operation, in order. A process may die at any."""

    INTENT = "intent committed"
    LOOKED = "looked"
    PREPARED = "prepared"
    SENT = "sent_at committed, before send"
    ANSWERED = "after answer"
    CLOSED = "result committed"


Observer = Callable[[Step, Operation], None]
observers: list[Observer] = []


def reach(step: Step, operation: Operation) -> None:
    """Pass a named step; tests observe it to kill the process there."""
    for observer in tuple(observers):
        observer(step, operation)


class SupersededError(Exception):
    """Another attempt took the row: our answer is evidence, never state."""


def lease_of(deadline: Deadline) -> datetime:
    """Return until when the holder of this deadline may act."""
    return timezone.now() + timedelta(seconds=deadline.remaining()) + LEASE_MARGIN


def start(
    mailbox: Mailbox,
    verb: str,
    context: Context,
    deadline: Deadline,
    *,
    open_for: str = "",
    subject_id: int | None = None,
    wanted: dict[str, object] | None = None,
    earlier_unknown: bool = False,
) -> Operation:
    """Write the intent; the caller's transaction commits it.

    Errors: IntegrityError while another operation is open for the same thing.
    """
    return insert(
        Operation(
            mailbox=mailbox,
            generation=mailbox.generation,
            verb=verb,
            subject_id=subject_id,
            wanted=wanted or {},
            open_for=open_for or f"mailbox:{mailbox.pk}",
            earlier_unknown=earlier_unknown,
            lease_until=lease_of(deadline),
            request_id=context.request_id,
            actor=str(context.actor)[:80],
            created_at=timezone.now(),
        )
    )


def take(operation: Operation, deadline: Deadline) -> bool:
    """Take an open operation whose lease has ended; say whether we got it."""
    rows = Operation.objects.filter(
        pk=operation.pk,
        attempt=operation.attempt,
        state=Operation.State.OPEN,
        lease_until__lt=timezone.now(),
    )
    with writing():
        taken = rows.update(attempt=F("attempt") + 1, lease_until=lease_of(deadline))
    if taken:
        operation.refresh_from_db()
    return bool(taken)


def _held() -> QuerySet[Operation]:
    return Operation.objects.filter(
        pk=Given(Operation, "id"),
        attempt=Given(Operation, "attempt"),
        state=Operation.State.OPEN,
    )


def _held_where_it_is() -> QuerySet[Operation]:
    """Nothing leaves for a server from which staff re-pointed the mailbox.

    They may between our first reading of it and our intent (moving.py moves none
    with an open operation).
    """
    still_there = Mailbox.objects.filter(
        pk=OuterRef("mailbox_id"), server_id=Given(Mailbox, "server_id")
    )
    return _held().filter(Exists(still_there))


_HELD = Prepared(_held)
_HELD_WHERE_IT_IS = Prepared(_held_where_it_is)


def _write(
    operation: Operation,
    rows: Prepared[Operation] = _HELD,
    given: Mapping[str, object] = MappingProxyType({}),
    **values: object,
) -> None:
    """Write as the holder of the row; Errors: SupersededError when it is not ours."""
    mark = {"id": operation.pk, "attempt": operation.attempt}
    with writing():
        written = rows.update(values, **mark, **given)
    if not written:
        raise SupersededError
    for name, value in values.items():
        setattr(operation, name, value)


def mark_sent(operation: Operation) -> None:
    """Commit that a request is about to leave, and the proof it leaves with."""
    _write(
        operation,
        _HELD_WHERE_IT_IS,
        {"server_id": operation.mailbox.server_id},
        sent_at=timezone.now(),
        sends=operation.sends + 1,
        proof=operation.proof,
    )


def unmark_sent(operation: Operation) -> None:
    """Take back ``mark_sent``: certainly nothing left."""
    sends = operation.sends - 1
    _write(operation, sends=sends, sent_at=operation.sent_at if sends > 0 else None)


def prove(operation: Operation, **proof: object) -> None:
    """Keep what a look proved, for this attempt; ``mark_sent`` commits it.

    A proof is worth something only together with a send that follows it.
    """
    operation.proof = {**operation.proof, **proof, "attempt": operation.attempt}


def want(operation: Operation, **wanted: object) -> None:
    """Add to what is wanted, so that a later attempt sends the same. Never a secret."""
    _write(operation, wanted={**operation.wanted, **wanted})


def note(operation: Operation, sentence: str) -> None:
    """Keep evidence, also when the row is not ours any more."""
    line = f"{timezone.now():%Y-%m-%dT%H:%M:%SZ} {sentence}"[:300]
    fresh = Operation.objects.filter(pk=operation.pk).first()
    if fresh is not None:
        evidence = [*fresh.evidence, line][-20:]
        with writing():
            Operation.objects.filter(pk=operation.pk).update(evidence=evidence)


def close(
    operation: Operation,
    state: Operation.State,
    *,
    code: str = "",
    detail: str = "",
    needs_staff: bool = False,
) -> None:
    """Close it, in the transaction that writes the result."""
    _write(
        operation,
        state=state,
        code=code,
        detail=detail[:400],
        needs_staff=needs_staff,
        open_for=None,
        next_look_at=None,
        closed_at=timezone.now(),
    )


def leave_open(operation: Operation) -> None:
    """Give the row back unsettled; the engine looks at the next rung of its ladder."""
    now = timezone.now()
    sent = operation.sent_at or operation.created_at
    rungs = settings.HOUSEMAIL_LOOKS_OF_ENGINE
    due = next(
        (at for at in (sent + timedelta(seconds=rung) for rung in rungs) if at > now),
        now + timedelta(seconds=rungs[-1]),
    )
    # The lease ends now, so that the next caller need not wait for it.
    _write(operation, lease_until=now - timedelta(milliseconds=1), next_look_at=due)


def is_overdue(operation: Operation) -> bool:
    """Say whether looking has gone on for so long that staff must decide."""
    return timezone.now() - operation.created_at > GIVE_UP_AFTER


def absent_counts(operation: Operation, looked_at: datetime) -> bool:
    """Say whether an absence seen then proves that the last send did nothing.

    A request that we gave up on may still be running behind the platform's proxy;
    source: API 8.4 (about 100 s), protocol 3.4 (120 s).
    """
    if operation.sent_at is None:
        return True
    waited = looked_at - operation.sent_at
    return waited >= timedelta(seconds=settings.HOUSEMAIL_ABSENT_AFTER_SECONDS)

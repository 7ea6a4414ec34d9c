"""Terminate: lists, aliases, then the mailbox; each a step that a repeat resumes."""

from __future__ import annotations

from django.db import IntegrityError
from django.utils import timezone

from housemail.mailboxes import claims, journal, runner
from housemail.mailboxes.commit import commit
from housemail.mailboxes.context import Actor, Context, ServerDetails
from housemail.mailboxes.errors import Refusal
from housemail.mailboxes.models import (
    Alias,
    Claim,
    DistributionList,
    Mailbox,
    Operation,
    Part,
)
from housemail.mailboxes.verb import (
    Job,
    Verb,
    Verdict,
    WaitingError,
    register,
    set_state,
)
from housemail.mailboxes.verbs.parts import ALIAS_REMOVE, LIST_REMOVE, NameVerb
from housemail.platforms.base import PlatformRefused, Presence

_LEAST_SECONDS = 0.5


def _inner_context(job: Job) -> Context:
    """Return a context for the journal of a step; it carries no credentials."""
    return Context(
        installation=job.mailbox.installation,
        ref=job.mailbox.ref,
        server=ServerDetails(),
        actor=Actor(),
        request_id=job.operation.request_id,
    )


def _step_of(job: Job, operation: Operation) -> Job:
    """Return the job of one step, with this termination's deadline and listings."""
    return Job(
        operation,
        job.mailbox,
        job.deadline,
        background=job.background,
        listings=job.listings,
    )


def _remove(job: Job, verb: NameVerb, row: Alias | DistributionList, key: str) -> bool:
    """Remove one alias or list as an operation of its own; say whether it is gone."""
    open_one = Operation.objects.filter(open_for=key).first()
    if open_one is not None and not _settle_first(job, open_one):
        return False

    def work() -> Operation | None:
        rows = verb.model.objects.filter(pk=row.pk)
        found = rows.select_for_update().first()
        if found is None:  # also when staff have just given its name back
            return None
        if found.state == Part.State.ADDING:
            # Closed without proof: it is not provably ours, so nothing is sent.
            _drop_unproven(job, verb, row)
            return None
        rows.update(state=Part.State.REMOVING)
        return journal.start(
            job.mailbox,
            verb.name,
            _inner_context(job),
            job.deadline,
            open_for=key,
            subject_id=row.pk,
        )

    try:
        operation = commit(work)
    except IntegrityError:
        return False
    if operation is None:
        return True
    try:
        return runner.carry_out(verb, _step_of(job, operation)).status == 200
    except Refusal:
        return False


def _drop_unproven(job: Job, verb: NameVerb, row: Alias | DistributionList) -> None:
    inner = Operation(
        mailbox=job.mailbox,
        generation=job.operation.generation,
        subject_id=row.pk,
        wanted={},
    )
    verb.drop(Job(inner, job.mailbox, job.deadline), used=True)


def _settle_first(job: Job, operation: Operation) -> bool:
    """Settle an open add or remove of this name; say whether it is closed now."""
    if operation.lease_until >= timezone.now():
        return False
    if not journal.take(operation, job.deadline):
        return False
    return runner.try_to_settle(_step_of(job, operation))


class Terminate(Verb):
    """``removeUser`` after everything else of the service is gone."""

    name = "terminate"

    def prepare(self, job: Job) -> None:
        """Remove the lists and aliases of this mailbox, and of no other."""
        parts: list[tuple[NameVerb, Alias | DistributionList, str]] = [
            (LIST_REMOVE, row, f"list:{row.pk}") for row in job.mailbox.lists.all()
        ]
        parts += [
            (ALIAS_REMOVE, row, f"alias:{row.pk}") for row in job.mailbox.aliases.all()
        ]
        if parts and not job.operation.wanted.get("begun"):
            journal.want(job.operation, begun=True)
        waiting = False
        for verb, row, key in parts:
            if job.deadline.remaining() < _LEAST_SECONDS:
                waiting = True
                break
            waiting = not _remove(job, verb, row, key) or waiting
        if waiting:
            raise WaitingError

    def waits_when_unavailable(self, job: Job) -> bool:
        """Once something is removed, the engine goes on to the end."""
        return bool(job.operation.wanted.get("begun"))

    def send(self, job: Job) -> None:
        """Send it."""
        job.platform.remove_mailbox(job.address, job.deadline)

    def verify(self, job: Job) -> Verdict:
        """Absent by a calibrated look, or by a complete listing in the engine."""
        presence = job.look_or_list().presence
        if presence is Presence.UNPROVEN:
            return Verdict.UNDECIDED
        absent = presence is Presence.ABSENT
        return Verdict.APPLIED if absent else Verdict.NOT_APPLIED

    def after_refusal(self, job: Job, refused: PlatformRefused) -> Verdict:
        """A "no" may mean that it is gone; only a proof counts as gone."""
        del refused
        return self.verify(job)

    def done(self, job: Job) -> None:
        """Ended; its name is kept from strangers for a while."""
        # Its own, and that of an alias or list whose row is gone without it.
        used = [Claim.Kind.MAILBOX, Claim.Kind.ALIAS, Claim.Kind.LIST]
        for claim in Claim.objects.filter(
            mailbox=job.mailbox, kind__in=used, alias=None, distributionlist=None
        ):
            claims.to_quarantine(claim)
        claims.release_holds(job.mailbox.installation, job.mailbox.ref)
        set_state(
            job.mailbox,
            Mailbox.State.TERMINATED,
            found=False,
            needs_staff=False,
            aliases_used=0,
            lists_used=0,
        )

    def undone(self, job: Job, *, sent: bool) -> None:
        """Refused, or half way: no customer verb from here. Untouched: as before."""
        before = job.operation.wanted.get("before")
        if sent or job.operation.wanted.get("begun") or not before:
            return
        set_state(job.mailbox, Mailbox.State(before))


TERMINATE = register(Terminate())

"""One attempt at a verb: prepare, send once, read the answer, look when it is lost.

Every change of a platform goes through ``carry_out`` or ``settle``; what differs
between verbs is a ``Verb``. The rules of protocol 1, 3.4 and 5 are here, once.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import ClassVar

from django.conf import settings
from django.utils import timezone

from housemail.installations.models import Server
from housemail.mailboxes import journal, servers
from housemail.mailboxes.commit import commit
from housemail.mailboxes.context import Answer
from housemail.mailboxes.errors import Conflict, Refusal, Unavailable
from housemail.mailboxes.journal import Step
from housemail.mailboxes.models import Mailbox, Operation
from housemail.mailboxes.observed import Following
from housemail.platforms.base import (
    Address,
    Deadline,
    HostUnreachable,
    LoginRefused,
    Look,
    OutcomeUnknown,
    PermissionRefused,
    Platform,
    PlatformError,
    PlatformRefused,
    PlatformUnavailable,
)

State = Operation.State


class Verdict(Enum):
    """What a look says about a send whose answer is not known."""

    APPLIED = "applied"
    NOT_APPLIED = "not applied"
    REFUSED = "refused"  # something else stands in its place, for good
    FOREIGN = "foreign"  # something is there, but not provably ours: staff decides
    UNDECIDED = "undecided"


@dataclass(slots=True)
class Job:
    """One attempt: the row we hold, what it is about, and how long we have."""

    operation: Operation
    mailbox: Mailbox
    deadline: Deadline
    # Never stored: it passes through. The engine has none.
    password: str | None = field(default=None, repr=False)
    # True in the engine: whole-domain listings are allowed there only.
    background: bool = False
    # Listings shared by the jobs of one sweep, by (server, domain, what).
    listings: dict[tuple[int, str, str], object] = field(default_factory=dict)
    # True while what this very request sent is what the platform may have applied.
    own_send: bool = False

    @property
    def server(self) -> Server:
        """The server on which the mailbox was made."""
        return self.mailbox.server

    @property
    def platform(self) -> Platform:
        """The shared client of that server."""
        return servers.platform_for(self.server)

    @property
    def address(self) -> Address:
        """The mailbox's address, from its own record."""
        return self.mailbox.address

    def look(self) -> Look:
        """Look for the mailbox."""
        return servers.look(
            self.server, self.mailbox.house_domain, self.address, self.deadline
        )


class WaitingError(Exception):
    """Raised by ``prepare``: a step before is not settled; the engine resumes."""


class Verb:
    """What differs between verbs. Database work and platform work are apart."""

    name: ClassVar[str]
    # May an engine or a later request look in this way without a listing?
    looks_in_request: ClassVar[bool] = True
    # Sent again within the request when the answer is lost (password only).
    repeats_at_once: ClassVar[bool] = False
    # Sent again by the engine when provably not applied after the window.
    engine_repeats: ClassVar[bool] = True

    def prepare(self, job: Job) -> None:
        """Read what is needed before sending. Errors: Refusal, PlatformError."""

    def send(self, job: Job) -> None:
        """Send the one write."""
        raise NotImplementedError

    def verify(self, job: Job) -> Verdict:
        """Look whether the wanted state is there."""
        raise NotImplementedError

    def after_refusal(self, job: Job, refused: PlatformRefused) -> Verdict:
        """Judge a clear "no" to the first send; most verbs believe it."""
        del job, refused
        return Verdict.NOT_APPLIED

    def refusal(self, job: Job, refused: PlatformRefused) -> Refusal:
        """Word the platform's "no"."""
        del job
        return Conflict("platform_refused", reason=refused.detail)

    def done(self, job: Job) -> None:
        """Write the wanted state. Database only, within the closing transaction."""
        raise NotImplementedError

    def undone(self, job: Job, *, sent: bool) -> None:
        """Write back what was before. ``sent`` False: nothing left us."""
        raise NotImplementedError

    def foreign(self, job: Job) -> None:
        """Write that staff must look."""
        Mailbox.objects.filter(pk=job.mailbox.pk).update(needs_staff=True)

    # What an operation that ends without proof is called, and whether staff must act.
    undetermined_code: ClassVar[str] = "needs_staff"

    def waits_when_unavailable(self, job: Job) -> bool:
        """Say whether the engine goes on although nothing could be sent now."""
        del job
        return False

    def given_up(self, job: Job) -> None:
        """Write what is left when nothing could be proved in time."""
        self.foreign(job)

    def may_repeat(self, job: Job) -> bool:
        """Say whether the engine may send once more."""
        return self.engine_repeats and job.operation.sends < 2

    def never_happened(self, job: Job) -> bool:
        """Close as nothing-happened when provably not applied; say whether done."""
        del job
        return False

    def answer(self, job: Job) -> Answer:
        """Say where things stand now."""
        job.mailbox.refresh_from_db()
        return Answer(state=job.mailbox.state)


REGISTRY: dict[str, Verb] = {}


def register(verb: Verb) -> Verb:
    """Enter a verb into the table from which open operations are settled."""
    REGISTRY[verb.name] = verb
    return verb


Hint = Callable[[Operation], None]
hints: list[Hint] = []


def _left_open(job: Job) -> None:
    journal.leave_open(job.operation)
    for hint in tuple(hints):
        hint(job.operation)


def set_state(mailbox: Mailbox, state: Mailbox.State, **values: object) -> None:
    """Write a mailbox's state and when it changed."""
    Mailbox.objects.filter(pk=mailbox.pk).update(
        state=state, state_changed_at=timezone.now(), **values
    )


def carry_out(verb: Verb, job: Job) -> Answer:
    """Carry out a committed intent. Errors: Refusal (closed), never a platform's."""
    with Following(job.mailbox, verb.name, job.operation.request_id):
        try:
            return _carry_out(verb, job)
        except journal.SupersededError:
            return Answer(job.mailbox.state, 202, "superseded")


def _carry_out(verb: Verb, job: Job) -> Answer:
    journal.reach(Step.INTENT, job.operation)
    try:
        verb.prepare(job)
    except (PlatformUnavailable, PlatformRefused) as exc:
        return _not_sent(verb, job, exc)
    except WaitingError:
        return _wait(job)
    except Refusal as refusal:
        _close(verb, job, State.REFUSED, refusal.code, refusal.detail, sent=False)
        raise
    journal.reach(Step.PREPARED, job.operation)
    return _send(verb, job)


def _send(verb: Verb, job: Job) -> Answer:
    if job.deadline.remaining() <= 0:
        return _not_sent(verb, job, PlatformUnavailable("deadline"))
    unknown_before = job.operation.earlier_unknown or job.operation.sends > 0
    journal.mark_sent(job.operation)
    journal.reach(Step.SENT, job.operation)
    job.own_send = True
    try:
        verb.send(job)
    except PlatformUnavailable as exc:
        journal.reach(Step.ANSWERED, job.operation)
        journal.unmark_sent(job.operation)
        return _not_sent(verb, job, exc)
    except PlatformRefused as exc:
        journal.reach(Step.ANSWERED, job.operation)
        return _refused(verb, job, exc, unknown_before=unknown_before)
    except OutcomeUnknown:
        journal.reach(Step.ANSWERED, job.operation)
        return _lost(verb, job)
    journal.reach(Step.ANSWERED, job.operation)
    return finish(verb, job)


def finish(verb: Verb, job: Job) -> Answer:
    """Close as done, with the wanted state, in one transaction."""

    def work() -> None:
        journal.close(job.operation, State.DONE)
        verb.done(job)
        _touch(job.server)

    commit(work)
    journal.reach(Step.CLOSED, job.operation)
    return verb.answer(job)


def _touch(server: Server) -> None:
    """Remember that the server answered, at most once a minute."""
    now = timezone.now()
    if server.last_ok_at is None or now - server.last_ok_at > timedelta(seconds=30):
        Server.objects.filter(pk=server.pk).update(last_ok_at=now)


def _close(
    verb: Verb, job: Job, state: State, code: str, detail: str, *, sent: bool
) -> None:
    def work() -> None:
        journal.close(job.operation, state, code=code, detail=detail)
        verb.undone(job, sent=sent)

    commit(work)
    journal.reach(Step.CLOSED, job.operation)


def close_unavailable(verb: Verb, job: Job, code: str) -> None:
    """Close as "nothing happened" and write back what was before."""
    _close(verb, job, State.UNAVAILABLE, code, "", sent=False)


def _not_sent(verb: Verb, job: Job, exc: PlatformError) -> Answer:
    """Nothing left us now; an earlier send may still be unknown."""
    refusal: Refusal
    if isinstance(exc, LoginRefused):
        refusal = Unavailable("server_login_refused")
    elif isinstance(exc, PermissionRefused):
        refusal = Unavailable("server_permission")
    elif isinstance(exc, HostUnreachable) or not isinstance(exc, PlatformRefused):
        refusal = Unavailable("platform_unavailable")
    else:
        refusal = Unavailable("platform_refused", reason=exc.detail)
    if job.operation.sends > 0 or verb.waits_when_unavailable(job):
        return _wait(job)
    _close(verb, job, State.UNAVAILABLE, refusal.code, refusal.detail, sent=False)
    raise refusal from exc


def _refused(
    verb: Verb, job: Job, exc: PlatformRefused, *, unknown_before: bool
) -> Answer:
    """A clear "no": believed on a first send, otherwise a reason to look again."""
    journal.note(job.operation, f"refused: {exc.detail}")
    if unknown_before:
        job.own_send = False
        return _judge(verb, job, _verdict(verb, job))
    verdict = _after_refusal(verb, job, exc)
    if verdict is Verdict.NOT_APPLIED:
        refusal = verb.refusal(job, exc)
        _close(verb, job, State.REFUSED, refusal.code, refusal.detail, sent=True)
        raise refusal from exc
    return _judge(verb, job, verdict)


def _after_refusal(verb: Verb, job: Job, exc: PlatformRefused) -> Verdict:
    try:
        return verb.after_refusal(job, exc)
    except PlatformError:
        return Verdict.UNDECIDED


def _verdict(verb: Verb, job: Job) -> Verdict:
    """Ask the verb to look; what cannot be read decides nothing."""
    if not job.background and not verb.looks_in_request:
        return Verdict.UNDECIDED
    try:
        return verb.verify(job)
    except PlatformError:
        return Verdict.UNDECIDED


def _lost(verb: Verb, job: Job) -> Answer:
    """The answer is lost: look again while the deadline allows (protocol 3.4)."""
    journal.note(job.operation, "answer lost")
    if verb.repeats_at_once:
        if job.operation.sends < 2 and job.deadline.remaining() > 0:
            return _send(verb, job)
        return _give_up(verb, job)
    if job.background or not verb.looks_in_request:
        return _wait(job)
    started = time.monotonic()
    for wait in settings.HOUSEMAIL_LOOKS_IN_REQUEST:
        pause = started + wait - time.monotonic()
        if job.deadline.remaining() < pause + 0.3:
            break
        time.sleep(max(0.0, pause))
        verdict = _verdict(verb, job)
        if verdict in {Verdict.APPLIED, Verdict.FOREIGN}:
            return _judge(verb, job, verdict)
    return _wait(job)


def _judge(verb: Verb, job: Job, verdict: Verdict) -> Answer:
    """Act on what a look said."""
    if verdict is Verdict.APPLIED:
        return finish(verb, job)
    if verdict is Verdict.FOREIGN:
        return _give_up(verb, job)
    if verdict is Verdict.REFUSED:
        refusal = Conflict("platform_refused", reason="the name is in use there.")
        _close(verb, job, State.REFUSED, refusal.code, refusal.detail, sent=True)
        raise refusal
    if verdict is Verdict.NOT_APPLIED and journal.absent_counts(job.operation):
        if verb.never_happened(job):
            return verb.answer(job)
        if not job.background:
            return _wait(job)
        if verb.may_repeat(job):
            return _send(verb, job)
        return _give_up(verb, job)
    if journal.is_overdue(job.operation):
        return _give_up(verb, job)
    return _wait(job)


def _wait(job: Job) -> Answer:
    _left_open(job)
    job.mailbox.refresh_from_db()
    return Answer(job.mailbox.state, 202, "being_checked")


def _give_up(verb: Verb, job: Job) -> Answer:
    """Close without proof; staff sees it."""

    def work() -> None:
        code = verb.undetermined_code
        journal.close(
            job.operation,
            State.UNDETERMINED,
            code=code,
            needs_staff=code == "needs_staff",
        )
        verb.given_up(job)

    commit(work)
    journal.reach(Step.CLOSED, job.operation)
    answer = verb.answer(job)
    answer.status, answer.code = 202, verb.undetermined_code
    return answer


def settle(job: Job) -> Answer:
    """Settle an operation that we have just taken (its lease had ended).

    Never sent: carried out again where that is safe, else closed. Sent: looked at.
    Errors: Refusal, when it ends as one.
    """
    verb = REGISTRY[job.operation.verb]
    with Following(job.mailbox, f"settle {verb.name}"[:20], job.operation.request_id):
        try:
            if job.operation.sent_at is None:
                return _resume(verb, job)
            return _judge(verb, job, _verdict(verb, job))
        except journal.SupersededError:
            return Answer(job.mailbox.state, 202, "superseded")


def _resume(verb: Verb, job: Job) -> Answer:
    """Nothing was sent: the process died before, or a step before was waited for."""
    if job.operation.wanted.get("resumes"):
        if journal.is_overdue(job.operation):
            return _give_up(verb, job)
        return _carry_out(verb, job)
    refusal = Unavailable("platform_unavailable")
    _close(verb, job, State.UNAVAILABLE, refusal.code, refusal.detail, sent=False)
    raise refusal

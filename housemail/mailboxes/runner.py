"""One attempt at a verb: prepare, send once, read the answer, look when it is lost.

Every change of a platform goes through ``carry_out`` or ``settle``; what differs
between verbs is a ``Verb``. The rules of protocol 1, 3.4 and 5 are here, once.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from housemail.installations.models import Server
from housemail.mailboxes import journal
from housemail.mailboxes.commit import commit
from housemail.mailboxes.context import Answer
from housemail.mailboxes.errors import Conflict, Refusal, Unavailable
from housemail.mailboxes.journal import Step
from housemail.mailboxes.marking import _
from housemail.mailboxes.models import Operation
from housemail.mailboxes.observed import Following
from housemail.mailboxes.unavailable import unavailable
from housemail.mailboxes.verb import REGISTRY, Job, Verb, Verdict, WaitingError
from housemail.platforms.base import (
    LoginRefused,
    OutcomeUnknown,
    PermissionRefused,
    PlatformError,
    PlatformRefused,
    PlatformUnavailable,
)

logger = logging.getLogger(__name__)
State = Operation.State
TOUCH_AGE = timedelta(seconds=30)

Hint = Callable[[Operation], None]
hints: list[Hint] = []


def _left_open(job: Job) -> None:
    journal.leave_open(job.operation)
    for hint in tuple(hints):
        hint(job.operation)


def carry_out(verb: Verb, job: Job) -> Answer:
    """Carry out a committed intent. Errors: Refusal (closed), never a platform's."""
    with Following(job.mailbox, verb.name, job.operation.request_id):
        try:
            return _carry_out(verb, job)
        except journal.SupersededError:
            return _superseded(job)


def _superseded(job: Job) -> Answer:
    """A late answer found the row taken: evidence, never state."""
    journal.note(job.operation, "an answer came after another attempt took over")
    job.mailbox.refresh_from_db(fields=["state"])
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
    except (PlatformUnavailable, LoginRefused) as exc:
        # A refused login is no answer to the write: it never ran.
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
    """Remember that the server answered, but not at each of its answers."""
    now = timezone.now()
    if server.last_ok_at is None or now - server.last_ok_at > TOUCH_AGE:
        Server.objects.filter(pk=server.pk).update(last_ok_at=now)
        server.last_ok_at = now


def _close(
    verb: Verb, job: Job, state: State, code: str, detail: str, *, sent: bool
) -> None:
    def work() -> None:
        staff = code == "needs_staff"
        journal.close(job.operation, state, code=code, detail=detail, needs_staff=staff)
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
    elif isinstance(exc, PlatformRefused):
        refusal = Unavailable("platform_refused", reason=exc.detail)
    else:
        refusal = unavailable(exc)
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
    job.looked_at = timezone.now()
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
        reason = _("the name is in use there.")
        refusal = Conflict("platform_refused", reason=reason)
        _close(verb, job, State.REFUSED, refusal.code, refusal.detail, sent=True)
        raise refusal
    absent_counts = journal.absent_counts(job.operation, job.looked_at)
    if verdict is Verdict.NOT_APPLIED and absent_counts:
        return _not_applied(verb, job)
    if journal.is_overdue(job.operation):
        return _give_up(verb, job)
    return _wait(job)


def _not_applied(verb: Verb, job: Job) -> Answer:
    """The last send provably did nothing: send again, at most once, or end."""
    if verb.never_happened(job):
        return verb.answer(job)
    if not job.background:
        return _wait(job)
    if verb.may_repeat(job):
        return _send(verb, job)
    return _give_up(verb, job)


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
    answer.params = {"address": str(job.mailbox)}
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
            return _superseded(job)


def try_to_settle(job: Job) -> bool:
    """Settle as ``settle`` does; say whether it is closed. Nothing stops who calls.

    What fails in a way that nobody foresaw is looked at again at its time, and ends
    with staff like everything else: it must keep neither a mailbox nor the sweep busy.
    """
    try:
        settle(job)
    except Refusal:
        return True
    except Exception:  # one bad row shall not stop the others
        logger.exception("settling operation %s", job.operation.pk)
        _put_off(job)
    job.operation.refresh_from_db()
    return job.operation.open_for is None


def _put_off(job: Job) -> None:
    try:
        if journal.is_overdue(job.operation):
            _give_up(REGISTRY[job.operation.verb], job)
        else:
            journal.leave_open(job.operation)
    except journal.SupersededError:
        journal.note(job.operation, "another attempt took over")


def _resume(verb: Verb, job: Job) -> Answer:
    """Nothing was sent: the process died before, or a step before was waited for."""
    if job.operation.wanted.get("resumes"):
        if journal.is_overdue(job.operation):
            return _give_up(verb, job)
        return _carry_out(verb, job)
    refusal = Unavailable("platform_unavailable")
    _close(verb, job, State.UNAVAILABLE, refusal.code, refusal.detail, sent=False)
    raise refusal

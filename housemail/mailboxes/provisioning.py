"""The mailbox verbs: create, suspend, unsuspend, terminate, set_password, change_plan.

One function per verb, behind every door. Each returns an ``Answer`` (200 or 202) or
raises a ``Refusal``; what happens between is protocol.md, in runner.py.
"""

from __future__ import annotations

from django.utils import timezone

from housemail.mailboxes import claims, rules, servers, usage
from housemail.mailboxes.commit import commit
from housemail.mailboxes.context import ActorKind, Answer, Context
from housemail.mailboxes.creating import ENDED, create
from housemail.mailboxes.entering import (
    LIVE,
    StillOpenError,
    enter,
    enter_unless_changed,
    find,
    of_service,
    wait_for_turn,
    with_working_login,
    wrong_state,
)
from housemail.mailboxes.errors import Conflict, Unavailable
from housemail.mailboxes.models import Mailbox
from housemail.mailboxes.observed import Following
from housemail.mailboxes.runner import carry_out
from housemail.mailboxes.throttle import hit
from housemail.mailboxes.unavailable import unavailable
from housemail.mailboxes.verb import Job
from housemail.mailboxes.verbs.change import (
    LOCALISATION,
    PASSWORD,
    PLAN,
    SUSPEND,
    UNSUSPEND,
    plan_fields,
)
from housemail.mailboxes.verbs.create import claim_of
from housemail.mailboxes.verbs.terminate import TERMINATE
from housemail.platforms.base import Deadline, PlatformError, Presence, RemoteMailbox

State = Mailbox.State
PASSWORDS_PER_HOUR = 20
# --- suspend, unsuspend, terminate


def suspend(context: Context, deadline: Deadline, *, reason: str = "") -> Answer:
    """Suspend: the platform confirmed it, and every customer verb is refused.

    Errors: ``not_active``, ``needs_staff``, ``platform_refused``,
    ``platform_unavailable``.
    """
    return _switch(context, deadline, reason, suspending=True)


def unsuspend(context: Context, deadline: Deadline, *, reason: str = "") -> Answer:
    """Unsuspend a mailbox that we suspended.

    Errors: ``not_suspended_by_us`` and those of suspend.
    """
    return _switch(context, deadline, reason, suspending=False)


def _switch(
    context: Context, deadline: Deadline, reason: str, *, suspending: bool
) -> Answer:
    mailbox = of_service(context)
    if mailbox is None and suspending and "@" not in context.service.username:
        return _nothing_to_suspend()
    mailbox = find(context)
    if suspending and mailbox.state in ENDED:
        _check_decided(mailbox)
        return _nothing_to_suspend()
    with_working_login(context, mailbox, deadline)
    answer = None
    try:
        while answer is None:
            answer = _switch_in_turn(
                context, mailbox, deadline, reason, suspending=suspending
            )
    except StillOpenError as exc:
        return exc.answer
    return answer


def _switch_in_turn(
    context: Context,
    mailbox: Mailbox,
    deadline: Deadline,
    reason: str,
    *,
    suspending: bool,
) -> Answer | None:
    """Switch when it is our turn; None when another verb was before us: look again."""
    verb = SUSPEND if suspending else UNSUSPEND
    there = State.SUSPENDED if suspending else State.ACTIVE
    passing = State.SUSPENDING if suspending else State.UNSUSPENDING
    before = State.ACTIVE if suspending else State.SUSPENDED
    wait_for_turn(f"mailbox:{mailbox.pk}", deadline, verb.name)
    mailbox.refresh_from_db(fields=["state", "needs_staff"])
    if suspending and mailbox.state in ENDED:
        _check_decided(mailbox)
        return _nothing_to_suspend()
    # Also from where one that was given up has left it.
    allowed = [before, State.SUSPENDING, State.UNSUSPENDING]
    if mailbox.state == there:
        if _already_so(context, mailbox, deadline, disabled=suspending):
            return Answer(state=mailbox.state)
        if not suspending:
            raise Conflict("not_suspended_by_us")
        allowed.append(there)
    job = enter_unless_changed(
        context,
        mailbox,
        verb.name,
        deadline,
        allowed=allowed,
        to_state=passing,
        wanted={"reason": reason[:300], "before": mailbox.state},
    )
    return carry_out(verb, job) if job is not None else None


def _nothing_to_suspend() -> Answer:
    """What does not exist receives nothing: for a billing system it is suspended."""
    return Answer(state=State.SUSPENDED, data={"nothing_to_do": True})


def _check_decided(mailbox: Mailbox) -> None:
    """What a create left is perhaps ours, and at work: staff must look first."""
    if mailbox.state == State.FAILED and mailbox.needs_staff:
        raise Conflict("needs_staff", address=mailbox)


def _already_so(
    context: Context, mailbox: Mailbox, deadline: Deadline, *, disabled: bool
) -> bool:
    """Say whether the platform shows the state that our record has.

    Errors: Unavailable when it cannot be read.
    """
    with Following(mailbox, "look", context.request_id):
        try:
            seen = servers.look(
                mailbox.server, mailbox.house_domain, mailbox.address, deadline
            ).mailbox
            if seen is None or seen.disabled is None:
                platform = servers.platform_for(mailbox.server)
                seen = platform.read(mailbox.address, deadline)
        except PlatformError as exc:
            raise unavailable(exc) from exc
    if seen is None or seen.disabled is None:
        raise Unavailable("platform_unavailable")
    return seen.disabled is disabled


def terminate(context: Context, deadline: Deadline, *, reason: str = "") -> Answer:
    """End the mailbox: its lists, its aliases, itself; then quarantine.

    Repeating it changes nothing; it never touches what is not the service's own.
    Errors: ``needs_staff`` while it is open whether a create left something.
    """
    mailbox = of_service(context)
    if mailbox is None and "@" not in context.service.username:
        return Answer(state=State.TERMINATED, data={"nothing_to_do": True})
    mailbox = find(context)
    answer = None
    try:
        while answer is None:
            answer = _end_in_turn(context, mailbox, deadline, reason)
    except StillOpenError as exc:
        return exc.answer
    return answer


def _end_in_turn(
    context: Context, mailbox: Mailbox, deadline: Deadline, reason: str
) -> Answer | None:
    """End it when it is our turn; None when another verb was before us: look again."""
    wait_for_turn(f"mailbox:{mailbox.pk}", deadline, TERMINATE.name)
    mailbox.refresh_from_db()
    if mailbox.state == State.TERMINATED:
        return Answer(state=mailbox.state)
    if mailbox.state == State.FAILED:
        _check_decided(mailbox)
        return Answer(state=State.TERMINATED) if _end_failed(mailbox) else None
    with_working_login(context, mailbox, deadline)
    job = enter_unless_changed(
        context,
        mailbox,
        TERMINATE.name,
        deadline,
        allowed=LIVE,
        to_state=State.TERMINATING,
        wanted={"resumes": True, "before": mailbox.state, "reason": reason[:300]},
    )
    return carry_out(TERMINATE, job) if job is not None else None


def _end_failed(mailbox: Mailbox) -> bool:
    """Give the name back; nothing of ours is on the platform.

    False when a create has begun a new life in between, or has left something that
    staff must look at: then nothing was done.
    """

    def work() -> bool:
        ended = Mailbox.objects.filter(
            pk=mailbox.pk,
            generation=mailbox.generation,
            state=State.FAILED,
            needs_staff=False,
        ).update(state=State.TERMINATED, state_changed_at=timezone.now())
        if not ended:
            return False
        claim = claim_of(mailbox)
        if claim is not None:
            claims.to_quarantine(claim)
        claims.release_holds(mailbox.installation, mailbox.ref)
        return True

    return commit(work)


# --- password, plan


def set_password(context: Context, deadline: Deadline, *, password: str) -> Answer:
    """Set a new password. Nothing of it is kept.

    Errors: PasswordUnsuitable, ``suspended``, ``not_active``, Throttled.
    """
    rules.check_password(password, suggestion=rules.generate_password)
    mailbox = find(context)
    if context.actor.kind is ActorKind.CLIENT:
        hit(f"password:{mailbox.pk}", PASSWORDS_PER_HOUR, 3600)
        allowed = [State.ACTIVE]
    else:
        allowed = [State.ACTIVE, State.SUSPENDED]
    if mailbox.state in ENDED:
        raise wrong_state(mailbox)
    with_working_login(context, mailbox, deadline)
    try:
        job = enter(context, mailbox, PASSWORD.name, deadline, allowed=allowed)
        job.password = password
        return carry_out(PASSWORD, job)
    except StillOpenError as exc:
        return exc.answer


def change_plan(context: Context, deadline: Deadline) -> Answer:
    """Bring quota, account type and localisation to the plan of the context.

    ``data``: ``changed`` (names of what differs now) and ``unconfirmed`` (names that
    the platform does not show, so that we cannot say they took effect).
    Errors: ``setting_invalid``, ``not_active`` and those of the protocol.
    """
    plan = context.strict_plan()
    mailbox = find(context)
    if mailbox.state in ENDED:
        raise wrong_state(mailbox)
    with_working_login(context, mailbox, deadline)
    wanted = plan_fields(plan)
    changed = [key for key in wanted if getattr(mailbox, key) != wanted[key]]
    try:
        job = enter(
            context,
            mailbox,
            PLAN.name,
            deadline,
            allowed=[State.ACTIVE, State.SUSPENDED],
            wanted={**wanted, "quota_gb": str(wanted["quota_gb"])},
        )
        answer = carry_out(PLAN, job)
    except StillOpenError as exc:
        return exc.answer
    if answer.status == 200:
        answer.data["changed"] = changed
        answer.data["unconfirmed"] = _unconfirmed(job, changed)
    return answer


def _unconfirmed(job: Job, changed: list[str]) -> list[str]:
    """Read back what the platform may silently ignore (API 6.9)."""
    asked = [key for key in LOCALISATION if key in changed]
    if not asked:
        return []
    mailbox = job.mailbox
    mailbox.refresh_from_db(fields=[*LOCALISATION, "unconfirmed"])
    with Following(mailbox, PLAN.name, job.operation.request_id):
        try:
            seen = job.platform.read(job.address, job.deadline)
        except PlatformError:
            seen = None
    if seen is not None:
        usage.remember(mailbox, seen, timezone.now())
    return [key for key in asked if key in mailbox.unconfirmed]


# --- check


def check(context: Context, deadline: Deadline) -> Answer:
    """Compare our record with the platform; changes nothing."""
    mailbox = find(context)
    with_working_login(context, mailbox, deadline)
    with Following(mailbox, "check", context.request_id):
        try:
            look = servers.look(
                mailbox.server, mailbox.house_domain, mailbox.address, deadline
            )
            seen = look.mailbox
            if look.presence is Presence.PRESENT:
                platform = servers.platform_for(mailbox.server)
                seen = platform.read(mailbox.address, deadline) or seen
        except PlatformError as exc:
            raise unavailable(exc) from exc
    return Answer(
        state=mailbox.state,
        data={
            "address": str(mailbox.address),
            "presence": look.presence.value,
            "differences": differences(mailbox, seen),
            "needs_staff": mailbox.needs_staff,
        },
    )


def differences(mailbox: Mailbox, seen: RemoteMailbox | None) -> list[str]:
    """Name what the platform shows differently; what it does not show is no finding."""
    if seen is None:
        return []
    found = []
    if seen.shows_quota(mailbox.quota_gb) is False:
        found.append("quota_gb")
    if seen.account_type not in {None, mailbox.account_type}:
        found.append("account_type")
    if seen.disabled not in {None, mailbox.state == State.SUSPENDED}:
        found.append("disabled")
    found += [
        key
        for key in LOCALISATION
        if getattr(seen, key) not in {None, getattr(mailbox, key)}
    ]
    return found


__all__ = [
    "change_plan",
    "check",
    "create",
    "set_password",
    "suspend",
    "terminate",
    "unsuspend",
]

"""The way in to create: rules, one commit of intent, and repeats of the same call."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import IntegrityError
from django.utils import timezone

from housemail.mailboxes import claims, journal, names, rules, servers
from housemail.mailboxes.claims import Holder
from housemail.mailboxes.commit import commit
from housemail.mailboxes.context import Answer, Context
from housemail.mailboxes.entering import (
    StillOpenError,
    check_server,
    enter,
    is_known,
    of_service,
    wait_for_turn,
    with_working_login,
    wrong_state,
)
from housemail.mailboxes.errors import Conflict, Refusal
from housemail.mailboxes.models import Claim, Mailbox, Operation
from housemail.mailboxes.runner import carry_out
from housemail.mailboxes.verb import Job, Verb
from housemail.mailboxes.verbs.change import LOCALISATION, plan_fields
from housemail.mailboxes.verbs.create import CREATE, FINISH
from housemail.platforms.base import Address, Deadline
from housemail.prepared import insert

State = Mailbox.State
# A life that ended: the row may begin a new one.
ENDED = (State.FAILED, State.TERMINATED)
# Who loses a race sees in the row who won; losing this often is no race but a defect.
_RACES_MOST = 10


@dataclass(slots=True)
class _Wish:
    """What a call asks for, as it was typed, and how often another was faster."""

    requested: tuple[str, str]
    password: str | None = field(repr=False)
    display_name: str
    races_lost: int = 0


def create(
    context: Context,
    deadline: Deadline,
    *,
    handle: str,
    domain: str = "",
    password: str | None = None,
    display_name: str = "",
) -> Answer:
    """Create the mailbox of a service, or say where its creation stands.

    The same call may be repeated, in parallel and after a kill, and makes one
    mailbox. ``password`` None: a random one that is thrown away.

    Errors: the sheet's six causes, each with its own code (``domain_not_allowed``,
    ``domain_not_on_platform``, ``handle_malformed``, ``handle_reserved``,
    ``address_taken``, PasswordUnsuitable), and those of the protocol.
    """
    if password is not None:
        rules.check_password(password, suggestion=rules.generate_password)
    shown = (display_name or context.owner.name).strip()[:200]
    try:
        answer = _create(context, deadline, _Wish((handle, domain), password, shown))
    except StillOpenError as exc:
        answer = exc.answer
    if answer.status != 200:  # 200 is written with the state it reports
        _remember_answer(context, answer.status)
    return answer


def _remember_answer(context: Context, status: int) -> None:
    """Keep what create answered, for ``/pending``."""
    rows = Mailbox.objects.filter(installation=context.installation, ref=context.ref)
    now = timezone.now()
    commit(lambda: rows.update(create_answered=status, create_answered_at=now))


@contextmanager
def _heard(context: Context) -> Iterator[None]:
    """Remember that an attempt was refused: nobody need ask for this create again.

    Only of the attempt itself. A refusal about a row that goes on, or that staff must
    decide about, does not say how the create ends that ``/pending`` tells of.
    """
    try:
        yield
    except Refusal as refusal:
        if refusal.code != "needs_staff":
            _remember_answer(context, refusal.status)
        raise


def _create(context: Context, deadline: Deadline, wish: _Wish) -> Answer:
    """Look at the row again after each wait, until there is something to do."""
    answer: Answer | None = None
    while answer is None:
        mailbox = of_service(context) if is_known(context) else None
        if mailbox is None or mailbox.state in ENDED:
            answer = _anew(context, deadline, wish, mailbox)
        else:
            answer = _further(context, deadline, wish, mailbox)
    return answer


def _anew(
    context: Context, deadline: Deadline, wish: _Wish, mailbox: Mailbox | None
) -> Answer | None:
    """Begin a life and carry it out; None when somebody else was faster."""
    with _heard(context):
        try:
            job = _begin(context, deadline, wish, mailbox)
        except IntegrityError:
            wish.races_lost += 1
            if wish.races_lost == _RACES_MOST:
                raise
            if mailbox is not None:
                wait_for_turn(f"mailbox:{mailbox.pk}", deadline, CREATE.name)
            return None
        return None if job is None else _carried_out(CREATE, job, wish)


def _further(
    context: Context, deadline: Deadline, wish: _Wish, mailbox: Mailbox
) -> Answer | None:
    """Go on with a life that has begun; None when it has changed while we waited."""
    _check_same_address(mailbox, context, wish)
    if mailbox.state != State.CREATING:
        return _already(mailbox)
    check_server(context, mailbox)
    wait_for_turn(f"mailbox:{mailbox.pk}", deadline, CREATE.name)
    mailbox.refresh_from_db()
    if mailbox.state != State.CREATING or not mailbox.found:
        if deadline.remaining() <= 0:
            raise StillOpenError(Answer(mailbox.state, 202, "in_progress"))
        return None
    with _heard(context):
        with_working_login(context, mailbox, deadline)
        allowed = [State.CREATING]
        try:
            job = enter(context, mailbox, FINISH.name, deadline, allowed=allowed)
        except Conflict:  # somebody else has finished it
            return None
        return _carried_out(FINISH, job, wish)


def _carried_out(verb: Verb, job: Job, wish: _Wish) -> Answer:
    job.password = wish.password
    return _told(carry_out(verb, job), job.mailbox)


def _told(answer: Answer, mailbox: Mailbox) -> Answer:
    """Add what the billing system is to store about the service."""
    if answer.status == 200:
        answer.data |= service_record(mailbox)
    return answer


def service_record(mailbox: Mailbox) -> dict[str, object]:
    """Return address and service fields as create and adopt answer them."""
    address = mailbox.address
    return {
        "address": str(address),
        "service": {"username": str(address), "domain": address.domain},
    }


def _already(mailbox: Mailbox) -> Answer:
    if mailbox.state == State.ACTIVE:
        # Another one of the same create may hold the row: repeated on a deadlock.
        rows = Mailbox.objects.filter(pk=mailbox.pk)
        commit(lambda: rows.update(create_answered=200))
        return _told(Answer(state=mailbox.state), mailbox)
    raise wrong_state(mailbox)


def _check_same_address(mailbox: Mailbox, context: Context, wish: _Wish) -> None:
    """One service, one mailbox; the recorded domain decides for what exists."""
    raw_handle, raw_domain = rules.split_address(*wish.requested)
    raw_domain = raw_domain or context.service.domain or mailbox.house_domain.name
    handle = rules.clean_handle(raw_handle)
    domain = rules.clean_domain(raw_domain)
    if (handle, domain) == (mailbox.handle, mailbox.house_domain.name):
        return
    busy = mailbox.state == State.CREATING
    code = "service_being_created" if busy else "service_has_mailbox"
    raise Conflict(code, field="handle", address=mailbox)


def _begin(
    context: Context,
    deadline: Deadline,
    wish: _Wish,
    mailbox: Mailbox | None,
) -> Job | None:
    """Rules, then claim + mailbox + operation in one commit; None: look again.

    Errors: Refusal; IntegrityError when somebody else's create was faster.
    """
    plan = context.strict_plan()
    handle, domain_name = names.requested(
        *wish.requested, plan.allowed_domains, context.service.domain
    )
    names.check(handle, domain_name)
    if mailbox is None:
        _check_not_foreign(context, handle, domain_name)
    elif mailbox.needs_staff:
        raise Conflict("needs_staff", address=mailbox)
    server = servers.resolve(context.installation, context.server, deadline)
    house_domain = servers.house_domain(server, domain_name, deadline)
    wanted = {
        "server": server,
        "house_domain": house_domain,
        "handle": handle,
        "owner_id": context.owner.id,
        "display_name": wish.display_name,
        "unconfirmed": list(LOCALISATION),
        **plan_fields(plan),
    }

    def work() -> Operation | None:
        row = _new_life(context, mailbox, wanted)
        if row is None:
            return None
        claim = claims.take(
            house_domain, handle, Claim.Kind.MAILBOX, Holder.of(context, row)
        )
        claims.release_holds(context.installation, context.ref)
        return journal.start(
            row,
            CREATE.name,
            context,
            deadline,
            wanted={
                "address": str(Address(handle, domain_name)),
                "was_quarantined": claim.was_quarantined,
            },
            earlier_unknown=_earlier_unknown(row),
        )

    operation = commit(work)
    if operation is None:
        return None
    return Job(operation, operation.mailbox, deadline)


def _check_not_foreign(context: Context, handle: str, domain: str) -> None:
    """A service that already carries another module's mailbox is not created anew."""
    said = context.service.username.strip().lower()
    if "@" in said and said != f"{handle}@{domain}":
        raise Conflict("not_adopted", field="service.username", address=said[:254])


def _new_life(
    context: Context, mailbox: Mailbox | None, wanted: dict[str, object]
) -> Mailbox | None:
    """Write the row in state creating; None when somebody else was faster."""
    life = {
        **wanted,
        "state": State.CREATING,
        "state_changed_at": timezone.now(),
        "found": False,
        # Until an answer is given, the billing system has heard nothing.
        "create_answered": 202,
        "create_answered_at": timezone.now(),
    }
    if mailbox is None:
        return insert(
            Mailbox(installation=context.installation, ref=context.ref, **life)
        )
    began = Mailbox.objects.filter(
        pk=mailbox.pk, generation=mailbox.generation, state__in=ENDED
    ).update(
        **life,
        generation=mailbox.generation + 1,
        aliases_used=0,
        lists_used=0,
        used_bytes=None,
        last_login_at=None,
        seen_at=None,
    )
    if not began:
        return None
    mailbox.refresh_from_db()
    return mailbox


def _earlier_unknown(mailbox: Mailbox) -> bool:
    """Say whether a life before sent this address and never heard of it.

    The last that asked for this address counts; others may have come in between.
    """
    if mailbox.generation == 1:
        return False
    creates = Operation.objects.filter(mailbox=mailbox, verb=CREATE.name)
    last = creates.filter(wanted__address=str(mailbox.address)).order_by("-pk").first()
    if last is None:
        return False
    return last.code == "nothing_happened" or (
        last.earlier_unknown and last.state == Operation.State.UNAVAILABLE
    )

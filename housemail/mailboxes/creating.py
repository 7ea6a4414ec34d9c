"""The way in to create: rules, one commit of intent, and repeats of the same call."""

from __future__ import annotations

from django.db import IntegrityError
from django.utils import timezone

from housemail.mailboxes import claims, journal, names, rules, servers
from housemail.mailboxes.claims import Holder
from housemail.mailboxes.commit import commit
from housemail.mailboxes.context import Answer, Context
from housemail.mailboxes.entering import (
    StillOpenError,
    check_server,
    enter_unless_changed,
    is_known,
    of_service,
    wait_for_turn,
    with_working_login,
    wrong_state,
)
from housemail.mailboxes.errors import Conflict, Refusal
from housemail.mailboxes.models import Claim, Mailbox, Operation
from housemail.mailboxes.runner import carry_out
from housemail.mailboxes.verb import Job
from housemail.mailboxes.verbs.change import LOCALISATION, plan_fields
from housemail.mailboxes.verbs.create import CREATE, FINISH
from housemail.platforms.base import Address, Deadline
from housemail.prepared import insert

State = Mailbox.State
# A life that ended: the row may begin a new one.
ENDED = (State.FAILED, State.TERMINATED)


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
    answer: Answer
    try:
        answer = _create(context, deadline, (handle, domain), password, shown)
    except StillOpenError as exc:
        answer = exc.answer
    except Refusal as refusal:
        _remember_answer(context, refusal.status)
        raise
    if answer.status != 200:  # 200 is written with the state it reports
        _remember_answer(context, answer.status)
    return answer


def _remember_answer(context: Context, status: int) -> None:
    """Keep what create answered, for ``/pending``."""
    rows = Mailbox.objects.filter(installation=context.installation, ref=context.ref)
    now = timezone.now()
    commit(lambda: rows.update(create_answered=status, create_answered_at=now))


def _create(
    context: Context,
    deadline: Deadline,
    requested: tuple[str, str],
    password: str | None,
    display_name: str,
) -> Answer:
    """Look at the row again after each wait, until there is something to do."""
    while True:
        mailbox = of_service(context) if is_known(context) else None
        if mailbox is None or mailbox.state in ENDED:
            job = _begin(context, deadline, requested, display_name, mailbox)
            if job is None:
                continue
            job.password = password
            return _told(carry_out(CREATE, job), job.mailbox)
        _check_same_address(mailbox, context, requested)
        if mailbox.state != State.CREATING:
            return _already(mailbox)
        check_server(context, mailbox)
        wait_for_turn(f"mailbox:{mailbox.pk}", deadline, CREATE.name)
        mailbox.refresh_from_db()
        if mailbox.state == State.CREATING and mailbox.found:
            with_working_login(context, mailbox, deadline)
            job = enter_unless_changed(
                context, mailbox, FINISH.name, deadline, allowed=[State.CREATING]
            )
            if job is None:
                continue
            job.password = password
            return _told(carry_out(FINISH, job), mailbox)


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
        rows = Mailbox.objects.filter(pk=mailbox.pk)
        # Repeats that finish it now may lock the row the other way round (MariaDB).
        commit(lambda: rows.update(create_answered=200))
        return _told(Answer(state=mailbox.state), mailbox)
    raise wrong_state(mailbox)


def _check_same_address(
    mailbox: Mailbox, context: Context, requested: tuple[str, str]
) -> None:
    """One service, one mailbox; the recorded domain decides for what exists."""
    raw_handle, raw_domain = rules.split_address(*requested)
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
    requested: tuple[str, str],
    display_name: str,
    mailbox: Mailbox | None,
) -> Job | None:
    """Rules, then claim + mailbox + operation in one commit; None: look again."""
    plan = context.strict_plan()
    handle, domain_name = names.requested(
        *requested, plan.allowed_domains, context.service.domain
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
        "display_name": display_name,
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

    try:
        operation = commit(work)
    except IntegrityError:
        return None
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
    """Say whether the life before sent this address and never heard of it."""
    if mailbox.generation == 1:
        return False
    last = (
        Operation.objects.filter(mailbox=mailbox, verb=CREATE.name)
        .order_by("-pk")
        .first()
    )
    if last is None or last.wanted.get("address") != str(mailbox.address):
        return False
    return last.code == "nothing_happened" or (
        last.earlier_unknown and last.state == Operation.State.UNAVAILABLE
    )

"""How a call gets its turn: find the service's mailbox, then wait, then enter.

Mailbox verbs exclude each other through the unique ``open_for`` of the journal; a
second caller waits until its own deadline and is then told "being checked".
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection

from django.db import IntegrityError
from django.utils import timezone

from housemail.installations.models import Server
from housemail.mailboxes import accounts, journal, runner, servers
from housemail.mailboxes.commit import commit
from housemail.mailboxes.context import Answer, Context
from housemail.mailboxes.errors import Conflict, NotFound, Refusal
from housemail.mailboxes.models import Mailbox, Operation
from housemail.mailboxes.verb import Job
from housemail.mailboxes.verbs.change import LOCALISATION
from housemail.platforms.base import Deadline
from housemail.prepared import Given, Prepared

_PAUSE_SECONDS = 0.05
_PAUSE_MOST_SECONDS = 0.4
_PAUSE_AFTER_LOOK_SECONDS = 2.0
# What the verb before ours may have written while we waited, and ours goes by.
_CHANGED_BY_VERBS = ["state", "state_changed_at", "found", "unconfirmed", *LOCALISATION]
_OF_REF = Prepared(
    lambda: Mailbox.objects.filter(
        installation_id=Given(Mailbox, "installation_id"), ref=Given(Mailbox, "ref")
    )
)
LIVE = (
    Mailbox.State.CREATING,
    Mailbox.State.ACTIVE,
    Mailbox.State.SUSPENDING,
    Mailbox.State.SUSPENDED,
    Mailbox.State.UNSUSPENDING,
    Mailbox.State.TERMINATING,
)


class StillOpenError(Exception):
    """Another operation is not closed within our deadline; carries the 202."""

    def __init__(self, answer: Answer) -> None:
        """Keep what to answer."""
        super().__init__(answer.code)
        self.answer = answer


def is_known(context: Context) -> bool:
    """Say whether the service has a row: a much cheaper question than for the row."""
    return _OF_REF.exists(installation_id=context.installation.pk, ref=context.ref)


def of_service(context: Context) -> Mailbox | None:
    """Return the service's row, whatever its state."""
    rows = Mailbox.objects.select_related("house_domain", "server")
    try:
        mailbox = rows.get(installation=context.installation, ref=context.ref)
    except Mailbox.DoesNotExist:
        return None
    mailbox.installation = context.installation
    return mailbox


def find(context: Context) -> Mailbox:
    """Return the service's mailbox, which is on the server of the context if live.

    Errors: those of ``find_anywhere``, ``server_moved``.
    """
    mailbox = find_anywhere(context)
    if mailbox.state in LIVE:
        check_server(context, mailbox)
    return mailbox


def find_anywhere(context: Context) -> Mailbox:
    """Return the service's mailbox, on whichever server it is (protocol 6).

    Errors: ``not_adopted``, ``service_unknown``, ``address_differs``.
    """
    mailbox = of_service(context)
    if mailbox is None:
        raise unknown_service(context)
    said = context.service.username.strip().lower()
    live = mailbox.state in LIVE
    if live and "@" in said and said != str(mailbox.address):
        raise Conflict(
            "address_differs", field="service.username", address=mailbox, other=said
        )
    return mailbox


def unknown_service(context: Context) -> Refusal:
    """Word that we do not know the ref."""
    said = context.service.username.strip().lower()
    if "@" in said:
        return Conflict("not_adopted", field="service.username", address=said[:254])
    return NotFound("service_unknown", field="ref")


def check_server(context: Context, mailbox: Mailbox) -> None:
    """A mailbox stays on the server where it was made, until staff re-point it."""
    if not is_there(context, mailbox):
        raise Conflict("server_moved", field="server")


def is_there(context: Context, mailbox: Mailbox) -> bool:
    """Say whether the server of the context is the mailbox's."""
    details = context.server
    same = accounts.same(accounts.account_of(details), mailbox.server.account)
    return same and details.platform == mailbox.server.platform


def with_working_login(
    context: Context, mailbox: Mailbox, deadline: Deadline
) -> Mailbox:
    """Bring the context's credentials to the stored server, after a login if new."""
    server = servers.resolve(context.installation, context.server, deadline)
    _keep_with(server, mailbox)
    mailbox.server = server
    return mailbox


def _keep_with(server: Server, mailbox: Mailbox) -> None:
    """Let the mailbox refer to this record when its own is about the same account.

    Two records of one account are left from when their endpoints were spelled
    differently, or were not known to be hosts of one platform.
    """
    if server.pk == mailbox.server_id:
        return
    if accounts.same(server.account, mailbox.server.account):
        rows = Mailbox.objects.filter(pk=mailbox.pk, server_id=mailbox.server_id)
        commit(lambda: rows.update(server=server))


def wait_for_turn(open_for: str, deadline: Deadline, verb: str = "") -> None:
    """Wait until nothing is open for this; settle what nobody holds any more.

    Errors: StillOpenError at the deadline: "being checked" when what is open is the
    same verb, else "in progress", for then ours has not begun.
    """
    pause = _PAUSE_SECONDS
    while True:
        operation = (
            Operation.objects.select_related(
                "mailbox__server", "mailbox__house_domain", "mailbox__installation"
            )
            .filter(open_for=open_for)
            .first()
        )
        if operation is None:
            return
        if operation.lease_until < timezone.now():
            if journal.take(operation, deadline):
                job = Job(operation, operation.mailbox, deadline)
                if runner.try_to_settle(job):
                    return  # our own turn decides what to say
            pause = max(pause, _PAUSE_AFTER_LOOK_SECONDS)
        if deadline.remaining() <= pause:
            code = "being_checked" if operation.verb == verb else "in_progress"
            raise StillOpenError(Answer(operation.mailbox.state, 202, code))
        time.sleep(pause)
        pause = min(pause * 1.5, _PAUSE_MOST_SECONDS)


def enter(
    context: Context,
    mailbox: Mailbox,
    verb: str,
    deadline: Deadline,
    *,
    allowed: Collection[Mailbox.State],
    to_state: Mailbox.State | None = None,
    wanted: dict[str, object] | None = None,
) -> Job:
    """Commit the intent of a mailbox verb, as soon as it is our turn.

    Errors: StillOpenError; Conflict ``suspended`` or ``not_active`` when the state is
    none of ``allowed``.
    """

    def work() -> Operation:
        # The journal row first: who waits shall wait, not read a passing state.
        operation = journal.start(mailbox, verb, context, deadline, wanted=wanted)
        rows = Mailbox.objects.filter(
            pk=mailbox.pk, generation=mailbox.generation, state__in=allowed
        )
        change: dict[str, object] = {"generation": mailbox.generation}
        if to_state is not None:
            change = {"state": to_state, "state_changed_at": timezone.now()}
        if not rows.update(**change):
            mailbox.refresh_from_db()
            raise wrong_state(mailbox)
        return operation

    operation = in_turn(f"mailbox:{mailbox.pk}", deadline, work, verb)
    mailbox.refresh_from_db(fields=_CHANGED_BY_VERBS)
    return Job(operation, mailbox, deadline)


def enter_unless_changed(
    context: Context,
    mailbox: Mailbox,
    verb: str,
    deadline: Deadline,
    *,
    allowed: Collection[Mailbox.State],
    to_state: Mailbox.State | None = None,
    wanted: dict[str, object] | None = None,
) -> Job | None:
    """Enter; None when a verb before ours brought the mailbox into another state.

    The caller then looks again: what it wants may be reached by now (protocol 8).
    Errors: those of ``enter``; StillOpenError when no time is left for another look.
    """
    seen = (mailbox.generation, mailbox.state)
    try:
        return enter(
            context,
            mailbox,
            verb,
            deadline,
            allowed=allowed,
            to_state=to_state,
            wanted=wanted,
        )
    except Conflict:
        if (mailbox.generation, mailbox.state) == seen:
            raise
        if deadline.remaining() <= 0:
            answer = Answer(mailbox.state, 202, "in_progress")
            raise StillOpenError(answer) from None
        return None


def in_turn(
    open_for: str, deadline: Deadline, work: Callable[[], Operation], verb: str = ""
) -> Operation:
    """Commit ``work`` when it is our turn for ``open_for``."""
    while True:
        try:
            return commit(work)
        except IntegrityError:
            wait_for_turn(open_for, deadline, verb)


def wrong_state(mailbox: Mailbox) -> Refusal:
    """Word that the state does not allow it."""
    if mailbox.state in {Mailbox.State.SUSPENDED, Mailbox.State.SUSPENDING}:
        return Conflict("suspended")
    return Conflict("not_active", state=mailbox.state)

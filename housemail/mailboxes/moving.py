"""Re-point: a mailbox was moved to another server; staff say so, and we look.

The platform is only read. What moves is our record: the mailbox's server, and with the
first mailbox the house domain's account, when the new account has the domain too.
"""

from __future__ import annotations

from django.utils import timezone

from housemail.installations.models import Server
from housemail.mailboxes import accounts, servers
from housemail.mailboxes.commit import commit
from housemail.mailboxes.context import ActorKind, Answer, Context
from housemail.mailboxes.entering import (
    LIVE,
    StillOpenError,
    find_anywhere,
    is_there,
    wait_for_turn,
    wrong_state,
)
from housemail.mailboxes.errors import Conflict, Forbidden
from housemail.mailboxes.models import HouseDomain, Mailbox, Operation
from housemail.mailboxes.observed import Following
from housemail.mailboxes.unavailable import unavailable
from housemail.platforms.base import Deadline, PlatformError, Presence

_TRIES = 3


def repoint(context: Context, deadline: Deadline) -> Answer:
    """Record that the mailbox lives on the server of the context now (protocol 6).

    Only a look that finds the address there moves anything. Its aliases and lists
    are taken to have moved with it.

    Errors: ``staff_only``, those of find_anywhere, ``not_active``,
    those of servers.resolve, ``domain_not_on_platform``, ``repoint_shared``,
    ``repoint_not_found``, ``repoint_unproven``, ``platform_unavailable``.
    """
    if context.actor.kind is not ActorKind.STAFF:
        raise Forbidden("staff_only")
    state = ""
    try:
        for _ in range(_TRIES):
            mailbox = find_anywhere(context)
            state = mailbox.state
            if state not in LIVE:
                raise wrong_state(mailbox)
            if is_there(context, mailbox) or _moved(context, mailbox, deadline):
                mailbox.refresh_from_db(fields=["state"])
                return Answer(state=mailbox.state)
    except StillOpenError as exc:
        return exc.answer
    return Answer(state, 202, "in_progress")


def _moved(context: Context, mailbox: Mailbox, deadline: Deadline) -> bool:
    """Look, and move what is found; False when somebody else changed it meanwhile."""
    server = servers.resolve(context.installation, context.server, deadline)
    _check_domain(server, mailbox.house_domain, deadline)
    _wait_until_quiet(mailbox, deadline)
    _check_present(context, server, mailbox, deadline)
    return commit(lambda: _move(context, server, mailbox))


def _check_domain(server: Server, domain: HouseDomain, deadline: Deadline) -> None:
    """Refuse a server whose account may not have this house domain.

    A domain of another account follows its mailboxes when the new account lists it
    and every other installation that sells on it has logged in to that account: one
    installation alone must not lock the others out.
    """
    if accounts.same(domain.account, server.account):
        return
    servers.check_listed(server, domain.name, deadline)
    there = Server.objects.filter(pk__in=accounts.ids_of(server.account)).values(
        "installation_id"
    )
    others = (
        Mailbox.objects.filter(house_domain=domain, state__in=LIVE)
        .exclude(installation_id=server.installation_id)
        .exclude(installation_id__in=there)
    )
    if others.exists():
        raise Conflict("repoint_shared", field="server", domain=domain.name)


def _wait_until_quiet(mailbox: Mailbox, deadline: Deadline) -> None:
    """Wait for every open operation, of its aliases, lists and members too.

    What was sent to the old server is settled there, before we leave it.
    Errors: StillOpenError.
    """
    for key in _open(mailbox):
        wait_for_turn(key, deadline)


def _open(mailbox: Mailbox) -> list[str]:
    rows = Operation.objects.filter(mailbox_id=mailbox.pk, open_for__isnull=False)
    return [str(key) for key in rows.values_list("open_for", flat=True)]


def _check_present(
    context: Context, server: Server, mailbox: Mailbox, deadline: Deadline
) -> None:
    with Following(mailbox, "repoint", context.request_id):
        try:
            look = servers.look(
                server, mailbox.house_domain, mailbox.address, deadline
            ).presence
        except PlatformError as exc:
            raise unavailable(exc) from exc
    if look is Presence.PRESENT:
        return
    code = "repoint_not_found" if look is Presence.ABSENT else "repoint_unproven"
    raise Conflict(code, field="server", address=mailbox)


def _move(context: Context, server: Server, mailbox: Mailbox) -> bool:
    """Write the new server, in one transaction; False when it is not to be moved now.

    The row lock keeps new operations of the mailbox out (they refer to it), and one
    that read the old server before finds at its send that the mailbox has moved.
    """
    rows = Mailbox.objects.filter(
        pk=mailbox.pk,
        generation=mailbox.generation,
        server_id=mailbox.server_id,
        state__in=LIVE,
    )
    if rows.select_for_update().first() is None or _open(mailbox):
        return False
    rows.update(server=server)
    _move_domain(server, mailbox.house_domain)
    now = timezone.now()
    Operation.objects.create(
        mailbox=mailbox,
        generation=mailbox.generation,
        verb="repoint",
        wanted={"from": mailbox.server.account, "to": server.account},
        state=Operation.State.DONE,
        lease_until=now,
        request_id=context.request_id,
        actor=str(context.actor)[:80],
        created_at=now,
        closed_at=now,
    )
    return True


def _move_domain(server: Server, domain: HouseDomain) -> None:
    """Let the domain belong to the new account; forget what was listed on the old."""
    domain.refresh_from_db(fields=["account"])
    if accounts.same(domain.account, server.account):
        return
    HouseDomain.objects.filter(pk=domain.pk).update(
        account=server.account,
        foreign_lists=[],
        lists_listed_at=None,
        usage_listed_at=None,
    )

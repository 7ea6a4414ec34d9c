"""Test Connection: which hop fails, in its own sentence with the fix."""

from __future__ import annotations

from django.utils import timezone

from housemail.installations.models import Installation, Server
from housemail.mailboxes import accounts, pending, servers
from housemail.mailboxes.context import ServerDetails
from housemail.mailboxes.models import HouseDomain, Mailbox
from housemail.platforms.base import Deadline, PlatformError

_ASK_SECONDS = 10.0


def test(
    installation: Installation, details: ServerDetails, deadline: Deadline
) -> dict[str, object]:
    """Log in and list the domains; nothing is stored.

    ``missing``: domains this installation sells on with this account that the
    platform does not list. Errors: ``server_unreachable``, ``server_not_admin_api``,
    ``server_login_refused``, ``server_permission``, and wrong details.
    """
    domains = servers.log_in(installation, details, deadline)
    account = accounts.account_of(details)
    rows = HouseDomain.objects.filter(
        mailboxes__installation=installation,
        mailboxes__state__in=[Mailbox.State.ACTIVE, Mailbox.State.SUSPENDED],
    ).values_list("name", "account")
    sold = {name for name, of in rows.distinct() if accounts.same(of, account)}
    result: dict[str, object] = {
        "ok": True,
        "endpoint": details.endpoint,
        "domains": sorted(domains),
    }
    missing = sorted(sold - set(domains))
    if missing:
        result["missing"] = missing
    return result


def ask_waited_for() -> int:
    """Ask servers that creates wait for whether they answer again; return how many.

    ``/pending`` names those creates once their server has answered somebody.
    """
    answered = 0
    for pk in pending.servers_waited_for():
        server = Server.objects.get(pk=pk)
        try:
            servers.platform_for(server).connect(Deadline.after(_ASK_SECONDS))
        except PlatformError:
            continue
        Server.objects.filter(pk=pk).update(last_ok_at=timezone.now())
        answered += 1
    return answered

"""Test Connection: which hop fails, in its own sentence with the fix."""

from __future__ import annotations

from housemail.installations.models import Installation
from housemail.mailboxes import servers
from housemail.mailboxes.context import ServerDetails
from housemail.mailboxes.models import HouseDomain, Mailbox
from housemail.mailboxes.observed import Following
from housemail.platforms.base import Deadline


def test(
    installation: Installation, details: ServerDetails, deadline: Deadline
) -> dict[str, object]:
    """Log in and list the domains; nothing is stored.

    ``missing``: domains this installation sells on with this account that the
    platform does not list. Errors: ``server_unreachable``, ``server_not_admin_api``,
    ``server_login_refused``, ``server_permission``, and wrong details.
    """
    with Following(None, "connection-test", ""):
        domains = servers.log_in(installation, details, deadline)
    sold = set(
        HouseDomain.objects.filter(
            mailboxes__installation=installation,
            mailboxes__state__in=[Mailbox.State.ACTIVE, Mailbox.State.SUSPENDED],
            account=servers.account_of(details),
        ).values_list("name", flat=True)
    )
    result: dict[str, object] = {
        "ok": True,
        "endpoint": details.endpoint,
        "domains": sorted(domains),
    }
    missing = sorted(sold - set(domains))
    if missing:
        result["missing"] = missing
    return result

"""Which server gets the next mailbox, and whether a server answers."""

from __future__ import annotations

from django.db.models import Count, Q

from housemail.installations.models import Installation
from housemail.mailboxes import connection
from housemail.mailboxes.models import HouseDomain
from housemail.mailboxes.servers import account_of
from housemail.platforms.base import Deadline
from housemail.sales.errors import SaleConflict
from housemail.sales.installation import installation
from housemail.sales.models import Product, SaleServer, Service

# A service that has not ended takes its place, also while its order waits.
OCCUPYING = (Service.State.PENDING, Service.State.ACTIVE, Service.State.SUSPENDED)


def choose(product: Product, domain: str, *, lock: bool = False) -> SaleServer:
    """Return the least full active server of the product's group for this domain.

    A house domain belongs to one platform account: servers of another account are
    passed over. Counted are our own services, not the platform's mailboxes.
    ``lock``: within a transaction, so that two orders do not share the last place.

    Errors: ``server_missing``, ``servers_full``.
    """
    rows = SaleServer.objects.filter(active=True, groups=product.server_group_id or 0)
    if lock:
        # Locked apart from the count: a grouped query cannot be locked.
        list(rows.select_for_update().order_by("pk").values_list("pk", flat=True))
    counted = rows.annotate(
        occupied=Count("services", filter=Q(services__state__in=OCCUPYING))
    )
    candidates = sorted(counted, key=lambda server: (server.occupied, server.pk))
    if not candidates:
        raise SaleConflict("server_missing", product=product.name)
    known = HouseDomain.objects.filter(name=domain).first()
    for server in candidates:
        details = server.details(product.endpoint)
        if known is not None and known.account != account_of(details):
            continue
        if not server.max_mailboxes or server.occupied < server.max_mailboxes:
            return server
    raise SaleConflict("servers_full", domain=domain)


def test_connection(server: SaleServer, deadline: Deadline) -> dict[str, object]:
    """Log in and list the domains, also of a server that is not saved yet.

    Returns ``ok``, ``endpoint``, ``domains``, perhaps ``missing``; nothing is stored.
    Errors: ``server_unreachable``, ``server_not_admin_api``,
    ``server_login_refused``, ``server_permission``, and wrong details.
    """
    shop: Installation = installation()
    # In memory only: the list takes the host up when the server is saved.
    shop.endpoint_hosts = [*shop.endpoint_hosts, server.host]
    return connection.test(shop, server.details(), deadline)

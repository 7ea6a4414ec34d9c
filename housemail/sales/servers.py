"""Which server gets the next mailbox, and whether a server answers."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from housemail.installations.models import Installation
from housemail.mailboxes import accounts, connection
from housemail.mailboxes.models import HouseDomain
from housemail.platforms.base import Deadline
from housemail.sales.errors import SaleConflict
from housemail.sales.installation import installation
from housemail.sales.models import Product, SaleServer, ServerGroup, Service

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
        if known is not None and not accounts.same(
            known.account, accounts.account_of(details)
        ):
            continue
        if not server.max_mailboxes or server.occupied < server.max_mailboxes:
            return server
    raise SaleConflict("servers_full", domain=domain)


def all_servers() -> QuerySet[SaleServer]:
    """Return servers with ``occupied``, how many services live there; no password."""
    return SaleServer.objects.defer("password").annotate(
        occupied=Count("services", filter=Q(services__state__in=OCCUPYING))
    )


def all_groups() -> QuerySet[ServerGroup]:
    """Return server groups with ``size`` and ``sold``: their servers and products."""
    return ServerGroup.objects.annotate(
        size=Count("servers", distinct=True), sold=Count("products", distinct=True)
    )


def is_used(server: SaleServer) -> bool:
    """Say whether a service lives or lived there: then it can only be switched off."""
    return Service.objects.filter(server=server).exists()


def sold_on(groups: Iterable[ServerGroup]) -> set[str]:
    """Return the domains of the products that these groups serve."""
    products = Product.objects.filter(server_group__in=list(groups))
    return {name for product in products for name in product.plan().allowed_domains}


def test_connection(
    server: SaleServer,
    deadline: Deadline,
    groups: Iterable[ServerGroup] = (),  # noqa: PT028 - no test, whatever its name
) -> dict[str, object]:
    """Log in and list the domains, also of a server that is not saved yet.

    Returns ``ok``, ``endpoint``, ``domains``, perhaps ``missing``: domains on which we
    have mailboxes there, or sell through these groups. Nothing is stored.
    Errors: ``server_unreachable``, ``server_not_admin_api``,
    ``server_login_refused``, ``server_permission``, and wrong details.
    """
    shop: Installation = installation()
    # In memory only: the list takes the host up when the server is saved.
    shop.endpoint_hosts = [*shop.endpoint_hosts, server.host]
    result = connection.test(shop, server.details(), deadline)
    listed, lost = (_names(result.get(key)) for key in ("domains", "missing"))
    missing = sorted((lost | sold_on(groups)) - listed)
    return {**result, "missing": missing} if missing else result


def _names(value: object) -> set[str]:
    return {str(name) for name in value} if isinstance(value, list) else set()

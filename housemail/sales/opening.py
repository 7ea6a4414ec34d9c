"""Opens the shop: a server in a group, a heading, products with their options.

What is there already, by its name, is found again and left as staff made it, so that
opening twice is opening once. Everything passes the checks of the console's forms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.text import slugify

from housemail.mailboxes.commit import commit
from housemail.mailboxes.context import ServerDetails
from housemail.mailboxes.endpoints import host_of
from housemail.sales.models import (
    OptionValue,
    Product,
    ProductGroup,
    SaleServer,
    ServerGroup,
)
from housemail.sales.states import AutoSetup

# The words of the sheet's set-up.
SERVER = "PolarisMail"
SERVER_GROUP = "PolarisMail Servers"
PRODUCT_GROUP = "Email Services"


@dataclass(frozen=True, slots=True)
class Offer:
    """A product as it is opened; ``settings`` are those that differ from the sheet's.

    ``options``: the values on offer with the price text of each.
    """

    name: str
    price_text: str
    description: str = ""
    auto_setup: AutoSetup = AutoSetup.PAYMENT
    settings: Mapping[str, object] = field(default_factory=dict)
    options: Mapping[OptionValue.Option, Mapping[str, str]] = field(
        default_factory=dict
    )


def open_shop(
    details: ServerDetails, domains: Sequence[str], offers: Sequence[Offer]
) -> list[Product]:
    """Return the products on sale, made where they are missing.

    ``domains``: for products whose settings name none. Errors: ValidationError, for
    what the console's forms would refuse.
    """

    def work() -> list[Product]:
        group, _ = ServerGroup.objects.get_or_create(name=SERVER_GROUP)
        group.servers.add(_server(details))
        heading, _ = ProductGroup.objects.get_or_create(
            name=PRODUCT_GROUP, defaults={"slug": slugify(PRODUCT_GROUP)}
        )
        return [
            _product(offer, position, heading, group, domains)
            for position, offer in enumerate(offers)
        ]

    return commit(work)


def _server(details: ServerDetails) -> SaleServer:
    """Return the server; the details are what this start knows, so they count."""
    row = SaleServer.objects.filter(name=SERVER).first() or SaleServer(name=SERVER)
    row.kind = SaleServer.Kind(details.platform)
    row.hostname, row.typed_endpoint = host_of(details.endpoint), ""
    if row.endpoint != details.endpoint:
        row.typed_endpoint = details.endpoint
    row.username, row.password = details.username, details.password
    row.full_clean()
    row.save()
    return row


def _product(
    offer: Offer,
    position: int,
    heading: ProductGroup,
    group: ServerGroup,
    domains: Sequence[str],
) -> Product:
    slug = slugify(offer.name)
    found = Product.objects.filter(slug=slug).first()
    if found is not None:
        return found
    made = Product(
        group=heading,
        name=offer.name,
        slug=slug,
        description=offer.description,
        price_text=offer.price_text,
        auto_setup=offer.auto_setup,
        server_group=group,
        position=position,
        on_sale=True,
        **{"allowed_domains": ",".join(domains), **offer.settings},
    )
    made.full_clean()
    made.save()
    for option, prices in offer.options.items():
        for place, (value, price) in enumerate(prices.items()):
            row = OptionValue(
                product=made,
                option=option,
                value=value,
                price_text=price,
                position=place,
            )
            row.full_clean()
            row.save()
    return made

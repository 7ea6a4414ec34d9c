"""Products as people compare them: storage, account type, aliases, lists, price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from housemail.mailboxes.plan import Plan
from housemail.mailboxes.wording import account_type
from housemail.sales import catalogue
from housemail.sales.models import Product, ProductGroup


@dataclass(frozen=True, slots=True)
class Card:
    """One plan beside the others."""

    product: Product
    facts: list[str]
    chosen: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A heading and its plans."""

    name: str
    cards: list[Card]


def shown(groups: Sequence[ProductGroup], wanted: str) -> list[Group]:
    """Return the plans on sale, one of them chosen: the wanted, else the first."""
    products = [product for group in groups for product in group.products.all()]
    chosen = chosen_of(products, wanted)
    return [
        Group(
            group.name,
            [
                Card(product, facts(product), product == chosen)
                for product in group.products.all()
            ],
        )
        for group in groups
    ]


def chosen_of(products: Sequence[Product], wanted: str) -> Product | None:
    """Return the wanted product, else the first; None when nothing is on sale."""
    by_slug = {product.slug: product for product in products}
    return by_slug.get(wanted) or next(iter(products), None)


def domains(groups: Sequence[ProductGroup]) -> list[str]:
    """Return every domain on which something is sold, in the order of the plans."""
    found: dict[str, None] = {}
    for group in groups:
        for product in group.products.all():
            found |= dict.fromkeys(catalogue.domains(product))
    return list(found)


def facts(product: Product) -> list[str]:
    """Return what a plan contains, one short line each."""
    plan = product.plan()
    return [
        _("%(size)s GB of storage") % {"size": number_format(plan.quota_gb)},
        _("Account type %(name)s") % {"name": account_type(plan.account_type)},
        _aliases(plan),
        _lists(plan),
    ]


def _aliases(plan: Plan) -> str:
    if not plan.enable_aliases:
        return _("No aliases")
    if not plan.max_aliases:
        return _("As many aliases as you like")
    return ngettext("%(n)s alias", "%(n)s aliases", plan.max_aliases) % {
        "n": plan.max_aliases
    }


def _lists(plan: Plan) -> str:
    if not plan.enable_lists:
        return _("No distribution lists")
    if not plan.max_lists:
        return _("As many distribution lists as you like")
    return ngettext(
        "%(n)s distribution list", "%(n)s distribution lists", plan.max_lists
    ) % {"n": plan.max_lists}

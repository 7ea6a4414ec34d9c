"""What visitors may choose from: groups, products, domains, options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Prefetch

from housemail.mailboxes.errors import Refusal
from housemail.mailboxes.plan import Plan
from housemail.mailboxes.wording import account_type
from housemail.sales import prices
from housemail.sales.errors import SaleConflict, SaleInvalid, SaleNotFound
from housemail.sales.models import OptionValue, Product, ProductGroup


def groups_on_sale() -> list[ProductGroup]:
    """Return groups with something on sale; ``products.all()`` and their options.

    Cost: 3 queries, whatever is on sale.
    """
    on_sale = Product.objects.filter(on_sale=True).prefetch_related("options")
    groups = ProductGroup.objects.prefetch_related(Prefetch("products", on_sale))
    return [group for group in groups if group.products.all()]


def product(slug: str) -> Product:
    """Return a product on sale. Errors: ``product_unknown``, ``product_withdrawn``."""
    found = (
        Product.objects.select_related("group")
        .prefetch_related("options")
        .filter(slug=slug)
        .first()
    )
    if found is None:
        raise SaleNotFound("product_unknown", field="product")
    return on_sale(found)


def on_sale(product: Product) -> Product:
    """Return the product. Errors: ``product_withdrawn`` when it is not on sale."""
    if not product.on_sale:
        raise SaleConflict("product_withdrawn", field="product", product=product.name)
    return product


def was_ordered(product: Product) -> bool:
    """Say whether it was ever ordered: then it is withdrawn, never deleted."""
    return product.orders.exists()


def domains(product: Product) -> tuple[str, ...]:
    """Return the house domains on which this product is sold, the first preselected."""
    return product.plan().allowed_domains


@dataclass(frozen=True, slots=True)
class Choice:
    """A configurable option, the values on offer and which applies by default."""

    option: OptionValue.Option
    values: list[OptionValue]


def options(product: Product) -> list[Choice]:
    """Return what can be configured, in the sheet's order; nothing when not offered."""
    found: dict[str, list[OptionValue]] = {}
    for value in product.options.all():
        found.setdefault(value.option, []).append(value)
    return [
        Choice(option, found[option])
        for option in OptionValue.Option
        if option in found
    ]


def say_value(option: str, value: str) -> str:
    """Return the value of an option as people read it."""
    if option != OptionValue.Option.ACCOUNT_TYPE:
        return value
    try:
        return account_type(Plan.parse({}, {option: value}).account_type)
    except Refusal:  # of an order that is older than what is offered
        return value


def wanted(options: Mapping[str, str]) -> dict[str, str]:
    """Return what was chosen of the options; empty is the product's own setting."""
    given = {option: raw.strip() for option, raw in options.items()}
    return {option: value for option, value in given.items() if value}


def chosen_options(
    product: Product, options: Mapping[str, str]
) -> tuple[dict[str, str], str]:
    """Return options that are on offer, and the whole price text.

    Empty takes the product's own setting. Errors: ``option_unknown``, and those of
    the plan that would result.
    """
    chosen = wanted(options)
    offered = _offered(product)
    for option, value in chosen.items():
        if (option, value) not in offered:
            raise SaleInvalid(
                "option_unknown",
                field=option[:40],
                option=option[:40],
                value=value[:40],
            )
    Plan.parse(product.module_settings(), chosen)
    lines = price_lines(product, chosen)
    return chosen, prices.said([line.price for line in lines])[:300]


@dataclass(frozen=True, slots=True)
class PriceLine:
    """What costs something, and the price that staff wrote for it."""

    option: OptionValue.Option | None
    value: str
    price: str


def price_lines(product: Product, options: Mapping[str, str]) -> list[PriceLine]:
    """Return what the product costs with these options; unknown ones are left out."""
    offered = _offered(product)
    rows = [offered[pair] for pair in wanted(options).items() if pair in offered]
    lines = [PriceLine(None, product.name, product.price_text)]
    lines += [
        PriceLine(
            OptionValue.Option(row.option),
            say_value(row.option, row.value),
            row.price_text,
        )
        for row in rows
    ]
    return [line for line in lines if line.price]


def _offered(product: Product) -> dict[tuple[str, str], OptionValue]:
    return {(row.option, row.value): row for row in product.options.all()}

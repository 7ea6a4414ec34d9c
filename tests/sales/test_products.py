"""Products: the sheet's settings in its words, order and defaults; the plan decides."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from housemail.mailboxes import plan as plans
from housemail.mailboxes.errors import Refusal
from housemail.mailboxes.plan import Plan
from housemail.sales import catalogue
from housemail.sales.models import OptionValue, Product, ProductGroup
from housemail.sales.models.products import (
    PLAN_SETTINGS,
    SUGGESTED_OPTIONS,
    ModuleSettings,
)
from tests.sales.conftest import Store

pytestmark = pytest.mark.django_db

SHEET = [
    "API Endpoint",
    "Allowed Domains CSV",
    "Default Account Type",
    "Default Quota GB",
    "Max Aliases",
    "Allow External Forwards",
    "Default Timezone",
    "Default Date Format",
    "Default Language",
    "Max Distribution Lists",
    "Enable Aliases",
    "Enable Distribution Lists",
    "Allow External List Members",
]


def test_the_settings_are_the_sheets_in_its_order_and_words() -> None:
    fields = ModuleSettings._meta.local_fields
    assert [str(field.verbose_name) for field in fields] == SHEET
    assert [setting.label for setting in PLAN_SETTINGS] == SHEET[1:]
    assert [field.name for field in fields][1:] == [row.key for row in PLAN_SETTINGS]


def test_the_defaults_are_those_of_the_plan() -> None:
    assert Plan.parse(Product().module_settings(), {}) == Plan()


def test_the_suggested_options_are_the_sheets() -> None:
    assert {str(name.value): values for name, values in SUGGESTED_OPTIONS.items()} == {
        plans.ACCOUNT_TYPE.option: ("Basic", "Enhanced"),
        plans.QUOTA_GB.option: ("10", "25", "50", "100"),
    }


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("allowed_domains", "thexyz.com,not a domain!", "Allowed Domains CSV"),
        ("quota_gb", "much", "Default Quota GB: much is not valid"),
        ("max_aliases", "-1", "Max Aliases"),
        ("timezone", "Mars/Olympus", "Default Timezone"),
        ("max_lists", "many", "Max Distribution Lists"),
    ],
)
def test_a_wrong_setting_is_said_at_its_own_field(
    store: Store, field: str, value: str, said: str
) -> None:
    setattr(store.product, field, value)
    with pytest.raises(ValidationError) as wrong:
        store.product.full_clean()
    assert set(wrong.value.message_dict) == {field}
    assert said in wrong.value.message_dict[field][0]


def test_two_wrong_settings_are_both_said(store: Store) -> None:
    store.product.quota_gb, store.product.max_aliases = "x", "y"
    with pytest.raises(ValidationError) as wrong:
        store.product.full_clean()
    assert set(wrong.value.message_dict) == {"quota_gb", "max_aliases"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"allowed_domains": ""}, "allowed_domains"),
        ({"server_group": None}, "server_group"),
    ],
)
def test_what_could_not_be_sold_does_not_go_on_sale(
    store: Store, changes: dict[str, object], field: str
) -> None:
    for name, value in changes.items():
        setattr(store.product, name, value)
    with pytest.raises(ValidationError) as wrong:
        store.product.full_clean()
    assert set(wrong.value.message_dict) == {field}
    store.product.on_sale = False
    store.product.full_clean()


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://evil.example/admin/json.php",
        "http://cp.emailarray.com/admin/json.php",
        "https://user:pass@cp.emailarray.com/admin/json.php",
        "cp.emailarray.com",
    ],
)
def test_an_endpoint_that_may_not_have_the_password_is_refused(
    store: Store, endpoint: str
) -> None:
    store.product.endpoint = endpoint
    with pytest.raises(ValidationError) as wrong:
        store.product.full_clean()
    assert set(wrong.value.message_dict) == {"endpoint"}


def test_the_sheets_own_endpoint_may_be_typed(store: Store) -> None:
    store.product.endpoint = "https://cp.emailarray.com/admin/json.php"
    store.product.full_clean()


def test_an_option_takes_values_that_a_plan_can_have() -> None:
    product = Product()
    OptionValue(product=product, option="Mailbox Quota (GB)", value="50 GB").clean()
    with pytest.raises(ValidationError) as wrong:
        OptionValue(product=product, option="Account Type", value="Gold").clean()
    assert "Account Type: Gold is not valid" in wrong.value.message_dict["value"][0]


# --- the catalogue


def more_products(store: Store, count: int) -> None:
    """Put more on sale, with options."""
    group = ProductGroup.objects.create(name=f"More {count}", slug=f"more-{count}")
    for number in range(count):
        product = Product.objects.create(
            group=group,
            name=f"P{number}",
            slug=f"p{count}-{number}",
            allowed_domains="thexyz.com",
            server_group=store.group,
            on_sale=True,
        )
        OptionValue.objects.create(product=product, option="Account Type", value="1")


def listed() -> int:
    return sum(
        len(catalogue.options(product))
        for group in catalogue.groups_on_sale()
        for product in group.products.all()
    )


def test_the_shop_window_costs_three_queries(
    store: Store, django_assert_num_queries
) -> None:
    with django_assert_num_queries(3):
        assert listed() == 2
    more_products(store, 7)
    with django_assert_num_queries(3):
        assert listed() == 9


def test_what_is_not_on_sale_is_not_shown(store: Store) -> None:
    store.sells(on_sale=False)
    assert catalogue.groups_on_sale() == []
    with pytest.raises(Refusal) as refused:
        catalogue.product("premium")
    assert refused.value.code == "product_withdrawn"
    with pytest.raises(Refusal) as refused:
        catalogue.product("nothing")
    assert (refused.value.status, refused.value.code) == (404, "product_unknown")


def test_domains_and_options_are_the_products_own(store: Store) -> None:
    product = catalogue.product("premium")
    assert catalogue.domains(product) == ("thexyz.com", "thexyz.ca")
    account, quota = catalogue.options(product)
    assert account.option.value == "Account Type"
    assert [row.value for row in quota.values] == ["10", "25", "50", "100"]
    chosen, price = catalogue.chosen_options(
        product, {"Account Type": "", "Mailbox Quota (GB)": "10"}
    )
    assert (chosen, price) == ({"Mailbox Quota (GB)": "10"}, "€3/month")

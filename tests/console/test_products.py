"""Products: one form with the sheet's settings, each mistake at its field."""

from __future__ import annotations

import pytest

from housemail.mailboxes.plan import MAX_LISTS
from housemail.sales.models import OptionValue, Product, ProductGroup
from housemail.sales.models.products import PLAN_SETTINGS
from tests.console.test_orders import queries

pytestmark = pytest.mark.django_db
LIST = "/console/sales/product/"
ADD = f"{LIST}add/"


def typed(store, **changes):
    fields = {
        "group": store.product.group_id,
        "name": "Personal Email Account",
        "slug": "personal",
        "price_text": "€2/month",
        "kind": "other",
        "auto_setup": "payment",
        "server_group": store.group.pk,
        "position": "0",
        "allowed_domains": "thexyz.com",
        "account_type": "1|Basic",
        "quota_gb": "25",
        "max_aliases": "25",
        "timezone": "America/Montreal",
        "date_format": "yyyy-mm-dd",
        "language": "en",
        "max_lists": "5",
        "enable_aliases": "on",
        "enable_lists": "on",
        "options-TOTAL_FORMS": "0",
        "options-INITIAL_FORMS": "0",
    }
    return {**fields, **changes}


def test_the_form_has_the_sheets_settings_in_its_order(store, manager):
    page = manager.get(ADD).content.decode()
    labels = ["API Endpoint", *(each.label for each in PLAN_SETTINGS)]
    ten = labels[: labels.index(MAX_LISTS.label) + 1]
    assert len(ten) == 10
    page = page[page.index("The ten settings of the product sheet") :]
    places = [page.index(label) for label in ten]
    assert places == sorted(places)


def test_a_new_product_begins_with_the_sheets_defaults_and_options(store, manager):
    answer = manager.get(ADD)
    form = answer.context["adminform"].form
    shown = {name: form[name].value() for name in ("quota_gb", "max_lists", "timezone")}
    assert shown["quota_gb"] == "25"
    assert shown["max_lists"] == "5"
    assert shown["timezone"] == "America/Montreal"
    rows = answer.context["inline_admin_formsets"][0].formset.extra_forms
    offered = [(row["option"].value(), row["value"].value()) for row in rows]
    assert ("Account Type", "Enhanced") in offered
    assert ("Mailbox Quota (GB)", "100") in offered


def test_a_product_is_made_with_its_options(store, manager):
    rows = {
        "options-TOTAL_FORMS": "1",
        "options-0-option": "Account Type",
        "options-0-value": "Enhanced",
        "options-0-position": "0",
    }
    answer = manager.post(ADD, typed(store, on_sale="on", **rows), follow=True)
    assert answer.status_code == 200
    made = Product.objects.get(slug="personal")
    assert made.on_sale
    assert [str(row) for row in made.options.all()] == ["Account Type: Enhanced"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"quota_gb": "lots"}, "quota_gb"),
        ({"max_aliases": "-1"}, "max_aliases"),
        ({"timezone": "Mars/Base"}, "timezone"),
        ({"allowed_domains": "no domain"}, "allowed_domains"),
        ({"allowed_domains": "", "on_sale": "on"}, "allowed_domains"),
        ({"server_group": "", "on_sale": "on"}, "server_group"),
    ],
)
def test_each_mistake_is_at_its_field_and_nothing_is_lost(
    store, manager, changes, field
):
    answer = manager.post(ADD, typed(store, **changes))
    form = answer.context["adminform"].form
    assert list(form.errors) == [field]
    assert form["name"].value() == "Personal Email Account"
    assert not Product.objects.filter(slug="personal").exists()


def test_an_option_that_no_plan_could_have_is_refused(store, manager):
    rows = {
        "options-TOTAL_FORMS": "1",
        "options-0-option": "Mailbox Quota (GB)",
        "options-0-value": "plenty",
        "options-0-position": "0",
    }
    answer = manager.post(ADD, typed(store, **rows))
    assert "value" in answer.context["inline_admin_formsets"][0].formset.errors[0]


def as_shown(answer) -> dict[str, str]:
    """What a browser sends when the page is saved as it is."""
    boxes, sent = answer.context["inline_admin_formsets"][0].formset, {}
    form = answer.context["adminform"].form
    for each in (form, boxes.management_form, *boxes.forms):
        for name in each.fields:
            field = each[name]
            value = field.value()
            if getattr(field.field, "choices", None) and value is None:
                value = next(iter(field.field.choices))[0]
            if value is not None and value is not False:
                sent[field.html_name] = "on" if value is True else str(value)
    return sent


def test_a_product_is_saved_as_it_was_opened(store, manager):
    path = f"{LIST}{store.product.pk}/change/"
    options = [str(row) for row in store.product.options.all()]
    sent = as_shown(manager.get(path))
    blank = len(options)
    # A browser shows the first choice of a list that has no empty one.
    assert sent[f"options-{blank}-option"] == "Account Type"
    assert manager.post(path, sent).status_code == 302
    assert [str(row) for row in store.product.options.all()] == options


@pytest.mark.parametrize("typed_in", ["value", "price_text"])
def test_a_new_row_counts_once_something_is_typed(store, manager, typed_in):
    path = f"{LIST}{store.product.pk}/change/"
    sent = as_shown(manager.get(path))
    row = f"options-{store.product.options.count()}"
    sent |= {f"{row}-option": "Mailbox Quota (GB)", f"{row}-{typed_in}": "77"}
    answer = manager.post(path, sent)
    kept = store.product.options.filter(value="77").count()
    assert (answer.status_code, kept) == ((302, 1) if typed_in == "value" else (200, 0))


def test_the_bar_leads_to_each_mistake(store, manager):
    rows = {
        "options-TOTAL_FORMS": "1",
        "options-0-option": "Mailbox Quota (GB)",
        "options-0-value": "plenty",
        "options-0-position": "0",
    }
    answer = manager.post(ADD, typed(store, quota_gb="lots", **rows))
    page = answer.content.decode()
    quota, option = answer.context["mistakes"]
    assert quota.words == "Module settings: Default Quota GB"
    assert option.words == "Configurable options: Value"
    for mistake in (quota, option):
        assert f'href="#{mistake.anchor}">{mistake.words}</a>' in page
        assert f'id="{mistake.anchor}"' in page


def test_a_value_twice_leads_to_its_rows(store, manager):
    row = {"option": "Account Type", "value": "Basic", "position": "0"}
    rows = {f"options-{i}-{name}": v for i in (0, 1) for name, v in row.items()}
    sent = typed(store, **{"options-TOTAL_FORMS": "2", **rows})
    answer = manager.post(ADD, sent)
    anchors = {mistake.anchor for mistake in answer.context["mistakes"]}
    assert anchors == {"options-group"}
    assert 'id="options-group"' in answer.content.decode()


def test_what_was_ordered_is_not_deleted(store, manager):
    store.order()
    path = f"{LIST}{store.product.pk}/delete/"
    assert manager.post(path, {"post": "yes"}).status_code == 403


def test_support_reads_a_product_and_changes_nothing(store, support):
    path = f"{LIST}{store.product.pk}/change/"
    assert support.get(path).status_code == 200
    assert support.post(path, typed(store)).status_code == 403
    store.product.refresh_from_db()
    assert store.product.name == "Premium Email Account"


def test_lists_cost_the_same_with_many_rows(store, support):
    groups = "/console/sales/productgroup/"
    few = [queries(support, path) for path in (LIST, groups)]
    for number in range(12):
        group = ProductGroup.objects.create(name=f"G{number}", slug=f"g{number}")
        made = Product.objects.create(group=group, name="P", slug=f"p{number}")
        OptionValue.objects.create(product=made, option="Account Type", value="Basic")
    assert [queries(support, path) for path in (LIST, groups)] == few

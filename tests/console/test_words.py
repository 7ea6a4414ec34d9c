"""What the console calls things: the same everywhere, and addresses as they are."""

from __future__ import annotations

import re

import pytest
from django.utils import translation

from housemail.console import shown
from housemail.mailboxes.models import Mailbox
from housemail.modulelog import storage
from housemail.sales.models import Order
from tests.console.conftest import said
from tests.sales.conftest import mailbox

pytestmark = pytest.mark.django_db


def heading(page: str) -> list[str]:
    """The steps of the way to a page, as its header shows them."""
    found = re.findall(r"<h1.*?</h1>", page, re.DOTALL)[0]
    steps = re.findall(r">([^<>]+)</(?:a|span)>", found)
    return [step.strip() for step in steps if "chevron" not in step]


def test_an_address_begins_in_the_header_as_it_is(store, support):
    store.sells("order")
    box = mailbox(store.order("anna"))
    page = support.get(f"/console/mailboxes/mailbox/{box.pk}/change/")
    assert heading(page.content.decode())[-1] == "anna@thexyz.com"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("admin/logentry/", "History"),
        ("modulelog/modulelogentry/", "Module log"),
        ("sales/order/", "Orders"),
    ],
)
def test_a_list_is_called_as_in_the_sidebar(support, path, name):
    page = support.get(f"/console/{path}").content.decode()
    assert heading(page)[-1] == name
    title = page[page.index("<title>") + 7 : page.index("</title>")]
    assert title.strip().startswith(f"{name} |")


@pytest.mark.parametrize(
    ("path", "query", "words", "others"),
    [
        ("sales/order/", "", "This list fills by itself.", ("Show all", "Add ")),
        ("sales/order/", "?q=nobody", "Show all", ("fills by itself",)),
        ("sales/product/", "", "Add the first one.", ("Show all",)),
        ("mailboxes/mailbox/", "?state=failed", "Show all", ("fills by itself",)),
    ],
)
def test_an_empty_list_says_what_can_be_done(manager, path, query, words, others):
    page = manager.get(f"/console/{path}{query}").content.decode()
    card = page[page.index("hc-empty") :]
    card = card[: card.index("</div>\n</div>")] if "</div>\n</div>" in card else card
    assert words in card
    for other in others:
        assert other not in card.split("All times are UTC")[0]


def test_options_are_named_in_the_readers_words(store, manager):
    order = store.order()
    Order.objects.filter(pk=order.pk).update(options={"Account Type": "2|Enhanced"})
    page = manager.get(f"/console/sales/order/{order.pk}/change/").content.decode()
    assert "Account Type: Enhanced" in page
    path = f"/console/sales/order/{order.pk}/change/"
    german = manager.get(path, headers={"accept-language": "de"}).content.decode()
    with translation.override("de"):
        assert f"{translation.gettext('Account Type')}: " in german
        assert translation.gettext("Account Type") != "Account Type"


def test_the_times_of_an_order_are_written_in_one_way(store, manager):
    order = store.order()
    page = manager.get(f"/console/sales/order/{order.pk}/change/").content.decode()
    assert page.count(shown.moment(order.placed_at)) >= 2


def test_the_log_names_what_a_call_was_made_for(store, support):
    storage.turn_on(1)
    store.sells("order")
    store.order()
    assert Mailbox.objects.exists()
    assert shown.called_for("overview") == "Overview"
    assert shown.called_for("settle create") == "Settle: Create"
    assert shown.called_for("create") == "Create"
    page = support.get("/console/modulelog/modulelogentry/").content.decode()
    assert ">create<" not in re.sub(r"\s+", "", page)


def test_a_link_that_is_shown_once_has_a_copy_button(owner):
    path = "/console/people/user/do/invite/"
    key = owner.get(path).context["once"]
    sent = {"once": key, "email": "new@example.com", "role": "support"}
    answer = owner.post(path, sent)
    page = answer.content.decode()
    assert f'data-copy="{answer.context["secret"]}"' in page
    assert "housemail/copy" in page
    assert said(owner.get(path)) == []

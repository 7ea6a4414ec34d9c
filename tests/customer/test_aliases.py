"""The tab Aliases: what is added and removed, limits, and the minute to undo."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from housemail.mailboxes import servers
from housemail.mailboxes.models import Alias
from housemail.sales.models import Product
from tests.customer.conftest import Owner

pytestmark = pytest.mark.django_db
OWN = {"handle": "orders-in", "to": "own", "destination": ""}
TOKEN = re.compile(r'name="token" value="([^"]+)"')


def main(text: str) -> str:
    return text.partition("<main")[2].partition("</main>")[0]


def test_an_alias_delivers_to_the_mailbox_itself_unless_asked(owner):
    text = owner.get("aliases/")
    assert "No alias yet" in text
    assert "0 of 25" in text
    assert re.search(r'value="own"[^>]* checked', text)
    text = owner.post("aliases/", OWN)
    assert "The alias orders-in was added." in text
    assert "orders-in<wbr>@thexyz.com" in text
    assert "1 of 25" in text
    assert owner.aliases() == {"orders-in": "anna@thexyz.com"}


def test_an_address_that_was_typed_but_not_chosen_is_not_used(owner):
    owner.post("aliases/", {**OWN, "destination": "else@thexyz.com"})
    assert owner.aliases() == {"orders-in": "anna@thexyz.com"}


def test_another_address_is_used(owner):
    data = {
        "handle": "Sale-Box@thexyz.com",
        "to": "other",
        "destination": "b@thexyz.com",
    }
    assert "The alias sale-box was added." in owner.post("aliases/", data)
    assert owner.aliases() == {"sale-box": "b@thexyz.com"}


@pytest.mark.parametrize(
    ("data", "field", "sentence"),
    [
        ({"handle": ""}, "handle", "Type a name for the alias."),
        ({"handle": "a..b"}, "handle", "do not put two dots in a row"),
        ({"handle": "abuse"}, "handle", "This address is not available."),
        ({"handle": "anna"}, "handle", "An alias cannot deliver to itself."),
        ({"handle": "x" * 400}, "handle", "at most 320 characters"),
        ({"handle": "x" * 90}, "handle", "at most 64 characters"),
        ({"to": "other"}, "destination", "Type the address that it delivers to."),
        (
            {"to": "other", "destination": "nonsense"},
            "destination",
            "nonsense is not an e-mail address.",
        ),
        (
            {"to": "other", "destination": "me@gmail.com"},
            "destination",
            "Aliases may deliver to addresses of thexyz.com only",
        ),
        ({"to": "elsewhere"}, "to", "Select a valid choice."),
    ],
)
def test_a_refusal_is_at_its_field_and_what_was_typed_stays(
    owner, data, field, sentence
):
    typed = {**OWN, **data}
    text = main(owner.post("aliases/", typed))
    error = text.partition(f'id="id_{field}_error"')[2].partition("</div>")[0]
    assert sentence in error
    assert 'aria-invalid="true"' in text
    for value in (typed["handle"], typed["destination"]):
        assert f'value="{value}"' in text or not value
    assert owner.aliases() == {}


def test_external_destinations_are_open_where_the_plan_has_them(owner):
    assert "your plan has no others" in owner.get("aliases/")
    Product.objects.update(allow_external_forwards=True)
    assert "Any e-mail address, here or elsewhere." in owner.get("aliases/")
    data = {"handle": "sale-box", "to": "other", "destination": "me@gmail.com"}
    owner.post("aliases/", data)
    assert owner.aliases() == {"sale-box": "me@gmail.com"}


def test_the_same_twice_is_one_alias(owner):
    assert "The alias orders-in was added." in owner.post("aliases/", OWN)
    again = owner.post("aliases/", OWN)
    assert "You have the alias orders-in already." in again
    assert "was added" not in again
    assert Alias.objects.count() == 1


def test_at_the_limit_the_form_makes_room_for_a_sentence(owner):
    Product.objects.update(max_aliases=1)
    owner.post("aliases/", OWN)
    text = owner.get("aliases/")
    assert "1 of 1 alias is in use. Remove it first." in text
    assert "Add alias" not in text
    # Another tab still shows the form.
    text = owner.post("aliases/", {**OWN, "handle": "second"})
    assert "1 of 1 alias is in use" in text
    assert 'value="second"' in text
    assert list(owner.aliases()) == ["orders-in"]


def test_a_plan_without_aliases_says_so(owner):
    Product.objects.update(enable_aliases=False)
    assert "Aliases are not part of this plan." in owner.get("aliases/")


def test_removing_asks_by_name_first(owner):
    owner.add_alias("orders-in")
    text = owner.get("aliases/")
    assert "Remove orders-in@thexyz.com? Mail to it will no longer arrive." in text
    assert "Yes, remove orders-in" in text


def test_a_removal_can_be_taken_back_to_where_it_delivered(owner):
    owner.add_alias("sale-box", "b@thexyz.com")
    text = owner.post("aliases/remove/", {"handle": "sale-box"})
    assert "The alias sale-box was removed." in text
    assert owner.aliases() == {}
    token = TOKEN.search(text)
    assert token is not None
    for _ in range(2):  # pressed twice
        text = owner.post("aliases/undo/", {"token": token[1]})
        assert "The alias sale-box is back." in text
    assert TOKEN.search(text) is None
    assert owner.aliases() == {"sale-box": "b@thexyz.com"}


def test_after_a_minute_it_can_not(owner):
    owner.add_alias("sale-box")
    token = TOKEN.search(owner.post("aliases/remove/", {"handle": "sale-box"}))
    assert token is not None
    with time_machine.travel(timezone.now() + timedelta(seconds=62)):
        assert TOKEN.search(owner.get("aliases/")) is None
        text = owner.post("aliases/undo/", {"token": token[1]})
    assert "The minute to take that back is over." in text
    assert owner.aliases() == {}


def test_looking_takes_nothing_back(owner):
    owner.add_alias("sale-box")
    token = TOKEN.search(owner.post("aliases/remove/", {"handle": "sale-box"}))
    assert token is not None
    answer = owner.client.get(owner.home + "aliases/undo/", {"token": token[1]})
    assert answer["Location"] == owner.home + "aliases/"
    assert owner.aliases() == {}
    assert "over" in owner.post("aliases/undo/", {"token": token[1] + "x"})
    assert "over" in owner.post("aliases/undo/", {})


def test_removing_twice_is_a_sentence(owner):
    owner.add_alias("sale-box")
    owner.post("aliases/remove/", {"handle": "sale-box"})
    text = owner.post("aliases/remove/", {"handle": "sale-box"}, status=404)
    assert "That is no alias of this mailbox, or no longer." in text
    assert "Add alias" in text


def test_without_the_platform_nothing_is_changed_and_said_so(owner):
    owner.add_alias("sale-box")
    owner.store.emulator.switch_on("primary_down", mode="refused")
    text = main(owner.post("aliases/", OWN))
    assert "nothing was changed. Try again in a minute." in text
    assert 'value="orders-in"' in text
    assert "<fieldset disabled>" not in text
    text = owner.post("aliases/remove/", {"handle": "sale-box"})
    assert "nothing was changed. Try again in a minute." in text
    owner.store.emulator.switches_off()
    servers.forget_platforms()  # else it is left alone for a while
    assert "The alias orders-in was added." in owner.post("aliases/", OWN)
    assert set(owner.aliases()) == {"orders-in", "sale-box"}


def test_a_lost_answer_is_said_to_be_checked(owner, settings):
    settings.HOUSEMAIL_LOOKS_IN_REQUEST = ()
    settings.HOUSEMAIL_DEADLINE_MS = 4_000
    owner.store.emulator.switch_on("timeout_after_apply", action="addAlias")
    text = owner.post("aliases/", OWN)
    assert "we are checking what happened" in text
    assert 'class="hm-checked">being checked' in text


def test_a_suspended_mailbox_refuses_forms_of_another_tab(owner):
    owner.add_alias("sale-box")
    owner.suspend()
    text = owner.post("aliases/", OWN)
    assert "This mailbox is suspended" in text
    text = owner.post("aliases/remove/", {"handle": "sale-box"})
    assert "possible again once it is unsuspended" in text
    assert list(owner.aliases()) == ["sale-box"]


def test_who_was_signed_out_reads_why(owner):
    owner.client.logout()
    answer = owner.client.post(owner.home + "aliases/remove/", {"handle": "x"})
    assert answer["Location"].startswith("/account/login/?next=/mailboxes/")
    text = owner.words(owner.client.get(answer["Location"]))
    assert "You were signed out." in text


def test_what_was_typed_meanwhile_is_there_after_the_sign_in(owner):
    owner.client.logout()
    data = {"handle": "sale-box", "to": "other", "destination": "b@thexyz.com"}
    owner.client.post(owner.home + "aliases/", data)
    owner.client.force_login(owner.store.customer)
    text = main(owner.get("aliases/"))
    for value in ("sale-box", "b@thexyz.com"):
        assert f'value="{value}"' in text
    assert re.search(r'value="other"[^>]* checked', text)
    assert owner.aliases() == {}
    # Another tab has used nothing up; sent, it waits no more.
    assert 'value="b@thexyz.com"' in main(owner.get("aliases/"))
    owner.store.emulator.switch_on("primary_down", mode="refused")
    owner.post("aliases/", data)
    assert 'value="b@thexyz.com"' in main(owner.get("aliases/"))
    owner.store.emulator.switches_off()
    servers.forget_platforms()
    owner.post("aliases/", data)
    assert 'value="b@thexyz.com"' not in main(owner.get("aliases/"))


def test_what_was_typed_waits_for_some_minutes_only(owner, clock):
    owner.client.logout()
    owner.client.post(owner.home + "aliases/", {"handle": "sale-box", "to": "own"})
    owner.client.force_login(owner.store.customer)
    clock.advance(599)
    assert 'value="sale-box"' in main(owner.get("aliases/"))
    clock.advance(2)
    assert 'value="sale-box"' not in main(owner.get("aliases/"))


def test_the_tab_costs_the_same_with_few_and_with_many(
    owner: Owner, django_assert_num_queries
):
    owner.add_alias("a0")
    owner.get("aliases/")
    with django_assert_num_queries(14):
        owner.get("aliases/")
    for number in range(1, 25):
        owner.add_alias(f"a{number}")
    with django_assert_num_queries(14):
        assert owner.get("aliases/").count('class="hm-confirm"') == 25


def test_many_aliases_have_pages(owner, monkeypatch):
    monkeypatch.setattr("housemail.customer.alias_pages.PER_PAGE", 2)
    for number in range(3):
        owner.add_alias(f"a{number}")
    assert "Page 1 of 2" in owner.get("aliases/")
    assert "a2<wbr>@thexyz" in owner.get("aliases/?page=2")


def test_a_removal_whose_answer_was_lost_offers_no_undo(owner, settings):
    owner.add_alias("sale-box")
    settings.HOUSEMAIL_LOOKS_IN_REQUEST = ()
    settings.HOUSEMAIL_DEADLINE_MS = 4_000
    owner.store.emulator.switch_on("timeout_after_apply", action="removeAlias")
    text = owner.post("aliases/remove/", {"handle": "sale-box"})
    assert "we are checking what happened" in text
    assert TOKEN.search(text) is None


def test_undo_that_is_refused_may_be_tried_again(owner):
    owner.add_alias("sale-box")
    text = owner.post("aliases/remove/", {"handle": "sale-box"})
    token = TOKEN.search(text)
    assert token is not None
    owner.store.emulator.switch_on("primary_down", mode="refused")
    text = owner.post("aliases/undo/", {"token": token[1]})
    assert "nothing was changed. Try again in a minute." in text
    owner.store.emulator.switches_off()
    servers.forget_platforms()
    assert "is back" in owner.post("aliases/undo/", {"token": token[1]})
    assert list(owner.aliases()) == ["sale-box"]


def test_several_removals_can_be_taken_back_each(owner):
    text = ""
    for name in ("one-box", "two-box"):
        owner.add_alias(name)
        text = owner.post("aliases/remove/", {"handle": name})
    tokens = TOKEN.findall(text)
    assert len(tokens) == 2
    assert "one-box is back" in owner.post("aliases/undo/", {"token": tokens[1]})
    assert TOKEN.findall(owner.get("aliases/")) == tokens[:1]


def test_where_the_destination_is_not_known_no_undo_is_offered(owner):
    owner.add_alias("sale-box", "b@thexyz.com")
    Alias.objects.update(destination="")
    text = owner.post("aliases/remove/", {"handle": "sale-box"})
    assert "The alias sale-box was removed." in text
    assert TOKEN.search(text) is None
    assert owner.aliases() == {}

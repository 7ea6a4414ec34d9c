"""The tab Lists: lists, members answered one by one, and what is refused."""

from __future__ import annotations

import re

import pytest

from housemail.mailboxes.models import DistributionList
from housemail.sales.models import Product
from tests.customer.conftest import Owner

pytestmark = pytest.mark.django_db
LINE = re.compile(r"<strong>(.*?)</strong>: (.*?)</span>")


def lines(text: str) -> dict[str, str]:
    """How each member was answered."""
    return dict(LINE.findall(text))


def kept(text: str, name: str = "members") -> str:
    """What stands in the first text area of this name."""
    found = re.search(rf'<textarea name="{name}"[^>]*>(.*?)</textarea>', text)
    assert found is not None
    return found[1].strip()


def test_a_list_is_added_with_members_each_answered(owner):
    assert "No list yet" in owner.get("lists/")
    data = {"handle": "Team", "members": "a@example.org, nonsense\nB@example.org"}
    text = owner.post("lists/", data)
    assert "The list team was added." in text
    assert lines(text) == {
        "a@example.org": "added",
        "nonsense": "nonsense is not an e-mail address.",
        "b@example.org": "added",
    }
    assert kept(text) == "nonsense"
    assert "1 of 5" in text
    assert "2 members" in text
    assert owner.lists() == {"team": ["a@example.org", "b@example.org"]}


def test_how_members_were_answered_stays_for_other_tabs_and_not_for_long(owner, clock):
    told = {"a@example.org": "added"}
    assert lines(owner.post("lists/", {"handle": "t", "members": "a@example.org"})) == (
        told
    )
    assert lines(owner.get("lists/")) == told
    clock.advance(181)
    assert lines(owner.get("lists/")) == {}
    owner.post("lists/members/", {"list": "t", "members": "b@example.org"})
    text = owner.post("lists/members/", {"list": "t", "members": "c@example.org"})
    assert lines(text) == {"c@example.org": "added"}
    owner.post("lists/remove/", {"list": "t"})
    text = owner.post("lists/", {"handle": "t", "members": ""})
    assert lines(text) == {}


def test_members_are_added_several_at_once(owner):
    owner.add_list("team", "a@example.org")
    data = {"list": "team", "members": "a@example.org\nc@example.org"}
    text = owner.post("lists/members/", data)
    assert lines(text) == {
        "a@example.org": "was there already",
        "c@example.org": "added",
    }
    assert kept(text) == ""
    answer = owner.client.post(owner.home + "lists/members/", data)
    assert answer["Location"] == owner.home + "lists/?list=team#list-team"


def test_members_elsewhere_follow_the_plan(owner):
    owner.add_list("team")
    Product.objects.update(allow_external_list_members=False)
    data = {"list": "team", "members": "a@example.org, b@thexyz.com"}
    text = owner.post("lists/members/", data)
    assert "Members must be addresses of thexyz.com" in lines(text)["a@example.org"]
    assert owner.lists() == {"team": ["b@thexyz.com"]}


def test_too_many_at_once_are_refused_and_stay_typed(owner):
    owner.add_list("team")
    many = "\n".join(f"m{number}@example.org" for number in range(101))
    text = owner.post("lists/members/", {"list": "team", "members": many})
    assert "Send at most 100 members at once." in text
    assert "m100@example.org" in kept(text)
    assert owner.lists() == {"team": []}


def test_no_member_at_all_is_a_sentence_at_the_field(owner):
    owner.add_list("team")
    text = owner.post("lists/members/", {"list": "team", "members": " "})
    assert 'id="id_team_members_error"' in text
    assert "Type at least one address." in text


def test_a_member_is_removed_once(owner):
    owner.add_list("team", "a@example.org", "b@example.org")
    data = {"list": "team", "member": "a@example.org"}
    assert lines(owner.post("lists/members/remove/", data)) == {
        "a@example.org": "removed"
    }
    text = owner.post("lists/members/remove/", data, status=404)
    assert "That is not on your lists, or no longer." in text
    assert owner.lists() == {"team": ["b@example.org"]}


def test_a_list_is_removed_by_name_once(owner):
    owner.add_list("team", "a@example.org")
    text = owner.get("lists/")
    assert "Remove team@thexyz.com with its members?" in text
    text = owner.post("lists/remove/", {"list": "team"})
    assert "The list team was removed." in text
    assert owner.lists() == {}
    text = owner.post("lists/remove/", {"list": "team"}, status=404)
    assert "Nothing was changed." in text


@pytest.mark.parametrize(
    ("handle", "sentence"),
    [
        ("", "Type a name for the list."),
        ("-x", "begin and end with a letter or a digit"),
        ("postmaster", "This address is not available."),
        ("anna", "This address is not available."),
    ],
)
def test_a_name_that_will_not_do_is_refused_at_its_field(owner, handle, sentence):
    data = {"handle": handle, "members": "a@example.org"}
    text = owner.post("lists/", data)
    error = text.partition('id="id_handle_error"')[2].partition("</div>")[0]
    assert sentence in error
    assert kept(text) == "a@example.org"
    assert owner.lists() == {}


def test_at_the_limit_there_is_a_sentence_in_place_of_the_form(owner):
    Product.objects.update(max_lists=1)
    owner.add_list("team")
    text = owner.get("lists/")
    assert "1 of 1 distribution list is in use" in text
    assert "Add list" not in text
    assert "1 of 1 distribution" in owner.post("lists/", {"handle": "second"})


def test_the_same_list_twice_is_one(owner):
    assert "The list team was added." in owner.post("lists/", {"handle": "team"})
    again = owner.post("lists/", {"handle": "team"})
    assert "You have the list team already." in again
    assert "was added" not in again
    assert DistributionList.objects.count() == 1


def test_without_the_platform_nothing_is_changed_and_said_so(owner):
    owner.add_list("team", "a@example.org")
    owner.store.emulator.switch_on("primary_down", mode="refused")
    text = owner.post("lists/", {"handle": "second", "members": "b@example.org"})
    assert "nothing was changed. Try again in a minute." in text
    assert 'value="second"' in text
    text = owner.post("lists/members/", {"list": "team", "members": "b@example.org"})
    assert "nothing was changed" in lines(text)["b@example.org"]
    assert kept(text) == "b@example.org"
    data = {"list": "team", "member": "a@example.org"}
    text = owner.post("lists/members/remove/", data)
    assert "nothing was changed" in lines(text)["a@example.org"]
    text = owner.post("lists/remove/", {"list": "team"})
    assert "nothing was changed" in text
    assert owner.lists() == {"team": ["a@example.org"]}


def test_forms_are_only_sent_and_never_followed(owner):
    owner.add_list("team", "a@example.org")
    for path in ("lists/remove/", "lists/members/", "lists/members/remove/"):
        answer = owner.client.get(owner.home + path, {"list": "team"})
        assert answer["Location"] == owner.home + "lists/"
    assert owner.lists() == {"team": ["a@example.org"]}


def test_a_suspended_mailbox_refuses_forms_of_another_tab(owner):
    owner.add_list("team", "a@example.org")
    owner.suspend()
    member = {"list": "team", "member": "a@example.org"}
    for path, data in {
        "lists/": {"handle": "second"},
        "lists/remove/": {"list": "team"},
        "lists/members/": {"list": "team", "members": "b@example.org"},
        "lists/members/remove/": member,
    }.items():
        assert "suspended" in owner.post(path, data)
    assert owner.lists() == {"team": ["a@example.org"]}


def test_the_tab_costs_the_same_with_few_and_with_many(
    owner: Owner, django_assert_num_queries
):
    owner.add_list("team0", "a@example.org")
    owner.get("lists/")
    with django_assert_num_queries(13):
        owner.get("lists/")
    for number in range(1, 5):
        owner.add_list(f"team{number}", *(f"{c}@example.org" for c in "abcdef"))
    with django_assert_num_queries(13):
        assert owner.get("lists/").count('class="hm-chip"') == 25


def test_many_lists_have_pages_and_a_change_leads_to_the_right_one(owner, monkeypatch):
    monkeypatch.setattr("housemail.customer.list_pages.PER_PAGE", 2)
    for number in range(3):
        owner.add_list(f"team{number}")
    assert "Page 1 of 2" in owner.get("lists/")
    data = {"list": "team2", "members": "a@example.org"}
    text = owner.post("lists/members/", data)
    assert "Page 2 of 2" in text
    assert lines(text) == {"a@example.org": "added"}


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("lists/", {"handle": "second", "members": "a@example.org"}),
        ("lists/members/", {"list": "team", "members": "a@example.org"}),
    ],
)
def test_what_was_typed_meanwhile_is_there_after_the_sign_in(owner, path, data):
    owner.add_list("team")
    owner.client.logout()
    answer = owner.client.post(owner.home + path, data)
    owner.client.force_login(owner.store.customer)
    next_page = answer["Location"].partition("next=")[2]
    text = owner.words(owner.client.get(next_page, follow=True))
    for value in data.values():
        assert value in text.partition("<main")[2]
    assert owner.lists() == {"team": []}


def test_members_for_a_list_that_is_gone_are_404_also_when_none_was_typed(owner):
    owner.post("lists/members/", {"list": "team", "members": ""}, status=404)

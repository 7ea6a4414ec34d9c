"""What a service may do only so often a day is not used up by an outage."""

from __future__ import annotations

import pytest

from housemail.mailboxes import aliases, lists, provisioning, rules
from housemail.mailboxes.errors import Conflict, Unavailable
from housemail.mailboxes.models import Mailbox
from tests.flows.conftest import Shop
from tests.flows.test_edges import fails
from tests.flows.test_kill_points import calibrated, create

pytestmark = [pytest.mark.databases, pytest.mark.django_db]


def test_an_outage_uses_up_no_member_adds_of_the_day(shop: Shop) -> None:
    calibrated(shop)
    create(shop)
    context = shop.context()
    lists.add(context, shop.deadline(), handle="club")

    def add(*members: str) -> set[str]:
        answer = lists.add_members(
            context, shop.deadline(), handle="club", members=members
        )
        return {str(result["status"]) for result in answer.data["results"]}

    many = [f"m{number}@b.example" for number in range(rules.MEMBER_ADDS_PER_DAY)]
    with fails("add_member"):
        assert add(*many) == {"refused"}
    assert add(*many[:2]) == {"added"}
    assert Mailbox.objects.get(ref="1").members_added == 2


def test_an_outage_uses_up_no_names_of_the_day(shop: Shop) -> None:
    calibrated(shop)
    create(shop)
    context = shop.context()
    for handle in ("nick", "tom"):
        aliases.add(context, shop.deadline(), handle=handle)
    aliases.remove(context, shop.deadline(), handle="tom")
    with fails("remove_alias"):
        with pytest.raises(Unavailable):
            aliases.remove(context, shop.deadline(), handle="nick")
        # The steps of an end count nothing, so they give nothing back.
        provisioning.terminate(context, shop.deadline())
    assert Mailbox.objects.get(ref="1").names_added == 1


def test_an_outage_uses_up_no_new_names_of_the_day(shop: Shop, settings) -> None:
    settings.HOUSEMAIL_NAMES_ADDED_PER_DAY = 1
    calibrated(shop)
    create(shop)
    with fails("add_alias"), pytest.raises(Unavailable):
        aliases.add(shop.context(), shop.deadline(), handle="nick")
    assert aliases.add(shop.context(), shop.deadline(), handle="nick").status == 200
    with pytest.raises(Conflict, match="1 of 1 new alias or list was added today"):
        aliases.add(shop.context(), shop.deadline(), handle="tom")

"""What a billing system calls its services and customers is compared to the letter."""

from __future__ import annotations

import pytest

from housemail.mailboxes import availability, provisioning
from housemail.mailboxes.errors import Conflict, NotFound
from housemail.mailboxes.models import Mailbox
from tests.flows.conftest import PASSWORD, Shop

pytestmark = [pytest.mark.databases, pytest.mark.django_db]


def create(shop: Shop, ref: str, handle: str, **more: str):
    context = shop.context(ref, **more)
    return provisioning.create(
        context, shop.deadline(), handle=handle, domain="thexyz.com", password=PASSWORD
    )


def test_refs_that_differ_in_case_are_two_services(shop: Shop) -> None:
    assert create(shop, "abc", "first").state == "active"
    with pytest.raises(NotFound):
        provisioning.set_password(
            shop.context("ABC"), shop.deadline(), password="Another-horse-8"
        )
    assert create(shop, "ABC", "second").state == "active"
    provisioning.suspend(shop.context("ABC"), shop.deadline())
    states = dict(Mailbox.objects.values_list("ref", "state"))
    assert states == {"abc": "active", "ABC": "suspended"}


def test_a_hold_is_not_for_a_ref_in_another_case(shop: Shop) -> None:
    create(shop, "1", "first")
    availability.reserve(
        shop.context("abc"), shop.deadline(), handle="held", domain="thexyz.com"
    )
    availability.release(shop.context("ABC"))
    with pytest.raises(Conflict):
        create(shop, "ABC", "held")
    assert create(shop, "abc", "held").state == "active"

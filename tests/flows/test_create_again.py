"""The same create again: what it is told, and what the list of pending ones keeps."""

from __future__ import annotations

from unittest import mock

import pytest
from django.db import IntegrityError

from housemail.installations.models import Installation
from housemail.mailboxes import creating, pending, provisioning
from housemail.mailboxes.errors import Conflict, Refusal
from housemail.mailboxes.models import Mailbox
from housemail.platforms.base import Deadline
from tests.flows.conftest import PASSWORD, Shop
from tests.flows.test_kill_points import create
from tests.flows.test_races import together

pytestmark = [pytest.mark.databases, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shop(transactional_db, emulator) -> Shop:
    """A service with a mailbox; other threads can see its rows."""
    shop = Shop(emulator, Installation.objects.create(name="one"), seconds=15.0)
    create(shop)
    return shop


def found(answered: int = 202) -> None:
    """As after a lost answer that the engine has settled."""
    Mailbox.objects.update(state="creating", found=True, create_answered=answered)


def waiting(shop: Shop) -> list[object]:
    return [row["ref"] for row in pending.pending(shop.installation)]


def test_a_refusal_about_what_goes_on_hides_nothing(shop: Shop) -> None:
    found()
    assert waiting(shop) == ["1"]
    with pytest.raises(Conflict) as refused:
        create(shop, handle="other")
    assert refused.value.code == "service_being_created"
    assert waiting(shop) == ["1"]
    assert create(shop).status == 200
    assert waiting(shop) == []


def test_nor_does_another_server(shop: Shop) -> None:
    found()
    context = shop.context()
    moved = mock.patch.object(
        creating, "check_server", side_effect=Conflict("server_moved")
    )
    with moved, pytest.raises(Conflict):
        provisioning.create(
            context, shop.deadline(), handle="testuser", domain="thexyz.com"
        )
    assert waiting(shop) == ["1"]


def test_a_refusal_of_the_attempt_itself_is_the_answer(shop: Shop) -> None:
    found()
    shop.emulator.switch_on("permission_denied", action="updateUser")
    with pytest.raises(Refusal):
        create(shop)
    assert Mailbox.objects.get().found
    assert waiting(shop) == []


def test_many_who_finish_a_found_mailbox_are_all_told_it_is_active(
    shop: Shop,
) -> None:
    found()
    assert set(together(8, lambda _: create(shop), threads=8)) == {"200"}
    assert Mailbox.objects.get().state == "active"


@pytest.mark.timeout(30)
@pytest.mark.parametrize("ref", ["1", "2"], ids=["a new life", "a first life"])
def test_a_database_that_never_takes_it_is_no_race(shop: Shop, ref: str) -> None:
    Mailbox.objects.update(state="failed")
    broken = IntegrityError("FOREIGN KEY constraint failed")
    never = mock.patch.object(creating, "commit", side_effect=broken)
    with never as tried, pytest.raises(IntegrityError):
        create(shop, ref=ref)
    assert tried.call_count < 20


def test_a_row_that_nobody_moves_is_said_to_be_under_way(shop: Shop) -> None:
    Mailbox.objects.update(state="creating", found=False)
    answer = provisioning.create(
        shop.context(),
        Deadline.after(0.3),
        handle="testuser",
        domain="thexyz.com",
        password=PASSWORD,
    )
    assert (answer.status, answer.code) == (202, "in_progress")

"""What ended without proof: staff give it back, all or nothing, and all of it ends."""

from __future__ import annotations

from typing import Any
from unittest import mock

import pytest

from housemail.installations.models import Installation
from housemail.mailboxes import (
    aliases,
    claims,
    lists,
    provisioning,
    releasing,
    settle,
)
from housemail.mailboxes.context import Answer
from housemail.mailboxes.entering import StillOpenError, wait_for_turn
from housemail.mailboxes.errors import Conflict
from housemail.mailboxes.models import (
    Alias,
    Claim,
    DistributionList,
    ListMember,
    Mailbox,
    Operation,
)
from housemail.platforms.base import OutcomeUnknown
from housemail.platforms.emailarray.platform import EmailArray
from tests.flows.conftest import Clock, Killed, Shop
from tests.flows.test_kill_points import create
from tests.flows.test_races import together

pytestmark = [pytest.mark.databases, pytest.mark.django_db(transaction=True)]
WHY = {"reason": "looked in the panel", "actor": "staff:7"}


@pytest.fixture
def shop(transactional_db, emulator) -> Shop:
    """A service with an alias and a list, whose removals ended without proof."""
    shop = Shop(emulator, Installation.objects.create(name="one"), seconds=5.0)
    create(shop)
    aliases.add(shop.context(), shop.deadline(), handle="nick")
    lists.add(shop.context(), shop.deadline(), handle="club")
    Alias.objects.update(state="removing")
    DistributionList.objects.update(state="removing")
    return shop


def release(name: str) -> str:
    return releasing.release_name(f"{name}@thexyz.com", **WHY).code


def kind_of(handle: str) -> str:
    found = Claim.objects.filter(handle=handle).first()
    return found.kind if found else ""


def used() -> tuple[int, int]:
    row = Mailbox.objects.get(ref="1")
    return row.aliases_used, row.lists_used


@pytest.mark.parametrize("name", ["nick", "club"])
def test_killed_while_it_is_given_back_nothing_has_happened(
    shop: Shop, name: str
) -> None:
    with mock.patch.object(claims, "free", side_effect=Killed), pytest.raises(Killed):
        release(name)
    assert (used(), Alias.objects.count(), DistributionList.objects.count()) == (
        (1, 1),
        1,
        1,
    )
    assert release(name) == "released_given_up"
    assert kind_of(name) == ""
    assert sum(used()) == 1


def test_killed_while_a_create_gets_its_name_back_nothing_has_happened(
    shop: Shop,
) -> None:
    Mailbox.objects.update(state="failed", needs_staff=True)
    Operation.objects.filter(verb="create").update(needs_staff=True)
    died = mock.patch.object(Operation.objects, "filter", side_effect=Killed)
    with died, pytest.raises(Killed):
        release("testuser")
    assert kind_of("testuser") == "mailbox"
    assert Mailbox.objects.get().needs_staff
    assert release("testuser") == "released_to_order"
    assert not Operation.objects.filter(needs_staff=True).exists()


def test_a_removal_that_is_asked_for_again_comes_first(shop: Shop) -> None:
    with mock.patch.object(EmailArray, "remove_alias", side_effect=OutcomeUnknown("-")):
        answer = aliases.remove(shop.context(), shop.deadline(), handle="nick")
    assert answer.status == 202
    with pytest.raises(Conflict) as refused:
        release("nick")
    assert refused.value.code == "address_taken"
    assert Alias.objects.exists()


def test_a_removal_and_a_release_at_once_leave_nothing_half(shop: Shop) -> None:
    def work(index: int) -> Answer:
        if index == 0:
            releasing.release_name(f"{name}@thexyz.com", **WHY)
            return Answer("released")
        return aliases.remove(shop.context(), shop.deadline(), handle=name)

    for name in ("nick", "nick2", "nick3", "nick4", "nick5"):
        if name != "nick":
            aliases.add(shop.context(), shop.deadline(), handle=name)
            Alias.objects.update(state="removing")
        outcomes = together(2, work, threads=2)
        assert set(outcomes) <= {"200", "409 address_taken", "404 alias_unknown"}
        assert not Operation.objects.filter(state="open").exists()
        assert (used()[0], Alias.objects.count()) == (0, 0)
        assert kind_of(name) in {"", "quarantine"}


def lose_rows() -> None:
    """What a kill left behind before names were given back in one commit."""
    Alias.objects.all().delete()
    DistributionList.objects.all().delete()


def test_a_name_without_its_row_is_released(shop: Shop) -> None:
    lose_rows()
    assert (release("nick"), release("club")) == ("released_given_up",) * 2
    assert (kind_of("nick"), kind_of("club")) == ("", "")


def test_a_name_without_its_row_ends_with_its_mailbox(shop: Shop) -> None:
    lose_rows()
    assert provisioning.terminate(shop.context(), shop.deadline()).status == 200
    assert {*Claim.objects.values_list("handle", "kind")} == {
        (name, "quarantine") for name in ("testuser", "nick", "club")
    }
    assert not Claim.objects.filter(mailbox__isnull=False).exists()


def test_an_alias_given_back_while_its_mailbox_ends_is_gone(shop: Shop) -> None:
    real = EmailArray.remove_list

    def later(*args: Any) -> None:
        release("nick")
        real(*args)

    with mock.patch.object(EmailArray, "remove_list", later):
        answer = provisioning.terminate(shop.context(), shop.deadline())
    assert (answer.status, kind_of("nick")) == (200, "")


def a_lost_member(shop: Shop) -> Operation:
    """Add a member whose answer is lost, to a list whose removal was given up."""
    DistributionList.objects.update(state="active")
    shop.seconds = 1.0
    with mock.patch.object(EmailArray, "add_member", side_effect=OutcomeUnknown("-")):
        lists.add_members(
            shop.context(), shop.deadline(), handle="club", members="a@b.org"
        )
    DistributionList.objects.update(state="removing")
    return Operation.objects.get(verb="member_add", state="open")


def test_what_is_open_for_its_members_ends_with_a_list_given_back(shop: Shop) -> None:
    operation = a_lost_member(shop)
    assert release("club") == "released_given_up"
    operation.refresh_from_db()
    assert (operation.state, operation.code) == ("refused", "list_unknown")


def test_what_cannot_even_be_settled_is_put_off_and_ends_with_staff(
    shop: Shop, clock: Clock
) -> None:
    """As when a list was given back before its members' operations ended with it."""
    operation = a_lost_member(shop)
    ListMember.objects.all().delete()
    clock.advance(20)
    assert settle.due() == {operation.mailbox.house_domain_id: [operation.pk]}
    assert settle.sweep() == 0
    operation.refresh_from_db()
    assert operation.next_look_at is not None
    assert settle.due() == {}
    clock.advance(25 * 3600)
    assert settle.sweep() == 1
    operation.refresh_from_db()
    assert (operation.state, operation.needs_staff) == ("undetermined", True)


def test_who_waits_for_what_cannot_be_settled_is_told_so(
    shop: Shop, clock: Clock
) -> None:
    operation = a_lost_member(shop)
    ListMember.objects.all().delete()
    clock.advance(20)
    with pytest.raises(StillOpenError):
        wait_for_turn(str(operation.open_for), shop.deadline())


def test_a_result_that_came_meanwhile_is_not_put_off(shop: Shop, clock: Clock) -> None:
    operation = a_lost_member(shop)
    due = operation.next_look_at
    clock.advance(20)

    def taken(*args: object) -> None:
        Operation.objects.filter(pk=operation.pk).update(attempt=9)
        raise ValueError("broken")

    with mock.patch.object(EmailArray, "list_members", taken):
        assert settle.sweep() == 0
    operation.refresh_from_db()
    assert (operation.state, operation.next_look_at) == ("open", due)
    assert "another attempt took over" in operation.evidence[-1]

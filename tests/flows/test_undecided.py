"""A create that left something perhaps ours: nobody hears that it is off or gone."""

from __future__ import annotations

from unittest import mock

import pytest

from housemail.mailboxes import (
    adoption,
    deciding,
    pending,
    provisioning,
    releasing,
)
from housemail.mailboxes.errors import Conflict
from housemail.mailboxes.models import Claim, Mailbox, Operation
from housemail.platforms.base import OutcomeUnknown
from housemail.platforms.emailarray.platform import EmailArray
from tests.flows.conftest import Clock, Shop
from tests.flows.test_kill_points import arm, create, survive

pytestmark = [pytest.mark.databases, pytest.mark.django_db]
WHY = {"reason": "looked in the panel", "actor": "staff:7"}


def nothing_happened(shop: Shop, clock: Clock) -> None:
    """Lose the answer to a create that provably did nothing."""
    assert create(shop, ref="0", handle="first").status == 200
    shop.seconds = 1.0
    arm(shop, "addUser", "not applied, answer lost")
    create(shop)
    clock.settle(minutes=3)


@pytest.fixture
def undecided(shop: Shop, clock: Clock) -> Shop:
    """A first order that was applied and not answered: it waits for staff."""
    shop.seconds = 1.0
    arm(shop, "addUser", "applied, answer lost")
    assert create(shop).status == 202
    clock.settle(minutes=3)
    row = Mailbox.objects.get()
    assert (row.state, row.needs_staff) == ("failed", True)
    shop.seconds = 5.0
    return shop


@pytest.mark.parametrize("verb", ["suspend", "terminate"])
def test_it_is_neither_called_suspended_nor_ended(undecided: Shop, verb: str) -> None:
    with pytest.raises(Conflict) as refused:
        getattr(provisioning, verb)(undecided.context(), undecided.deadline())
    assert refused.value.code == "needs_staff"
    assert "testuser@thexyz.com" in refused.value.detail
    row = Mailbox.objects.get()
    assert (row.state, row.needs_staff) == ("failed", True)
    assert Claim.objects.get().kind == "mailbox"
    assert "testuser" in undecided.mailboxes


def test_it_is_ended_once_staff_have_seen_that_it_is_not_there(
    undecided: Shop,
) -> None:
    del undecided.mailboxes["testuser"]
    releasing.release_name("testuser@thexyz.com", **WHY)
    answer = provisioning.terminate(undecided.context(), undecided.deadline())
    assert (answer.status, answer.state) == (200, "terminated")
    assert not Claim.objects.exists()


def test_it_is_suspended_and_ended_once_staff_have_adopted_it(
    undecided: Shop,
) -> None:
    staff = undecided.context(actor="staff")
    adoption.adopt(staff, undecided.deadline(), handle="testuser", domain="thexyz.com")
    suspended = provisioning.suspend(undecided.context(), undecided.deadline())
    assert (suspended.status, undecided.mailboxes["testuser"].disabled) == (200, True)
    ended = provisioning.terminate(undecided.context(), undecided.deadline())
    assert (ended.status, "testuser" in undecided.mailboxes) == (200, False)


def test_a_life_that_comes_to_wait_for_staff_meanwhile_is_not_ended(
    undecided: Shop,
) -> None:
    assert provisioning._end_failed(Mailbox.objects.get()) is False
    assert Claim.objects.get().kind == "mailbox"


def test_a_create_refused_while_it_waits_is_told_of_once_staff_have_decided(
    undecided: Shop,
) -> None:
    with pytest.raises(Conflict):
        create(undecided)
    assert pending.pending(undecided.installation) == []
    del undecided.mailboxes["testuser"]
    releasing.release_name("testuser@thexyz.com", **WHY)
    assert [row["ref"] for row in pending.pending(undecided.installation)] == ["1"]


def test_an_operation_that_finds_something_before_it_sends_waits_for_staff_too(
    shop: Shop, clock: Clock
) -> None:
    nothing_happened(shop, clock)
    shop.emulator.seed_mailbox("thexyz.com", "testuser")
    shop.seconds = 5.0
    with pytest.raises(Conflict) as refused:
        create(shop)
    assert refused.value.code == "needs_staff"
    operation = Operation.objects.select_related("mailbox__house_domain").last()
    assert operation is not None
    assert deciding.name_in_doubt(operation) == "testuser@thexyz.com"


def test_adopted_it_waits_for_nobody(undecided: Shop) -> None:
    assert Operation.objects.filter(needs_staff=True).exists()
    staff = undecided.context(actor="staff")
    adoption.adopt(staff, undecided.deadline(), handle="testuser", domain="thexyz.com")
    assert not Operation.objects.filter(needs_staff=True).exists()
    assert not Mailbox.objects.get().needs_staff


def test_another_name_in_between_does_not_make_an_unknown_one_known(
    shop: Shop, clock: Clock
) -> None:
    nothing_happened(shop, clock)
    shop.seconds = 5.0
    shop.emulator.switch_on("limit_reached", action="addUser", count=1)
    survive(lambda: create(shop, handle="other"))
    # Applied after all, late: it may be ours, and is not called somebody else's.
    shop.emulator.seed_mailbox("thexyz.com", "testuser")
    with pytest.raises(Conflict) as refused:
        create(shop)
    assert refused.value.code == "needs_staff"
    assert Claim.objects.get(handle="testuser").kind == "mailbox"


@pytest.mark.parametrize(
    ("first", "then", "call", "state"),
    [
        ("suspend", "unsuspend", "disable_mailbox", "active"),
        ("unsuspend", "suspend", "enable_mailbox", "suspended"),
    ],
)
def test_a_switch_that_was_given_up_can_be_switched_back(
    shop: Shop, clock: Clock, first: str, then: str, call: str, state: str
) -> None:
    create(shop)
    if first == "unsuspend":
        provisioning.suspend(shop.context(), shop.deadline())
    shop.seconds = 1.0
    lost = mock.patch.object(EmailArray, call, side_effect=OutcomeUnknown("-"))
    with lost:
        getattr(provisioning, first)(shop.context(), shop.deadline())
        clock.settle()
    given_up = Operation.objects.filter(verb=first).latest("pk")
    assert given_up.state == "undetermined"
    shop.seconds = 5.0
    answer = getattr(provisioning, then)(shop.context(), shop.deadline())
    assert (answer.status, answer.state) == (200, state)
    assert shop.mailboxes["testuser"].disabled is (state == "suspended")

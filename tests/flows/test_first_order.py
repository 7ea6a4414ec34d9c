"""The first order on a house domain: nothing of ours shows there that a search finds.

Absence is then proven by the engine's complete listing, on an empty domain as on one
full of other people's mailboxes; presence without a proof before stays with staff.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from housemail.mailboxes import adoption
from housemail.mailboxes.journal import Step
from housemail.mailboxes.models import Mailbox, Operation
from housemail.mailboxes.verb import Job
from housemail.platforms.base import Presence
from tests.flows.conftest import Clock, Shop
from tests.flows.test_kill_points import (
    FATES,
    STEPS,
    arm,
    assert_settled,
    create,
    survive,
)

pytestmark = [pytest.mark.databases, pytest.mark.django_db]
NOT_APPLIED = "not applied, answer lost"
# Where a request has left that the platform may apply later.
SENT = {Step.ANSWERED, Step.CLOSED}


@pytest.fixture(params=[0, 300], ids=["empty domain", "full of others"])
def new_house(request, shop: Shop) -> Shop:
    """A shop on a domain where it has sold nothing yet."""
    for number in range(request.param):
        shop.emulator.seed_mailbox("thexyz.com", f"other{number}")
    shop.seconds = 1.0
    return shop


def listings(shop: Shop) -> int:
    """How many whole listings of mailboxes were begun."""
    return sum(
        entry.action == "getAllUsersDomain" and str(entry.params["offset"]) == "0"
        for entry in shop.emulator.journal
    )


def test_a_lost_order_that_did_nothing_can_be_sent_again(
    new_house: Shop, clock: Clock
) -> None:
    arm(new_house, "addUser", NOT_APPLIED)
    assert create(new_house).status == 202
    clock.settle(minutes=3)
    assert_settled()
    row = Mailbox.objects.get(ref="1")
    assert (row.state, row.needs_staff) == ("failed", False)
    assert Operation.objects.get().code == "nothing_happened"
    assert create(new_house).status == 200
    assert len(new_house.applied("addUser")) == 1


@pytest.mark.parametrize("fate", FATES)
@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name.lower())
def test_killed_anywhere_it_is_sold_once_or_waits_for_staff(
    new_house: Shop, kill, clock: Clock, step: Step, fate: str
) -> None:
    arm(new_house, "addUser", fate)
    kill(step, "create")
    survive(lambda: create(new_house))
    later = "later" in fate and step in SENT
    reached = later or "testuser" in new_house.mailboxes
    new_house.emulator.switches_off()
    clock.settle()
    assert_settled()
    for _ in range(2):
        survive(lambda: create(new_house))
        clock.settle(minutes=4)
    row = Mailbox.objects.get(ref="1")
    known = step is Step.CLOSED and fate == "answered"
    if reached and not known:
        assert (row.state, row.needs_staff) == ("failed", True)
        new_house.seconds = 10.0  # nothing hangs here; a busy machine may be slow
        staff = new_house.context(actor="staff")
        adopted = adoption.adopt(
            staff, new_house.deadline(), handle="testuser", domain="thexyz.com"
        )
        assert adopted.state == "active"
    else:
        assert (row.state, row.needs_staff) == ("active", False)
    assert len(new_house.applied("addUser")) == 1


def test_no_name_of_somebody_else_is_asked_for(new_house: Shop, clock: Clock) -> None:
    arm(new_house, "addUser", NOT_APPLIED)
    create(new_house)
    clock.settle(minutes=3)
    asked = {
        entry.params["search"]
        for entry in new_house.emulator.journal
        if entry.action == "searchUsers"
    }
    assert asked == {"testuser"}


def test_one_listing_serves_all_that_wait_and_none_is_read_in_vain(
    new_house: Shop, clock: Clock
) -> None:
    for ref in ("1", "2", "3"):
        arm(new_house, "addUser", NOT_APPLIED)
        assert create(new_house, ref, f"name{ref}").status == 202
    clock.settle(minutes=1)
    assert listings(new_house) == 0
    clock.settle(minutes=3)
    assert_settled()
    assert listings(new_house) == 1
    codes = Operation.objects.values_list("code", flat=True)
    assert list(codes) == ["nothing_happened"] * 3


def test_a_listing_that_is_not_complete_proves_nothing(
    new_house: Shop, clock: Clock
) -> None:
    arm(new_house, "addUser", NOT_APPLIED)
    create(new_house)
    new_house.emulator.switch_on("permission_denied", action="getAllUsersDomain")
    clock.settle(minutes=6)
    assert Operation.objects.get().state == "open"
    new_house.emulator.switches_off()
    clock.settle(minutes=6)
    assert Operation.objects.get().code == "nothing_happened"


@pytest.mark.parametrize("case", ["read before the send", "not asked for"])
def test_the_listing_of_an_earlier_job_proves_nothing_it_could_not_show(
    shop: Shop, clock: Clock, case: str
) -> None:
    shop.seconds = 1.0
    arm(shop, "addUser", NOT_APPLIED)
    create(shop)
    operation = Operation.objects.get()
    assert operation.sent_at is not None
    job = Job(operation, operation.mailbox, shop.deadline(), background=True)
    key = (operation.mailbox.server_id, "thexyz.com", "mailboxes")
    earlier, later = (operation.sent_at + timedelta(seconds=n) for n in (-1, 1))
    if case == "not asked for":
        job.listings[key] = (later, {"somebody": None})
    else:
        job.listings[key] = (earlier, {"testuser": None})
    assert job.look_or_list().presence is Presence.UNPROVEN
    job.listings[key] = (later, {"testuser": None})
    assert job.look_or_list().presence is Presence.ABSENT

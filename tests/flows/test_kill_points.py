"""Protocol 9: killed at every named step, whatever the platform did meanwhile.

The steps are read from the journal, so that a new one is tested without being asked.
"""

from __future__ import annotations

import contextlib
from typing import Any

import pytest

from housemail.mailboxes import aliases, lists, provisioning
from housemail.mailboxes.errors import Refusal
from housemail.mailboxes.journal import Step
from housemail.mailboxes.models import (
    Alias,
    Claim,
    DistributionList,
    Mailbox,
    Operation,
)
from tests.flows.conftest import PASSWORD, Clock, Killed, Shop

FATES: dict[str, dict[str, Any] | None] = {
    "answered": None,
    "applied, answer lost": {"name": "connection_reset", "phase": "after"},
    "not applied, answer lost": {"name": "connection_reset", "phase": "before"},
    "applied 30 seconds later": {"name": "late_apply", "delay": 30, "hold": 0},
}
STEPS = list(Step)
pytestmark = pytest.mark.django_db


def arm(shop: Shop, action: str, fate: str) -> None:
    """Decide what the platform does with the next request for this action."""
    switch = FATES[fate]
    if switch is not None:
        options = {key: value for key, value in switch.items() if key != "name"}
        shop.emulator.switch_on(switch["name"], action=action, count=1, **options)


def create(shop: Shop, ref: str = "1", handle: str = "testuser"):
    return provisioning.create(
        shop.context(ref),
        shop.deadline(),
        handle=handle,
        domain="thexyz.com",
        password=PASSWORD,
    )


def survive(work) -> None:
    """Call as a billing system would: neither a "no" nor a death of ours ends it."""
    with contextlib.suppress(Refusal, Killed):
        work()


def calibrated(shop: Shop) -> None:
    """Sell one mailbox first, so that "nothing found" is a proof on this domain."""
    assert create(shop, ref="0", handle="first").status == 200
    shop.seconds = 1.0


def assert_settled() -> None:
    open_ones = Operation.objects.filter(state=Operation.State.OPEN)
    assert not open_ones.exists(), list(open_ones)


@pytest.mark.databases
@pytest.mark.parametrize("at_once", [True, False], ids=["at once", "after the window"])
@pytest.mark.parametrize("fate", FATES)
@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name.lower())
def test_create_ends_as_exactly_one_mailbox(
    shop: Shop, kill, clock: Clock, step: Step, fate: str, at_once: bool
) -> None:
    calibrated(shop)
    arm(shop, "addUser", fate)
    kill(step, "create")
    survive(lambda: create(shop))
    shop.emulator.switches_off()
    if at_once:
        survive(lambda: create(shop))
    clock.settle()
    survive(lambda: create(shop))
    clock.settle(minutes=8)
    survive(lambda: create(shop))
    survive(lambda: create(shop))
    assert_settled()
    row = Mailbox.objects.get(ref="1")
    assert row.state == "active"
    assert not row.needs_staff
    assert set(shop.mailboxes) == {"first", "testuser"}
    created = [e for e in shop.applied("addUser") if e.params["username"] == "testuser"]
    assert len(created) == 1
    assert shop.mailboxes["testuser"].password == PASSWORD
    assert Claim.objects.get(handle="testuser").kind == "mailbox"


VERBS = {
    "suspend": (
        "disableUser",
        lambda shop: provisioning.suspend(shop.context(), shop.deadline()),
        lambda shop: shop.mailboxes["testuser"].disabled,
    ),
    "plan": (
        "updateUser",
        lambda shop: provisioning.change_plan(
            shop.context(options={"Mailbox Quota (GB)": "50"}), shop.deadline()
        ),
        lambda shop: shop.mailboxes["testuser"].quota_mb == 50_000,
    ),
    "terminate": (
        "removeUser",
        lambda shop: provisioning.terminate(shop.context(), shop.deadline()),
        lambda shop: "testuser" not in shop.mailboxes,
    ),
}


@pytest.mark.parametrize("fate", FATES)
@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name.lower())
@pytest.mark.parametrize("verb", VERBS)
def test_every_mailbox_verb_reaches_its_state(
    shop: Shop, kill, clock: Clock, verb: str, step: Step, fate: str
) -> None:
    action, call, reached = VERBS[verb]
    calibrated(shop)
    create(shop)
    aliases.add(shop.context(), shop.deadline(), handle="nick")
    arm(shop, action, fate)
    kill(step, verb)
    survive(lambda: call(shop))
    shop.emulator.switches_off()
    clock.settle()
    answer = call(shop)
    assert answer.status == 200
    assert_settled()
    assert reached(shop)
    assert "first" in shop.mailboxes
    if verb == "terminate":
        assert not shop.emulator.state.domains["thexyz.com"].aliases
        assert Mailbox.objects.get(ref="1").state == "terminated"


PARTS = {
    "alias_add": (
        "addAlias",
        lambda shop: aliases.add(shop.context(), shop.deadline(), handle="nick"),
    ),
    "alias_remove": (
        "removeAlias",
        lambda shop: aliases.remove(shop.context(), shop.deadline(), handle="nick"),
    ),
    "list_add": (
        "addList",
        lambda shop: lists.add(shop.context(), shop.deadline(), handle="club"),
    ),
    "list_remove": (
        "removeList",
        lambda shop: lists.remove(shop.context(), shop.deadline(), handle="club"),
    ),
    "member_add": (
        "addListMember",
        lambda shop: lists.add_members(
            shop.context(), shop.deadline(), handle="club", members="x@example.org"
        ),
    ),
    "member_remove": (
        "removeListMember",
        lambda shop: lists.remove_members(
            shop.context(), shop.deadline(), handle="club", members="x@example.org"
        ),
    ),
}


@pytest.mark.parametrize("fate", FATES)
@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name.lower())
@pytest.mark.parametrize("verb", PARTS)
def test_our_record_of_aliases_and_lists_equals_the_platforms(
    shop: Shop, kill, clock: Clock, verb: str, step: Step, fate: str
) -> None:
    from housemail.mailboxes import usage
    from housemail.mailboxes.models import HouseDomain

    calibrated(shop)
    create(shop)
    usage.refresh_domain(HouseDomain.objects.get(name="thexyz.com"))
    for earlier in ("alias_add", "list_add", "member_add"):
        if earlier.split("_")[0] in verb and earlier == verb:
            break
        PARTS[earlier][1](shop)
    action, call = PARTS[verb]
    arm(shop, action, fate)
    kill(step, verb)
    survive(lambda: call(shop))
    shop.emulator.switches_off()
    clock.settle()
    assert_settled()
    assert not Operation.objects.filter(needs_staff=True).exists()
    domain = shop.emulator.state.domains["thexyz.com"]
    ours = {row.claim.handle for row in Alias.objects.filter(state="active")}
    assert ours == set(domain.aliases)
    rows = DistributionList.objects.filter(state="active")
    assert {row.claim.handle for row in rows} == set(domain.lists)
    for row in rows:
        members = set(
            row.members.filter(state="active").values_list("address", flat=True)
        )
        assert members == set(domain.lists[row.claim.handle].members)
        assert row.members_used == len(members)
    mailbox = Mailbox.objects.get(ref="1")
    assert mailbox.aliases_used == len(domain.aliases)
    assert mailbox.lists_used == len(domain.lists)

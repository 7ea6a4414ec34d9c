"""Random histories of several customers of two installations on one domain.

Faults come and go at random, clocks move, calls repeat. Whatever happened, after
settling: sold equals found, nobody holds another's address, no limit is passed, and
every operation is closed or asks for staff.
"""

from __future__ import annotations

import contextlib
import random
from dataclasses import replace
from typing import Any

import pytest

from housemail.installations.models import Installation
from housemail.mailboxes import aliases, lists, provisioning, usage
from housemail.mailboxes.errors import Refusal
from housemail.mailboxes.models import (
    Alias,
    Claim,
    DistributionList,
    HouseDomain,
    Mailbox,
    Operation,
)
from tests.flows.conftest import PASSWORD, Clock, Shop

pytestmark = pytest.mark.django_db
HANDLES = ["ann", "bob", "cid"]
NAMES = ["ann", "sales.team", "club", "bob"]
LIMITS = {"max_aliases": "2", "max_lists": "1"}
FAULTS: list[tuple[str, dict[str, Any]]] = [
    ("connection_reset", {"phase": "after"}),
    ("connection_reset", {"phase": "before"}),
    ("http_5xx_after_apply", {}),
    ("late_apply", {"delay": 30, "hold": 0}),
    ("html_error_page", {}),
    ("empty_body", {}),
    ("expired_token", {}),
]
WRITES = [
    "addUser", "updateUser", "disableUser", "enableUser", "removeUser", "addAlias",
    "removeAlias", "addList", "removeList", "addListMember", "removeListMember",
]  # fmt: skip


class History:
    """One random history; every choice comes from the seed."""

    def __init__(self, shops: list[Shop], clock: Clock, seed: int) -> None:
        self.random = random.Random(seed)
        self.shops = shops
        self.clock = clock
        self.steps: list[str] = []

    def step(self) -> None:
        """Do one random thing; a refusal is a fine answer."""
        choose = self.random.choice
        shop = choose(self.shops)
        ref = choose(["1", "2"])
        context = shop.context(ref, plan=LIMITS, owner=f"{shop.installation}-{ref}")
        deadline = shop.deadline()
        name, member = choose(NAMES), choose(["x@b.org", "y@b.org"])
        deeds = {
            "create": lambda: provisioning.create(
                context,
                deadline,
                handle=choose(HANDLES),
                domain="thexyz.com",
                password=PASSWORD,
            ),
            "suspend": lambda: provisioning.suspend(context, deadline),
            "unsuspend": lambda: provisioning.unsuspend(context, deadline),
            "terminate": lambda: provisioning.terminate(context, deadline),
            "password": lambda: provisioning.set_password(
                context, deadline, password="Other-horse-12"
            ),
            "plan": lambda: provisioning.change_plan(
                replace(context, options={"Mailbox Quota (GB)": choose(["5", "9"])}),
                deadline,
            ),
            "alias_add": lambda: aliases.add(context, deadline, handle=name),
            "alias_remove": lambda: aliases.remove(context, deadline, handle=name),
            "list_add": lambda: lists.add(
                context, deadline, handle=name, members=[member]
            ),
            "list_remove": lambda: lists.remove(context, deadline, handle=name),
            "member_remove": lambda: lists.remove_members(
                context, deadline, handle=name, members=[member]
            ),
            "fault": self.fault,
            "calm": shop.emulator.switches_off,
            "wait": lambda: self.clock.settle(minutes=choose([1, 3])),
        }
        weights = [4, 1, 1, 1, 1, 1, 3, 2, 2, 1, 1, 2, 1, 2]
        deed = self.random.choices(list(deeds), weights)[0]
        outcome = "ok"
        try:
            deeds[deed]()
        except Refusal as refusal:
            outcome = refusal.code
        self.steps.append(f"{shop.installation}/{ref} {deed} {name}: {outcome}")

    def fault(self) -> None:
        """Let the next request of some action go wrong."""
        name, options = self.random.choice(FAULTS)
        self.shops[0].emulator.switch_on(
            name, action=self.random.choice(WRITES), count=1, **options
        )


@pytest.fixture
def shops(db, emulator, settings) -> list[Shop]:
    """Two installations on one platform account."""
    settings.HOUSEMAIL_LOOKS_IN_REQUEST = ()
    emulator.seed_mailbox("thexyz.com", "stranger")
    emulator.seed_alias("thexyz.com", "club", "stranger@thexyz.com")
    return [
        Shop(emulator, Installation.objects.create(name=name), seconds=1.0)
        for name in ("one", "two")
    ]


@pytest.mark.parametrize("seed", range(24))
def test_after_settling_sold_equals_found(
    shops: list[Shop], clock: Clock, seed: int
) -> None:
    history = History(shops, clock, seed)
    emulator = shops[0].emulator
    for _ in range(40):
        history.step()
    emulator.switches_off()
    clock.settle(minutes=15)
    story = "\n".join(history.steps)

    for operation in Operation.objects.filter(state="open"):
        pytest.fail(f"{operation} is open\n{story}")
    staff = set(
        Operation.objects.filter(needs_staff=True).values_list("mailbox_id", flat=True)
    )
    domain = emulator.state.domains["thexyz.com"]
    assert domain.mailboxes["stranger"].uname != "Owner 1"
    assert domain.aliases["club"] == "stranger@thexyz.com"

    mailboxes(domain, staff, story)
    names(domain, staff, story)
    for row in Mailbox.objects.all():
        assert row.aliases_used <= 2, story
        assert row.lists_used <= 1, story
    created = [entry.params["username"] for entry in emulator_writes(emulator)]
    assert len(created) == len(
        Operation.objects.filter(verb="create", sends__gt=0)
    ) or (
        len(created) <= Operation.objects.filter(verb="create", sends__gt=0).count()
    ), story


def emulator_writes(emulator) -> list:
    """Creations that the platform applied."""
    return [e for e in emulator.journal if e.action == "addUser" and e.changed]


def mailboxes(domain, staff: set[int], story: str) -> None:
    """Each mailbox on the platform is one live row, in the same state."""
    live = {
        row.handle: row
        for row in Mailbox.objects.exclude(state__in=["failed", "terminated"])
        if row.pk not in staff
    }
    waiting = {row.handle for row in Mailbox.objects.filter(pk__in=staff)}
    found = set(domain.mailboxes) - {"stranger"}
    assert found - waiting == set(live) - waiting, story
    for handle, row in live.items():
        remote = domain.mailboxes[handle]
        claim = Claim.objects.get(handle=handle)
        assert (claim.kind, claim.mailbox_id) == ("mailbox", row.pk), story
        assert remote.quota_mb == row.quota_gb * 1000, story
        if row.state in {"active", "suspended"}:
            assert remote.disabled is (row.state == "suspended"), story


def names(domain, staff: set[int], story: str) -> None:
    """Each alias and list on the platform is one row of one owner."""
    for row in Alias.objects.filter(state="active").select_related("claim"):
        if row.mailbox_id in staff:
            continue
        assert domain.aliases.get(row.claim.handle) == row.destination, story
        assert row.claim.mailbox_id == row.mailbox_id, story
    ours = {row.claim.handle for row in Alias.objects.select_related("claim")}
    ended = {claim.handle for claim in Claim.objects.filter(kind="quarantine")}
    if not staff:
        assert set(domain.aliases) - {"club"} <= ours, story
        assert not ended & set(domain.aliases), story
    lists_ours = {row.claim.handle for row in DistributionList.objects.all()}
    if not staff:
        assert set(domain.lists) == lists_ours, story


def test_a_failed_or_partial_listing_changes_nothing(shop: Shop) -> None:
    provisioning.create(
        shop.context(),
        shop.deadline(),
        handle="testuser",
        domain="thexyz.com",
        password=PASSWORD,
    )
    domain = HouseDomain.objects.get(name="thexyz.com")
    shop.emulator.seed_mailbox("thexyz.com", "other")
    shop.mailboxes["testuser"].usage_mb = 123
    before = Mailbox.objects.values().get()
    shop.emulator.switch_on("page_failure", page=1)
    from housemail.platforms.base import PlatformError

    with contextlib.suppress(PlatformError):
        usage.refresh_domain(domain)
        pytest.fail("a failed listing counted as one")
    assert Mailbox.objects.values().get() == before
    shop.emulator.switches_off()
    assert usage.refresh_domain(domain) == 1
    assert Mailbox.objects.get().used_bytes == 123_000_000

"""A mailbox's whole life through the verbs, against the emulator over a socket."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from housemail.mailboxes import (
    aliases,
    lists,
    overview,
    provisioning,
    servers,
    usage,
    webmail,
)
from housemail.mailboxes.context import Context
from housemail.mailboxes.errors import Conflict, Refusal
from housemail.mailboxes.models import Claim, Mailbox, Operation
from tests.flows.conftest import PASSWORD, Shop

pytestmark = pytest.mark.databases


def create(shop: Shop, handle="testuser", ref="1", **more):
    return provisioning.create(
        shop.context(ref, **more),
        shop.deadline(),
        handle=handle,
        domain="thexyz.com",
        password=PASSWORD,
    )


def test_the_whole_life(shop: Shop) -> None:
    answer = create(shop)
    assert (answer.status, answer.state) == (200, "active")
    remote = shop.mailboxes["testuser"]
    assert remote.account_type == 1
    assert remote.quota_mb == 25_000
    assert remote.timezone == "America/Montreal"
    assert remote.dateformat == "yyyy-mm-dd"
    assert remote.user_language == "en"
    assert remote.password == PASSWORD

    context = shop.context()
    _use_it(shop, context, remote)
    _switch_it(shop, context, remote)
    _change_its_plan(shop, remote)
    _end_it(shop, context)


def _use_it(shop: Shop, context: Context, remote) -> None:
    provisioning.set_password(context, shop.deadline(), password="Another-horse-8")
    assert remote.password == "Another-horse-8"
    assert aliases.add(context, shop.deadline(), handle="sales.team").status == 200
    added = lists.add(
        context, shop.deadline(), handle="friends", members=["a@b.org", "nonsense"]
    )
    assert [r["status"] for r in added.data["results"]] == ["added", "refused"]
    login = webmail.login(context, shop.deadline())
    assert login.url.startswith("https://cp.emailarray.com/processlogin.php?")
    model: Any = overview.overview(context, shop.deadline())
    assert model["limits"]["aliases"] == {"used": 1, "max": 25}


def _switch_it(shop: Shop, context: Context, remote) -> None:
    assert provisioning.suspend(context, shop.deadline()).state == "suspended"
    assert remote.disabled
    with pytest.raises(Conflict) as refused:
        aliases.add(context, shop.deadline(), handle="more")
    assert refused.value.code == "suspended"
    assert provisioning.unsuspend(context, shop.deadline()).state == "active"
    assert not remote.disabled


def _change_its_plan(shop: Shop, remote) -> None:
    bigger = shop.context(
        options={"Mailbox Quota (GB)": "50 GB", "Account Type": "Enhanced"},
        plan={"language": "de", "timezone": "Europe/Berlin"},
    )
    changed = provisioning.change_plan(bigger, shop.deadline())
    assert set(changed.data["changed"]) == {
        "quota_gb",
        "account_type",
        "language",
        "timezone",
    }
    assert changed.data["unconfirmed"] == []
    assert (remote.quota_mb, remote.account_type) == (50_000, 2)
    assert (remote.user_language, remote.timezone) == ("de", "Europe/Berlin")
    assert remote.uname == "Owner 1"


def _end_it(shop: Shop, context: Context) -> None:
    assert provisioning.terminate(context, shop.deadline()).state == "terminated"
    assert shop.mailboxes == {}
    assert not shop.emulator.state.domains["thexyz.com"].aliases
    assert not shop.emulator.state.domains["thexyz.com"].lists
    kinds = set(Claim.objects.values_list("kind", flat=True))
    assert kinds == {"quarantine"}
    assert not Operation.objects.filter(state="open").exists()


def test_a_repeat_of_create_is_the_same_mailbox(shop: Shop) -> None:
    create(shop)
    assert create(shop).state == "active"
    assert len(shop.applied("addUser")) == 1


def test_another_address_for_the_same_service_is_refused(shop: Shop) -> None:
    create(shop)
    with pytest.raises(Conflict, match=r"already has the mailbox testuser@thexyz\.com"):
        create(shop, handle="other")


def test_a_freed_address_is_not_sold_to_a_stranger(shop: Shop) -> None:
    create(shop)
    provisioning.terminate(shop.context(), shop.deadline())
    assert "testuser" not in shop.mailboxes
    with pytest.raises(Conflict) as refused:
        create(shop, ref="2")
    assert refused.value.code == "address_quarantined"
    assert "owner-1" in refused.value.detail
    assert create(shop, ref="3", owner="owner-1").state == "active"
    provisioning.terminate(shop.context("3", owner="owner-1"), shop.deadline())
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert create(shop, ref="2").state == "active"


def test_a_lost_answer_is_settled_by_looking(shop: Shop) -> None:
    create(shop, handle="first", ref="0")
    shop.emulator.switch_on(
        "connection_reset", action="addUser", phase="after", count=1
    )
    assert create(shop).state == "active"
    assert len(shop.applied("addUser")) == 2
    assert Mailbox.objects.get(ref="1").state == "active"


def test_a_mailbox_we_did_not_make_is_never_adopted(shop: Shop) -> None:
    create(shop, handle="first", ref="0")
    shop.emulator.seed_mailbox("thexyz.com", "testuser")
    with pytest.raises(Refusal) as refused:
        create(shop)
    assert refused.value.code == "address_taken"
    assert not Claim.objects.filter(handle="testuser").exists()


def test_what_was_seen_before_a_change_of_plan_does_not_confirm_it(shop: Shop) -> None:
    create(shop)
    before = Mailbox.objects.get()
    seen = servers.platform_for(before.server).read(before.address, shop.deadline())
    assert seen is not None
    shop.emulator.switch_on("localisation_ignored")
    german = shop.context(plan={"language": "de"})
    changed = provisioning.change_plan(german, shop.deadline())
    assert changed.data["unconfirmed"] == ["language"]
    usage.remember(before, seen, timezone.now())
    assert Mailbox.objects.get().unconfirmed == ["language"]


def test_a_domain_that_the_platform_does_not_have_is_said_with_the_fix(
    shop: Shop,
) -> None:
    with pytest.raises(Conflict) as refused:
        provisioning.create(
            shop.context(plan={"allowed_domains": "thexyz.com,missing.example"}),
            shop.deadline(),
            handle="testuser",
            domain="missing.example",
            password=PASSWORD,
        )
    assert (refused.value.status, refused.value.code) == (409, "domain_not_on_platform")
    assert refused.value.detail == (
        "missing.example does not exist on the mail platform. Add it in the "
        "platform's control panel, then try again."
    )
    assert not Claim.objects.exists()
    assert not shop.applied("addUser")


def test_a_limit_of_0_is_no_limit(shop: Shop) -> None:
    create(shop)
    context = shop.context(plan={"max_aliases": "0", "max_lists": "0"})
    for number in range(26):
        added = aliases.add(context, shop.deadline(), handle=f"alias{number}")
        assert added.status == 200
    for number in range(6):
        added = lists.add(context, shop.deadline(), handle=f"list{number}", members=[])
        assert added.status == 200
    limits = overview.overview(context, shop.deadline())["limits"]
    assert limits == {
        "aliases": {"used": 26, "max": 0},
        "lists": {"used": 6, "max": 0},
    }

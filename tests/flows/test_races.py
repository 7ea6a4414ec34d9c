"""Promises 1 and 6 under fire: many callers at once, in threads and processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from housemail.mailboxes import aliases, lists, provisioning
from housemail.mailboxes.errors import Conflict, Refusal
from housemail.mailboxes.models import Alias, Claim, ListMember, Mailbox, Operation
from tests.flows.conftest import PASSWORD, Shop

pytestmark = [pytest.mark.databases, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shop(transactional_db, emulator, settings) -> Shop:
    """A billing system whose rows other threads can see."""
    from housemail.installations.models import Installation

    settings.HOUSEMAIL_THREADS = 100  # so that each of 50 callers finds a place
    return Shop(emulator, Installation.objects.create(name="one"), seconds=30.0)


def create(shop: Shop, ref: str, handle: str = "testuser"):
    return provisioning.create(
        shop.context(ref),
        shop.deadline(),
        handle=handle,
        domain="thexyz.com",
        password=PASSWORD,
    )


def together(count: int, work, threads: int = 50) -> list[str]:
    """Run ``work(i)`` from many threads that start as one; return outcomes."""
    if connection.vendor != "sqlite":
        # Two test processes share a server that admits 100 connections as installed.
        threads = min(threads, 30)
    barrier = threading.Barrier(min(count, threads))
    first = threading.local()

    def one(index: int) -> str:
        if not getattr(first, "passed", False):
            first.passed = True
            barrier.wait(timeout=30)
        try:
            answer = work(index)
        except Refusal as refusal:
            return f"{refusal.status} {refusal.code}"
        else:
            return f"{answer.status}"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=min(count, threads)) as pool:
        return list(pool.map(one, range(count)))


@pytest.mark.timeout(300)
def test_two_hundred_orders_for_one_address_make_one_mailbox(shop: Shop) -> None:
    outcomes = Counter(together(200, lambda i: create(shop, ref=f"r{i}")))
    assert outcomes["200"] == 1, outcomes
    assert outcomes["409 address_taken"] == 199, outcomes
    assert len(shop.applied("addUser")) == 1
    assert Claim.objects.filter(handle="testuser").count() == 1
    assert Mailbox.objects.filter(state="active").count() == 1


def test_the_same_order_twenty_times_at_once_makes_one_mailbox(shop: Shop) -> None:
    outcomes = Counter(together(20, lambda _: create(shop, ref="1"), threads=20))
    assert outcomes == {"200": 20}
    assert len(shop.applied("addUser")) == 1


@pytest.mark.parametrize("verb", ["suspend", "unsuspend", "terminate"])
def test_a_verb_eight_times_at_once_is_done_once_and_told_to_all(
    shop: Shop, verb: str
) -> None:
    create(shop, ref="1")
    if verb == "unsuspend":
        provisioning.suspend(shop.context("1"), shop.deadline())
    do = getattr(provisioning, verb)
    outcomes = Counter(
        together(8, lambda _: do(shop.context("1"), shop.deadline()), threads=8)
    )
    assert outcomes == {"200": 8}
    action = {"suspend": "disableUser", "unsuspend": "enableUser"}
    assert len(shop.applied(action.get(verb, "removeUser"))) == 1


def test_a_found_mailbox_is_finished_once_and_told_to_all(shop: Shop) -> None:
    create(shop, ref="1")
    Mailbox.objects.update(state="creating", found=True)
    outcomes = Counter(together(8, lambda _: create(shop, ref="1"), threads=8))
    assert outcomes == {"200": 8}


@pytest.mark.timeout(300)
def test_fifty_alias_adds_stop_exactly_at_the_limit(shop: Shop) -> None:
    create(shop, ref="1")
    outcomes = Counter(
        together(
            50,
            lambda i: aliases.add(shop.context("1"), shop.deadline(), handle=f"a{i}"),
        )
    )
    assert outcomes == {"200": 25, "409 alias_limit": 25}
    assert len(shop.emulator.state.domains["thexyz.com"].aliases) == 25
    assert Alias.objects.count() == 25
    assert Mailbox.objects.get(ref="1").aliases_used == 25


@pytest.mark.timeout(300)
def test_fifty_adds_stop_exactly_at_the_days_new_names(shop: Shop, settings) -> None:
    settings.HOUSEMAIL_NAMES_ADDED_PER_DAY = 20
    create(shop, ref="1")
    outcomes = Counter(
        together(
            50,
            lambda i: aliases.add(shop.context("1"), shop.deadline(), handle=f"a{i}"),
        )
    )
    assert outcomes == {"200": 20, "409 new_name_day_limit": 30}
    mailbox = Mailbox.objects.get(ref="1")
    assert (mailbox.aliases_used, mailbox.new_names_added) == (20, 20)
    with pytest.raises(Conflict, match="20 of 20 new aliases and lists were added"):
        lists.add(shop.context("1"), shop.deadline(), handle="club")
    assert Mailbox.objects.get(ref="1").lists_used == 0


@pytest.mark.timeout(300)
def test_fifty_list_adds_stop_exactly_at_the_limit(shop: Shop) -> None:
    create(shop, ref="1")
    outcomes = Counter(
        together(
            50, lambda i: lists.add(shop.context("1"), shop.deadline(), handle=f"l{i}")
        )
    )
    assert outcomes == {"200": 5, "409 list_limit": 45}
    assert len(shop.emulator.state.domains["thexyz.com"].lists) == 5


@pytest.mark.timeout(300)
def test_member_adds_stop_exactly_at_the_daily_limit(shop: Shop) -> None:
    create(shop, ref="1")
    lists.add(shop.context("1"), shop.deadline(), handle="club")

    def add(index: int):
        answer = lists.add_members(
            shop.context("1"),
            shop.deadline(),
            handle="club",
            members=[f"m{index}a@b.org", f"m{index}b@b.org"],
        )
        for result in answer.data["results"]:
            if result["status"] == "refused":
                raise Conflict(result["code"], used=50, limit=50)
        return answer

    together(40, add, threads=20)
    assert ListMember.objects.filter(state="active").count() == 50
    members = shop.emulator.state.domains["thexyz.com"].lists["club"].members
    assert len(members) == 50


def test_one_name_as_mailbox_alias_and_list_at_once_has_one_holder(shop: Shop) -> None:
    create(shop, ref="1", handle="one")
    create(shop, ref="2", handle="two")

    def work(index: int):
        if index % 3 == 0:
            return create(shop, ref=f"n{index}", handle="name")
        ref = "1" if index % 2 else "2"
        if index % 3 == 1:
            return aliases.add(shop.context(ref), shop.deadline(), handle="name")
        return lists.add(shop.context(ref), shop.deadline(), handle="name")

    together(12, work, threads=12)
    domain = shop.emulator.state.domains["thexyz.com"]
    holders = [
        kind
        for kind in (domain.mailboxes, domain.aliases, domain.lists)
        if "name" in kind
    ]
    assert len(holders) == 1
    assert Claim.objects.filter(handle="name").count() == 1


@pytest.mark.parametrize("tag", ["", "+news"])
@pytest.mark.timeout(300)
def test_an_alias_never_leads_to_a_list_that_is_added_at_once(
    shop: Shop, tag: str
) -> None:
    create(shop, ref="1", handle="one")
    create(shop, ref="2", handle="two")

    def work(index: int, turn: int):
        if index:
            name = f"team{turn}"
            return lists.add(shop.context("2"), shop.deadline(), handle=name)
        destination = f"team{turn}{tag}@thexyz.com"
        return aliases.add(
            shop.context("1"),
            shop.deadline(),
            handle=f"to{turn}",
            destination=destination,
        )

    allowed = (["200", "409 list_is_destination"], ["200", "422 destination_is_list"])
    for turn in range(5):
        outcomes = sorted(together(2, lambda index, turn=turn: work(index, turn)))
        assert outcomes in allowed


SCRIPT = """
import json, os, sys
import django
django.setup()
from housemail.installations.models import Installation
from housemail.mailboxes import provisioning
from housemail.mailboxes.context import Context, Owner, ServerDetails
from housemail.platforms.base import Deadline
want = json.loads(sys.stdin.read())
context = Context(
    installation=Installation.objects.get(name="one"), ref="1",
    server=ServerDetails(**want["server"]), plan=want["plan"],
    owner=Owner(id="owner-1"),
)
verb = getattr(provisioning, want["verb"])
answer = verb(context, Deadline.after(20), **want["args"])
print(answer.status, answer.state)
"""


def other_process(shop: Shop, verb: str, **args: str) -> subprocess.Popen:
    """Start a verb in a process of its own, on the same database."""
    context = shop.context("1")
    want = {
        "verb": verb,
        "args": args,
        "plan": context.plan,
        "server": {
            name: getattr(context.server, name)
            for name in ("platform", "endpoint", "username", "password")
        },
    }
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "HOUSEMAIL_DATABASE_URL": _url()},
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(want))
    process.stdin.close()
    return process


def _url() -> str:
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{values['NAME']}"
    scheme = "postgresql" if connection.vendor == "postgresql" else "mysql"
    user = values["USER"]
    if values["PASSWORD"]:
        user += f":{values['PASSWORD']}"
    port = f":{values['PORT']}" if values["PORT"] else ""
    return f"{scheme}://{user}@{values['HOST']}{port}/{values['NAME']}"


@pytest.mark.timeout(300)
def test_two_processes_change_one_mailbox_one_after_the_other(shop: Shop) -> None:
    create(shop, ref="1")
    shop.emulator.switch_on("latency", action="updateUser", seconds=0.6)
    first = other_process(shop, "set_password", password="Other-horse-1")
    second = other_process(shop, "change_plan")
    for process in (first, second):
        assert process.stdout is not None
        output = process.stdout.read()
        assert process.wait(60) == 0
        assert output.split()[:2] == ["200", "active"]
        process.stdout.close()
    closed = Operation.objects.filter(verb__in=["password", "plan"]).order_by(
        "closed_at"
    )
    earlier, later = closed
    assert earlier.closed_at is not None
    assert later.sent_at is not None
    assert earlier.closed_at <= later.sent_at, "the two were at the platform at once"

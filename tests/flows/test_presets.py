"""The whole life over HTTP under each preset of the emulator, and what is left of it.

The billing system repeats what was answered 202 or 503; the engine settles the rest.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from emulator import Emulator
from emulator.presets import PRESETS
from housemail.mailboxes.models import Mailbox, Operation
from tests.flows.conftest import PASSWORD, Clock
from tests.flows.http import (
    Billing,
    Reply,
    assert_journal_is_clean,
    assert_sold_equals_found,
    billing_system,
    engine_works,
    list_new_domains,
    restart,
    serving,
)
from tests.flows.test_races import _url

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]
# What of the weather only takes time is shortened; what goes wrong stays.
FASTER: dict[str, dict[str, Any]] = {
    "latency": {"minimum": 0.0, "maximum": 0.05},
    "slow_listing": {"per_page": 0.01},
    "timeout_after_apply": {"every": 3, "action": "@write", "hold": 0.1},
}
NAMES = {"testuser", "first", "nick", "brief", "club"}


@pytest.fixture
def billing(emulator: Emulator, clock: Clock) -> Iterator[Billing]:
    """A billing system in front of a house that has sold one mailbox already."""
    work = engine_works(clock, 130)

    def meanwhile() -> None:
        work()
        restart()  # circuits are measured in real time, which no test moves

    with serving() as base, billing_system(base, emulator) as found:
        found.meanwhile = meanwhile
        assert found.create("0", "first").status == 200
        list_new_domains()
        yield found


def weather(emulator: Emulator, preset: str) -> None:
    """Turn a preset on, without its waiting."""
    emulator.use_preset(preset)
    for name, scope in PRESETS[preset].wishes:
        if name in FASTER:
            emulator.switch_on(name, **{**scope, **FASTER[name]})


def gone(reply: Reply, code: str) -> bool:
    """A removal that was answered 202 is later 404: there is nothing left to remove."""
    return reply.status == 200 or reply.code == code


def members(billing: Billing, verb: str, member: str, *, there: bool) -> None:
    """Add or remove one member and wait until the overview says so."""
    states: dict[str, str] = {}
    for _ in range(20):
        billing.insist(verb, handle="club", members=[member])
        seen = billing.insist("overview").body["lists"]
        club = next(row for row in seen if row["handle"] == "club")
        states = {row["address"]: row["state"] for row in club["members"]}
        if states.get(member) == ("active" if there else None):
            return
        billing.meanwhile()
    raise AssertionError(f"{verb} of {member} was not settled: {states}")


def set_password(billing: Billing, emulator: Emulator, password: str) -> None:
    """Set it until the answer says so; under strict rules a repeat is "used before"."""
    box = emulator.state.domains["thexyz.com"].mailboxes["testuser"]
    billing.insist("password", password=password)
    assert box.password == password


def is_off(emulator: Emulator) -> bool:
    """Whether the platform has the mailbox switched off."""
    return emulator.state.domains["thexyz.com"].mailboxes["testuser"].disabled


def live_a_life(billing: Billing, emulator: Emulator) -> None:
    """The sheet's whole life, checked against the platform's state as it goes."""
    order(billing, emulator)
    set_password(billing, emulator, "Another-horse-8")
    use(billing)
    assert_sold_equals_found(emulator)
    link = billing.insist("webmail-login")
    assert link.body["url"].startswith("https://cp.emailarray.com/processlogin.php?")

    assert billing.insist("suspend").body["state"] == "suspended"
    assert is_off(emulator)
    assert billing.service("aliases/add", handle="more").code == "suspended"
    assert_sold_equals_found(emulator)
    assert billing.insist("unsuspend").body["state"] == "active"
    assert not is_off(emulator)
    change_plan(billing, emulator)
    assert_sold_equals_found(emulator)

    assert billing.insist("terminate").body["state"] == "terminated"
    assert billing.insist("terminate").body["state"] == "terminated"


def order(billing: Billing, emulator: Emulator) -> None:
    """Test Connection, availability and create; the plan is read back."""
    test = billing.post("connection-test")
    for _ in range(10):
        if test.status == 200:
            break
        assert test.status in {409, 503}, test
        billing.meanwhile()
        test = billing.post("connection-test")
    assert set(test.body["domains"]) == {"thexyz.com", "thexyz.ca", "thexyz.cn"}
    wanted: dict[str, Any] = {"handle": "testuser", "domain": "thexyz.com"}
    assert billing.post("availability", **wanted).body["available"] is True
    created = billing.insist("create", **wanted, password=PASSWORD)
    assert created.body["state"] == "active"
    box = emulator.state.domains["thexyz.com"].mailboxes["testuser"]
    assert (box.account_type, box.quota_mb, box.user_language) == (1, 25_000, "en")
    assert (box.timezone, box.dateformat) == ("America/Montreal", "yyyy-mm-dd")
    assert (box.password, box.uname) == (PASSWORD, "Michael Example")
    assert billing.insist("overview").body["state"] == "active"


def use(billing: Billing) -> None:
    """Two aliases and a list with two members come, one of each goes again."""
    billing.insist("aliases/add", handle="nick")
    billing.insist("aliases/add", handle="brief")
    billing.insist(
        "aliases/remove",
        handle="brief",
        until=lambda reply: gone(reply, "alias_unknown"),
    )
    billing.insist("lists/add", handle="club")
    members(billing, "lists/members/add", "a@else.example", there=True)
    members(billing, "lists/members/add", "b@else.example", there=True)
    members(billing, "lists/members/remove", "a@else.example", there=False)


def change_plan(billing: Billing, emulator: Emulator) -> None:
    """Another plan in every setting, read back from the platform itself."""
    billing.insist(
        "plan",
        options={"Account Type": "Enhanced", "Mailbox Quota (GB)": "50"},
        plan={
            "language": "de",
            "timezone": "Europe/Berlin",
            "date_format": "dd.mm.yyyy",
        },
    )
    box = emulator.state.domains["thexyz.com"].mailboxes["testuser"]
    assert (box.account_type, box.quota_mb, box.user_language) == (2, 50_000, "de")
    assert (box.timezone, box.dateformat) == ("Europe/Berlin", "dd.mm.yyyy")
    assert (box.password, box.uname) == ("Another-horse-8", "Michael Example")


@pytest.mark.timeout(180)
@pytest.mark.parametrize("preset", PRESETS)
def test_the_whole_life_of_testuser_under(
    billing: Billing, emulator: Emulator, preset: str
) -> None:
    weather(emulator, preset)
    live_a_life(billing, emulator)
    assert_sold_equals_found(emulator)
    domain = emulator.state.domains["thexyz.com"]
    assert "testuser" not in domain.mailboxes
    assert "first" in domain.mailboxes
    assert not domain.aliases
    assert not domain.lists
    assert_journal_is_clean(emulator, NAMES)
    assert Mailbox.objects.get(ref="1").state == "terminated"
    assert not Operation.objects.filter(needs_staff=True).exists()
    assert not any(reply.status == 500 for _, reply in billing.replies)


MEASURE = """
import resource, sys
import django
django.setup()
from housemail.mailboxes import usage
from housemail.mailboxes.models import HouseDomain
unit = 1 if sys.platform == "darwin" else 1024
for name in sys.argv[1:]:
    written = usage.refresh_domain(HouseDomain.objects.get(name=name))
    print(written, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit)
"""


def peaks_of_refreshing(*domains: str) -> list[int]:
    """The bytes that a process of its own has needed after each domain."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, *domains],
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
        env={**os.environ, "HOUSEMAIL_DATABASE_URL": _url()},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    lines = [line.split() for line in done.stdout.splitlines()]
    assert [written for written, _ in lines] == ["1"] * len(domains)
    return [int(peak) for _, peak in lines]


def test_usage_of_a_big_domain_is_refreshed_in_bounded_memory(
    billing: Billing, emulator: Emulator
) -> None:
    assert billing.create("1", "own", domain="thexyz.ca").status == 200
    emulator.seed_big("thexyz.ca", 2_000)
    emulator.seed_big("thexyz.com", 20_000)
    small, big = peaks_of_refreshing("thexyz.ca", "thexyz.com")
    assert big < 1.2 * small, (small, big)
    # A page at a time, and the names read so far; a kept row takes 800 bytes.
    assert (big - small) / 18_000 < 500, (small, big)
    assert Mailbox.objects.get(ref="0").seen_at is not None


def test_a_listing_that_moves_under_the_reader_changes_nothing(
    billing: Billing, emulator: Emulator
) -> None:
    emulator.seed_big("thexyz.com", 1_000)
    emulator.switch_on("mutate_between_pages")
    before = json.dumps(list(Mailbox.objects.values()), default=str)
    from housemail.mailboxes import usage
    from housemail.mailboxes.models import HouseDomain
    from housemail.platforms.base import PlatformError

    with pytest.raises(PlatformError):
        usage.refresh_domain(HouseDomain.objects.get(name="thexyz.com"))
    assert json.dumps(list(Mailbox.objects.values()), default=str) == before

"""A mailbox that was moved to another server: staff say so, and we look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from emulator import Emulator
from housemail.installations.models import Server
from housemail.mailboxes import entering
from housemail.mailboxes.models import HouseDomain, Mailbox, Operation
from tests.flows.conftest import Clock
from tests.flows.http import (
    Billing,
    Reply,
    billing_system,
    list_new_domains,
    serving,
)
from tests.flows.test_races import together

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]
STAFF = {"kind": "staff", "id": "9"}


@pytest.fixture
def new_home() -> Iterator[Emulator]:
    """A second mail platform, to which mailboxes are moved."""
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def house(emulator: Emulator) -> Iterator[dict[str, Billing]]:
    """Two billing systems on one domain; the first one has sold two mailboxes."""
    with ExitStack() as stack:
        base = stack.enter_context(serving())
        one, two = (
            stack.enter_context(billing_system(base, emulator, name=name))
            for name in ("one", "two")
        )
        assert one.create("0", "first").status == 200
        assert one.create("1", "testuser").status == 200
        yield {"one": one, "two": two}


@pytest.fixture
def one(house: dict[str, Billing]) -> Billing:
    return house["one"]


def server_of(emulator: Emulator) -> dict[str, str]:
    """The server as a billing system has it after the move."""
    return {
        "platform": "emailarray",
        "endpoint": emulator.endpoint,
        "username": emulator.username,
        "password": emulator.password,
    }


def repoint(
    billing: Billing, to: dict[str, str], ref: str = "1", **more: object
) -> Reply:
    """Let staff say that the mailbox lives there now."""
    return billing.service("repoint", ref, server=to, **{"actor": STAFF, **more})


def endpoint_of(ref: str) -> str:
    """Where our record says that the mailbox lives."""
    return Mailbox.objects.select_related("server").get(ref=ref).server.endpoint


def written(emulator: Emulator) -> list[str]:
    """What changed something on a platform."""
    return [entry.action for entry in emulator.journal if entry.changed]


def test_what_was_moved_goes_on_at_its_new_server(
    one: Billing, emulator: Emulator, new_home: Emulator
) -> None:
    new_home.seed_mailbox("thexyz.com", "testuser")
    there = server_of(new_home)
    moved = one.service("suspend", "1", server=there)
    assert (moved.status, moved.code) == (409, "server_moved")
    assert "re-point" in moved.body["detail"]
    done = repoint(one, there)
    assert (done.status, done.body["state"]) == (200, "active")
    assert {call["action"] for call in done.body["calls"]} <= {
        *("login", "getAllDomains", "searchUsers")
    }
    assert written(new_home) == []
    assert endpoint_of("1") == new_home.endpoint
    before = len(emulator.journal)
    assert one.service("suspend", "1", server=there).status == 200
    assert new_home.state.domains["thexyz.com"].mailboxes["testuser"].disabled
    assert len(emulator.journal) == before
    assert one.service("suspend", "1").code == "server_moved"


def test_a_move_is_journaled_with_who_and_whereto(
    one: Billing, emulator: Emulator, new_home: Emulator
) -> None:
    new_home.seed_mailbox("thexyz.com", "testuser")
    for _ in range(2):
        assert repoint(one, server_of(new_home)).status == 200
    (row,) = Operation.objects.filter(verb="repoint")
    assert (row.state, row.actor, row.open_for) == ("done", "staff:9", None)
    assert emulator.endpoint in row.wanted["from"]
    assert new_home.endpoint in row.wanted["to"]


def test_what_the_new_server_does_not_show_stays_where_it_is(
    one: Billing, emulator: Emulator, new_home: Emulator
) -> None:
    there = server_of(new_home)
    unproven = repoint(one, there)
    assert (unproven.status, unproven.code) == (409, "repoint_unproven")
    new_home.seed_mailbox("thexyz.com", "first")
    assert repoint(one, there, "0").status == 200
    absent = repoint(one, there)  # by a search that has just found another one
    assert (absent.status, absent.code) == (409, "repoint_not_found")
    new_home.switch_on("connection_reset", action="searchUsers")
    lost = repoint(one, there)
    assert (lost.status, lost.code) == (503, "platform_unavailable")
    assert endpoint_of("1") == emulator.endpoint
    assert one.service("check", "1").body["presence"] == "present"


@pytest.mark.parametrize(
    ("kind", "code"), [("client", "ask_support"), ("automation", "staff_only")]
)
def test_only_staff_re_point(
    one: Billing, new_home: Emulator, kind: str, code: str
) -> None:
    new_home.seed_mailbox("thexyz.com", "testuser")
    refused = repoint(one, server_of(new_home), actor={"kind": kind})
    assert (refused.status, refused.code) == (403, code)
    assert new_home.journal == []


def test_credentials_that_do_not_work_move_nothing(
    one: Billing, new_home: Emulator
) -> None:
    new_home.seed_mailbox("thexyz.com", "testuser")
    wrong = {**server_of(new_home), "password": "wrong"}
    assert repoint(one, wrong).code == "server_login_refused"
    assert Server.objects.count() == 1


def test_an_account_without_the_domain_gets_no_mailbox_of_it(
    one: Billing, emulator: Emulator
) -> None:
    with Emulator(domains=("else.example",)) as elsewhere:
        refused = repoint(one, server_of(elsewhere))
    assert (refused.status, refused.code) == (409, "domain_not_on_platform")
    assert endpoint_of("1") == emulator.endpoint


def test_the_domain_follows_and_what_is_not_moved_yet_goes_on(
    one: Billing, emulator: Emulator, new_home: Emulator
) -> None:
    new_home.seed_mailbox("thexyz.com", "testuser")
    HouseDomain.objects.update(foreign_lists=["old"], lists_listed_at="2026-01-01T00Z")
    there = server_of(new_home)
    assert repoint(one, there).status == 200
    domain = HouseDomain.objects.get(name="thexyz.com")
    assert new_home.endpoint in domain.account
    # What the old account listed proves nothing about the new one.
    assert (domain.foreign_lists, domain.lists_listed_at) == ([], None)
    assert one.service("aliases/add", "0", handle="nick").status == 200
    assert "nick" in emulator.state.domains["thexyz.com"].aliases
    assert one.create("2", "second").code == "domain_elsewhere"
    assert one.create("2", "second", server=there).status == 200
    assert "second" in new_home.state.domains["thexyz.com"].mailboxes


def test_a_list_on_the_old_server_says_nothing_about_the_new_one(
    one: Billing, emulator: Emulator, new_home: Emulator, clock: Clock
) -> None:
    new_home.seed_mailbox("thexyz.com", "testuser")
    assert repoint(one, server_of(new_home)).status == 200
    emulator.seed_list("thexyz.com", "theirs")
    emulator.switch_on("connection_reset", action="addList", phase="after", count=1)
    assert one.service("lists/add", "0", handle="club").status == 202
    clock.settle(minutes=3)
    domain = HouseDomain.objects.get(name="thexyz.com")
    assert (domain.foreign_lists, domain.lists_listed_at) == ([], None)


def test_one_installation_does_not_take_a_shared_domain_from_another(
    house: dict[str, Billing], emulator: Emulator, new_home: Emulator
) -> None:
    one, two = house["one"], house["two"]
    assert two.create("t1", "other").status == 200
    for name in ("testuser", "other"):
        new_home.seed_mailbox("thexyz.com", name)
    there = server_of(new_home)
    refused = repoint(one, there)
    assert (refused.status, refused.code) == (409, "repoint_shared")
    assert two.create("t2", "third").status == 200
    # The other's staff do the same; their login is what was missing.
    assert repoint(two, there, "t1").status == 200
    assert repoint(one, there).status == 200
    assert endpoint_of("t1") == endpoint_of("1") == new_home.endpoint
    assert two.service("suspend", "t2").status == 200  # not moved yet: it goes on


def test_another_installations_mailbox_is_not_re_pointed(
    house: dict[str, Billing], emulator: Emulator, new_home: Emulator
) -> None:
    new_home.seed_mailbox("thexyz.com", "testuser")
    refused = repoint(house["two"], server_of(new_home))
    assert (refused.status, refused.code) == (404, "service_unknown")
    assert endpoint_of("1") == emulator.endpoint
    assert new_home.journal == []


def test_the_other_host_of_the_same_account_needs_no_move(
    one: Billing, emulator: Emulator, settings
) -> None:
    settings.HOUSEMAIL_ENDPOINTS = [emulator.endpoint, emulator.second_endpoint]
    other = {**server_of(emulator), "endpoint": emulator.second_endpoint}
    before = len(emulator.journal)
    done = repoint(one, other)
    assert (done.status, "calls" in done.body) == (200, False)
    assert one.service("suspend", "1", server=other).status == 200
    assert not Operation.objects.filter(verb="repoint").exists()
    assert len(emulator.journal) > before


def test_a_new_host_name_of_the_same_platform_is_another_account(
    one: Billing, emulator: Emulator
) -> None:
    other = {**server_of(emulator), "endpoint": emulator.second_endpoint}
    assert one.service("suspend", "1", server=other).code == "server_moved"
    assert repoint(one, other).status == 200
    assert one.service("suspend", "1", server=other).status == 200
    assert repoint(one, other, "0").status == 200
    assert one.create("2", "second", server=other).status == 200


def test_an_ended_mailbox_is_not_moved(one: Billing, new_home: Emulator) -> None:
    assert one.service("terminate", "1").status == 200
    refused = repoint(one, server_of(new_home))
    assert (refused.status, refused.code) == (409, "not_active")


@pytest.mark.parametrize(
    ("verb", "action", "more"),
    [
        ("suspend", "disableUser", {}),
        ("aliases/add", "addAlias", {"handle": "nick"}),
        ("lists/add", "addList", {"handle": "club"}),
    ],
)
def test_what_is_unknown_is_settled_where_it_was_sent(
    one: Billing,
    emulator: Emulator,
    new_home: Emulator,
    clock: Clock,
    verb: str,
    action: str,
    more: dict[str, str],
) -> None:
    new_home.seed_mailbox("thexyz.com", "testuser")
    list_new_domains()  # so that a list found later is known to be ours
    emulator.switch_on("late_apply", action=action, delay=30, hold=0, count=1)
    one.deadline_ms = 4_500
    assert one.service(verb, "1", **more).status == 202
    waits = repoint(one, server_of(new_home))
    assert (waits.status, waits.code) == (202, "in_progress")
    assert endpoint_of("1") == emulator.endpoint
    clock.settle(minutes=4)
    one.deadline_ms = 8_000
    assert repoint(one, server_of(new_home)).status == 200
    assert not Operation.objects.filter(needs_staff=True).exists()
    assert action not in [entry.action for entry in new_home.journal]


@pytest.mark.databases
def test_a_verb_that_read_the_old_server_sends_nothing_there_after_the_move(
    one: Billing,
    emulator: Emulator,
    new_home: Emulator,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    new_home.seed_mailbox("thexyz.com", "testuser")

    def late(*args, **options):
        monkeypatch.undo()
        assert repoint(one, server_of(new_home)).status == 200
        return entering.enter_unless_changed(*args, **options)

    monkeypatch.setattr("housemail.mailboxes.provisioning.enter_unless_changed", late)
    before = written(emulator)
    told = one.service("suspend", "1")
    assert (told.status, told.code) == (202, "superseded")
    assert written(emulator) == before
    clock.settle(minutes=3)
    assert Mailbox.objects.get(ref="1").state == "active"
    assert one.service("suspend", "1", server=server_of(new_home)).status == 200


@pytest.mark.databases
def test_many_at_once_move_it_once_and_lose_no_change(
    one: Billing, emulator: Emulator, new_home: Emulator
) -> None:
    new_home.seed_mailbox("thexyz.com", "testuser")
    there = server_of(new_home)
    names = [f"a{index}" for index in range(6)]

    def work(index: int) -> Reply:
        if index % 2:
            return repoint(one, there)
        return one.service("aliases/add", "1", handle=names[index // 2])

    outcomes = Counter(together(12, work, threads=12))
    assert set(outcomes) <= {"200", "202", "409"}, outcomes
    assert repoint(one, there).status == 200
    assert Operation.objects.filter(verb="repoint").count() == 1
    moved_at = Operation.objects.get(verb="repoint").created_at
    old = emulator.state.domains["thexyz.com"].aliases
    added = Operation.objects.filter(verb="alias_add", state="done")
    assert {row.wanted["handle"] for row in added} == set(old)
    assert all(row.closed_at and row.closed_at <= moved_at for row in added)

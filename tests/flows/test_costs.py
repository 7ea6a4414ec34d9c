"""What each verb costs: calls to the platform, and queries of our own (design 11).

Counted in the emulator's journal, warm: logged in, and one mailbox sold before.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from emulator import Emulator
from housemail.installations import keys
from housemail.mailboxes import runner, servers
from housemail.mailboxes.models import (
    Alias,
    Claim,
    DistributionList,
    HouseDomain,
    ListMember,
    Mailbox,
    Operation,
)
from housemail.modulelog import storage
from tests.flows.conftest import PASSWORD
from tests.flows.http import LISTINGS, Billing, billing_system, serving

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def billing(emulator: Emulator) -> Iterator[Billing]:
    """A billing system whose server is warm."""
    with serving() as base, billing_system(base, emulator) as found:
        assert found.create("0", "first").status == 200
        assert found.create("00", "second").status == 200
        yield found


@contextmanager
def costing(emulator: Emulator, *actions: str) -> Iterator[None]:
    """Expect exactly these platform calls."""
    before = emulator.journal[-1].number
    yield
    made = [entry.action for entry in emulator.journal_since(before)]
    assert made == list(actions)


def test_each_mailbox_verb_makes_as_many_platform_calls_as_the_design_says(
    billing: Billing, emulator: Emulator
) -> None:
    with costing(emulator):
        name = {"handle": "testuser", "domain": "thexyz.com"}
        assert billing.post("availability", **name).body["available"] is True
        assert billing.service("reserve", **name).status == 200
    with costing(emulator, "searchUsers", "addUser"):
        assert billing.create().status == 200
    with costing(emulator):
        assert billing.create().status == 200
    with costing(emulator, "disableUser"):
        assert billing.service("suspend").status == 200
    with costing(emulator, "enableUser"):
        assert billing.service("unsuspend").status == 200
    with costing(emulator, "searchUsers", "updateUser"):
        assert billing.service("password", password="Another-horse-8").status == 200
    with costing(emulator, "searchUsers", "updateUser"):
        assert billing.service("plan", plan={"quota_gb": "30"}).status == 200
    with costing(emulator, "searchUsers", "updateUser", "getUserInfo"):
        more = {"quota_gb": "30", "language": "de"}
        assert billing.service("plan", plan=more).status == 200
    with costing(emulator, "removeUser"):
        assert billing.service("terminate").status == 200
    with costing(emulator):
        assert billing.service("terminate").status == 200


def test_each_verb_of_names_makes_as_many_platform_calls_as_the_design_says(
    billing: Billing, emulator: Emulator
) -> None:
    assert billing.create().status == 200
    with costing(emulator, "addAlias"):
        assert billing.service("aliases/add", handle="nick").status == 200
    with costing(emulator, "removeAlias"):
        assert billing.service("aliases/remove", handle="nick").status == 200
    with costing(emulator, "addList"):
        assert billing.service("lists/add", handle="club").status == 200
    with costing(emulator, "addListMember", "addListMember"):
        both = {"handle": "club", "members": ["a@b.example", "b@b.example"]}
        assert billing.service("lists/members/add", **both).status == 200
    with costing(emulator, "getListMembers", "removeListMember"):
        one = {"handle": "club", "members": ["a@b.example"]}
        assert billing.service("lists/members/remove", **one).status == 200
    with costing(emulator, "removeList"):
        assert billing.service("lists/remove", handle="club").status == 200
    with costing(emulator, "getOTPass"):
        assert billing.service("webmail-login").status == 200
    with costing(emulator):
        assert billing.post("usage", raw={"refs": ["1"]}).status == 200
        assert billing.post("pending", raw={}).status == 200


def test_an_overview_costs_one_call_and_none_while_its_usage_is_fresh(
    billing: Billing, emulator: Emulator
) -> None:
    assert billing.create().status == 200
    with costing(emulator, "getUserInfo"):
        assert billing.service("overview").body["usage"]["fresh"] is True
    with costing(emulator):
        assert billing.service("overview").body["usage"]["fresh"] is True
    Mailbox.objects.update(seen_at=timezone.now() - timedelta(seconds=61))
    with costing(emulator, "getUserInfo"):
        assert billing.service("overview").status == 200


def test_one_login_serves_many_calls(billing: Billing, emulator: Emulator) -> None:
    for index in range(5):
        assert billing.create(f"n{index}", f"name{index}").status == 200
    logins = [entry for entry in emulator.journal if entry.action == "login"]
    # One to prove the credentials when they were new, one for the shared client.
    assert len(logins) <= 2


def test_no_request_lists_a_whole_domain(billing: Billing, emulator: Emulator) -> None:
    emulator.seed_big("thexyz.com", 300)
    assert billing.create().status == 200
    for verb, more in VERBS:
        assert billing.service(verb, **more).status == 200, verb
    assert not {entry.action for entry in emulator.journal} & LISTINGS


# --- our own queries

VERBS: list[tuple[str, dict[str, object]]] = [
    ("overview", {}),
    ("aliases/add", {"handle": "nick"}),
    ("aliases/remove", {"handle": "nick"}),
    ("lists/add", {"handle": "club"}),
    ("lists/members/add", {"handle": "club", "members": ["a@b.example"]}),
    ("lists/members/remove", {"handle": "club", "members": ["a@b.example"]}),
    ("lists/remove", {"handle": "club"}),
    ("password", {"password": "Another-horse-8"}),
    ("plan", {"plan": {"quota_gb": "30"}}),
    ("webmail-login", {}),
    ("check", {}),
    ("suspend", {}),
    ("unsuspend", {}),
    ("terminate", {}),
]


def more_rows(count: int, own: int, stem: str) -> None:
    """Mailboxes of the house, and aliases, lists and members of the service."""
    first = Mailbox.objects.get(ref="0")
    now = timezone.now()
    values = {
        field.attname: getattr(first, field.attname)
        for field in Mailbox._meta.concrete_fields
        if field.attname not in {"id", "ref", "handle"}
    }
    Mailbox.objects.bulk_create(
        Mailbox(**values, ref=f"{stem}{index}", handle=f"{stem}{index}")
        for index in range(count)
    )
    mine = Mailbox.objects.get(ref="1")
    domain = HouseDomain.objects.get(name="thexyz.com")

    def claims(kind: str) -> list[Claim]:
        wanted = [
            Claim(
                house_domain=domain,
                handle=f"{stem}-{kind}-{index}",
                kind=kind,
                installation=mine.installation,
                ref="1",
                mailbox=mine,
                changed_at=now,
            )
            for index in range(own)
        ]
        return Claim.objects.bulk_create(wanted)

    Alias.objects.bulk_create(
        Alias(mailbox=mine, claim=claim, destination="a@b.example", state="active")
        for claim in claims("alias")
    )
    lists = DistributionList.objects.bulk_create(
        DistributionList(mailbox=mine, claim=claim, state="active")
        for claim in claims("list")
    )
    ListMember.objects.bulk_create(
        ListMember(list=entry, address=f"m{index}@b.example", state="active")
        for entry in lists
        for index in range(5)
    )
    Operation.objects.bulk_create(
        Operation(
            mailbox=first,
            verb="plan",
            state="done",
            lease_until=now,
            created_at=now,
        )
        for _ in range(count)
    )


@pytest.fixture
def recalled(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read or noted now and then is not while we count, however slowly."""
    monkeypatch.setattr(storage, "_SWITCH_SECONDS", 3600)
    monkeypatch.setattr(runner, "TOUCH_AGE", timedelta(days=1))
    monkeypatch.setattr(keys, "_USED_EVERY", timedelta(days=1))
    for known in (servers._servers, servers._calibrations):
        monkeypatch.setattr(known, "_seconds", 3600)
    storage.turn_off()  # forget what was kept for less


def queries(billing: Billing, verb: str, **more: object) -> int:
    """Queries of one call, counted in this thread."""
    client = Client(headers={"host": "127.0.0.1"})
    with CaptureQueriesContext(connection) as captured:
        answer = client.post(
            f"/api/v1/services/1/{verb}",
            data=billing.context(
                **{"plan": {"max_aliases": 0, "max_lists": 0}, **more}
            ),
            content_type="application/json",
            headers={"authorization": f"Bearer {billing.key}"},
        )
    assert answer.status_code == 200, answer.content
    return len(captured)


# No verb needs more than this; a new query is a decision, not an accident.
MOST_QUERIES = {
    "overview": 6,
    "password": 12,
    "plan": 13,
    "suspend": 15,
    "unsuspend": 15,
    "aliases/add": 29,
    "aliases/remove": 23,
    "lists/add": 29,
    "lists/remove": 25,
    "lists/members/add": 23,
    "lists/members/remove": 22,
    "webmail-login": 2,
    "check": 2,
}
# Two reads (the key, whether the ref is known), then the three commits of protocol 1.
MOST_CREATE_QUERIES = 17


def test_a_verb_makes_a_fixed_number_of_queries_however_many_rows_there_are(
    billing: Billing, emulator: Emulator, recalled: None, settings, tmp_path
) -> None:
    settings.STATIC_ROOT = str(tmp_path)
    assert billing.create().status == 200

    def count() -> dict[str, int]:
        Mailbox.objects.filter(ref="1").update(seen_at=None)
        return {
            verb: queries(billing, verb, **more)
            for verb, more in VERBS
            if verb != "terminate"
        }

    more_rows(count=2, own=2, stem="few")
    count()  # warm
    few = count()
    more_rows(count=400, own=40, stem="many")
    many = count()
    assert many == few
    over = {verb: used for verb, used in few.items() if used > MOST_QUERIES[verb]}
    assert not over, f"more queries than before: {over}"


def test_create_makes_a_fixed_number_of_queries(
    billing: Billing, emulator: Emulator, recalled: None, settings, tmp_path
) -> None:
    settings.STATIC_ROOT = str(tmp_path)
    assert billing.create().status == 200

    def one(ref: str) -> int:
        client = Client(headers={"host": "127.0.0.1"})
        with CaptureQueriesContext(connection) as captured:
            answer = client.post(
                f"/api/v1/services/{ref}/create",
                data=billing.context(
                    handle=f"name-{ref}", domain="thexyz.com", password=PASSWORD
                ),
                content_type="application/json",
                headers={"authorization": f"Bearer {billing.key}"},
            )
        assert answer.status_code == 200, answer.content
        return len(captured)

    one("warm")
    few = one("few")
    more_rows(count=400, own=0, stem="many")
    assert one("many") == few
    assert few <= MOST_CREATE_QUERIES

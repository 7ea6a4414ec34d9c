"""The product sheet's "Test the module", from the first call to the last, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from emulator import Emulator
from housemail.mailboxes.models import Claim, Mailbox
from tests.flows.conftest import PASSWORD, Clock
from tests.flows.http import (
    Billing,
    assert_journal_is_clean,
    assert_sold_equals_found,
    billing_system,
    engine_works,
    serving,
)

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def billing(emulator: Emulator, clock: Clock) -> Iterator[Billing]:
    """A billing system in front of an empty house."""
    with serving() as base, billing_system(base, emulator) as found:
        found.meanwhile = engine_works(clock)
        yield found


def test_the_whole_life_of_testuser(billing: Billing, emulator: Emulator) -> None:
    test = billing.post("connection-test")
    assert test.body["ok"] is True
    assert set(test.body["domains"]) == {"thexyz.com", "thexyz.ca", "thexyz.cn"}
    free = billing.post("availability", handle="testuser", domain="thexyz.com").body
    assert (free["available"], free["address"]) == (True, "testuser@thexyz.com")

    created = billing.create()
    assert created.status == 200, created
    assert created.body["state"] == "active"
    assert created.body["address"] == "testuser@thexyz.com"
    service = created.body["service"]
    assert service == {"username": "testuser@thexyz.com", "domain": "thexyz.com"}
    box = emulator.state.domains["thexyz.com"].mailboxes["testuser"]
    assert (box.account_type, box.quota_mb) == (1, 25_000)
    assert (box.user_language, box.timezone) == ("en", "America/Montreal")
    assert (box.dateformat, box.uname) == ("yyyy-mm-dd", "Michael Example")
    assert box.password == PASSWORD
    assert billing.create().body["state"] == "active"
    taken = billing.post("availability", handle="testuser", domain="thexyz.com").body
    assert (taken["available"], taken["code"]) == (False, "address_taken")

    seen = billing.service("overview", service=service).body
    assert seen["address"] == "testuser@thexyz.com"
    assert seen["plan"]["account_type"] == "Basic"
    assert all(item["allowed"] for item in seen["may"].values())

    changed = billing.service("password", service=service, password="Another-horse-8")
    assert (changed.status, changed.body["state"]) == (200, "active")
    assert box.password == "Another-horse-8"
    assert_sold_equals_found(emulator)


def test_aliases_and_lists_are_made_and_removed(
    billing: Billing, emulator: Emulator
) -> None:
    assert billing.create().status == 200
    domain = emulator.state.domains["thexyz.com"]
    added = billing.service("aliases/add", handle="nick")
    assert [row["handle"] for row in added.body["aliases"]] == ["nick"]
    assert domain.aliases == {"nick": "testuser@thexyz.com"}
    abroad = billing.service(
        "aliases/add", handle="away", destination="me@else.example"
    )
    assert (abroad.status, abroad.code) == (422, "destination_external")
    lists = billing.service(
        "lists/add", handle="club", members=["a@else.example", "nonsense"]
    )
    assert [row["status"] for row in lists.body["results"]] == ["added", "refused"]
    more = billing.service("lists/members/add", handle="club", members=["b@b.example"])
    assert more.body["results"][0]["status"] == "added"
    assert domain.lists["club"].members == ["a@else.example", "b@b.example"]
    less = billing.service(
        "lists/members/remove", handle="club", members=["a@else.example", "c@c.example"]
    )
    assert [row["status"] for row in less.body["results"]] == ["removed", "not_on_list"]
    assert_sold_equals_found(emulator)
    assert billing.service("aliases/remove", handle="nick").body["aliases"] == []
    assert billing.service("lists/remove", handle="club").body["lists"] == []
    assert not domain.aliases
    assert not domain.lists
    assert_sold_equals_found(emulator)
    assert_journal_is_clean(emulator, {"testuser", "nick", "club"})


def test_one_time_webmail_signs_the_owner_in_once(
    billing: Billing, emulator: Emulator, settings
) -> None:
    settings.HOUSEMAIL_PANEL_LOGIN_URL = emulator.panel_login_url
    assert billing.create().status == 200
    login = billing.service("webmail-login")
    assert login.headers["Cache-Control"] == "no-store"
    assert "calls" not in login.body
    url = str(login.body["url"])
    import urllib3

    with urllib3.PoolManager(retries=False) as browser:
        assert b"Signed in" in browser.request("GET", url).data
        assert browser.request("GET", url).status == 403


def test_a_suspended_mailbox_is_off_and_its_owner_can_change_nothing(
    billing: Billing, emulator: Emulator
) -> None:
    assert billing.create().status == 200
    box = emulator.state.domains["thexyz.com"].mailboxes["testuser"]
    enabled = emulator.snapshot()
    assert billing.service("suspend", reason="late").body["state"] == "suspended"
    assert box.disabled
    before = emulator.snapshot()
    client = {"actor": {"kind": "client"}}
    for verb, more in {
        "aliases/add": {"handle": "nick"},
        "lists/add": {"handle": "club"},
        "webmail-login": {},
        "password": {"password": "Another-horse-8"},
    }.items():
        refused = billing.service(verb, **more, **client)
        assert (refused.status, refused.code) == (409, "suspended"), verb
    assert emulator.snapshot() == before
    assert billing.service("suspend").body["state"] == "suspended"
    assert_sold_equals_found(emulator)
    assert billing.service("unsuspend").body["state"] == "active"
    assert emulator.snapshot() == enabled
    assert_sold_equals_found(emulator)


def test_a_plan_change_reaches_the_platform_in_every_setting(
    billing: Billing, emulator: Emulator
) -> None:
    assert billing.create().status == 200
    changed = billing.service(
        "plan",
        options={"Account Type": "Enhanced", "Mailbox Quota (GB)": "50 GB"},
        plan={
            "language": "de",
            "timezone": "Europe/Berlin",
            "date_format": "dd.mm.yyyy",
        },
    ).body
    assert sorted(changed["changed"]) == [
        *("account_type", "date_format", "language", "quota_gb", "timezone"),
    ]
    assert changed["unconfirmed"] == []
    box = emulator.state.domains["thexyz.com"].mailboxes["testuser"]
    assert (box.account_type, box.quota_mb) == (2, 50_000)
    assert (box.user_language, box.timezone) == ("de", "Europe/Berlin")
    assert (box.dateformat, box.uname) == ("dd.mm.yyyy", "Michael Example")
    assert box.password == PASSWORD
    assert_sold_equals_found(emulator)


def test_localisation_that_the_platform_ignores_is_said_to_be_unconfirmed(
    billing: Billing, emulator: Emulator
) -> None:
    assert billing.create().status == 200
    emulator.switch_on("localisation_ignored")
    changed = billing.service("plan", plan={"language": "de", "quota_gb": "30"}).body
    assert sorted(changed["changed"]) == ["language", "quota_gb"]
    assert changed["unconfirmed"] == ["language"]
    assert changed["calls"][-1]["action"] == "getUserInfo"

    def unconfirmed() -> list[str]:
        Mailbox.objects.update(seen_at=None)  # as after a minute
        seen: list[str] = billing.service("overview").body["unconfirmed"]
        return seen

    assert unconfirmed() == ["language"]
    emulator.switch_off("localisation_ignored")
    assert unconfirmed() == ["language"]
    assert billing.service("plan", plan={"language": "de"}).body["changed"] == [
        "quota_gb"
    ]
    assert billing.service("overview").body["usage"]["fresh"]
    assert unconfirmed() == []


def test_localisation_of_a_create_is_unconfirmed_until_it_is_seen(
    billing: Billing, emulator: Emulator
) -> None:
    emulator.switch_on("localisation_ignored", action="addUser")
    assert billing.create(plan={"language": "de"}).status == 200
    assert billing.service("overview").body["unconfirmed"] == [
        *("language", "timezone", "date_format"),
    ]
    emulator.switch_off("localisation_ignored")
    assert billing.create("2", "neighbour", plan={"language": "de"}).status == 200
    assert billing.service("overview").body["unconfirmed"]  # not looked at again
    row = Mailbox.objects.get(ref="2")
    assert row.unconfirmed == ["language", "timezone", "date_format"]
    assert billing.service("overview", "2").body["unconfirmed"] == []


def test_a_change_of_plan_that_nobody_could_read_back_stays_unconfirmed(
    billing: Billing, emulator: Emulator
) -> None:
    assert billing.create().status == 200
    assert billing.service("overview").body["unconfirmed"] == []
    emulator.switch_on("connection_reset", action="getUserInfo")
    changed = billing.service("plan", plan={"timezone": "Europe/Berlin"}).body
    assert changed["unconfirmed"] == ["timezone"]
    assert billing.service("overview").body["unconfirmed"] == ["timezone"]
    emulator.switches_off()
    Mailbox.objects.update(seen_at=None)
    assert billing.service("overview").body["unconfirmed"] == []


def test_terminate_removes_all_that_is_the_services_and_a_repeat_changes_nothing(
    billing: Billing, emulator: Emulator
) -> None:
    assert billing.create().status == 200
    assert billing.create("2", "neighbour").status == 200
    for ref, name in [("1", "nick"), ("2", "neigh")]:
        assert billing.service("aliases/add", ref, handle=name).status == 200
    assert billing.service("lists/add", handle="club").status == 200
    ended = billing.service("terminate")
    assert (ended.status, ended.body["state"]) == (200, "terminated")
    domain = emulator.state.domains["thexyz.com"]
    assert set(domain.mailboxes) == {"neighbour"}
    assert set(domain.aliases) == {"neigh"}
    assert not domain.lists
    assert_sold_equals_found(emulator)
    before, rows = emulator.snapshot(), list(Claim.objects.values())
    calls = len(emulator.journal)
    again = billing.service("terminate")
    assert (again.status, again.body["state"]) == (200, "terminated")
    assert emulator.snapshot() == before
    assert list(Claim.objects.values()) == rows
    assert len(emulator.journal) == calls
    assert_journal_is_clean(
        emulator, {"testuser", "neighbour", "nick", "neigh", "club"}
    )
    assert Mailbox.objects.get(ref="1").state == "terminated"

"""What a process remembers never stands against what another one has written."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from housemail.installations.models import Server
from housemail.mailboxes import connection, servers
from housemail.mailboxes.errors import Refusal
from housemail.mailboxes.models import Calibration, HouseDomain
from housemail.mailboxes.recall import Recall
from housemail.platforms.base import Address, Presence
from tests.flows.conftest import Clock, Shop
from tests.flows.test_kill_points import calibrated, create

pytestmark = [pytest.mark.databases, pytest.mark.django_db]


def test_what_is_too_old_is_forgotten():
    young, old = Recall[str](60.0), Recall[str](-1.0)
    assert young.put("a", "known") == old.put("a", "known") == "known"
    assert (young.get("a"), old.get("a"), young.get("b")) == ("known", None, None)
    young.forget()
    assert young.get("a") is None


def test_a_password_that_another_process_proved_is_taken_at_once(shop: Shop):
    create(shop)
    row = Server.objects.get()
    shop.emulator.state.admin.password = row.password = "Proved-elsewhere-2"
    row.save(update_fields=["password"])
    before = shop.emulator.journal[-1].number
    details = shop.context("2").server
    found = servers.resolve(shop.installation, details, shop.deadline())
    assert found.password == "Proved-elsewhere-2"
    assert shop.emulator.journal_since(before) == []
    again = servers.resolve(shop.installation, details, shop.deadline())
    assert again is found


def test_a_wrong_password_is_not_taken_for_a_remembered_one(shop: Shop):
    create(shop)
    good = shop.context("2").server
    wrong = type(good)(good.platform, good.endpoint, good.username, "Wrong-word-3")
    with pytest.raises(Refusal) as refused:
        servers.resolve(shop.installation, wrong, shop.deadline())
    assert refused.value.code == "server_login_refused"
    assert Server.objects.get().password == good.password


def test_a_remembered_calibration_still_ends_after_a_day(shop: Shop, clock: Clock):
    calibrated(shop)
    server, domain = Server.objects.get(), HouseDomain.objects.get(name="thexyz.com")
    nobody = Address("nobody", "thexyz.com")

    def sought() -> int:
        before = shop.emulator.journal[-1].number
        look = servers.look(server, domain, nobody, shop.deadline())
        assert look.presence is Presence.ABSENT
        made = shop.emulator.journal_since(before)
        # Each name once: the first search of a new day is repeated with a new token.
        found = {e.params["search"] for e in made if e.action == "searchUsers"}
        return len(found)

    assert sought() == 2  # the first one finds a mailbox that is known to exist
    assert sought() == 1
    clock.advance(timedelta(days=1, minutes=1).total_seconds())
    assert sought() == 2
    assert sought() == 1
    assert timezone.now() - Calibration.objects.get().found_at < timedelta(minutes=1)


def test_a_refused_login_is_not_tried_at_every_look(shop: Shop):
    create(shop)
    good = shop.context("2").server
    wrong = type(good)(good.platform, good.endpoint, good.username, "Wrong-word-3")

    def logins(ask) -> int:
        before = shop.emulator.journal[-1].number
        for _ in range(5):
            with pytest.raises(Refusal) as refused:
                ask()
            assert refused.value.code == "server_login_refused"
        entries = shop.emulator.journal_since(before)
        return sum(entry.action == "login" for entry in entries)

    assert (
        logins(lambda: servers.resolve(shop.installation, wrong, shop.deadline())) == 1
    )
    # Who tests the connection has just mended something.
    assert (
        logins(lambda: connection.test(shop.installation, wrong, shop.deadline())) == 5
    )
    found = servers.resolve(shop.installation, good, shop.deadline())
    assert found.password == good.password

"""A server is the same one however its endpoint is spelled, now or in old records."""

from __future__ import annotations

from dataclasses import replace

import pytest

from housemail.installations.models import Server
from housemail.mailboxes import aliases, connection, provisioning, usage
from housemail.mailboxes.context import Context
from housemail.mailboxes.models import HouseDomain, Mailbox
from tests.flows.conftest import Shop
from tests.flows.test_kill_points import create

pytestmark = [pytest.mark.databases, pytest.mark.django_db]


def loud(shop: Shop, ref: str = "1") -> Context:
    """The context as a billing system sends it after somebody typed capitals."""
    context = shop.context(ref)
    endpoint = context.server.endpoint.replace("http:", " HTTP:")
    return replace(context, server=replace(context.server, endpoint=endpoint))


def name_as_typed(context: Context) -> str:
    """The account's name as it was stored when spellings still told them apart."""
    server = context.server
    return f"{server.platform}:{server.username}@{server.endpoint}"


def test_every_verb_takes_another_spelling(shop: Shop) -> None:
    create(shop)
    context = loud(shop)
    for verb in ("suspend", "unsuspend", "change_plan", "check"):
        answer = getattr(provisioning, verb)(context, shop.deadline())
        assert answer.status == 200, verb
    assert aliases.add(context, shop.deadline(), handle="nick").status == 200
    assert provisioning.terminate(context, shop.deadline()).state == "terminated"
    assert Server.objects.count() == 1


def test_a_new_password_comes_with_another_spelling(shop: Shop) -> None:
    create(shop)
    Server.objects.update(password="the old one")
    assert provisioning.suspend(loud(shop), shop.deadline()).status == 200
    assert Server.objects.get().password == shop.emulator.password


def test_records_with_the_old_names_go_on(shop: Shop) -> None:
    create(shop)
    old = name_as_typed(loud(shop))
    for model in (Server, HouseDomain):
        model.objects.update(account=old)
    assert provisioning.suspend(shop.context(), shop.deadline()).status == 200
    assert create(shop, "2", handle="another").status == 200
    assert usage.refresh_domain(HouseDomain.objects.get()) == 2
    shop.emulator.state.domains.pop("thexyz.com")
    context = shop.context()
    result = connection.test(shop.installation, context.server, shop.deadline())
    assert result["missing"] == ["thexyz.com"]


def test_a_mailbox_leaves_the_second_record_of_its_account(shop: Shop) -> None:
    create(shop)
    first = Server.objects.get()
    second = Server.objects.create(
        installation=shop.installation,
        platform=first.platform,
        endpoint=loud(shop).server.endpoint,
        username=first.username,
        account=name_as_typed(loud(shop)),
        password=first.password,
    )
    Mailbox.objects.update(server=second)
    assert provisioning.suspend(loud(shop), shop.deadline()).status == 200
    assert Mailbox.objects.get().server_id == first.pk

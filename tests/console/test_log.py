"""The module log: found by service, action and outcome; switched; without secrets."""

from __future__ import annotations

import base64
from contextlib import suppress
from urllib.parse import quote

import pytest
from django.contrib.admin.models import LogEntry

from housemail.mailboxes.errors import Refusal
from housemail.mailboxes.models import Operation
from housemail.modulelog import storage
from housemail.modulelog.models import ModuleLogEntry
from housemail.sales import services
from housemail.sales.models import Service
from tests.console.conftest import once, said
from tests.sales.conftest import STAFF, Store

pytestmark = pytest.mark.django_db
LIST = "/console/modulelog/modulelogentry/"
SECRET = "Tricky&<pass>+7/=%"


@pytest.fixture
def logged(store: Store) -> Store:
    """Everything of one mailbox's life is in the log."""
    storage.turn_on(1)
    store.sells("order")
    store.order("anna")
    store.order("bob")
    return store


def do(client, command: str, **data: str):
    path = f"{LIST}do/{command}/"
    return client.post(path, {"once": once(client, path), **data}, follow=True)


def rows(answer) -> list[ModuleLogEntry]:
    assert answer.status_code == 200
    return list(answer.context["cl"].result_list)


def test_the_log_is_filtered_by_service_action_and_outcome(support, logged):
    first, second = Service.objects.order_by("pk")
    found = rows(support.get(f"{LIST}?service={first.ref}&call=addUser"))
    assert [(row.ref, row.action) for row in found] == [(first.ref, "addUser")]
    assert {row.ref for row in rows(support.get(f"{LIST}?outcome=done"))} >= {
        first.ref,
        second.ref,
    }
    assert rows(support.get(f"{LIST}?outcome=refused")) == []
    assert rows(support.get(f"{LIST}?service=nobody")) == []
    assert rows(support.get(f"{LIST}?call=nonsense&q=addUser"))
    page = support.get(f"{LIST}{found[0].pk}/change/").content.decode()
    assert "anna" in page
    assert "UTC" in page


def test_secrets_are_in_no_page_in_whatever_spelling(support, logged, emulator):
    service = Service.objects.order_by("pk").first()
    assert service is not None
    emulator.switch_on("weak_password", action="updateUser", count=1)
    for password in (f"{SECRET}Aa", f"{SECRET}Bb"):
        with suppress(Refusal):  # the first one: it is called too weak
            services.set_password(service, STAFF, logged.deadline(), password=password)
    pages = [support.get(LIST).content]
    pages += [
        support.get(f"{LIST}{entry.pk}/change/").content
        for entry in ModuleLogEntry.objects.all()
    ]
    text = b"\n".join(pages).decode()
    assert "updateUser" in text
    for secret in (f"{SECRET}Aa", f"{SECRET}Bb", logged.emulator.password):
        for spelling in (
            secret,
            quote(secret),
            quote(secret, safe=""),
            secret.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"),
            base64.b64encode(secret.encode()).decode(),
        ):
            assert spelling not in text


def test_what_the_platform_puts_off_is_called_so_everywhere(support, store, emulator):
    emulator.switch_on("rate_limit", action="addUser")
    store.sells("order")
    store.order("anna")
    [entry] = rows(support.get(f"{LIST}?outcome=busy"))
    page = support.get(f"{LIST}{entry.pk}/change/").content.decode()
    assert "Put off by the platform" in page
    operation = Operation.objects.get()
    path = f"/console/mailboxes/operation/{operation.pk}/change/"
    page = support.get(path).content.decode()
    assert "The mail platform takes no more calls for now" in page
    assert "Not carried out" in page
    for wrong in ("Nothing was sent", "cannot be reached"):
        assert wrong not in page


def test_the_log_costs_the_same_with_few_and_many(
    support, logged, django_assert_num_queries, django_assert_max_num_queries
):
    support.get(LIST)
    with django_assert_max_num_queries(15) as captured:
        support.get(LIST)
    few = len(captured)
    entry = ModuleLogEntry.objects.first()
    assert entry is not None
    for _ in range(60):
        entry.pk = None
        entry.save()
    with django_assert_num_queries(few):
        assert len(rows(support.get(LIST))) == 50


def test_managers_switch_the_log_and_say_how_long_it_is_kept(manager, support):
    words = said(do(manager, "on", hours="3"))
    assert words[0].startswith("Successful calls are logged too, until")
    assert storage.is_on(storage.switch())
    assert b"All calls are logged until" in support.get(LIST).content
    assert said(do(manager, "off")) == ["Only failed calls are logged."]
    assert not storage.is_on(storage.switch())
    assert said(do(manager, "keep", days="30")) == ["Entries are kept for 30 days."]
    assert b"Entries are kept for 30 days." in support.get(LIST).content
    assert LogEntry.objects.count() == 3


@pytest.mark.parametrize(
    ("command", "data"),
    [("on", {"hours": "0"}), ("on", {"hours": "745"}), ("keep", {"days": "0"})],
)
def test_what_is_too_much_or_nothing_is_refused(manager, command, data):
    assert do(manager, command, **data).status_code == 422


@pytest.mark.parametrize("command", ["on", "off", "keep"])
def test_support_may_look_only(support, command):
    path = f"{LIST}do/{command}/"
    data = {"once": "k", "hours": "1", "days": "1"}
    assert support.get(path).status_code == 403
    assert support.post(path, data).status_code == 403
    assert not storage.is_on(storage.switch())
    assert support.get(LIST).context["console_commands"] == []
